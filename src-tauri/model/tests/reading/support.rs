//! The example document, and short forms for what was found in one.

use hookloom_model::document::{self, Parsed};
use serde_json::Value;

/// The contract's example, less its schedule and with `set` in place of the script.
pub fn order_intake_text() -> String {
    include_str!("../../../../tests/fixtures/order_intake.json").to_owned()
}

pub fn order_intake() -> Value {
    serde_json::from_str(&order_intake_text()).expect("JSON")
}

/// Reads a document as text, as it comes from a file.
pub fn read(value: Value) -> Parsed {
    document::parse(&value.to_string())
}

/// Code and place of every problem.
pub fn found(parsed: &Parsed) -> Vec<String> {
    let problems = parsed.problems.iter();
    problems
        .map(|problem| format!("{} {}", problem.code, problem.place))
        .collect()
}

/// The document with another value at a place; a last key that is missing is added.
pub fn with(mut document: Value, place: &str, value: Value) -> Value {
    let (parent, key) = place.rsplit_once('/').expect("a pointer");
    match document.pointer_mut(parent).expect("the parent") {
        Value::Array(items) => items[key.parse::<usize>().expect("an index")] = value,
        parent => parent[key] = value,
    }
    document
}
