//! The caller's idempotency key: the endpoint's template if it has one, else the usual headers, else the `id` of
//! `/api/call`.

use std::collections::HashMap;
use std::sync::Arc;

use hookloom_model::body::parse_form;
use hookloom_model::document::Endpoint;
use hookloom_model::request::{RequestRecord, uploads};
use hookloom_sensitive::{MASK, Masker};
use hookloom_template::{Place, RenderFault, Scope, Template};
use parking_lot::RwLock;
use serde_json::{Map, Value, json};
use sha2::{Digest, Sha256};

use crate::extract::Arriving;
use crate::limits::IDEMPOTENCY_KEY_BYTES_MAX;
use crate::refusal::Refusal;
use crate::shown::text;

/// Looked at in this order, after the endpoint's template; the first one that is present counts.
const HEADERS: [&str; 3] = ["idempotency-key", "webhook-id", "x-github-delivery"];
/// Compiled templates that are kept; there are as many as endpoints with such a template.
const TEMPLATES_MAX: usize = 1_000;

/// Compiled `idempotency_key` templates, by their text.
#[derive(Default)]
pub(crate) struct KeyTemplates {
    compiled: RwLock<HashMap<String, Arc<Template>>>,
}

impl KeyTemplates {
    /// The key of a request, if it has one. The template sees the request as it is recorded, so that the key
    /// holds nothing that is masked there.
    pub fn key_of(
        &self,
        request: &Arriving,
        record: &RequestRecord,
        body: Option<&Value>,
        masker: &Masker,
    ) -> Result<Option<String>, Refusal> {
        let endpoint = &request.live.endpoint;
        if let Some(template) = &endpoint.idempotency_key
            && let Some(key) = self.rendered(template, scope(endpoint, record, body))?
        {
            return checked(&told_apart(key, record), masker).map(Some);
        }
        for name in HEADERS {
            let value = request.head.headers.get(name);
            if let Some(value) = value.filter(|value| !value.is_empty()) {
                return checked(&text(value.as_bytes()), masker).map(Some);
            }
        }
        match request.call_parameter("id") {
            Some(id) => checked(&id, masker).map(Some),
            None => Ok(None),
        }
    }

    /// The template's text; none if it is empty or names what this request does not have.
    fn rendered(&self, template: &str, scope: Scope) -> Result<Option<String>, Refusal> {
        let template = self.compiled(template)?;
        match template.render(&scope, None) {
            Ok(key) => Ok(Some(key).filter(|key| !key.is_empty())),
            Err(error) if matches!(error.fault, RenderFault::Undefined { .. }) => Ok(None),
            Err(error) => Err(Refusal::IdempotencyKey {
                reason: error.to_string(),
            }),
        }
    }

    fn compiled(&self, text: &str) -> Result<Arc<Template>, Refusal> {
        if let Some(template) = self.compiled.read().get(text) {
            return Ok(Arc::clone(template));
        }
        // Publishing refuses templates that cannot be parsed, so one that is here is our fault.
        let template = Template::parse(text, Place::Text).map_err(|error| Refusal::Internal {
            reason: error.to_string(),
        })?;
        let template = Arc::new(template);
        let mut compiled = self.compiled.write();
        if compiled.len() >= TEMPLATES_MAX {
            compiled.clear();
        }
        compiled.insert(text.to_owned(), Arc::clone(&template));
        Ok(template)
    }
}

/// A key that can be stored. One that holds a secret value is stored as its hash.
fn checked(key: &str, masker: &Masker) -> Result<String, Refusal> {
    if key.len() > IDEMPOTENCY_KEY_BYTES_MAX {
        return Err(Refusal::idempotency_key_too_long(key.len()));
    }
    match masker.mask_str(key) == key {
        true => Ok(key.to_owned()),
        false => Ok(hashed(key)),
    }
}

fn hashed(key: &str) -> String {
    format!("sha256:{}", hex::encode(Sha256::digest(key.as_bytes())))
}

/// What is masked reads the same for many requests, and only the first of them would begin a job: where a key
/// has such a part, the body tells them apart.
fn told_apart(key: String, record: &RequestRecord) -> String {
    match (key.contains(MASK), &record.body_sha256) {
        (true, Some(body_sha256)) => hashed(&format!("{key} {body_sha256}")),
        _ => key,
    }
}

/// `trigger`, and the endpoint's memory by its own names.
pub(crate) fn scope(endpoint: &Endpoint, record: &RequestRecord, body: Option<&Value>) -> Scope {
    let trigger = trigger(record, body);
    let mut scope = Scope::default();
    for (memory, part) in [
        (&endpoint.header_memory, "headers"),
        (&endpoint.body_memory, "body"),
        (&endpoint.query_memory, "query"),
    ] {
        if let Some(name) = memory {
            scope.insert(name, trigger[part].clone());
        }
    }
    scope.insert("trigger", trigger);
    scope
}

fn trigger(record: &RequestRecord, body: Option<&Value>) -> Value {
    let query = record.path.split_once('?').map_or("", |(_, query)| query);
    let mut headers = Map::new();
    for (name, value) in &record.headers {
        match headers.get_mut(name) {
            Some(Value::String(joined)) => {
                joined.push_str(", ");
                joined.push_str(value);
            }
            _ => {
                headers.insert(name.clone(), value.clone().into());
            }
        }
    }
    json!({
        "headers": headers,
        "body": body,
        "query": parse_form(query),
        "path": record.path_parameters(),
        "method": record.method,
        "files": uploads(&record.files),
    })
}
