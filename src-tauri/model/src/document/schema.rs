//! The JSON Schema of the flow document, for editors and scripts.

use serde_json::{Value, json};

/// A JSON Schema (2020-12).
pub fn json_schema() -> Value {
    json!({"$schema": "https://json-schema.org/draft/2020-12/schema"})
}
