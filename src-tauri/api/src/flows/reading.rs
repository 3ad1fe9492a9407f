//! Documents as they are read: parsed, checked and searched. Of a draft that is done once per revision, because every
//! list of flows asks for all of them. What only the workspace knows is not here.

use std::collections::HashMap;
use std::sync::Arc;

use hookloom_model::document::{GivenJson, Parsed, from_json};
use hookloom_model::{FlowId, Problem};
use hookloom_sensitive::SHORT_VALUE_CHARS;
use hookloom_store::FlowRecord;
use hookloom_template::{Place, Template};
use parking_lot::Mutex;
use serde_json::Value;

use crate::error::Error;
use crate::masked::Masked;

/// Drafts that are kept as they were read; beyond, it begins anew.
const DRAFTS_KEPT_MAX: usize = 256;

/// A document, and what is found in it wherever it is.
pub(super) struct Reading {
    /// The name that it gives its flow, if that is a name.
    pub(super) name: Option<String>,
    pub(super) json: Value,
    pub(super) problems: Vec<Problem>,
    /// Whether it cannot even be taken in.
    pub(super) blocks_import: bool,
    /// The secrets that it names, each with the place.
    pub(super) secrets: Vec<(String, String)>,
    /// Where it holds the value of a secret itself, and the values that were looked for.
    bare: Mutex<Option<(Masked, Arc<[String]>)>>,
}

impl Reading {
    pub(super) fn of(given: GivenJson) -> Self {
        let parsed = from_json(given);
        let blocks_import = parsed.blocks_import();
        let Parsed {
            name,
            json,
            problems,
            title: _,
            document: _,
        } = parsed;
        Self {
            name,
            secrets: secret_names_in(&json),
            json,
            problems,
            blocks_import,
            bare: Mutex::default(),
        }
    }

    /// A document that is kept.
    pub(super) fn of_text(text: &str) -> Result<Self, Error> {
        serde_json::from_str(text)
            .map(Self::of)
            .map_err(Error::internal)
    }

    /// Where it holds the value of a secret itself. Short texts are left alone: a method or a mode may well be what
    /// somebody chose as a secret.
    pub(super) fn bare_values(&self, masked: &Masked) -> Arc<[String]> {
        let mut bare = self.bare.lock();
        if let Some((of, places)) = &*bare
            && of.is_same(masked)
        {
            return Arc::clone(places);
        }
        let mut places = Vec::new();
        for_each_text(&self.json, &mut |_, place, text| {
            if text.chars().count() >= SHORT_VALUE_CHARS && masked.hides(text) {
                places.push(place.to_owned());
            }
        });
        let places: Arc<[String]> = places.into();
        *bare = Some((masked.clone(), Arc::clone(&places)));
        places
    }
}

/// The drafts that were read last, by flow and revision.
#[derive(Default)]
pub(crate) struct Drafts(Mutex<HashMap<FlowId, (String, Arc<Reading>)>>);

impl Drafts {
    pub(super) fn read(&self, flow: &FlowRecord) -> Result<Arc<Reading>, Error> {
        if let Some((etag, known)) = self.0.lock().get(&flow.id)
            && *etag == flow.draft_etag
        {
            return Ok(Arc::clone(known));
        }
        let reading = Arc::new(Reading::of_text(&flow.draft)?);
        let mut kept = self.0.lock();
        if kept.len() >= DRAFTS_KEPT_MAX {
            kept.clear();
        }
        kept.insert(flow.id, (flow.draft_etag.clone(), Arc::clone(&reading)));
        Ok(reading)
    }
}

/// The secrets that a document names, each with the place: as a `secret`, or in a template.
pub(crate) fn secret_names_in(document: &Value) -> Vec<(String, String)> {
    let mut found = Vec::new();
    for_each_text(document, &mut |key, place, text| {
        if key == "secret" {
            found.push((text.to_owned(), place.to_owned()));
        } else if !PLAIN.contains(&key) && text.contains("secrets") {
            // What does not parse is a problem of its own.
            let template = Template::parse_task_body(text, Place::Text);
            let references = template
                .as_ref()
                .map(Template::references)
                .unwrap_or_default();
            let names = references.iter().filter(|used| used.root == "secrets");
            for name in names.filter_map(|used| used.path.first()) {
                found.push((name.clone(), place.to_owned()));
            }
        }
    });
    found
}

/// Texts that are no templates.
const PLAIN: [&str; 4] = ["title", "description", "code", "name"];

/// Every text of a document with its key (empty in a list) and its place.
fn for_each_text(document: &Value, see: &mut impl FnMut(&str, &str, &str)) {
    walk(document, "", &mut String::new(), see);
}

fn walk(value: &Value, key: &str, place: &mut String, see: &mut impl FnMut(&str, &str, &str)) {
    let mut below = |name: &str, inner: &Value, see: &mut _| {
        let before = place.len();
        place.push('/');
        place.push_str(&name.replace('~', "~0").replace('/', "~1"));
        let key = if value.is_object() { name } else { "" };
        walk(inner, key, place, see);
        place.truncate(before);
    };
    match value {
        Value::Object(fields) => {
            for (name, field) in fields {
                below(name, field, see);
            }
        }
        Value::Array(items) => {
            for (index, item) in items.iter().enumerate() {
                below(&index.to_string(), item, see);
            }
        }
        Value::String(text) => see(key, place, text),
        Value::Null | Value::Bool(_) | Value::Number(_) => {}
    }
}

#[cfg(test)]
mod tests {
    use hookloom_model::FlowState;
    use hookloom_sensitive::Masker;
    use serde_json::json;

    use super::*;

    #[test]
    fn secrets_are_found_by_name_and_in_templates_with_their_places() {
        let document = json!({
            "name": "order_intake",
            "description": "never {{secrets.in_words}}",
            "endpoints": [{"name": "orders", "auth": {"kind": "shared_key", "secret": "orders_key"}}],
            "steps": [{"name": "ship", "kind": "http", "headers": {"a/b": "Bearer {{secrets.shop_token}}"}}],
            "webhook_tasks": [{"url": "https://x.example/{{secrets.slack_path | path}}", "secret": "slack_signing"}],
        });
        let found = secret_names_in(&document);
        let expected = [
            ("orders_key", "/endpoints/0/auth/secret"),
            ("shop_token", "/steps/0/headers/a~1b"),
            ("slack_path", "/webhook_tasks/0/url"),
            ("slack_signing", "/webhook_tasks/0/secret"),
        ];
        let expected: Vec<_> = expected
            .map(|(name, place)| (name.to_owned(), place.to_owned()))
            .into();
        assert_eq!(found, expected);
    }

    #[test]
    fn a_secret_s_value_is_found_at_its_place_and_looked_for_again_when_the_secrets_change() {
        let document =
            json!({"steps": [{"method": "POST", "headers": {"X-Key": "Bearer hunter2hunter2"}}]});
        let reading = Reading::of(document.into());
        let masked = |values: [&str; 2]| Masked::new(Masker::new(values).into());
        let known = masked(["hunter2hunter2", "POST"]);
        assert_eq!(*reading.bare_values(&known), ["/steps/0/headers/X-Key"]);
        let first = reading.bare_values(&known);
        assert!(Arc::ptr_eq(&first, &reading.bare_values(&known)));
        assert!(
            reading
                .bare_values(&masked(["other-value", "POST"]))
                .is_empty()
        );
    }

    #[test]
    fn a_draft_is_read_once_per_revision() {
        let flow = |etag: &str, title: &str| FlowRecord {
            id: FlowId(1),
            name: "a".into(),
            state: FlowState::Off,
            version: None,
            draft: json!({"name": "a", "title": title}).to_string(),
            draft_etag: etag.into(),
            layout: None,
            published: None,
            versions: Vec::new(),
            outputs: Vec::new(),
            tasks: Vec::new(),
            last_job: None,
            updated_at_ms: 0,
        };
        let drafts = Drafts::default();
        let read = |etag: &str, title: &str| drafts.read(&flow(etag, title)).expect("it is JSON");
        let first = read("1-1", "one");
        assert!(Arc::ptr_eq(&first, &read("1-1", "one")));
        assert_eq!(read("1-2", "two").json["title"], "two");
    }
}
