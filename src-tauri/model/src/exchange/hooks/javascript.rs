//! What of a rule is no question of who calls: a script that ends with `refused` where the rule does not hold.

/// What every such script begins with.
const HEAD: &str = "\
const at = (value, path) => path.reduce((inner, key) => inner?.[key], value);
const is = (value, text) => value !== undefined && value !== null && String(value) === text;
const fits = (value, pattern, flags) => value !== undefined && value !== null && new RegExp(pattern, flags).test(String(value));
";

/// The code for a condition.
pub(super) fn script(condition: &str) -> String {
    format!("{HEAD}if (!({condition})) exit('refused');\nreturn {{fits: true}};")
}

/// A pattern of Go for JavaScript: its text and flags, and whether it may mean something else there.
pub(super) fn pattern(go: &str) -> (String, String, bool) {
    let mut flags = String::from("u");
    let mut text = go;
    if let Some((given, rest)) = go.strip_prefix("(?").and_then(|rest| rest.split_once(')'))
        && !given.is_empty()
        && given.chars().all(|flag| "ims".contains(flag))
    {
        text = rest;
        for flag in given
            .chars()
            .filter(|flag| !flags.contains(*flag))
            .collect::<Vec<_>>()
        {
            if !flags.contains(flag) {
                flags.push(flag);
            }
        }
    }
    let others = ["(?", "[[:", "\\A", "\\z", "\\Q", "\\pN", "\\C"];
    let differs = others.iter().any(|sign| text.contains(sign));
    // With `u` JavaScript refuses escapes that mean nothing, such as `\-`; Go takes them.
    if text.contains('\\') {
        flags.retain(|flag| flag != 'u');
    }
    (text.to_owned(), flags, differs)
}

#[cfg(test)]
mod tests {
    use super::*;

    #[test]
    fn flags_stand_behind_the_pattern_in_javascript() {
        assert_eq!(
            pattern("(?i)^refs/"),
            ("^refs/".to_owned(), "ui".to_owned(), false)
        );
        assert_eq!(
            pattern(r"^v\d+"),
            (r"^v\d+".to_owned(), String::new(), false)
        );
        assert!(pattern("[[:alpha:]]").2 && pattern("(?P<a>b)").2);
    }
}
