//! The one way a document is written: keys in the order of the contract, two spaces, a newline at the end.

use serde_json::Value;

/// The text of a document.
pub fn canonical(value: &Value) -> String {
    let mut text = serde_json::to_string_pretty(value).unwrap_or_default();
    text.push('\n');
    text
}
