//! A job's memory as it is shown: what the trigger put there, then what steps wrote.

use hookloom_engine::state::JobState;
use hookloom_model::body;
use hookloom_model::journal::ValueRef;
use hookloom_model::request::RequestRecord;
use hookloom_store::JobRow;
use serde_json::{Map, Value};

use super::shown::{Shown, ShownValue};
use crate::document::{entries_of, text_of};
use crate::error::Error;
use crate::state::ApiState;

/// Variables by name.
#[derive(Default)]
pub(super) struct Memory {
    pub(super) values: Map<String, Value>,
    /// Of these there is only the beginning.
    pub(super) truncated: Vec<String>,
}

impl Memory {
    fn put(&mut self, name: &str, shown: ShownValue) {
        self.truncated.retain(|known| known != name);
        if shown.truncated {
            self.truncated.push(name.to_owned());
        }
        self.values.insert(name.to_owned(), shown.value);
    }
}

/// Reads a job's memory.
pub(super) async fn read(
    state: &ApiState,
    row: &JobRow,
    document: &Value,
    folded: &JobState,
    shown: &mut Shown<'_>,
) -> Result<Memory, Error> {
    let mut memory = Memory::default();
    let input = folded
        .queued
        .as_ref()
        .and_then(|queued| queued.input.as_ref());
    let request_id = row.replayed_request_id.unwrap_or(row.request_id);
    match state.store.request(request_id).await {
        Ok(request) => {
            of_request(&request.record, document, shown, &mut memory);
            // An edited input has the place of the request's body.
            if let (Some(name), Some(input)) = (body_name(&request.record, document), input) {
                let value = shown.value(input).await?;
                memory.put(name, value);
            }
        }
        Err(hookloom_store::Error::NotFound { .. }) => {
            of_input(input, document, shown, &mut memory).await?;
        }
        Err(error) => return Err(error.into()),
    }
    for (name, value) in &folded.memory {
        let value = shown.value(value).await?;
        memory.put(name, value);
    }
    Ok(memory)
}

/// What the endpoint of the request calls its body.
fn body_name<'a>(record: &RequestRecord, document: &'a Value) -> Option<&'a str> {
    let mut endpoints = entries_of(document, "endpoints");
    let endpoint = endpoints.find(|it| text_of(it, "name") == record.endpoint)?;
    endpoint["body_memory"].as_str()
}

/// Credential headers are shown as they were recorded: masked.
fn of_request(
    record: &RequestRecord,
    document: &Value,
    shown: &mut Shown<'_>,
    memory: &mut Memory,
) {
    let mut endpoints = entries_of(document, "endpoints");
    let Some(endpoint) = endpoints.find(|it| text_of(it, "name") == record.endpoint) else {
        return;
    };
    if let Some(name) = endpoint["header_memory"].as_str() {
        memory.put(name, shown.cut(Value::Object(joined(&record.headers))));
    }
    if let Some(name) = endpoint["query_memory"].as_str() {
        let query = record.path.split_once('?').map_or("", |(_, query)| query);
        memory.put(name, shown.cut(body::parse_form(query)));
    }
    if let Some(name) = endpoint["body_memory"].as_str() {
        let mut headers = record.headers.iter();
        let content_type = headers
            .find(|(name, _)| name == "content-type")
            .map(|(_, it)| it.as_str());
        let parsed = body::parse(content_type, &record.body, &record.method).ok();
        let value = parsed.map_or(Value::Null, |body| {
            body.into_memory(|| record.id.to_string())
        });
        memory.put(name, shown.cut(value));
    }
}

/// The input of a start by hand stands in the default endpoint's place.
async fn of_input(
    input: Option<&ValueRef>,
    document: &Value,
    shown: &mut Shown<'_>,
    memory: &mut Memory,
) -> Result<(), Error> {
    let name = document["endpoints"][0]["body_memory"].as_str();
    if let (Some(name), Some(input)) = (name, input) {
        let value = shown.value(input).await?;
        memory.put(name, value);
    }
    Ok(())
}

/// Repeated headers join with a comma.
fn joined(headers: &[(String, String)]) -> Map<String, Value> {
    let mut all: Map<String, Value> = Map::new();
    for (name, value) in headers {
        match all.get_mut(name) {
            Some(Value::String(known)) => *known = format!("{known}, {value}"),
            _ => _ = all.insert(name.clone(), Value::String(value.clone())),
        }
    }
    all
}
