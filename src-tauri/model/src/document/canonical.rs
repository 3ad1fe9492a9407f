//! The one way a document is written: keys in the order of the contract, two spaces, a newline at the end.
//!
//! Only keys that have a meaning are put in order. Objects whose keys a person chose (headers, values, variables)
//! stay as they are, and so do keys that are not known.

use serde_json::{Map, Value};

/// The text of a document.
pub fn canonical(value: &Value) -> String {
    // A `Value` has only text keys and finite numbers: it can always be written.
    let mut text = serde_json::to_string_pretty(&FLOW.order(value)).unwrap_or_default();
    text.push('\n');
    text
}

/// Keys in their order, and the shape of what lies below some of them, also as entries of a list.
struct Shape(&'static [(&'static str, Option<&'static Shape>)]);

impl Shape {
    fn order(&self, value: &Value) -> Value {
        match value {
            Value::Array(items) => items.iter().map(|item| self.order(item)).collect(),
            Value::Object(fields) => {
                let mut ordered = Map::with_capacity(fields.len());
                for (key, shape) in self.0 {
                    if let Some(field) = fields.get(*key) {
                        let field = shape.map_or_else(|| field.clone(), |shape| shape.order(field));
                        ordered.insert((*key).to_owned(), field);
                    }
                }
                let is_known = |key: &str| self.0.iter().any(|(known, _)| *known == key);
                let others = || fields.iter().filter(|(key, _)| !is_known(key));
                let (last, before): (Vec<_>, Vec<_>) = others().partition(|(key, _)| *key == LAST);
                for (key, field) in before.into_iter().chain(last) {
                    ordered.insert(key.clone(), field.clone());
                }
                Value::Object(ordered)
            }
            other => other.clone(),
        }
    }
}

static FLOW: Shape = Shape(&[
    ("format", None),
    ("name", None),
    ("title", None),
    ("description", None),
    ("vars", None),
    ("timeout_ms", None),
    ("remote_url", None),
    ("remote_secret", None),
    ("inner_destinations", None),
    ("on_failure", None),
    ("endpoints", Some(&ENDPOINT)),
    ("schedules", Some(&SCHEDULE)),
    ("steps", Some(&STEP)),
    ("outputs", Some(&OUTPUT)),
    ("webhook_tasks", Some(&TASK)),
]);

/// Stands at the end, also behind keys that are not known.
const LAST: &str = "layout";

static ENDPOINT: Shape = Shape(&[
    ("name", None),
    ("path", None),
    ("methods", None),
    ("mode", None),
    ("modes_allowed", None),
    ("sync_timeout_ms", None),
    ("auth", Some(&AUTH)),
    ("handshake", Some(&HANDSHAKE)),
    ("header_memory", None),
    ("body_memory", None),
    ("query_memory", None),
    ("credential_headers", None),
    ("allowed_origins", None),
    ("content_types", None),
    ("schema", None),
    ("idempotency_key", None),
    ("response", None),
    ("off_response", None),
    ("limits", Some(&LIMITS)),
]);

static HANDSHAKE: Shape = Shape(&[("kind", None), ("secret", None), ("origins", None)]);

static SCHEME: Shape = Shape(&[
    ("kind", None),
    ("header", None),
    ("value", None),
    ("timestamp_header", None),
    ("id_header", None),
    ("signed", None),
    ("hash", None),
    ("encoding", None),
    ("key", None),
]);

static AUTH: Shape = Shape(&[
    ("kind", None),
    ("scheme", Some(&SCHEME)),
    ("algorithm", None),
    ("issuer", None),
    ("audience", None),
    ("username", None),
    ("header", None),
    ("secret", None),
    ("public_key", None),
    ("tolerance_s", None),
    ("previous", Some(&PREVIOUS)),
    ("ranges", None),
    ("of", Some(&AUTH)),
]);

static PREVIOUS: Shape = Shape(&[("secret", None), ("until", None)]);

static LIMITS: Shape = Shape(&[("body_bytes_max", None), ("requests_per_minute_max", None)]);

static SCHEDULE: Shape = Shape(&[
    ("name", None),
    ("cron", None),
    ("time_zone", None),
    ("outputs", None),
    ("input", None),
    ("missed", None),
    ("enabled", None),
]);

static STEP: Shape = Shape(&[
    ("name", None),
    ("kind", None),
    ("after", Some(&EDGE)),
    ("join", None),
    ("methods", None),
    ("method", None),
    ("url", None),
    ("model", None),
    ("flow", None),
    ("query", None),
    ("status", None),
    ("headers", None),
    ("body", None),
    ("body_file", None),
    ("multipart", None),
    ("secret", None),
    ("prompt", None),
    ("messages", None),
    ("temperature", None),
    ("max_tokens", None),
    ("json", None),
    ("data", None),
    ("code", None),
    ("values", None),
    ("expression", None),
    ("cases", None),
    ("default", None),
    ("message", None),
    ("exit_code", None),
    ("items", None),
    ("steps", Some(&STEP)),
    ("parallel_max", None),
    ("on_error", None),
    ("for_ms", None),
    ("until", None),
    ("input", None),
    ("wait", None),
    ("schema", None),
    ("program", None),
    ("value", None),
    ("validate_ssl", None),
    ("success_statuses", None),
    ("follow_redirects", None),
    ("timeout_ms", None),
    ("retry", Some(&RETRY)),
]);

static EDGE: Shape = Shape(&[("step", None), ("on", None)]);

static RETRY: Shape = Shape(&[
    ("attempts_max", None),
    ("backoff", None),
    ("delay_ms", None),
]);

static OUTPUT: Shape = Shape(&[("name", None), ("step", None)]);

static CLIENT_CERTIFICATE: Shape = Shape(&[("certificate", None), ("secret", None)]);

static TASK: Shape = Shape(&[
    ("name", None),
    ("url", None),
    ("method", None),
    ("event", None),
    ("object", None),
    ("headers", None),
    ("body", None),
    ("secret", None),
    ("scheme", Some(&SCHEME)),
    ("validate_ssl", None),
    ("ca_certificate", None),
    ("client_certificate", Some(&CLIENT_CERTIFICATE)),
    ("retry_on_failure", None),
    ("schedule_ms", None),
    ("timeout_ms", None),
    ("enabled", None),
]);

#[cfg(test)]
mod tests {
    use super::super::{endpoint, flow, kinds, schedule, step, task};
    use super::*;
    use proptest::prelude::*;

    #[test]
    fn every_key_that_is_known_has_its_place() {
        let has = |shape: &Shape, keys: &[&str]| {
            for key in keys {
                let known = shape.0.iter().any(|(name, _)| name == key);
                assert!(known || *key == LAST, "`{key}` has no place");
            }
        };
        has(&FLOW, flow::KEYS);
        has(&FLOW, flow::KEYS_LATER);
        has(&ENDPOINT, endpoint::KEYS);
        has(&ENDPOINT, endpoint::KEYS_LATER);
        has(&SCHEDULE, schedule::KEYS);
        has(&STEP, step::KEYS);
        has(&TASK, task::KEYS);
        has(&TASK, task::KEYS_LATER);
        for kind in kinds::KINDS {
            has(&STEP, kind.keys);
            has(&STEP, kind.keys_later);
        }
    }

    #[test]
    fn keys_take_their_order_and_a_persons_keys_stay() {
        let given = serde_json::json!({
            "layout": {"z": 1}, "steps": [{"values": {"b": 1, "a": 2}, "kind": "set", "name": "x"}], "name": "f",
            "format": "hookloom.flow/1",
        });
        let expected = "{\n  \"format\": \"hookloom.flow/1\",\n  \"name\": \"f\",\n  \"steps\": [\n    {\n      \"name\": \"x\",\n      \"kind\": \"set\",\n      \"values\": {\n        \"b\": 1,\n        \"a\": 2\n      }\n    }\n  ],\n  \"layout\": {\n    \"z\": 1\n  }\n}\n";
        assert_eq!(canonical(&given), expected);
    }

    fn json() -> impl Strategy<Value = Value> {
        let key = prop_oneof![
            Just("name".to_owned()),
            Just("steps".to_owned()),
            Just("kind".to_owned()),
            Just("endpoints".to_owned()),
            Just("layout".to_owned()),
            "[a-z]{1,4}",
        ];
        let leaf = prop_oneof![
            Just(Value::Null),
            any::<bool>().prop_map(Value::from),
            any::<i64>().prop_map(Value::from),
            any::<f64>().prop_filter_map("finite", |f| f.is_finite().then(|| Value::from(f))),
            any::<String>().prop_map(Value::from),
        ];
        leaf.prop_recursive(4, 40, 6, move |inner| {
            prop_oneof![
                prop::collection::vec(inner.clone(), 0..6).prop_map(Value::from),
                prop::collection::vec((key.clone(), inner), 0..6)
                    .prop_map(|fields| Value::Object(fields.into_iter().collect())),
            ]
        })
    }

    proptest! {
        #[test]
        fn what_was_written_is_read_and_written_the_same(value in json()) {
            let text = canonical(&value);
            let read: Value = serde_json::from_str(&text).expect("JSON");
            prop_assert_eq!(canonical(&read), text);
        }
    }
}
