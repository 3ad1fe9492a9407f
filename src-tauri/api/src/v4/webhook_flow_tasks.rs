//! `/v4/webhookFlowTasks`: the webhook tasks of flows, for callers that know no drafts. A change is a new version of the
//! flow at once.

use axum::extract::State;
use hookloom_model::{FlowId, TaskId};
use hookloom_sensitive::Sensitive;
use hookloom_store::NamedTask;
use http::StatusCode;
use serde::Deserialize;
use serde_json::{Map, Value};
use sha2::{Digest, Sha256};
use utoipa::IntoParams;

use super::task_edits::{Added, Changed, Removed, gone};
use super::task_fields::WebhookFlowTaskFields;
use super::task_shape::{WebhookFlowTask, WebhookFlowTaskList, tasks_of};
use crate::answer::Answer;
use crate::error::{Error, ErrorCode};
use crate::failures::OrMissing;
use crate::flows::edit;
use crate::identity::{CanManage, CanRead};
use crate::input::{Body, Numbered, Query};
use crate::state::ApiState;

/// Webhook tasks of all flows, or of one.
#[utoipa::path(get, path = "/v4/webhookFlowTasks", tag = "v4", security(("bearer" = ["read"])),
    params(TaskQuery),
    responses((status = 200, description = "The tasks", body = WebhookFlowTaskList)))]
pub(crate) async fn list_webhook_flow_tasks(
    _: CanRead,
    State(state): State<ApiState>,
    Query(TaskQuery { flow_id }): Query<TaskQuery>,
) -> Result<Answer<WebhookFlowTaskList>, Error> {
    let mut data = Vec::new();
    for flow in state.store.flows().await? {
        if flow_id.is_none_or(|wanted| wanted == flow.id.0) {
            data.extend(tasks_of(&flow)?);
        }
    }
    Ok(Answer(WebhookFlowTaskList { data }))
}

/// Adds a webhook task to a flow: a new version of it, if it is published.
#[utoipa::path(post, path = "/v4/webhookFlowTasks", tag = "v4", security(("bearer" = ["manage"])),
    request_body = WebhookFlowTaskFields,
    responses((status = 201, description = "The task", body = WebhookFlowTask)))]
pub(crate) async fn create_webhook_flow_task(
    _: CanManage,
    State(state): State<ApiState>,
    Body(fields): Body<WebhookFlowTaskFields>,
) -> Result<(StatusCode, Answer<WebhookFlowTask>), Error> {
    let id = fields.flow().ok_or_else(|| {
        let message = "It is not said whose task it is: the field `flow` is missing.";
        Error::new(StatusCode::BAD_REQUEST, ErrorCode::BadRequest, message)
            .hint("Give the flow by its id, as in {\"flow\": {\"id\": 1}}; `hookloom flow list --json` shows it.")
    })?;
    let flow = state.store.flow_name(FlowId(id)).await;
    let flow = flow.or_missing(ErrorCode::FlowNotFound)?;
    let mut task = fields.keys(&state).await?;
    task.retain(|_, value| !value.is_null());
    let name = task.get("name").and_then(Value::as_str).unwrap_or_default();
    let name = name.to_owned();
    own_secret(&state, id, &name, fields.secret_key.as_ref(), &mut task).await?;
    edit(&state, &flow, &Added(task)).await?;
    Ok((
        StatusCode::CREATED,
        Answer(named(&state, &flow, &name).await?),
    ))
}

/// A webhook task.
#[utoipa::path(get, path = "/v4/webhookFlowTasks/{id}", tag = "v4", security(("bearer" = ["read"])),
    params(("id" = i64, Path, description = "The task's id")),
    responses((status = 200, description = "The task", body = WebhookFlowTask)))]
pub(crate) async fn get_webhook_flow_task(
    _: CanRead,
    State(state): State<ApiState>,
    Numbered(id): Numbered,
) -> Result<Answer<WebhookFlowTask>, Error> {
    let NamedTask { flow, name } = found(&state, id).await?;
    named(&state, &flow, &name).await.map(Answer)
}

/// Changes a webhook task: a new version of its flow, if that is published. Fields that are not given stay. A task that
/// gets another name is another task, with an id of its own.
#[utoipa::path(patch, path = "/v4/webhookFlowTasks/{id}", tag = "v4", security(("bearer" = ["manage"])),
    params(("id" = i64, Path, description = "The task's id")),
    request_body = WebhookFlowTaskFields,
    responses((status = 200, description = "The task as it is now", body = WebhookFlowTask)))]
pub(crate) async fn change_webhook_flow_task(
    _: CanManage,
    State(state): State<ApiState>,
    Numbered(id): Numbered,
    Body(fields): Body<WebhookFlowTaskFields>,
) -> Result<Answer<WebhookFlowTask>, Error> {
    let NamedTask { flow, name } = found(&state, id).await?;
    let now = named(&state, &flow, &name).await?;
    if fields.flow().is_some_and(|other| other != now.flow.id) {
        let message = "A webhook task stays with its flow: `flow` cannot be changed.";
        return Err(Error::new(
            StatusCode::UNPROCESSABLE_ENTITY,
            ErrorCode::ValueInvalid,
            message,
        )
        .hint("Make a task in the other flow and delete this one."));
    }
    let mut keys = fields.keys(&state).await?;
    let new_name = keys.get("name").and_then(Value::as_str).unwrap_or(&name);
    let new_name = new_name.to_owned();
    let key = fields.secret_key.as_ref();
    own_secret(&state, now.flow.id, &new_name, key, &mut keys).await?;
    if keys
        .get("method")
        .is_some_and(|method| method == "GET" || method == "DELETE")
    {
        // These send none; a body that stayed would be refused.
        keys.entry("body").or_insert(Value::Null);
    }
    edit(&state, &flow, &Changed { name, keys }).await?;
    named(&state, &flow, &new_name).await.map(Answer)
}

/// Takes a webhook task out of its flow: a new version of it, if it is published. Its deliveries stay.
#[utoipa::path(delete, path = "/v4/webhookFlowTasks/{id}", tag = "v4", security(("bearer" = ["manage"])),
    params(("id" = i64, Path, description = "The task's id")),
    responses((status = 204, description = "Deleted")))]
pub(crate) async fn delete_webhook_flow_task(
    _: CanManage,
    State(state): State<ApiState>,
    Numbered(id): Numbered,
) -> Result<StatusCode, Error> {
    let NamedTask { flow, name } = found(&state, id).await?;
    edit(&state, &flow, &Removed(name)).await?;
    Ok(StatusCode::NO_CONTENT)
}

/// Which tasks.
#[derive(Debug, Deserialize, IntoParams)]
#[serde(rename_all = "camelCase")]
#[into_params(parameter_in = Query)]
pub struct TaskQuery {
    /// Those of one flow.
    pub flow_id: Option<i64>,
}

async fn found(state: &ApiState, id: i64) -> Result<NamedTask, Error> {
    let task = state.store.webhook_task(TaskId(id)).await;
    task.map_err(|error| match error {
        hookloom_store::Error::NotFound { .. } => {
            let message = format!("There is no webhook task {id}.");
            Error::not_found(ErrorCode::TaskNotFound, message)
                .hint("GET /v4/webhookFlowTasks lists those that there are.")
        }
        other => other.into(),
    })
}

async fn named(state: &ApiState, flow: &str, name: &str) -> Result<WebhookFlowTask, Error> {
    let flow = state.store.flow(flow).await;
    let flow = flow.or_missing(ErrorCode::FlowNotFound)?;
    let mut tasks = tasks_of(&flow)?.into_iter();
    tasks
        .find(|task| task.name == name)
        .ok_or_else(|| gone(name))
}

/// Stores a key that came with a task, and has the task name it.
async fn own_secret(
    state: &ApiState,
    flow_id: i64,
    task: &str,
    key: Option<&Sensitive<String>>,
    keys: &mut Map<String, Value>,
) -> Result<(), Error> {
    let Some(key) = key else { return Ok(()) };
    if keys.get("secret").is_some_and(|secret| !secret.is_null()) {
        let message =
            "`secret` names a stored secret and `secretKey` is a key: only one can be given.";
        return Err(Error::new(
            StatusCode::BAD_REQUEST,
            ErrorCode::BadRequest,
            message,
        ));
    }
    let name = secret_name(flow_id, task);
    state.secrets.set(&name, key.clone()).await?;
    keys.insert("secret".to_owned(), name.into());
    Ok(())
}

/// The same for the same task: letters that a person knows again, and enough of a hash that no two tasks share it.
fn secret_name(flow_id: i64, task: &str) -> String {
    let plain = |c: char| {
        if c.is_ascii_alphanumeric() {
            c.to_ascii_lowercase()
        } else {
            '_'
        }
    };
    let known: String = task.chars().map(plain).take(24).collect();
    let hash = hex::encode(Sha256::digest(task.as_bytes()));
    format!("task_{flow_id}_{known}_{}", &hash[..12])
}

#[cfg(test)]
mod tests {
    use super::*;

    #[test]
    fn the_secret_of_a_task_has_a_name_that_a_secret_may_have() {
        let name = secret_name(7, "Tell Släck: now, and with many more words than fit");
        assert!(name.starts_with("task_7_tell_sl_ck__now"), "{name}");
        assert!(name.len() <= 64);
        assert!(name.bytes().all(|b| b.is_ascii_alphanumeric() || b == b'_'));
        assert_ne!(secret_name(7, "Tell Slack"), secret_name(7, "tell slack"));
    }
}
