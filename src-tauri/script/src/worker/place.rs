//! Where in the code something happened: read from the interpreter's stack of calls, which the script may have written
//! itself, so that nothing in it is believed but numbers that fit the code.

/// The file name that the interpreter knows the code by.
pub(super) const CODE_FILE: &str = "script";

/// The code of a step begins on this line of what the interpreter reads.
const LINES_BEFORE: usize = 1;

/// So much of a line is shown.
const EXCERPT_CHARS_MAX: usize = 120;

/// Says where, as ` (line 2, column 5: …)`; nothing if that is not known.
pub(super) fn shown(stack: &str, code: &str) -> String {
    let Some((line, column)) = stack.lines().find_map(position) else {
        return String::new();
    };
    let number = line.saturating_sub(LINES_BEFORE);
    let Some(text) = number.checked_sub(1).and_then(|at| code.lines().nth(at)) else {
        return match number > code.lines().count() {
            // What is missing is missed behind the last line.
            true => " (at the end of the code)".to_owned(),
            false => String::new(),
        };
    };
    format!(
        " (line {number}, column {column}: `{}`)",
        excerpt(text, column)
    )
}

/// Line and column of a frame of the code itself.
fn position(frame: &str) -> Option<(usize, usize)> {
    let (_, rest) = frame.rsplit_once(&format!("{CODE_FILE}:"))?;
    let (line, rest) = rest.split_once(':')?;
    let digits = rest.find(|c: char| !c.is_ascii_digit());
    let column = &rest[..digits.unwrap_or(rest.len())];
    Some((line.parse().ok()?, column.parse().ok()?))
}

/// The part of a line around a column.
fn excerpt(line: &str, column: usize) -> String {
    let chars: Vec<char> = line.chars().collect();
    if chars.len() <= EXCERPT_CHARS_MAX {
        return line.trim().to_owned();
    }
    let from = column.saturating_sub(EXCERPT_CHARS_MAX / 2);
    let from = from.min(chars.len() - EXCERPT_CHARS_MAX);
    let part: String = chars[from..from + EXCERPT_CHARS_MAX].iter().collect();
    format!("… {} …", part.trim())
}

#[cfg(test)]
mod tests {
    use super::*;

    #[test]
    fn the_first_frame_of_the_code_is_shown_with_its_line() {
        let stack =
            "    at load (hookloom:3:4)\n    at f (script:3:9)\n    at <anonymous> (script:2:1)\n";
        let code = "const a = 1;\n  return a.b.c;\n";
        assert_eq!(shown(stack, code), " (line 2, column 9: `return a.b.c;`)");
    }

    #[test]
    fn a_place_that_is_not_in_the_code_is_not_shown() {
        for stack in [
            "",
            "at script:x:1",
            "at script:0:1",
            "at script:1:1",
            "at other:2:1",
        ] {
            assert_eq!(shown(stack, "return 1;"), "", "{stack}");
        }
        assert_eq!(shown("at script:99999999999999999999:1", "x"), "");
        assert_eq!(
            shown("at script:3:2", "if (x) {"),
            " (at the end of the code)"
        );
    }

    #[test]
    fn a_long_line_is_shown_around_the_column() {
        let code = format!("{}HERE{}", "a".repeat(500), "b".repeat(500));
        let shown = shown("at script:2:500", &code);
        assert!(shown.contains("HERE") && shown.len() < 200, "{shown}");
    }
}
