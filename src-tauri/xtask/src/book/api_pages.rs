//! The reference of the control API, made from its OpenAPI description. It says nothing that the description does not.

use std::fmt::Write as _;

use serde_json::{Map, Value};

const HEAD: &str = "# The control API

Everything that the workbench and the command line can do. This page is made from the API's own description, which a running Hookloom gives as `GET /api/v1/openapi.json`.

Call it at the `control` address that `hookloom serve` prints, with `Authorization: Bearer TOKEN`. `hookloom token create NAME --scope read` makes a token; an operation that wants `run` also takes `manage`, and one that wants `read` takes any. What is refused is answered with [a code](../errors/api.md). Times are RFC 3339, UTC, with milliseconds.

Lists are pages: `limit` says how many rows, and the `next` of an answer is the `before` of the next call.
";

/// The page as Markdown.
pub fn api_reference(openapi: &Value) -> String {
    let mut page = String::from(HEAD);
    let empty = Map::new();
    let paths = openapi["paths"].as_object().unwrap_or(&empty);
    let mut operations: Vec<Operation<'_>> = Vec::new();
    for (path, methods) in paths {
        for (method, described) in methods.as_object().unwrap_or(&empty) {
            operations.push(Operation {
                method: method.to_uppercase(),
                path,
                described,
            });
        }
    }
    let mut tags: Vec<&str> = Vec::new();
    for operation in &operations {
        if !tags.contains(&operation.tag()) {
            tags.push(operation.tag());
        }
    }
    for tag in tags {
        let _ = write!(page, "\n## {tag}\n");
        for operation in operations.iter().filter(|it| it.tag() == tag) {
            operation.write(&mut page);
        }
    }
    page.push_str("\n# Shapes\n");
    for (name, schema) in openapi["components"]["schemas"]
        .as_object()
        .unwrap_or(&empty)
    {
        write_shape(name, schema, &mut page);
    }
    page
}

struct Operation<'a> {
    method: String,
    path: &'a str,
    described: &'a Value,
}

impl Operation<'_> {
    fn tag(&self) -> &str {
        self.described["tags"][0].as_str().unwrap_or("other")
    }

    fn write(&self, page: &mut String) {
        let _ = write!(page, "\n### {} {}\n\n", self.method, plain(self.path));
        for key in ["summary", "description"] {
            if let Some(text) = self.described[key].as_str() {
                let _ = write!(page, "{}\n\n", line(text));
            }
        }
        let scope = self.described["security"][0]["bearer"][0].as_str();
        let _ = match scope {
            Some(scope) => write!(page, "Scope `{scope}`."),
            None => write!(page, "No token is needed."),
        };
        let body = &self.described["requestBody"]["content"];
        if let Some(schema) = first_schema(body) {
            let _ = write!(page, " Body: {}.", kind(schema));
        }
        page.push('\n');
        self.write_parameters(page);
        page.push_str("\n| answer | |\n|---|---|\n");
        for (status, answer) in self.described["responses"]
            .as_object()
            .into_iter()
            .flatten()
        {
            let shape =
                first_schema(&answer["content"]).map(|schema| format!(": {}", kind(schema)));
            let text = line(answer["description"].as_str().unwrap_or_default());
            let _ = writeln!(page, "| {status} | {text}{} |", shape.unwrap_or_default());
        }
    }

    fn write_parameters(&self, page: &mut String) {
        let parameters = self.described["parameters"].as_array();
        let Some(parameters) = parameters.filter(|list| !list.is_empty()) else {
            return;
        };
        page.push_str("\n| parameter | in | type | |\n|---|---|---|---|\n");
        for it in parameters {
            let text = |key: &str| it[key].as_str().unwrap_or_default();
            let _ = writeln!(
                page,
                "| `{}` | {} | {}{} | {} |",
                text("name"),
                text("in"),
                kind(&it["schema"]),
                bounds(&it["schema"]),
                line(text("description"))
            );
        }
    }
}

fn write_shape(name: &str, schema: &Value, page: &mut String) {
    let _ = write!(page, "\n### {name}\n\n");
    if let Some(text) = schema["description"].as_str() {
        let _ = write!(page, "{}\n\n", line(text));
    }
    let mut fields: Vec<(&String, &Value, bool)> = Vec::new();
    let parts = schema["allOf"].as_array().into_iter().flatten();
    let mut also = Vec::new();
    for part in std::iter::once(schema).chain(parts) {
        let required = |name: &str| {
            let mut names = part["required"].as_array().into_iter().flatten();
            names.any(|it| it == name)
        };
        for (name, field) in part["properties"].as_object().into_iter().flatten() {
            fields.push((name, field, required(name)));
        }
        if part["$ref"].is_string() {
            also.push(kind(part));
        }
    }
    if !also.is_empty() {
        let _ = write!(page, "All fields of {}, and:\n\n", also.join(", "));
    }
    if fields.is_empty() {
        let _ = writeln!(page, "{}{}", kind_of_itself(schema), bounds(schema));
        return;
    }
    page.push_str("| field | type | |\n|---|---|---|\n");
    for (name, field, is_required) in fields {
        let optional = if is_required { "" } else { ", optional" };
        let text = field["description"]
            .as_str()
            .or_else(|| field["oneOf"][0]["description"].as_str());
        let _ = writeln!(
            page,
            "| `{name}` | {}{}{optional} | {} |",
            kind(field),
            bounds(field),
            line(text.unwrap_or_default())
        );
    }
}

fn kind_of_itself(schema: &Value) -> String {
    match schema["oneOf"].as_array() {
        Some(ways) => {
            let ways = ways.iter().map(|way| {
                let text = way["description"]
                    .as_str()
                    .map(|text| format!(": {}", line(text)));
                format!("- {}{}", kind(way), text.unwrap_or_default())
            });
            ways.collect::<Vec<_>>().join("\n")
        }
        None => kind(schema),
    }
}

/// The type of a value in few words, with links to shapes.
fn kind(schema: &Value) -> String {
    if let Some(name) = schema["$ref"].as_str() {
        let name = name.rsplit('/').next().unwrap_or(name);
        return format!("[{name}](#{})", name.to_lowercase());
    }
    if let Some(words) = schema["enum"].as_array() {
        let words: Vec<_> = words
            .iter()
            .filter_map(Value::as_str)
            .map(|it| format!("`{it}`"))
            .collect();
        return words.join(", ");
    }
    for key in ["oneOf", "allOf", "anyOf"] {
        if let Some(ways) = schema[key].as_array() {
            let ways: Vec<_> = ways.iter().map(kind).collect();
            return ways.join(if key == "allOf" { " with " } else { " or " });
        }
    }
    if schema["type"] == "array" {
        return format!("list of {}", kind(&schema["items"]));
    }
    if let Some(properties) = schema["properties"].as_object() {
        let names: Vec<_> = properties.keys().map(|name| format!("`{name}`")).collect();
        return format!("object with {}", names.join(", "));
    }
    if schema["type"] == "object" && schema["additionalProperties"].is_object() {
        return format!("object of {}", kind(&schema["additionalProperties"]));
    }
    match &schema["type"] {
        Value::String(word) => word_of(word).to_owned(),
        Value::Array(words) => {
            let words: Vec<_> = words
                .iter()
                .filter_map(Value::as_str)
                .map(word_of)
                .collect();
            words.join(" or ")
        }
        _ => "any JSON".to_owned(),
    }
}

fn word_of(word: &str) -> &str {
    match word {
        "string" => "text",
        "integer" => "whole number",
        "boolean" => "true or false",
        other => other,
    }
}

fn bounds(schema: &Value) -> String {
    let mut text = String::new();
    if let (Some(min), Some(max)) = (schema.get("minimum"), schema.get("maximum")) {
        let _ = write!(text, ", {min} to {max}");
    }
    if let Some(default) = schema.get("default").filter(|it| !it.is_null()) {
        let _ = write!(text, ", `{default}` unless given");
    }
    text
}

fn first_schema(content: &Value) -> Option<&Value> {
    let content = content.as_object()?;
    content
        .values()
        .map(|it| &it["schema"])
        .find(|it| it.is_object())
}

/// A text for a cell of a table.
fn line(text: &str) -> String {
    text.split_whitespace()
        .collect::<Vec<_>>()
        .join(" ")
        .replace('|', "\\|")
        .replace('<', "&lt;")
}

/// A path in a heading: an underscore would begin slanted letters.
fn plain(path: &str) -> String {
    path.replace('_', "\\_")
}
