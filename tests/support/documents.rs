//! Flow documents that tests begin with.

use hmac::{Hmac, KeyInit, Mac};
use serde_json::{Value, json};
use sha2::Sha256;

/// The contract's example, less its schedule, with `set` in place of the script and everything at one receiver.
pub fn order_intake() -> Value {
    json!({
        "format": "hookloom.flow/1",
        "name": "order_intake",
        "title": "Order intake",
        "endpoints": [{
            "name": "orders", "methods": ["POST"], "mode": "async",
            "auth": {"kind": "shared_key", "secret": "orders_key"},
            "header_memory": "requestHeaders", "body_memory": "requestBody",
            "limits": {"body_bytes_max": 1048576, "requests_per_minute_max": 600}
        }],
        "steps": [
            {"name": "enrich", "kind": "set", "values": {
                "email": "{{requestBody.customer.email}}",
                "total": "{{requestBody.total * 2}}"
            }},
            {"name": "ship", "kind": "http", "after": [{"step": "enrich", "on": ["success"]}],
             "method": "POST", "url": "{{vars.shop_url}}/api/ship",
             "headers": {
                 "Authorization": "Bearer {{secrets.shop_token}}",
                 "Content-Type": "application/json"
             },
             "body": "{\"email\": {{steps.enrich.data.email}}, \"note\": \"total {{steps.enrich.data.total}}\"}",
             "timeout_ms": 30000,
             "retry": {"attempts_max": 3, "backoff": "exponential", "delay_ms": 1000}}
        ],
        "outputs": [{"name": "summary", "step": "ship"}],
        "webhook_tasks": [{
            "name": "Tell Slack",
            "url": "{{vars.shop_url}}/services/{{secrets.slack_path | path}}",
            "method": "POST", "event": "job_finished", "object": "any_job",
            "headers": {"Content-Type": "application/json"},
            "body": "{\"text\":\"Job $jobId has completed. Status: $jobStatus.\"}",
            "secret": "slack_signing", "validate_ssl": true, "retry_on_failure": true
        }]
    })
}

/// A flow that only takes requests in: one endpoint, one `set` step, no secret but its key.
pub fn intake(name: &str) -> Value {
    json!({
        "format": "hookloom.flow/1",
        "name": name,
        "endpoints": [{
            "name": format!("{name}_in"), "methods": ["POST"], "mode": "async",
            "auth": {"kind": "shared_key", "secret": "key"},
            "header_memory": "requestHeaders", "body_memory": "requestBody"
        }],
        "steps": [{"name": "keep", "kind": "set", "values": {"got": "{{requestBody}}"}}],
        "outputs": [{"name": "kept", "step": "keep"}]
    })
}

/// A webhook task that tells a URL about every job.
pub fn tell(name: &str, url: &str) -> Value {
    json!({
        "name": name, "url": url, "method": "POST", "event": "job_finished", "object": "any_job",
        "headers": {"Content-Type": "application/json"},
        "body": "{\"job\": $jobId, \"status\": $jobStatus}",
        "validate_ssl": true, "retry_on_failure": true
    })
}

/// The signature that a receiver works out by itself: hex HMAC-SHA256 over `<timestamp>.<body>`.
pub fn signature_of(secret: &str, timestamp: &str, body: &[u8]) -> String {
    let mut mac = Hmac::<Sha256>::new_from_slice(secret.as_bytes()).expect("any length is a key");
    mac.update(timestamp.as_bytes());
    mac.update(b".");
    mac.update(body);
    hex::encode(mac.finalize().into_bytes())
}

/// The parts of `t=<timestamp>,sha256=<hex>`.
#[track_caller]
pub fn split_signature(header: &str) -> (String, String) {
    let parts = header
        .strip_prefix("t=")
        .and_then(|it| it.split_once(",sha256="));
    let (timestamp, signature) = parts.unwrap_or_else(|| panic!("no signature: `{header}`"));
    (timestamp.to_owned(), signature.to_owned())
}
