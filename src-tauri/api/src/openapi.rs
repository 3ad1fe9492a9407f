//! The OpenAPI description, made from the operations themselves.
//!
//! What holds for all of them is added here once: the error body, the bearer scheme, and that a nullable field of
//! an answer is always written.

use std::collections::BTreeSet;

use serde_json::{Map, Value, json};
use utoipa::OpenApi as _;
use utoipa::ToSchema as _;
use utoipa::openapi::{InfoBuilder, OpenApi, OpenApiBuilder};

use crate::error::ErrorAnswer;
use crate::router;

/// The description as JSON text: two spaces, the same at every build.
pub fn openapi_json() -> String {
    let mut text = serde_json::to_string_pretty(&description()).unwrap_or_default();
    text.push('\n');
    text
}

/// What stands above the operations.
pub(crate) fn head() -> OpenApi {
    #[derive(utoipa::OpenApi)]
    #[openapi(components(schemas(ErrorAnswer)))]
    struct Shared;

    let info = InfoBuilder::new()
        .title("Hookloom control API")
        .description(Some(
            "Flows, requests, jobs, deliveries, secrets. Every operation but signing in wants a bearer token in a \
             header. Times are RFC 3339, UTC, with milliseconds.",
        ))
        .version(env!("CARGO_PKG_VERSION"));
    let head = OpenApiBuilder::new()
        .info(info)
        .components(Shared::openapi().components)
        .build();
    debug_assert_eq!(
        ErrorAnswer::name(),
        "ErrorAnswer",
        "responses refer to it by this name"
    );
    head
}

/// The description with everything that holds for all operations.
pub(crate) fn description() -> Value {
    let made = router::operations().into_openapi();
    let mut api = serde_json::to_value(made).unwrap_or_default();
    add_security_scheme(&mut api);
    add_errors(&mut api);
    require_nullable_fields_of_answers(&mut api);
    api
}

fn add_security_scheme(api: &mut Value) {
    api["components"]["securitySchemes"] = json!({
        "bearer": {
            "type": "http",
            "scheme": "bearer",
            "description": "The owner's token, an access token, or a session's. The roles of an operation name the \
                            scope that the token needs: read, run or manage, each including the one before it."
        }
    });
    api["security"] = json!([{ "bearer": [] }]);
}

/// Any operation can be refused, and always with the same body.
fn add_errors(api: &mut Value) {
    let answer = |description: &str| {
        json!({
            "description": description,
            "content": { "application/json": { "schema": { "$ref": "#/components/schemas/ErrorAnswer" } } }
        })
    };
    for operation in operations_of(api) {
        operation["responses"]["4XX"] = answer("Refused: it will be again until something changes");
        operation["responses"]["5XX"] = answer("It failed, or cannot be done now");
    }
}

fn operations_of(api: &mut Value) -> impl Iterator<Item = &mut Value> {
    api["paths"]
        .as_object_mut()
        .into_iter()
        .flat_map(Map::values_mut)
        .filter_map(Value::as_object_mut)
        .flat_map(Map::values_mut)
        .filter(|operation| operation.get("responses").is_some())
}

/// We write null where there is nothing, so in answers a nullable field is always there. In what callers send it
/// may be left out.
fn require_nullable_fields_of_answers(api: &mut Value) {
    let given = schemas_reached_from(api, |operation| operation.get("requestBody"));
    let Some(schemas) = api["components"]["schemas"].as_object_mut() else {
        return;
    };
    for (name, schema) in schemas.iter_mut() {
        if !given.contains(name) {
            require_nullable_fields(schema);
        }
    }
}

fn schemas_reached_from(api: &mut Value, part: fn(&Value) -> Option<&Value>) -> BTreeSet<String> {
    let mut reached = BTreeSet::new();
    let mut open = Vec::new();
    for operation in operations_of(api) {
        if let Some(part) = part(operation) {
            refs_in(part, &mut open);
        }
    }
    while let Some(name) = open.pop() {
        if reached.insert(name.clone()) {
            refs_in(&api["components"]["schemas"][&name], &mut open);
        }
    }
    reached
}

fn refs_in(value: &Value, found: &mut Vec<String>) {
    match value {
        Value::Object(map) => {
            if let Some(name) = map
                .get("$ref")
                .and_then(Value::as_str)
                .and_then(|r| r.rsplit('/').next())
            {
                found.push(name.to_owned());
            }
            map.values().for_each(|inner| refs_in(inner, found));
        }
        Value::Array(items) => items.iter().for_each(|inner| refs_in(inner, found)),
        _ => {}
    }
}

fn require_nullable_fields(schema: &mut Value) {
    for keyword in ["allOf", "oneOf"] {
        if let Some(parts) = schema.get_mut(keyword).and_then(Value::as_array_mut) {
            parts.iter_mut().for_each(require_nullable_fields);
        }
    }
    let Some(properties) = schema.get("properties").and_then(Value::as_object) else {
        return;
    };
    let listed: BTreeSet<&str> = schema["required"]
        .as_array()
        .into_iter()
        .flatten()
        .filter_map(Value::as_str)
        .collect();
    let required: Vec<String> = properties
        .iter()
        .filter(|(name, property)| listed.contains(name.as_str()) || is_nullable(property))
        .map(|(name, _)| name.clone())
        .collect();
    if !required.is_empty() {
        schema["required"] = json!(required);
    }
}

fn is_nullable(property: &Value) -> bool {
    let says_null = |schema: &Value| match &schema["type"] {
        Value::String(one) => one == "null",
        Value::Array(several) => several.iter().any(|one| one == "null"),
        _ => false,
    };
    says_null(property)
        || property["oneOf"]
            .as_array()
            .is_some_and(|options| options.iter().any(says_null))
}

#[cfg(test)]
mod tests {
    use std::collections::BTreeMap;
    use std::path::PathBuf;

    use super::*;

    #[test]
    fn the_description_in_the_repository_is_the_one_of_this_code() {
        let path = concat!(env!("CARGO_MANIFEST_DIR"), "/openapi.json");
        let made = openapi_json();
        if std::env::var_os("HOOKLOOM_WRITE_OPENAPI").is_some() {
            std::fs::write(path, &made).expect("the crate's folder can be written");
        }
        let kept = std::fs::read_to_string(path).unwrap_or_default();
        assert!(
            kept == made,
            "openapi.json is stale: run `HOOKLOOM_WRITE_OPENAPI=1 cargo test -p hookloom-api openapi`"
        );
    }

    /// Of two types with one name the description would have the later one alone, for both.
    #[test]
    fn no_two_types_of_the_api_have_one_name() {
        let mut files = vec![PathBuf::from(env!("CARGO_MANIFEST_DIR")).join("src")];
        let mut names = BTreeMap::<String, Vec<PathBuf>>::new();
        while let Some(path) = files.pop() {
            if path.is_dir() {
                let entries = std::fs::read_dir(&path).expect("the sources can be read");
                files.extend(entries.map(|entry| entry.expect("an entry").path()));
                continue;
            }
            let source = std::fs::read_to_string(&path).expect("the sources can be read");
            for derived in source.split("ToSchema)]").skip(1) {
                let mut words = derived.split_whitespace();
                let name = words.find(|word| ["struct", "enum"].contains(word));
                let name = name.and(words.next()).unwrap_or_default();
                let name = name.trim_end_matches(|c: char| !c.is_alphanumeric());
                names.entry(name.into()).or_default().push(path.clone());
            }
        }
        assert!(names.len() > 100, "the types were found: {}", names.len());
        names.retain(|_, places| places.len() > 1);
        assert!(names.is_empty(), "{names:?}");
    }

    #[test]
    fn a_nullable_field_of_an_answer_is_required() {
        let api = description();
        let required = &api["components"]["schemas"]["Delivery"]["required"];
        assert!(
            required
                .as_array()
                .is_some_and(|names| names.iter().any(|n| n == "http_status")),
            "{required}"
        );
    }
}
