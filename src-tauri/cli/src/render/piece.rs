//! Small pieces that several views share.

use serde_json::Value;

use super::paint::{Paint, Tone, harmless, tone_of};

/// A value of the API as text: a string as it is, null as nothing, anything else as JSON.
pub fn text(value: &Value) -> String {
    match value {
        Value::Null => String::new(),
        Value::String(text) => harmless(text),
        other => harmless(&other.to_string()),
    }
}

/// A plain cell.
pub fn cell(value: &Value) -> (String, Tone) {
    (text(value), Tone::Plain)
}

/// A quiet cell.
pub fn quiet(text: String) -> (String, Tone) {
    (text, Tone::Quiet)
}

/// The cell of a state or a verdict, in its tone.
pub fn state(value: &Value) -> (String, Tone) {
    let text = text(value);
    let tone = tone_of(&text);
    (text, tone)
}

/// `label   value`, or nothing when there is no value.
pub fn field(label: &str, value: &str) -> String {
    if value.is_empty() {
        String::new()
    } else {
        format!("{label:<10} {value}\n")
    }
}

/// The items of a list, or none.
pub fn items(value: &Value) -> &[Value] {
    value.as_array().map_or(&[], Vec::as_slice)
}

/// The message of a recorded error, or nothing.
pub fn error(value: &Value, paint: Paint) -> String {
    match value["message"].as_str() {
        Some(message) => paint.tone(Tone::Bad, &harmless(message)),
        None => String::new(),
    }
}

/// Every line of a text, set in by some spaces.
pub fn indented(text: &str, spaces: usize) -> String {
    let margin = " ".repeat(spaces);
    text.lines()
        .map(|line| format!("{margin}{line}\n"))
        .collect()
}

/// A number of things, whose name is given for several of them.
pub fn several(number: u64, names: &str) -> String {
    match (number, names) {
        (1, "deliveries") => "1 delivery".to_owned(),
        (1, _) => format!("1 {}", names.trim_end_matches('s')),
        _ => format!("{number} {names}"),
    }
}
