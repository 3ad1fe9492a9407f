//! What the JSON Schema of the document says about the keys of each step kind.

use serde_json::{Map, Value, json};

use super::endpoint;
use super::kinds::{
    LLM_TEMPERATURE_MAX, LLM_TOKENS_MAX, RESPOND_STATUS_MAX, RESPOND_STATUS_MIN,
    SCRIPT_CODE_BYTES_MAX,
};
use super::names::EXIT_CODE_CHARS_MAX;
use super::schema::{fields, reference, whole};
use super::step_types::DELAY_MS_MAX;

/// The schemas of the keys of a kind, as far as more can be said than that they exist.
pub(super) fn keys(kind: &str) -> Map<String, Value> {
    match kind {
        "http" => fields(json!({
            "method": {"enum": endpoint::METHODS, "default": "GET"},
            "url": reference("template"),
            "headers": reference("headers"),
            "body": reference("template"),
            "validate_ssl": {"type": "boolean", "default": true},
            "follow_redirects": {"type": "boolean", "default": false},
            "query": {"type": "object", "maxProperties": 100, "description": "Names and values; a list repeats its name, null leaves it out."},
            "body_file": file(),
            "multipart": {"type": "array", "minItems": 1, "maxItems": 100, "items": form_part()},
            "success_statuses": {"type": "string", "default": "200-299", "description": "Ranges such as 200-299,404."},
        })),
        "script" => fields(json!({
            "code": {"type": "string", "minLength": 1, "maxLength": SCRIPT_CODE_BYTES_MAX, "description": "JavaScript, the body of an async function."},
        })),
        "set" => fields(json!({
            "values": {"type": "object", "propertyNames": reference("name")},
        })),
        "condition" => fields(json!({"expression": one_expression("Gives true or false.")})),
        "switch" => fields(json!({
            "cases": {"type": "object", "description": "Exit code to the value that it stands for."},
            "default": exit_code(),
        })),
        "fail" => fields(json!({"message": reference("template"), "exit_code": exit_code()})),
        "delay" => fields(json!({
            "for_ms": {"oneOf": [whole(0, DELAY_MS_MAX), one_expression("Gives milliseconds.")]},
            "until": {"type": "string", "description": "RFC 3339, or text with expressions that gives it."},
        })),
        "respond" => fields(json!({
            "status": {"oneOf": [whole(RESPOND_STATUS_MIN, RESPOND_STATUS_MAX), one_expression("Gives the status.")]},
            "headers": reference("headers"),
            "body": {"description": "Text with expressions, escaped by the Content-Type; or JSON whose strings are such texts."},
            "body_file": file(),
        })),
        "remote" => fields(json!({
            "url": reference("template"),
            "secret": reference("name"),
            "data": {"description": "JSON whose strings may have expressions."},
        })),
        "llm" => fields(json!({
            "url": reference("template"),
            "model": reference("template"),
            "secret": reference("name"),
            "prompt": reference("template"),
            "messages": {"description": "A list of {role, content}, or one expression that gives it."},
            "temperature": {"type": "number", "minimum": 0, "maximum": LLM_TEMPERATURE_MAX},
            "max_tokens": whole(1, LLM_TOKENS_MAX),
            "json": {"type": "boolean", "default": false},
        })),
        _ => Map::new(),
    }
}

/// The keys that a step of a kind must have.
pub(super) fn required(kind: &str) -> &'static [&'static str] {
    match kind {
        "http" => &["name", "kind", "url"],
        "script" => &["name", "kind", "code"],
        "set" => &["name", "kind", "values"],
        "condition" => &["name", "kind", "expression"],
        "switch" => &["name", "kind", "expression", "cases"],
        "fail" => &["name", "kind", "message"],
        "llm" => &["name", "kind", "url", "model"],
        _ => &["name", "kind"],
    }
}

fn one_expression(what: &str) -> Value {
    json!({"type": "string", "description": format!("Exactly one {{{{ expression }}}}. {what}")})
}

fn file() -> Value {
    json!({"type": "string", "description": "The id of a file, or one expression that gives a file."})
}

fn form_part() -> Value {
    json!({
        "type": "object",
        "properties": {"name": {"type": "string"}, "value": true, "file": file()},
        "required": ["name"],
        "additionalProperties": false,
    })
}

fn exit_code() -> Value {
    json!({"type": "string", "minLength": 1, "maxLength": EXIT_CODE_CHARS_MAX})
}
