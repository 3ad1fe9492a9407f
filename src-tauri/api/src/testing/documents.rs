//! Flow documents for tests.

use serde_json::{Value, json};

/// A sound flow: a webhook in, a computed value, a call, a message out.
pub(super) fn order_intake() -> Value {
    json!({
        "format": "hookloom.flow/1",
        "name": "order_intake",
        "title": "Order intake",
        "endpoints": [
            {"name": "orders", "methods": ["POST"], "mode": "async",
             "auth": {"kind": "shared_key", "secret": "orders_key"},
             "header_memory": "requestHeaders", "body_memory": "requestBody"}
        ],
        "steps": [
            {"name": "enrich", "kind": "set",
             "values": {"email": "{{requestBody.customer.email}}", "total": "{{requestBody.total}}"}},
            {"name": "ship", "kind": "http", "after": [{"step": "enrich", "on": ["success"]}],
             "method": "POST", "url": "{{vars.shop_url}}/api/ship",
             "headers": {"Authorization": "Bearer {{secrets.shop_token}}", "Content-Type": "application/json"},
             "body": "{\"email\": {{steps.enrich.data.email}}}"}
        ],
        "outputs": [{"name": "summary", "step": "ship"}],
        "webhook_tasks": [
            {"name": "Tell Slack", "url": "https://hooks.slack.example/{{secrets.slack_path | path}}", "method": "POST",
             "event": "job_finished", "object": "any_job",
             "headers": {"Content-Type": "application/json"},
             "body": "{\"text\":\"Job $jobId: $jobStatus\"}",
             "secret": "slack_signing", "validate_ssl": true, "retry_on_failure": true}
        ]
    })
}

/// The same with another name, for a workspace that has one already.
pub(super) fn named(name: &str) -> Value {
    let mut document = order_intake();
    document["name"] = name.into();
    document
}
