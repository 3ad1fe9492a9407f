//! JSON as JavaScript's `JSON.stringify(JSON.parse(text))` writes it.

use serde_json::{Map, Number, Value};

/// The last integer-like key: V8 and the language order those up to here by their number.
const INDEX_MAX: u32 = u32::MAX - 1;

/// The text that JavaScript writes. Lone surrogates, which it escapes, cannot be in a `Value`.
pub fn stringify(value: &Value) -> String {
    let mut out = String::new();
    push(&mut out, value);
    out
}

fn push(out: &mut String, value: &Value) {
    match value {
        Value::Null => out.push_str("null"),
        Value::Bool(flag) => out.push_str(if *flag { "true" } else { "false" }),
        Value::Number(number) => push_number(out, number),
        Value::String(text) => push_text(out, text),
        Value::Array(items) => {
            out.push('[');
            for (at, item) in items.iter().enumerate() {
                if at > 0 {
                    out.push(',');
                }
                push(out, item);
            }
            out.push(']');
        }
        Value::Object(fields) => push_object(out, fields),
    }
}

/// Keys that look like an index come first, by their number; the others stay in order.
fn push_object(out: &mut String, fields: &Map<String, Value>) {
    let mut indexed: Vec<(u32, &String, &Value)> = Vec::new();
    let mut named: Vec<(&String, &Value)> = Vec::new();
    for (key, value) in fields {
        match index(key) {
            Some(index) => indexed.push((index, key, value)),
            None => named.push((key, value)),
        }
    }
    indexed.sort_by_key(|(index, ..)| *index);
    let indexed = indexed.into_iter().map(|(_, key, value)| (key, value));
    out.push('{');
    for (at, (key, value)) in indexed.chain(named).enumerate() {
        if at > 0 {
            out.push(',');
        }
        push_text(out, key);
        out.push(':');
        push(out, value);
    }
    out.push('}');
}

fn index(key: &str) -> Option<u32> {
    let is_plain = key == "0" || !key.starts_with('0');
    let is_digits = !key.is_empty() && key.bytes().all(|byte| byte.is_ascii_digit());
    let number: u32 = key.parse().ok().filter(|_| is_plain && is_digits)?;
    (number <= INDEX_MAX).then_some(number)
}

/// JavaScript has doubles alone: a whole number beyond 2^53 is rounded to one.
fn push_number(out: &mut String, number: &Number) {
    #[expect(
        clippy::cast_precision_loss,
        reason = "rounding to the nearest double is what JavaScript does"
    )]
    let double = match (number.as_i64(), number.as_u64()) {
        (Some(whole), _) => whole as f64,
        (None, Some(whole)) => whole as f64,
        (None, None) => number.as_f64().unwrap_or(0.0),
    };
    out.push_str(ryu_js::Buffer::new().format(double));
}

fn push_text(out: &mut String, text: &str) {
    out.push('"');
    for character in text.chars() {
        match character {
            '"' => out.push_str("\\\""),
            '\\' => out.push_str("\\\\"),
            '\u{8}' => out.push_str("\\b"),
            '\t' => out.push_str("\\t"),
            '\n' => out.push_str("\\n"),
            '\u{c}' => out.push_str("\\f"),
            '\r' => out.push_str("\\r"),
            control if u32::from(control) < 0x20 => {
                out.push_str(&format!("\\u{:04x}", u32::from(control)));
            }
            other => out.push(other),
        }
    }
    out.push('"');
}
