//! The text of an entry among a Linux desktop's autostart files.

/// Starts a program with arguments at login. None if no such file can name it.
pub fn text(words: &[String]) -> Option<String> {
    let has_breaks = |word: &String| word.chars().any(char::is_control);
    if words.iter().any(has_breaks) {
        return None;
    }
    let command: Vec<String> = words.iter().map(|word| quoted(word)).collect();
    Some(format!(
        "[Desktop Entry]\nType=Application\nName=Hookloom\nComment=Receives webhooks in the background\nExec={}\nIcon=hookloom-app\nTerminal=false\nX-GNOME-Autostart-enabled=true\n",
        command.join(" ")
    ))
}

/// One argument as the format wants it: quoted, and a backslash escaped for the quotes and for the value.
fn quoted(word: &str) -> String {
    let mut text = String::from('"');
    for sign in word.chars() {
        match sign {
            '"' | '`' | '$' => text.extend(["\\\\", &sign.to_string()]),
            '\\' => text.push_str("\\\\\\\\"),
            '%' => text.push_str("%%"),
            _ => text.push(sign),
        }
    }
    text.push('"');
    text
}

#[cfg(test)]
mod tests {
    use super::*;

    fn exec(words: &[&str]) -> Option<String> {
        let words: Vec<String> = words.iter().map(|it| (*it).to_owned()).collect();
        let text = text(&words)?;
        let line = text.lines().find_map(|line| line.strip_prefix("Exec="));
        line.map(str::to_owned)
    }

    #[test]
    fn every_argument_is_quoted_as_the_format_wants_it() {
        assert_eq!(
            exec(&["/opt/a b/app", "--data", "/home/ü/50%"]).as_deref(),
            Some(r#""/opt/a b/app" "--data" "/home/ü/50%%""#)
        );
        assert_eq!(
            exec(&["/a", r#"x"; rm $HOME `y` \"#]).as_deref(),
            Some(r#""/a" "x\\"; rm \\$HOME \\`y\\` \\\\""#)
        );
    }

    #[test]
    fn a_name_with_a_line_break_can_add_no_line() {
        assert_eq!(exec(&["/a\nExec=/bin/sh"]), None);
    }
}
