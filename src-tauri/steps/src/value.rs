//! What several kinds do with values: compile their templates, compare them, and name them in errors.

use hookloom_template::{Reference, ValueTemplate};
use serde_json::{Number, Value};

use crate::registry::Wrong;

/// Compiles JSON whose strings are templates.
pub(crate) fn parse(part: &str, value: &Value) -> Result<ValueTemplate, Wrong> {
    ValueTemplate::parse(value)
        .map_err(|(pointer, error)| Wrong::new(format!("{part}{pointer}"), error))
}

/// Names from several templates, each once.
pub(crate) fn references<'a>(all: impl Iterator<Item = &'a Reference>) -> Vec<Reference> {
    let mut names: Vec<Reference> = Vec::new();
    for name in all {
        if !names.contains(name) {
            names.push(name.clone());
        }
    }
    names
}

/// Whether two values are the same JSON: the order of keys and the way a number is written make no difference.
pub(crate) fn equal(one: &Value, other: &Value) -> bool {
    match (one, other) {
        (Value::Number(one), Value::Number(other)) => equal_numbers(one, other),
        (Value::Array(one), Value::Array(other)) => {
            one.len() == other.len() && one.iter().zip(other).all(|(one, other)| equal(one, other))
        }
        (Value::Object(one), Value::Object(other)) => {
            let same = |(key, value): (&String, &Value)| {
                other.get(key).is_some_and(|other| equal(value, other))
            };
            one.len() == other.len() && one.iter().all(same)
        }
        (one, other) => one == other,
    }
}

fn equal_numbers(one: &Number, other: &Number) -> bool {
    if one.is_f64() == other.is_f64() {
        return one == other;
    }
    one.as_f64() == other.as_f64()
}

/// What a value is, without showing it: it may hold what nobody should read.
pub(crate) fn kind_of(value: &Value) -> &'static str {
    match value {
        Value::Null => "null",
        Value::Bool(_) => "true or false",
        Value::Number(_) => "a number",
        Value::String(_) => "a text",
        Value::Array(_) => "a list",
        Value::Object(_) => "an object",
    }
}

/// A key as a part of a JSON pointer.
pub(crate) fn escape_pointer(key: &str) -> String {
    key.replace('~', "~0").replace('/', "~1")
}

#[cfg(test)]
mod tests {
    use super::*;
    use serde_json::json;

    #[test]
    fn equality_is_that_of_json() {
        let same = [
            (json!(1), json!(1.0)),
            (json!({"a": 1, "b": [2.0]}), json!({"b": [2], "a": 1})),
            (json!(null), json!(null)),
            (json!(-0.0), json!(0)),
        ];
        for (one, other) in same {
            assert!(equal(&one, &other), "{one} {other}");
        }
        let different = [
            (json!("1"), json!(1)),
            (json!(null), json!(false)),
            (json!([1, 2]), json!([2, 1])),
            (json!({"a": 1}), json!({"a": 1, "b": null})),
            (
                json!(9_007_199_254_740_993_i64),
                json!(9_007_199_254_740_992_i64),
            ),
        ];
        for (one, other) in different {
            assert!(!equal(&one, &other), "{one} {other}");
        }
    }
}
