//! The value of a body that is on record.

use serde_json::Value;

use super::parse::{Malformed, parse};
use crate::request::{RequestRecord, put_field};

/// The value that memory gets, from what was kept: the text or JSON that was sent, where a file lies, or the fields
/// of a form with its uploads among them.
pub fn recorded(record: &RequestRecord) -> Result<Value, Malformed> {
    if let Some(whole) = record.files.iter().find(|file| file.field.is_none()) {
        return Ok(whole.to_memory());
    }
    let content_type = record
        .headers
        .iter()
        .find(|(name, _)| name == "content-type");
    let content_type = content_type.map(|(_, value)| value.as_str());
    let parsed = parse(content_type, &record.body, &record.method)?;
    // Bytes that lie in no file can only be those of a request from before there were files.
    let mut value = parsed.into_memory(|| record.id.to_string());
    if let Value::Object(fields) = &mut value {
        for file in &record.files {
            if let Some(field) = &file.field {
                put_field(fields, field, file.to_memory());
            }
        }
    }
    Ok(value)
}
