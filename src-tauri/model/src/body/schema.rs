//! What an endpoint asks of a body: a JSON Schema. It fetches nothing, and its patterns take time in proportion.

use std::fmt;

use jsonschema::{PatternOptions, Validator};
use serde_json::Value;

/// The longest description of what does not fit.
const MESSAGE_CHARS_MAX: usize = 500;

/// What is wrong with a schema, or with a body by it. Shows no value of the body.
#[derive(Debug, Clone, PartialEq, Eq, thiserror::Error)]
pub enum SchemaError {
    /// The schema cannot be used.
    #[error("{0}")]
    Unusable(String),
    /// The body does not fit.
    #[error("{place}: {why}")]
    Misfit {
        /// Where in the body.
        place: String,
        /// What is wrong there.
        why: String,
    },
}

/// A JSON Schema that can be used.
pub struct BodySchema {
    source: Value,
    validator: Validator,
}

impl BodySchema {
    /// Reads a schema. One that refers to another document is refused, with what is wrong with it.
    pub fn new(source: &Value) -> Result<Self, SchemaError> {
        let options = jsonschema::options().with_pattern_options(PatternOptions::regex());
        match options.build(source) {
            Ok(validator) => Ok(Self {
                source: source.clone(),
                validator,
            }),
            Err(error) => Err(SchemaError::Unusable(cut(error.to_string()))),
        }
    }

    /// Whether a value fits; else where it does not, and why. Values are not shown.
    pub fn check(&self, value: &Value) -> Result<(), SchemaError> {
        self.validator.validate(value).map_err(|error| {
            let place = error.instance_path().to_string();
            let place = match place.is_empty() {
                true => "the body".to_owned(),
                false => format!("`{place}`"),
            };
            let why = cut(error.masked().to_string());
            SchemaError::Misfit {
                place: cut(place),
                why,
            }
        })
    }
}

fn cut(message: String) -> String {
    message.chars().take(MESSAGE_CHARS_MAX).collect()
}

impl fmt::Debug for BodySchema {
    fn fmt(&self, f: &mut fmt::Formatter<'_>) -> fmt::Result {
        fmt::Debug::fmt(&self.source, f)
    }
}

impl PartialEq for BodySchema {
    fn eq(&self, other: &Self) -> bool {
        self.source == other.source
    }
}

#[cfg(test)]
mod tests {
    use serde_json::json;

    use super::*;

    #[test]
    fn a_body_that_does_not_fit_is_told_by_its_place_and_not_shown() {
        let schema = BodySchema::new(&json!({
            "type": "object",
            "properties": {"total": {"type": "number", "minimum": 0}},
            "required": ["total"],
        }));
        let schema = schema.expect("a schema");
        assert_eq!(schema.check(&json!({"total": 1})), Ok(()));
        let why = schema
            .check(&json!({"total": "hunter2"}))
            .expect_err("no number")
            .to_string();
        assert!(
            why.starts_with("`/total`: ") && !why.contains("hunter2"),
            "{why}"
        );
        let why = schema
            .check(&json!([1]))
            .expect_err("no object")
            .to_string();
        assert!(why.starts_with("the body: "), "{why}");
    }

    #[test]
    fn nothing_is_fetched_and_a_pattern_that_backtracks_is_no_trap() {
        for bad in [
            json!({"$ref": "https://example.com/other.json"}),
            json!({"$ref": "file:///etc/passwd"}),
            json!({"type": "objekt"}),
            json!({"pattern": "("}),
            json!({"pattern": "(a)\\1"}),
        ] {
            assert!(BodySchema::new(&bad).is_err(), "{bad}");
        }
        let schema = BodySchema::new(&json!({"pattern": "^(a+)+$"})).expect("a schema");
        assert!(schema.check(&json!("a".repeat(50_000) + "b")).is_err());
    }
}
