//! The text of a value: strings as they are, numbers as JavaScript writes them, null empty, the rest compact JSON.

use std::borrow::Cow;

use serde_json::Value;

use crate::number::push_number;

/// The text of a value, as it stands in a header, a URL or plain text.
pub fn text_of(value: &Value) -> Cow<'_, str> {
    match value {
        Value::String(text) => Cow::Borrowed(text),
        Value::Null => Cow::Borrowed(""),
        Value::Bool(true) => Cow::Borrowed("true"),
        Value::Bool(false) => Cow::Borrowed("false"),
        other => Cow::Owned(json_of(other)),
    }
}

/// Compact JSON with numbers as JavaScript writes them.
pub fn json_of(value: &Value) -> String {
    let mut out = String::new();
    push_json(&mut out, value);
    out
}

/// Appends compact JSON.
pub(crate) fn push_json(out: &mut String, value: &Value) {
    match value {
        Value::Null => out.push_str("null"),
        Value::Bool(true) => out.push_str("true"),
        Value::Bool(false) => out.push_str("false"),
        Value::Number(number) => push_number(out, number),
        Value::String(text) => {
            out.push('"');
            push_json_text(out, text);
            out.push('"');
        }
        Value::Array(items) => {
            out.push('[');
            for (at, item) in items.iter().enumerate() {
                if at > 0 {
                    out.push(',');
                }
                push_json(out, item);
            }
            out.push(']');
        }
        Value::Object(fields) => {
            out.push('{');
            for (at, (name, field)) in fields.iter().enumerate() {
                if at > 0 {
                    out.push(',');
                }
                out.push('"');
                push_json_text(out, name);
                out.push_str("\":");
                push_json(out, field);
            }
            out.push('}');
        }
    }
}

/// Appends text as it stands between the quotes of a JSON string.
pub(crate) fn push_json_text(out: &mut String, text: &str) {
    for character in text.chars() {
        match character {
            '"' => out.push_str("\\\""),
            '\\' => out.push_str("\\\\"),
            '\n' => out.push_str("\\n"),
            '\r' => out.push_str("\\r"),
            '\t' => out.push_str("\\t"),
            '\u{8}' => out.push_str("\\b"),
            '\u{c}' => out.push_str("\\f"),
            control if u32::from(control) < 0x20 => {
                out.push_str(&format!("\\u{:04x}", u32::from(control)));
            }
            other => out.push(other),
        }
    }
}

#[cfg(test)]
mod tests {
    use super::*;
    use proptest::prelude::*;

    #[test]
    fn numbers_are_written_as_javascript_does() {
        for (given, expected) in [
            ("1.0", "1"),
            ("1e21", "1e+21"),
            ("-0.0", "0"),
            ("0.1", "0.1"),
            ("1e-7", "1e-7"),
            ("9007199254740993", "9007199254740993"),
            ("18446744073709551615", "18446744073709551615"),
        ] {
            let value: Value = serde_json::from_str(given).expect("a number");
            assert_eq!(text_of(&value), expected);
            assert_eq!(json_of(&value), expected);
        }
    }

    #[test]
    fn null_is_empty_text_and_objects_are_compact_json() {
        assert_eq!(text_of(&Value::Null), "");
        assert_eq!(
            text_of(&serde_json::json!({"b": [1.0, null], "a": "x"})),
            r#"{"b":[1,null],"a":"x"}"#
        );
    }

    proptest! {
        #[test]
        fn any_text_survives_the_quotes_of_json(text in any::<String>()) {
            let json = json_of(&Value::String(text.clone()));
            prop_assert_eq!(serde_json::from_str::<Value>(&json).expect("JSON"), Value::String(text));
        }
    }
}
