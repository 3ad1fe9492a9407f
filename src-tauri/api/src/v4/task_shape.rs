//! A webhook task as callers of `/v4` see it.

use hookloom_store::FlowRecord;
use serde::Serialize;
use serde_json::{Map, Value};
use utoipa::ToSchema;

use super::task_fields::TaskFlow;
use crate::document::{entries_of, text_of};
use crate::error::Error;

/// A webhook task.
#[derive(Debug, Serialize, ToSchema)]
#[serde(rename_all = "camelCase")]
pub struct WebhookFlowTask {
    /// Never reused. It goes with the name: a task that is renamed has a new one.
    pub id: i64,
    pub flow: TaskFlow,
    pub name: String,
    pub url: String,
    pub method: String,
    pub trigger_event: String,
    pub trigger_object: TriggerObject,
    #[schema(value_type = Object)]
    pub headers: Map<String, Value>,
    pub body: Option<String>,
    /// The name of the secret that signs, never its value.
    pub secret: Option<String>,
    pub validate_ssl: bool,
    pub retry_on_failure: bool,
    /// False if the document switches it off, or an answer ended it.
    pub enabled: bool,
    /// Why it was switched off beside the document.
    pub disabled_reason: Option<String>,
}

/// What the event looks at.
#[derive(Debug, Serialize, ToSchema)]
#[serde(untagged)]
pub enum TriggerObject {
    /// `any_job`: the job as a whole.
    AnyJob(String),
    /// Named outputs.
    Outputs { outputs: Vec<TriggerOutput> },
}

/// An output.
#[derive(Debug, Serialize, ToSchema)]
pub struct TriggerOutput {
    /// Null while the flow has no such output.
    pub id: Option<i64>,
    pub name: String,
}

/// Webhook tasks.
#[derive(Debug, Serialize, ToSchema)]
pub struct WebhookFlowTaskList {
    /// By flow, in the order of its document.
    pub data: Vec<WebhookFlowTask>,
}

/// The tasks of a flow: of what is published, or of the draft while nothing is.
pub(super) fn tasks_of(flow: &FlowRecord) -> Result<Vec<WebhookFlowTask>, Error> {
    let text = flow.published.as_deref().unwrap_or(&flow.draft);
    let document: Value = serde_json::from_str(text).map_err(Error::internal)?;
    let entries = entries_of(&document, "webhook_tasks");
    Ok(entries.filter_map(|entry| task(flow, entry)).collect())
}

fn task(flow: &FlowRecord, entry: &Value) -> Option<WebhookFlowTask> {
    let name = text_of(entry, "name");
    let row = flow.tasks.iter().find(|row| row.name == name)?;
    let text = |key: &str| entry[key].as_str().map(str::to_owned);
    let flag = |key: &str| entry[key].as_bool().unwrap_or(true);
    Some(WebhookFlowTask {
        id: row.id.0,
        flow: TaskFlow { id: flow.id.0 },
        name: name.to_owned(),
        url: text_of(entry, "url").to_owned(),
        method: text("method").unwrap_or_else(|| "POST".to_owned()),
        trigger_event: text_of(entry, "event").to_owned(),
        trigger_object: object(flow, &entry["object"]),
        headers: entry["headers"].as_object().cloned().unwrap_or_default(),
        body: text("body"),
        secret: text("secret"),
        validate_ssl: flag("validate_ssl"),
        retry_on_failure: flag("retry_on_failure"),
        enabled: row.enabled && flag("enabled"),
        disabled_reason: row.disabled_reason.clone(),
    })
}

fn object(flow: &FlowRecord, object: &Value) -> TriggerObject {
    let Some(outputs) = object["outputs"].as_array() else {
        return TriggerObject::AnyJob("any_job".to_owned());
    };
    let named = |name: &str| TriggerOutput {
        id: flow
            .outputs
            .iter()
            .find(|row| row.name == name)
            .map(|row| row.id.0),
        name: name.to_owned(),
    };
    let names = outputs.iter().filter_map(Value::as_str);
    TriggerObject::Outputs {
        outputs: names.map(named).collect(),
    }
}
