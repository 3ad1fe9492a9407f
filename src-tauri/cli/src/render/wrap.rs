//! Lines that fit a terminal.

/// What is read well, on a terminal of unknown width.
const COLUMNS_USUAL: usize = 100;
/// Narrower than this nothing is wrapped well.
const COLUMNS_MIN: usize = 40;

/// A text in lines that fit beside a margin. A word that is too long has a line of its own.
pub fn wrapped(text: &str, margin: usize) -> Vec<String> {
    lines_of(text, columns().saturating_sub(margin))
}

/// The terminal's width, as far as the shell tells it.
fn columns() -> usize {
    let told = std::env::var("COLUMNS").ok();
    let told = told.and_then(|columns| columns.parse::<usize>().ok());
    told.map_or(COLUMNS_USUAL, |columns| columns.max(COLUMNS_MIN))
}

fn lines_of(text: &str, width: usize) -> Vec<String> {
    let mut lines: Vec<String> = Vec::new();
    for word in text.split_whitespace() {
        match lines.last_mut() {
            Some(line) if line.chars().count() + 1 + word.chars().count() <= width => {
                line.push(' ');
                line.push_str(word);
            }
            _ => lines.push(word.to_owned()),
        }
    }
    lines
}

#[cfg(test)]
mod tests {
    use super::*;

    #[test]
    fn words_go_to_the_next_line_when_they_do_not_fit() {
        assert_eq!(lines_of("one two three", 7), ["one two", "three"]);
        assert_eq!(
            lines_of("incomprehensible word", 5),
            ["incomprehensible", "word"]
        );
        assert!(lines_of("", 10).is_empty());
    }

    #[test]
    fn no_word_is_lost_and_only_a_long_word_makes_a_long_line() {
        let text = "Äpfel und Birnen wachsen nebeneinander, aber nie zusammengeschüttet";
        for width in 1..80 {
            let lines = lines_of(text, width);
            assert_eq!(lines.join(" "), text);
            for line in lines {
                assert!(
                    line.chars().count() <= width || !line.contains(' '),
                    "{width}: {line}"
                );
            }
        }
    }
}
