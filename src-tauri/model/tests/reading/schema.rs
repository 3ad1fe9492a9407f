//! The JSON Schema of the document: it takes what validation takes, and refuses what it can.

use crate::support::{order_intake, with};
use hookloom_model::document;
use serde_json::{Map, Value, json};

/// The part of JSON Schema that ours uses. A keyword that is not known here fails the test.
fn accepts(schema: &Value, root: &Value, value: &Value) -> bool {
    let Value::Object(keywords) = schema else {
        return schema == &Value::Bool(true);
    };
    keywords
        .iter()
        .all(|(keyword, rule)| match keyword.as_str() {
            "$schema" | "$defs" | "title" | "description" | "default" | "format" => true,
            "$ref" => {
                let pointer = rule
                    .as_str()
                    .and_then(|text| text.strip_prefix('#'))
                    .expect("a pointer");
                accepts(root.pointer(pointer).expect("a definition"), root, value)
            }
            "type" => has_type(rule.as_str().expect("one type"), value),
            "const" => value == rule,
            "enum" => rule.as_array().expect("a list").contains(value),
            "oneOf" => {
                let schemas = rule.as_array().expect("a list").iter();
                schemas
                    .filter(|schema| accepts(schema, root, value))
                    .count()
                    == 1
            }
            keyword => match value {
                Value::Object(fields) => accepts_fields(keyword, keywords, root, fields),
                Value::Array(items) => accepts_items(keyword, rule, root, items),
                Value::String(text) => accepts_text(keyword, rule, text),
                Value::Number(number) => match keyword {
                    "minimum" => number.as_f64() >= rule.as_f64(),
                    "maximum" => number.as_f64() <= rule.as_f64(),
                    other => is_known(other),
                },
                _ => is_known(keyword),
            },
        })
}

const KNOWN: &[&str] = &[
    "properties",
    "required",
    "additionalProperties",
    "propertyNames",
    "maxProperties",
    "items",
    "minItems",
    "maxItems",
    "uniqueItems",
    "minLength",
    "maxLength",
    "pattern",
    "minimum",
    "maximum",
];

/// A keyword for other types says nothing about this value.
fn is_known(keyword: &str) -> bool {
    assert!(
        KNOWN.contains(&keyword),
        "the keyword `{keyword}` is not checked"
    );
    true
}

fn has_type(name: &str, value: &Value) -> bool {
    match name {
        "object" => value.is_object(),
        "array" => value.is_array(),
        "string" => value.is_string(),
        "boolean" => value.is_boolean(),
        "number" => value.is_number(),
        "integer" => value.is_i64() || value.is_u64(),
        other => panic!("the type `{other}` is not checked"),
    }
}

fn accepts_fields(
    keyword: &str,
    schema: &Map<String, Value>,
    root: &Value,
    fields: &Map<String, Value>,
) -> bool {
    let rule = &schema[keyword];
    let properties = schema.get("properties").and_then(Value::as_object);
    match keyword {
        "properties" => rule
            .as_object()
            .expect("an object")
            .iter()
            .all(|(key, schema)| {
                fields
                    .get(key)
                    .is_none_or(|field| accepts(schema, root, field))
            }),
        "additionalProperties" => fields
            .iter()
            .filter(|(key, _)| properties.is_none_or(|known| !known.contains_key(*key)))
            .all(|(_, field)| accepts(rule, root, field)),
        "required" => {
            let mut keys = rule.as_array().expect("a list").iter();
            keys.all(|key| fields.contains_key(key.as_str().expect("a key")))
        }
        "propertyNames" => fields.keys().all(|key| accepts(rule, root, &json!(key))),
        "maxProperties" => Some(fields.len() as u64) <= rule.as_u64(),
        other => is_known(other),
    }
}

fn accepts_items(keyword: &str, rule: &Value, root: &Value, items: &[Value]) -> bool {
    match keyword {
        "items" => items.iter().all(|item| accepts(rule, root, item)),
        "minItems" => Some(items.len() as u64) >= rule.as_u64(),
        "maxItems" => Some(items.len() as u64) <= rule.as_u64(),
        "uniqueItems" => items
            .iter()
            .enumerate()
            .all(|(at, item)| !items[..at].contains(item)),
        other => is_known(other),
    }
}

fn accepts_text(keyword: &str, rule: &Value, text: &str) -> bool {
    let chars = text.chars().count() as u64;
    match keyword {
        "minLength" => Some(chars) >= rule.as_u64(),
        "maxLength" => Some(chars) <= rule.as_u64(),
        "pattern" => {
            let pattern = regex::Regex::new(rule.as_str().expect("a pattern")).expect("a pattern");
            pattern.is_match(text)
        }
        other => is_known(other),
    }
}

fn is_valid(document: &Value) -> bool {
    let schema = document::json_schema();
    accepts(&schema, &schema, document)
}

#[test]
fn the_example_fits_the_schema() {
    assert!(is_valid(&order_intake()));
}

#[test]
fn documents_that_are_only_waiting_for_a_later_release_fit_too() {
    for (place, value) in [
        (
            "/steps/0",
            json!({"name": "enrich", "kind": "script", "code": "return {}"}),
        ),
        (
            "/schedules",
            json!([{"name": "nightly", "cron": "0 2 * * *", "time_zone": "Europe/Berlin", "outputs": ["summary"], "input": {"total": 0}}]),
        ),
        (
            "/endpoints/0/auth",
            json!({"kind": "signature", "secret": "a", "scheme": {"kind": "custom", "header": "X-Signature", "signed": "{body}"}}),
        ),
        ("/endpoints/0/path", json!("/in/orders/{orderId}")),
        ("/webhook_tasks/0/object", json!({"outputs": ["summary"]})),
        (
            "/webhook_tasks/0/scheme",
            json!({"kind": "custom", "header": "X-Signature", "signed": "{body}"}),
        ),
        (
            "/endpoints/0/handshake",
            json!({"kind": "meta", "secret": "a"}),
        ),
        ("/endpoints/0/handshake", json!({"kind": "cloudevents"})),
        ("/layout", json!({"enrich": [0, 1]})),
    ] {
        let document = with(order_intake(), place, value);
        assert!(
            !document::parse(&document.to_string()).blocks_import(),
            "{place}"
        );
        assert!(is_valid(&document), "{place}");
    }
}

#[test]
fn what_the_schema_refuses_validation_refuses_as_well() {
    for (place, value) in [
        ("/format", json!("hookloom.flow/2")),
        ("/name", json!("a b")),
        ("/titel", json!("x")),
        ("/endpoints/0/auth", json!({"kind": "shared_key"})),
        ("/endpoints/0/auth", json!({"kind": "magic"})),
        ("/endpoints/0/methods", json!([])),
        ("/endpoints/0/limits/body_bytes_max", json!(0)),
        ("/steps/0/kind", json!("sett")),
        ("/steps/0/code", json!("x")),
        ("/steps/1/timeout_ms", json!("1")),
        ("/steps/1/after/0/on", json!([])),
        ("/steps/1/retry/backoff", json!("linear")),
        ("/endpoints/0/handshake", json!({"kind": "meta"})),
        (
            "/webhook_tasks/0/scheme",
            json!({"kind": "custom", "header": "X-Signature"}),
        ),
        (
            "/webhook_tasks/0/client_certificate",
            json!({"secret": "a"}),
        ),
        ("/webhook_tasks/0/event", json!("job_started")),
        ("/webhook_tasks/0/schedule_ms", json!([])),
        ("/outputs/0", json!({"name": "summary"})),
    ] {
        let document = with(order_intake(), place, value);
        assert!(!is_valid(&document), "{place}");
        assert!(
            document::parse(&document.to_string()).blocks_import(),
            "{place}"
        );
    }
}
