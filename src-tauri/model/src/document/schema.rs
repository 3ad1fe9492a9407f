//! The JSON Schema of the flow document, for editors and scripts.
//!
//! It says less than validation: whether names exist and templates can be read is found by [`super::parse`] alone.

use hookloom_signature::CUSTOM_KEYS;
use serde_json::{Map, Value, json};

use super::auth;
use super::endpoint::{self, BODY_BYTES_MAX_MAX, REQUESTS_PER_MINUTE_MAX_MAX};
use super::endpoint_answer::{ANSWER_KEYS, ORIGINS_MAX};
use super::endpoint_modes::{MODES, SYNC_TIMEOUT_MS_MAX};
use super::endpoint_path::PATH_CHARS_MAX;
use super::flow::{
    self, DESCRIPTION_CHARS_MAX, ENDPOINTS_MAX, FLOW_TIMEOUT_MS_MAX, OUTPUTS_MAX, SCHEDULES_MAX,
    STEPS_MAX, TITLE_CHARS_MAX,
};
use super::handshake::{self, HANDSHAKE_ORIGINS_MAX};
use super::inner_destinations::INNER_DESTINATIONS_MAX;
use super::kinds::{KINDS, RESPOND_STATUS_MAX, RESPOND_STATUS_MIN};
use super::outputs;
use super::schedule::{self, CRON_CHARS_MAX, TIME_ZONE_DEFAULT};
use super::step::{self, ATTEMPTS_MAX_MAX, RETRY_DELAY_MS_MAX, STEP_TIMEOUT_MS_MAX};
use super::step_schema;
use super::task::{
    self, TASK_NAME_CHARS_MAX, TASK_SCHEDULE_MAX, TASK_TIMEOUT_MS_MAX, TASK_WAIT_MS_MAX,
};
use super::task_certificates::CERTIFICATES_CHARS_MAX;
use super::types::{FORMAT, WEBHOOK_TASKS_MAX};

/// A JSON Schema (2020-12) of the flow document.
pub fn json_schema() -> Value {
    let mut schema = object(
        &[flow::KEYS, flow::KEYS_LATER],
        &["format", "name"],
        flow_keys(),
    );
    schema["$schema"] = json!("https://json-schema.org/draft/2020-12/schema");
    schema["title"] = json!("Hookloom flow");
    schema["$defs"] = json!({
        "address_name": {"type": "string", "pattern": "^[A-Za-z_][A-Za-z0-9_-]{0,63}$"},
        "name": {"type": "string", "pattern": "^[A-Za-z_][A-Za-z0-9_]{0,63}$"},
        "template": {"type": "string", "description": "Text with {{ expressions }}."},
        "headers": {"type": "object", "additionalProperties": {"$ref": "#/$defs/template"}, "maxProperties": 100},
        "endpoint": endpoint(),
        "auth": auth(),
        "schedule": schedule(),
        "step": step(),
        "output": output(),
        "webhook_task": webhook_task(),
    });
    schema
}

pub(super) fn reference(name: &str) -> Value {
    json!({"$ref": format!("#/$defs/{name}")})
}

fn list(name: &str, max: usize) -> Value {
    json!({"type": "array", "items": reference(name), "maxItems": max})
}

pub(super) fn whole(min: i64, max: i64) -> Value {
    json!({"type": "integer", "minimum": min, "maximum": max})
}

/// An object with these keys and no others. Keys without a schema of their own may hold anything.
fn object(keys: &[&[&str]], required: &[&str], mut schemas: Map<String, Value>) -> Value {
    let mut properties = Map::new();
    for key in keys.iter().copied().flatten() {
        let schema = schemas.remove(*key).unwrap_or(Value::Bool(true));
        properties.insert((*key).to_owned(), schema);
    }
    json!({
        "type": "object",
        "properties": properties,
        "required": required,
        "additionalProperties": false,
    })
}

pub(super) fn fields(value: Value) -> Map<String, Value> {
    match value {
        Value::Object(fields) => fields,
        _ => Map::new(),
    }
}

fn flow_keys() -> Map<String, Value> {
    fields(json!({
        "format": {"const": FORMAT},
        "name": reference("address_name"),
        "title": {"type": "string", "maxLength": TITLE_CHARS_MAX},
        "description": {"type": "string", "maxLength": DESCRIPTION_CHARS_MAX},
        "vars": {"type": "object", "propertyNames": reference("name"), "description": "Defaults; variables of the workspace win."},
        "timeout_ms": whole(1, FLOW_TIMEOUT_MS_MAX),
        "remote_url": reference("template"),
        "remote_secret": reference("name"),
        "inner_destinations": {"type": "array", "items": {"type": "string"}, "maxItems": INNER_DESTINATIONS_MAX, "description": "Hosts, addresses and ranges of your own networks that data of a request may choose. Link-local addresses and those of metadata services are called only where they stand here by themselves."},
        "endpoints": list("endpoint", ENDPOINTS_MAX),
        "schedules": list("schedule", SCHEDULES_MAX),
        "steps": list("step", STEPS_MAX),
        "outputs": list("output", OUTPUTS_MAX),
        "webhook_tasks": list("webhook_task", WEBHOOK_TASKS_MAX),
        "layout": {"type": "object", "description": "Positions on the canvas: no part of a version."},
    }))
}

fn endpoint() -> Value {
    let schemas = fields(json!({
        "name": reference("address_name"),
        "methods": {"type": "array", "items": {"enum": endpoint::METHODS}, "minItems": 1, "uniqueItems": true, "default": ["POST"]},
        "mode": {"enum": MODES, "default": "async"},
        "modes_allowed": {"type": "array", "items": {"enum": MODES}, "minItems": 1, "uniqueItems": true, "description": "The modes that a caller may choose; without it only the endpoint's own."},
        "sync_timeout_ms": whole(1, SYNC_TIMEOUT_MS_MAX),
        "auth": reference("auth"),
        "handshake": handshake(),
        "header_memory": reference("name"),
        "body_memory": reference("name"),
        "query_memory": reference("name"),
        "limits": object(&[endpoint::LIMIT_KEYS], &[], fields(json!({
            "body_bytes_max": whole(1, BODY_BYTES_MAX_MAX),
            "requests_per_minute_max": whole(1, REQUESTS_PER_MINUTE_MAX_MAX),
        }))),
        "credential_headers": {"type": "array", "items": {"type": "string"}, "maxItems": 100},
        "content_types": {"type": "array", "items": {"type": "string"}, "minItems": 1, "maxItems": 100},
        "idempotency_key": reference("template"),
        "schema": {"description": "A JSON Schema of the body. It can refer to itself alone."},
        "path": {"type": "string", "maxLength": PATH_CHARS_MAX, "description": "A path below /in/, such as /in/orders/{orderId}."},
        "allowed_origins": {"type": "array", "items": {"type": "string"}, "minItems": 1, "maxItems": ORIGINS_MAX},
        "response": endpoint_answer(),
        "off_response": endpoint_answer(),
    }));
    object(
        &[endpoint::KEYS, endpoint::KEYS_LATER],
        &["name", "auth"],
        schemas,
    )
}

fn endpoint_answer() -> Value {
    let schemas = fields(json!({
        "status": whole(RESPOND_STATUS_MIN, RESPOND_STATUS_MAX),
        "headers": reference("headers"),
        "body": {"description": "Text with {{ expressions }}, or JSON whose texts are such."},
    }));
    object(&[ANSWER_KEYS], &[], schemas)
}

/// A name, or a scheme of one's own.
fn scheme() -> Value {
    let text = || json!({"type": "string", "minLength": 1, "maxLength": 500});
    let custom = object(
        &[CUSTOM_KEYS],
        &["kind", "header", "signed"],
        fields(json!({
            "kind": {"const": "custom"},
            "header": text(),
            "value": {"type": "string", "default": "{signature}", "description": "{signature}, and where they stand there {timestamp} or {timestamp_ms} and {id}."},
            "signed": {"type": "string", "description": "What is signed: {body}, and {method} {url} {path} {timestamp} {timestamp_ms} {id}."},
            "hash": {"enum": ["sha256", "sha1", "sha384", "sha512"], "default": "sha256"},
            "encoding": {"enum": ["hex", "base64", "base64url"], "default": "hex"},
            "key": {"enum": ["text", "base64", "hex"], "default": "text"},
            "timestamp_header": text(),
            "id_header": text(),
        })),
    );
    json!({"oneOf": [{"enum": auth::SIGNATURE_SCHEMES}, custom]})
}

fn handshake() -> Value {
    let kinds = handshake::KINDS.iter().map(|(name, keys, needed)| {
        let schemas = fields(json!({
            "kind": {"const": name},
            "secret": reference("name"),
            "origins": {"type": "array", "items": {"type": "string"}, "minItems": 1, "maxItems": HANDSHAKE_ORIGINS_MAX},
        }));
        let needed: Vec<&str> = ["kind"].iter().chain(*needed).copied().collect();
        object(&[&["kind"], keys], &needed, schemas)
    });
    json!({
        "description": "What a provider asks beforehand. Some schemes imply theirs: slack, zoom, dropbox, discord.",
        "oneOf": kinds.collect::<Vec<_>>(),
    })
}

fn auth() -> Value {
    let kinds = auth::KINDS.iter().map(|(name, keys, needed)| {
        let schemas = fields(json!({
            "kind": {"const": name},
            "secret": reference("name"),
            "header": {"type": "string"},
            "username": {"type": "string", "minLength": 1},
            "algorithm": {"enum": ["HS256", "ES256", "EdDSA", "RS256"]},
            "issuer": {"type": "string"},
            "audience": {"type": "string"},
            "public_key": {"type": "string", "description": "A public key in PEM, instead of a secret."},
            "scheme": scheme(),
            "tolerance_s": whole(1, auth::TOLERANCE_S_MAX),
            "ranges": {"type": "array", "items": {"type": "string"}, "minItems": 1, "maxItems": auth::IP_RANGES_MAX},
            "of": {"type": "array", "items": reference("auth"), "minItems": 1, "maxItems": auth::AUTH_WAYS_MAX},
            "previous": object(&[&["secret", "until"]], &["secret", "until"], fields(json!({
                "secret": reference("name"),
                "until": {"type": "string", "format": "date-time"},
            }))),
        }));
        let required: Vec<&str> = ["kind"].iter().chain(*needed).copied().collect();
        object(&[&["kind"], keys], &required, schemas)
    });
    json!({"oneOf": kinds.collect::<Vec<_>>()})
}

fn schedule() -> Value {
    let schemas = fields(json!({
        "name": reference("address_name"),
        "cron": {"type": "string", "maxLength": CRON_CHARS_MAX, "description": "Minute, hour, day, month, weekday."},
        "time_zone": {"type": "string", "maxLength": CRON_CHARS_MAX, "default": TIME_ZONE_DEFAULT, "description": "A name of the IANA database."},
        "outputs": {"type": "array", "items": reference("name"), "minItems": 1},
        "input": {"description": "Any JSON: the body of the trigger."},
        "missed": {"enum": schedule::MISSED, "default": schedule::MISSED[0], "description": "What becomes of times at which Hookloom was not running."},
        "enabled": {"type": "boolean", "default": true},
    }));
    object(&[schedule::KEYS], &["name", "cron"], schemas)
}

fn step() -> Value {
    let kinds = KINDS.iter().map(|kind| {
        let mut schemas = step_keys();
        schemas.insert("kind".to_owned(), json!({"const": kind.name}));
        schemas.extend(step_schema::keys(kind.name));
        let required = step_schema::required(kind.name);
        object(&[step::KEYS, kind.keys, kind.keys_later], required, schemas)
    });
    json!({"oneOf": kinds.collect::<Vec<_>>()})
}

fn step_keys() -> Map<String, Value> {
    let edge = object(
        &[&["step", "on"]],
        &["step"],
        fields(json!({
            "step": reference("name"),
            "on": {"type": "array", "items": {"type": "string"}, "minItems": 1, "default": ["success"]},
        })),
    );
    let retry = object(
        &[step::RETRY_KEYS],
        &[],
        fields(json!({
            "attempts_max": whole(1, ATTEMPTS_MAX_MAX),
            "backoff": {"enum": ["fixed", "exponential"], "default": "exponential"},
            "delay_ms": whole(1, RETRY_DELAY_MS_MAX),
        })),
    );
    fields(json!({
        "name": reference("name"),
        "after": {"type": "array", "items": edge},
        "join": {"enum": ["all", "any"], "default": "all"},
        "timeout_ms": whole(1, STEP_TIMEOUT_MS_MAX),
        "retry": retry,
    }))
}

fn output() -> Value {
    let schemas = fields(json!({"name": reference("name"), "step": reference("name")}));
    object(&[outputs::KEYS], &["name", "step"], schemas)
}

fn webhook_task() -> Value {
    let outputs = object(
        &[&["outputs"]],
        &["outputs"],
        fields(json!({
            "outputs": {"type": "array", "items": reference("name"), "minItems": 1},
        })),
    );
    let schemas = fields(json!({
        "name": {"type": "string", "minLength": 1, "maxLength": TASK_NAME_CHARS_MAX},
        "url": reference("template"),
        "method": {"enum": task::METHODS, "default": "POST"},
        "event": {"enum": task::EVENTS},
        "object": {"oneOf": [{"const": "any_job"}, outputs], "default": "any_job"},
        "headers": reference("headers"),
        "body": {"type": "string", "description": "Text with {{ expressions }}, and with $jobId, $jobStatus, $flowId, $flowName, $outputName and $$."},
        "secret": reference("name"),
        "scheme": scheme(),
        "validate_ssl": {"type": "boolean", "default": true},
        "ca_certificate": {"type": "string", "maxLength": CERTIFICATES_CHARS_MAX, "description": "PEM: the authorities that may have signed the destination's certificate, and no others."},
        "client_certificate": object(&[&["certificate", "secret"]], &["certificate", "secret"], fields(json!({
            "certificate": {"type": "string", "maxLength": CERTIFICATES_CHARS_MAX, "description": "PEM: our certificate, and those that lead to its authority."},
            "secret": {"$ref": "#/$defs/name", "description": "The secret that holds its private key, in PEM."},
        }))),
        "retry_on_failure": {"type": "boolean", "default": true},
        "timeout_ms": whole(1, TASK_TIMEOUT_MS_MAX),
        "schedule_ms": {"type": "array", "items": whole(1, TASK_WAIT_MS_MAX), "minItems": 1, "maxItems": TASK_SCHEDULE_MAX},
        "enabled": {"type": "boolean", "default": true},
    }));
    object(
        &[task::KEYS, task::KEYS_LATER],
        &["name", "url", "event"],
        schemas,
    )
}
