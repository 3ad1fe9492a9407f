//! The keys of the flow document, made from the JSON Schema that the program checks editors with; and the filters of
//! templates.

use std::fmt::Write as _;

use hookloom_model::Problem;
use serde_json::{Value, json};

const HEAD: &str = "# Every key of the flow document

Made from the JSON Schema that `hookloom schema` prints. [The flow document](../flow-document.md) explains how the parts work together, [Receiving](../receiving.md) says more about endpoints, [Webhook tasks](../webhook-tasks.md) about messages.

A *name* is a letter or `_`, then letters, digits and `_`, at most 64 in all. A *template* is text with [`{{ expressions }}`](templates.md). A key that is not listed is an error, so that a slip of the pen is noticed.
";

/// Kinds of steps that a document may hold and that this release does not run.
const LATER: &str = "This release knows this kind and does not run it: a document with it can be imported, not published.";

/// Parts of the document, and what they are called.
const PARTS: &[(&str, &str)] = &[
    ("endpoint", "Endpoint"),
    ("schedule", "Schedule"),
    ("output", "Output"),
    ("webhook_task", "Webhook task"),
];

/// The page of all keys.
pub fn document_reference(schema: &Value) -> String {
    let mut page = String::from(HEAD);
    let parts = &schema["$defs"];
    page.push_str("\n## The flow\n\n");
    table(schema, &[], &mut page);
    for (name, title) in PARTS {
        let _ = write!(page, "\n## {title}\n\n");
        table(&parts[*name], &[], &mut page);
    }
    page.push_str("\n## Who may call: `auth`\n");
    for way in parts["auth"]["oneOf"].as_array().into_iter().flatten() {
        let kind = &way["properties"]["kind"];
        let names = [kind["const"].as_str()].into_iter().flatten();
        let many = kind["enum"]
            .as_array()
            .into_iter()
            .flatten()
            .filter_map(Value::as_str);
        let names: Vec<_> = names.chain(many).map(|name| format!("`{name}`")).collect();
        let _ = write!(page, "\n### {}\n\n", names.join(", "));
        table(way, &["kind"], &mut page);
    }
    steps(&parts["step"], &mut page);
    page
}

/// All kinds of steps have some keys in common: they are listed once.
fn steps(step: &Value, page: &mut String) {
    let empty = Vec::new();
    let kinds = step["oneOf"].as_array().unwrap_or(&empty);
    let keys = |kind: &Value| -> Vec<String> {
        kind["properties"]
            .as_object()
            .map(|keys| keys.keys().cloned().collect())
            .unwrap_or_default()
    };
    let mut common = kinds.first().map(keys).unwrap_or_default();
    common.retain(|key| {
        kinds
            .iter()
            .all(|kind| kind["properties"].get(key).is_some())
    });
    page.push_str("\n## Step\n\nKeys that every step has, whatever its kind:\n\n");
    if let Some(first) = kinds.first() {
        let others: Vec<String> = keys(first)
            .into_iter()
            .filter(|key| !common.contains(key))
            .collect();
        let others: Vec<&str> = others.iter().map(String::as_str).collect();
        table(first, &others, page);
    }
    let common: Vec<&str> = common.iter().map(String::as_str).collect();
    for kind in kinds {
        let name = kind["properties"]["kind"]["const"]
            .as_str()
            .unwrap_or_default();
        let _ = write!(page, "\n### `{name}`\n\n");
        if runs(name) {
            table(kind, &common, page);
        } else {
            let _ = writeln!(page, "{LATER}");
        }
    }
}

/// Whether this release runs steps of a kind.
fn runs(kind: &str) -> bool {
    let document = json!({"format": "hookloom.flow/1", "name": "one", "steps": [{"name": "one", "kind": kind}]});
    let parsed = hookloom_model::document::parse(&document.to_string());
    !parsed
        .problems
        .iter()
        .any(|problem| problem.code == Problem::NOT_AVAILABLE)
}

fn table(part: &Value, without: &[&str], page: &mut String) {
    let required = |name: &str| {
        part["required"]
            .as_array()
            .is_some_and(|names| names.iter().any(|it| it == name))
    };
    let keys = part["properties"].as_object().into_iter().flatten();
    let rows: Vec<_> = keys
        .filter(|(name, _)| !without.contains(&name.as_str()))
        .collect();
    if rows.is_empty() {
        page.push_str("No keys of its own.\n");
        return;
    }
    page.push_str("| key | value | |\n|---|---|---|\n");
    for (name, value) in rows {
        let must = if required(name) { "**required**" } else { "" };
        let text = value["description"].as_str().unwrap_or_default();
        let between = if must.is_empty() || text.is_empty() {
            ""
        } else {
            ". "
        };
        let _ = writeln!(
            page,
            "| `{name}` | {} | {must}{between}{} |",
            shape(value),
            cell(text)
        );
    }
}

/// What a value looks like, in few words.
fn shape(value: &Value) -> String {
    let mut text = shape_alone(value);
    if let Some(default) = value.get("default") {
        let _ = write!(text, "; `{default}` unless given");
    }
    text
}

fn shape_alone(value: &Value) -> String {
    if let Some(name) = value["$ref"].as_str() {
        return match name.rsplit('/').next().unwrap_or_default() {
            "name" => "name".into(),
            "address_name" => "name, which may have `-`".into(),
            "template" => "template".into(),
            "headers" => "object of templates".into(),
            "auth" => "[who may call](#who-may-call-auth)".into(),
            part => format!("[{}](#{})", part.replace('_', " "), part.replace('_', "-")),
        };
    }
    if let Some(word) = value.get("const") {
        return format!("`{word}`");
    }
    if let Some(words) = value["enum"].as_array() {
        let words: Vec<_> = words
            .iter()
            .map(|word| format!("`{}`", word.as_str().unwrap_or_default()))
            .collect();
        return words.join(", ");
    }
    if let Some(kinds) = kinds_of(value) {
        return format!("object whose `kind` is {kinds}");
    }
    if let Some(ways) = value["oneOf"].as_array().or(value["anyOf"].as_array()) {
        let ways: Vec<_> = ways.iter().map(shape_alone).collect();
        return ways.join(" or ");
    }
    match value["type"].as_str() {
        Some("array") => format!(
            "list of {}{}",
            shape_alone(&value["items"]),
            count(value, "minItems", "maxItems", "")
        ),
        Some("object") => match value["properties"].as_object() {
            Some(keys) => {
                let keys: Vec<_> = keys.keys().map(|key| format!("`{key}`")).collect();
                format!("object with {}", keys.join(", "))
            }
            None => "object".into(),
        },
        Some("integer") => format!("whole number{}", count(value, "minimum", "maximum", "")),
        Some("number") => format!("number{}", count(value, "minimum", "maximum", "")),
        Some("boolean") => "`true` or `false`".into(),
        Some("string") => format!(
            "text{}",
            count(value, "minLength", "maxLength", " characters")
        ),
        Some(other) => other.to_owned(),
        None => "any JSON".into(),
    }
}

/// The kinds of objects that differ by their `kind`.
fn kinds_of(value: &Value) -> Option<String> {
    let ways = value["oneOf"].as_array()?.iter();
    let kinds: Option<Vec<String>> = ways
        .map(|way| {
            Some(format!(
                "`{}`",
                way["properties"]["kind"]["const"].as_str()?
            ))
        })
        .collect();
    Some(kinds?.join(", "))
}

fn count(value: &Value, min: &str, max: &str, unit: &str) -> String {
    match (value.get(min), value.get(max)) {
        (Some(min), Some(max)) => format!(", {} to {}{unit}", shown(min), shown(max)),
        (None, Some(max)) => format!(", at most {}{unit}", shown(max)),
        _ => String::new(),
    }
}

fn shown(number: &Value) -> String {
    match number.as_u64() {
        Some(whole) => super::limits::grouped(whole.into()),
        None => number.to_string(),
    }
}

/// A text for a cell of a table.
fn cell(text: &str) -> String {
    text.replace('|', "\\|").replace('\n', " ")
}

/// The table of filters.
pub fn filters() -> String {
    let mut text = String::from("| filter | gives |\n|---|---|\n");
    for (name, what) in hookloom_template::FILTERS_DESCRIBED {
        let _ = writeln!(text, "| `{name}` | {} |", cell(what));
    }
    text
}
