//! What the trigger left: headers, body and query of the request, or the input of a start without one.

use std::sync::Arc;

use hookloom_model::body;
use hookloom_model::document::{Endpoint, FlowDocument};
use hookloom_model::request::{RequestRecord, StoredRequest};
use indexmap::IndexMap;
use serde_json::{Map, Value, json};

use super::Obstacle;
use crate::record;

/// The parsed parts of a trigger, each made once and only when asked for.
#[derive(Default)]
pub(super) struct Trigger {
    headers: Option<Arc<Value>>,
    body: Option<Arc<Value>>,
    query: Option<Arc<Value>>,
}

/// Which memory variable of an endpoint a name stands for.
#[derive(Clone, Copy, PartialEq, Eq)]
pub(super) enum TriggerMemory {
    Headers,
    Body,
    Query,
}

impl Trigger {
    /// A trigger whose body is the input of a start by hand.
    pub fn of_input(input: Option<Arc<Value>>) -> Self {
        Self {
            headers: Some(Arc::new(json!({}))),
            body: Some(input.unwrap_or_default()),
            query: Some(Arc::new(json!({}))),
        }
    }

    /// A trigger whose body is this one, if there is one, and not the request's.
    pub fn with_body(body: Option<Arc<Value>>) -> Self {
        Self {
            body,
            ..Self::default()
        }
    }

    /// Lower-case names and values; repeated ones are joined. Credentials are put back from their sealed copy.
    pub fn headers(
        &mut self,
        request: Option<&StoredRequest>,
        credentials: &Map<String, Value>,
    ) -> Arc<Value> {
        let headers = self.headers.get_or_insert_with(|| {
            let record = request.map(|request| &request.record);
            Arc::new(Value::Object(headers_of(record, credentials)))
        });
        Arc::clone(headers)
    }

    /// The body as its content type says.
    pub fn body(&mut self, request: Option<&StoredRequest>) -> Result<Arc<Value>, Obstacle> {
        if let Some(body) = &self.body {
            return Ok(Arc::clone(body));
        }
        let value = match request {
            Some(request) => parse_body(&request.record)?,
            None => Value::Null,
        };
        Ok(Arc::clone(self.body.insert(Arc::new(value))))
    }

    /// The query's parameters; shown keys stay masked.
    pub fn query(&mut self, request: Option<&StoredRequest>) -> Arc<Value> {
        let query = self.query.get_or_insert_with(|| {
            let path = request.map_or("", |request| request.record.path.as_str());
            let query = path.split_once('?').map_or("", |(_, query)| query);
            Arc::new(body::parse_form(query))
        });
        Arc::clone(query)
    }
}

/// The `id` that a call to an endpoint by its name brings.
pub(super) fn call_id(record: &RequestRecord) -> Option<String> {
    record.call_parameter("id")
}

/// The endpoint whose memory names count: the request's own, else the flow's default one.
pub(super) fn endpoint<'a>(
    document: &'a FlowDocument,
    request: Option<&StoredRequest>,
) -> Option<&'a Endpoint> {
    match request {
        Some(request) => {
            let mut endpoints = document.endpoints.iter();
            endpoints.find(|endpoint| endpoint.name == request.record.endpoint)
        }
        None => document.endpoints.first(),
    }
}

/// What a memory name of the endpoint stands for.
pub(super) fn memory_named(endpoint: &Endpoint, name: &str) -> Option<TriggerMemory> {
    let names = [
        (&endpoint.body_memory, TriggerMemory::Body),
        (&endpoint.header_memory, TriggerMemory::Headers),
        (&endpoint.query_memory, TriggerMemory::Query),
    ];
    let mut found = names
        .into_iter()
        .filter(|(known, _)| known.as_deref() == Some(name));
    found.next().map(|(_, memory)| memory)
}

/// Headers or a query with what was given with the start of a trial: that counts where both have a name.
pub(super) fn with_given(
    value: Arc<Value>,
    given: Option<&IndexMap<String, String>>,
) -> Arc<Value> {
    let Some(given) = given.filter(|given| !given.is_empty()) else {
        return value;
    };
    let mut fields = value.as_object().cloned().unwrap_or_default();
    for (name, value) in given {
        fields.insert(name.clone(), Value::from(value.as_str()));
    }
    Arc::new(Value::Object(fields))
}

fn headers_of(
    record: Option<&RequestRecord>,
    credentials: &Map<String, Value>,
) -> Map<String, Value> {
    let mut headers: Map<String, Value> = Map::new();
    for (name, value) in record.into_iter().flat_map(|record| &record.headers) {
        match headers.get_mut(name) {
            Some(Value::String(known)) => {
                known.push_str(", ");
                known.push_str(value);
            }
            _ => {
                headers.insert(name.clone(), Value::String(value.clone()));
            }
        }
    }
    for (name, value) in credentials {
        headers.insert(name.clone(), value.clone());
    }
    headers
}

fn parse_body(record: &RequestRecord) -> Result<Value, Obstacle> {
    body::recorded(record).map_err(|error| {
        // The receiver has read it before; it can only be a body that lost something since.
        Obstacle::Never(record::error("request_body", error.to_string()))
    })
}
