//! Stands in for parsing until the model brings it. Parses nothing that needs more than JSON.

use hookloom_model::Problem;
use hookloom_model::document::FlowDocument;
use serde_json::Value;

pub(crate) const SECRET_STATE_PUT: &[&str] = &["_secretStatePut", "__secretStatePut"];

pub(crate) fn parse_document(_text: &str) -> Result<FlowDocument, Vec<Problem>> {
    Err(Vec::new())
}

pub(crate) fn parse(_content_type: Option<&str>, body: &[u8]) -> Result<Value, serde_json::Error> {
    serde_json::from_slice(body)
}

pub(crate) fn parse_form(_query: &str) -> Value {
    Value::Null
}
