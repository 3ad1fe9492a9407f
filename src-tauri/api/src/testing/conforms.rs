//! Holds answers against the OpenAPI description: the declared statuses, every required field, no field that is not
//! declared, the right types.

use std::collections::BTreeSet;
use std::sync::LazyLock;

use serde_json::Value;

use super::api::Answered;

static API: LazyLock<Value> = LazyLock::new(crate::openapi::description);

/// Panics with everything that does not fit.
#[track_caller]
pub(super) fn check(method: &str, path: &str, answered: &Answered) {
    let Some(operation) = operation(method, path) else {
        return;
    };
    let status = answered.status;
    let responses = &operation["responses"];
    let class = format!("{}XX", status.as_u16() / 100);
    let response = [status.as_str(), class.as_str()]
        .into_iter()
        .find_map(|key| responses.get(key))
        .unwrap_or_else(|| panic!("{method} {path} does not declare {status}"));
    let Some(media) = response["content"].get("application/json") else {
        assert_eq!(
            answered.body,
            Value::Null,
            "{method} {path} {status} declares no body"
        );
        return;
    };
    let mut misfits = Vec::new();
    fits(&media["schema"], &answered.body, "", &mut misfits);
    assert!(
        misfits.is_empty(),
        "{method} {path} {status}: {misfits:#?}\n{:#}",
        answered.body
    );
}

/// A value against a component's schema.
#[track_caller]
pub(super) fn check_component(name: &str, value: &Value) {
    let mut misfits = Vec::new();
    fits(&API["components"]["schemas"][name], value, "", &mut misfits);
    assert!(misfits.is_empty(), "{name}: {misfits:#?}\n{value:#}");
}

/// Every operation: method, path with its parameters in braces, and the operation.
pub(super) fn operations() -> impl Iterator<Item = (String, &'static String, &'static Value)> {
    let paths = API["paths"].as_object().expect("paths");
    paths.iter().flat_map(|(path, item)| {
        let item = item.as_object().expect("a path item");
        item.iter()
            .map(move |(method, operation)| (method.to_uppercase(), path, operation))
    })
}

fn operation(method: &str, path: &str) -> Option<&'static Value> {
    let mut fitting: Vec<_> = operations()
        .filter(|(of, template, _)| of == method && matches(template, path))
        .collect();
    // A path that is written out goes before one with a parameter.
    fitting.sort_by_key(|(_, template, _)| template.matches('{').count());
    fitting.first().map(|(_, _, operation)| *operation)
}

fn matches(template: &str, path: &str) -> bool {
    let path = path.split('?').next().unwrap_or_default();
    let (wanted, given) = (template.split('/'), path.split('/'));
    wanted.clone().count() == given.clone().count()
        && wanted
            .zip(given)
            .all(|(wanted, given)| wanted.starts_with('{') || wanted == given)
}

fn resolve(schema: &Value) -> &Value {
    let Some(name) = schema["$ref"].as_str() else {
        return schema;
    };
    let name = name.rsplit('/').next().expect("a name");
    API["components"]["schemas"]
        .get(name)
        .unwrap_or_else(|| panic!("no schema {name}"))
}

fn fits(schema: &Value, value: &Value, place: &str, misfits: &mut Vec<String>) {
    fits_parts(schema, value, place, misfits);
    let mut declared = BTreeSet::new();
    if let Value::Object(fields) = value
        && declares(schema, value, &mut declared)
    {
        for name in fields
            .keys()
            .filter(|name| !declared.contains(name.as_str()))
        {
            misfits.push(format!("{place}/{name} is not declared"));
        }
    }
}

fn fits_parts(schema: &Value, value: &Value, place: &str, misfits: &mut Vec<String>) {
    let schema = resolve(schema);
    for part in schema["allOf"].as_array().into_iter().flatten() {
        fits_parts(part, value, place, misfits);
    }
    if let Some(options) = schema["oneOf"].as_array() {
        let fitting = options
            .iter()
            .filter(|option| is_fit(option, value))
            .count();
        if fitting != 1 {
            misfits.push(format!(
                "{place} fits {fitting} of {} options: {value}",
                options.len()
            ));
        }
    }
    if let Some(names) = schema["enum"].as_array()
        && !names.contains(value)
    {
        misfits.push(format!("{place} is {value}, none of {names:?}"));
    }
    if !has_type(&schema["type"], value) {
        misfits.push(format!("{place} is {value}, not {}", schema["type"]));
    }
    if schema["format"] == "date-time" && !is_time(value) {
        misfits.push(format!("{place} is {value}, no time with milliseconds"));
    }
    for name in schema["required"]
        .as_array()
        .into_iter()
        .flatten()
        .filter_map(Value::as_str)
    {
        if value.get(name).is_none() {
            misfits.push(format!("{place}/{name} is missing"));
        }
    }
    for (name, property) in schema["properties"].as_object().into_iter().flatten() {
        if let Some(field) = value.get(name) {
            fits(property, field, &format!("{place}/{name}"), misfits);
        }
    }
    if let (Some(items), Some(entries)) = (schema.get("items"), value.as_array()) {
        for (index, entry) in entries.iter().enumerate() {
            fits(items, entry, &format!("{place}/{index}"), misfits);
        }
    }
}

fn is_fit(schema: &Value, value: &Value) -> bool {
    let mut misfits = Vec::new();
    fits(schema, value, "", &mut misfits);
    misfits.is_empty()
}

/// Collects the fields that a schema declares for this value; false where any field may be.
fn declares<'s>(schema: &'s Value, value: &Value, declared: &mut BTreeSet<&'s str>) -> bool {
    let schema = resolve(schema);
    let mut closed = false;
    for part in schema["allOf"].as_array().into_iter().flatten() {
        closed |= declares(part, value, declared);
    }
    for option in schema["oneOf"].as_array().into_iter().flatten() {
        if is_fit(option, value) {
            closed |= declares(option, value, declared);
        }
    }
    if let Some(properties) = schema["properties"].as_object() {
        declared.extend(properties.keys().map(String::as_str));
        closed = true;
    }
    closed
}

fn has_type(wanted: &Value, value: &Value) -> bool {
    let is = |name: &str| match name {
        "null" => value.is_null(),
        "boolean" => value.is_boolean(),
        "integer" => value.is_i64() || value.is_u64(),
        "number" => value.is_number(),
        "string" => value.is_string(),
        "array" => value.is_array(),
        "object" => value.is_object(),
        other => panic!("no type {other}"),
    };
    match wanted {
        Value::Null => true,
        Value::String(one) => is(one),
        Value::Array(several) => several.iter().filter_map(Value::as_str).any(is),
        other => panic!("no type {other}"),
    }
}

fn is_time(value: &Value) -> bool {
    value.is_null()
        || value.as_str().is_some_and(|text| {
            text.len() == 24 && text.ends_with('Z') && text.parse::<jiff::Timestamp>().is_ok()
        })
}

#[test]
fn the_check_finds_what_does_not_fit() {
    let misfits = |value: Value| {
        let mut misfits = Vec::new();
        fits(
            &API["components"]["schemas"]["LastJob"],
            &value,
            "",
            &mut misfits,
        );
        misfits.len()
    };
    use serde_json::json;
    let at = "2026-11-22T00:20:12.000Z";
    assert_eq!(
        misfits(json!({"id": 1, "status": "complete", "ended_at": at})),
        0
    );
    assert_eq!(
        misfits(json!({"id": 1, "status": "complete", "ended_at": null})),
        0
    );
    assert_eq!(misfits(json!({"id": 1, "status": "complete"})), 1);
    assert_eq!(
        misfits(json!({"id": "1", "status": "complete", "ended_at": null})),
        1
    );
    assert_eq!(
        misfits(json!({"id": 1, "status": "done", "ended_at": null})),
        1
    );
    assert_eq!(
        misfits(json!({"id": 1, "status": "complete", "ended_at": "today"})),
        1
    );
    assert_eq!(
        misfits(json!({"id": 1, "status": "complete", "ended_at": at, "more": 1})),
        1
    );
}
