//! `/v4/webhooks/test`: one real message of a webhook task that need not exist.

use axum::extract::State;
use hookloom_engine::{TaskTest, TaskTested};
use hookloom_model::FlowId;
use hookloom_model::document::{self, FORMAT};
use serde::Serialize;
use serde_json::{Map, Value, json};
use utoipa::ToSchema;

use super::task_fields::WebhookFlowTaskFields;
use crate::answer::Answer;
use crate::deliveries::ReceivedAnswer;
use crate::error::{Error, ErrorCode};
use crate::failures::OrMissing;
use crate::flows::{publish_refused, tested};
use crate::identity::CanManage;
use crate::input::Body;
use crate::parts::SentRequest;
use crate::state::ApiState;

/// Sends one real message of a webhook task as it is described here, with sample values and marked by the header
/// `X-Hookloom-Test`. Nothing is recorded, and nothing is tried again. Needed is only `url`.
#[utoipa::path(post, path = "/v4/webhooks/test", tag = "v4", security(("bearer" = ["manage"])),
    request_body = WebhookFlowTaskFields,
    responses((status = 200, description = "What was sent and what came back", body = WebhookTested)))]
pub(crate) async fn test_webhook(
    // Not `run`: what is described here may send any secret anywhere.
    _: CanManage,
    State(state): State<ApiState>,
    Body(fields): Body<WebhookFlowTaskFields>,
) -> Result<Answer<WebhookTested>, Error> {
    let mut task = fields.keys(&state).await?;
    task.retain(|_, value| !value.is_null());
    task.entry("name").or_insert("test".into());
    task.entry("event").or_insert("job_finished".into());
    let flow_id = fields.flow().map(FlowId);
    let Some(key) = &fields.secret_key else {
        return run(&state, flow_id, task).await.map(Answer);
    };
    // The vault knows it while it is used, so that it is masked wherever it comes back.
    let mut random = [0; 8];
    getrandom::fill(&mut random).map_err(Error::internal)?;
    let name = format!("webhook_test_{}", hex::encode(random));
    state.secrets.set(&name, key.clone()).await?;
    task.insert("secret".to_owned(), name.clone().into());
    let tested = run(&state, flow_id, task).await;
    state.secrets.delete(&name).await?;
    tested.map(Answer)
}

/// What came of a test. Masked.
#[derive(Debug, Serialize, ToSchema)]
pub struct WebhookTested {
    /// Whether the receiver took it.
    pub success: bool,
    /// The status of its answer; null without one.
    pub status: Option<u16>,
    /// What happened, for a person.
    pub message: String,
    /// Null if the message could not be made.
    pub request: Option<SentRequest>,
    /// Null without an answer.
    pub response: Option<ReceivedAnswer>,
}

async fn run(
    state: &ApiState,
    flow_id: Option<FlowId>,
    task: Map<String, Value>,
) -> Result<WebhookTested, Error> {
    let name = task["name"].as_str().unwrap_or_default().to_owned();
    let mut document = match flow_id {
        Some(id) => of_flow(state, id).await?,
        None => json!({
            "format": FORMAT, "name": "webhook_test",
            "steps": [{"name": "sample_step", "kind": "set", "values": {}}],
        }),
    };
    document["webhook_tasks"] = json!([task]);
    let document = document::from_json(document.into());
    let document = document.into_document().map_err(publish_refused)?;
    let test = TaskTest {
        flow_id: flow_id.unwrap_or(FlowId(0)),
        document,
        task: name,
        sample: Map::new(),
        output: None,
    };
    let done: TaskTested = state.work.test_task(test).await?;
    let done = tested(done, &state.masked());
    let status = done.response.as_ref().map(|answer| answer.status);
    let message = match (&done.error, status) {
        (Some(error), _) => error.message.clone(),
        (None, Some(status)) => format!("The receiver took the message, with status {status}."),
        (None, None) => "No answer came.".to_owned(),
    };
    Ok(WebhookTested {
        success: done.delivered,
        status,
        message,
        request: done.request,
        response: done.response,
    })
}

async fn of_flow(state: &ApiState, id: FlowId) -> Result<Value, Error> {
    let name = state.store.flow_name(id).await;
    let name = name.or_missing(ErrorCode::FlowNotFound)?;
    let flow = state.store.flow(&name).await;
    let flow = flow.or_missing(ErrorCode::FlowNotFound)?;
    let text = flow.published.as_deref().unwrap_or(&flow.draft);
    serde_json::from_str(text).map_err(Error::internal)
}
