//! Go templates in `hooks.json`: `{{ getenv "NAME" | js }}` and `{{ credential "name" }}`. The quotes in them break the
//! JSON around, so each is taken out of the text before it is parsed, and a mark stands in its place.

use super::super::incoming::Unreadable;
use super::super::names::plain;

/// Templates of one file.
const ACTIONS_MAX: usize = 1_000;
/// A control character, which no JSON text has as it is, would break the JSON too: the mark is a rare letter.
const MARK: char = '\u{e0a7}';

/// Whether a text may hold templates.
pub(in super::super) fn has_templates(text: &str) -> bool {
    text.contains("{{") && text.contains("}}")
}

/// The text with marks in the place of its templates, and the templates.
pub(super) fn taken_out(text: &str) -> Result<(String, Vec<String>), Unreadable> {
    let mut plain = String::with_capacity(text.len());
    let mut actions: Vec<String> = Vec::new();
    let mut rest = text;
    while let Some(begin) = rest.find("{{") {
        let Some(length) = rest[begin..].find("}}") else {
            break;
        };
        let action = rest[begin + 2..begin + length].trim_matches(['-', ' ', '\t', '\n', '\r']);
        plain.push_str(&rest[..begin]);
        plain.push_str(&mark(actions.len()));
        actions.push(action.to_owned());
        rest = &rest[begin + length + 2..];
        if actions.len() > ACTIONS_MAX {
            let message = format!("There are more than ACTIONS_MAX = {ACTIONS_MAX} Go templates.");
            return Err(Unreadable::new(message, "Import the hooks in parts."));
        }
    }
    plain.push_str(rest);
    Ok((plain, actions))
}

fn mark(index: usize) -> String {
    format!("{MARK}{index}{MARK}")
}

/// The variable of the environment, or the credential, that a template stands for.
fn named(action: &str) -> Option<&str> {
    let call = action.split('|').next()?.trim();
    let rest = ["getenv", "credential"]
        .iter()
        .find_map(|word| call.strip_prefix(word))?;
    let name = rest
        .trim()
        .strip_prefix(['"', '`'])?
        .strip_suffix(['"', '`'])?;
    (!name.is_empty() && !name.contains(['"', '`', '\\'])).then_some(name)
}

/// Whether it is one that a name here can stand for.
pub(super) fn is_known(action: &str) -> bool {
    named(action).is_some()
}

/// A text of the file: plain pieces, and names of what templates would have put there.
#[derive(Debug, PartialEq, Eq)]
pub(super) enum Piece<'t> {
    Plain(&'t str),
    /// A name of ours for it, and what the file calls it.
    Named(String, &'t str),
    Unknown(&'t str),
}

/// Takes a text with marks apart.
pub(super) fn pieces<'t>(text: &'t str, actions: &'t [String]) -> Vec<Piece<'t>> {
    let mut pieces = Vec::new();
    for (place, part) in text.split(MARK).enumerate() {
        let action = part
            .parse::<usize>()
            .ok()
            .and_then(|index| actions.get(index));
        match action.filter(|_| place % 2 == 1) {
            None if part.is_empty() => {}
            None => pieces.push(Piece::Plain(part)),
            Some(action) => pieces.push(match named(action) {
                Some(name) => Piece::Named(plain(&name.to_ascii_lowercase(), "value"), name),
                None => Piece::Unknown(action),
            }),
        }
    }
    pieces
}

#[cfg(test)]
mod tests {
    use super::*;

    #[test]
    fn templates_are_taken_out_and_found_again_by_their_marks() {
        let text = r#"{"secret": "{{ getenv "HOOK_SECRET" | js }}", "a": "x {{- credential `tok` -}} y", "b": "{{ if .X }}"}"#;
        let (plain, actions) = taken_out(text).expect("few");
        let value: serde_json::Value = serde_json::from_str(&plain).expect("JSON now");
        let of = |key: &str| pieces(value[key].as_str().unwrap_or_default(), &actions);
        assert_eq!(
            of("secret"),
            [Piece::Named("hook_secret".to_owned(), "HOOK_SECRET")]
        );
        assert_eq!(
            of("a"),
            [
                Piece::Plain("x "),
                Piece::Named("tok".to_owned(), "tok"),
                Piece::Plain(" y")
            ]
        );
        assert_eq!(of("b"), [Piece::Unknown("if .X")]);
    }
}
