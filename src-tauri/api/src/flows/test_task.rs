//! `POST /flows/{name}/tasks/test` and `/tasks/state`

use axum::extract::State;
use hookloom_engine::ports::{AttemptResult, Timings as Times};
use hookloom_engine::{TaskTest, TaskTestError, TaskTested};
use hookloom_model::document;
use serde::{Deserialize, Serialize};
use serde_json::{Map, Value};
use utoipa::ToSchema;

use super::changed::publish_refused;
use super::detail::{FlowDetail, detail};
use crate::answer::Answer;
use crate::deliveries::{Certificate, ReceivedAnswer, Timings};
use crate::error::{Error, ErrorCode};
use crate::failures::OrMissing;
use crate::identity::{CanManage, CanRun};
use crate::input::{Body, Named};
use crate::masked::Masked;
use crate::parts::{Fault, SentRequest};
use crate::state::ApiState;
use crate::time::At;

/// Sends one real message of a webhook task of the draft, with sample values and marked by the header
/// `X-Hookloom-Test`. Nothing is recorded, and nothing is tried again.
#[utoipa::path(post, path = "/flows/{name}/tasks/test", tag = "flows", security(("bearer" = ["run"])),
    params(("name" = String, Path, description = "The flow's name")),
    request_body = WebhookTaskTest,
    responses((status = 200, description = "What was sent and what came back", body = WebhookTaskTested)))]
pub(crate) async fn test_webhook_task(
    _: CanRun,
    State(state): State<ApiState>,
    Named(name): Named,
    Body(test): Body<WebhookTaskTest>,
) -> Result<Answer<WebhookTaskTested>, Error> {
    let flow = state
        .store
        .flow(&name)
        .await
        .or_missing(ErrorCode::FlowNotFound)?;
    let document = document::parse(&flow.draft)
        .into_document()
        .map_err(publish_refused)?;
    let WebhookTaskTest {
        task,
        sample,
        output,
    } = test;
    let done = state
        .work
        .test_task(TaskTest {
            flow_id: flow.id,
            document,
            task,
            sample,
            output,
        })
        .await?;
    Ok(Answer(tested(done, &state.masked())))
}

/// Switches a webhook task on or off, beside the document. Off cancels what waits for it; one that an answer of 410
/// ended goes on.
#[utoipa::path(post, path = "/flows/{name}/tasks/state", tag = "flows", security(("bearer" = ["manage"])),
    params(("name" = String, Path, description = "The flow's name")),
    request_body = WebhookTaskSwitch,
    responses((status = 200, description = "Switched", body = FlowDetail)))]
pub(crate) async fn switch_webhook_task(
    _: CanManage,
    State(state): State<ApiState>,
    Named(name): Named,
    Body(switch): Body<WebhookTaskSwitch>,
) -> Result<Answer<FlowDetail>, Error> {
    let WebhookTaskSwitch { task, enabled } = switch;
    let flow = state.store.flow(&name).await;
    flow.or_missing(ErrorCode::FlowNotFound)?;
    let now_ms = state.clock.now_ms();
    let switched = state
        .store
        .set_task_enabled(&name, &task, enabled, now_ms)
        .await;
    switched.or_missing(ErrorCode::TaskNotFound)?;
    detail(&state, &name, None).await.map(Answer)
}

/// What to test with.
#[derive(Debug, Deserialize, ToSchema)]
pub struct WebhookTaskTest {
    /// The task's name.
    pub task: String,
    /// Values of names that its templates use, such as `{"steps": {"ship": {"data": {"total": 5}}}}`. Names that are
    /// not in here get sample values.
    #[serde(default)]
    #[schema(value_type = Object, required = false)]
    pub sample: Map<String, Value>,
    /// The output that the message is about, for a task that looks at outputs; its first one if none is named.
    #[serde(default)]
    pub output: Option<String>,
}

/// What came of a test. Masked.
#[derive(Debug, Serialize, ToSchema)]
pub struct WebhookTaskTested {
    /// Whether the receiver took it.
    pub delivered: bool,
    pub at: At,
    pub duration_ms: i64,
    /// Why it was not delivered.
    pub error: Option<Fault>,
    pub timings: Timings,
    /// The peer's, over https.
    pub certificate: Option<Certificate>,
    /// Null if the message could not be made.
    pub request: Option<SentRequest>,
    /// Null without an answer.
    pub response: Option<ReceivedAnswer>,
}

/// Which task, and how it shall be.
#[derive(Debug, Deserialize, ToSchema)]
pub struct WebhookTaskSwitch {
    /// The task's name.
    pub task: String,
    pub enabled: bool,
}

/// What came of a test, masked, as the API shows it.
pub(crate) fn tested(tested: TaskTested, masked: &Masked) -> WebhookTaskTested {
    let TaskTested {
        started_at_ms,
        ended_at_ms,
        delivered,
        sent,
        result,
    } = tested;
    let AttemptResult {
        http_status,
        headers,
        body,
        body_bytes,
        body_truncated,
        error,
        timings,
        certificate,
    } = result;
    let timings: Times = timings;
    WebhookTaskTested {
        delivered,
        at: At::from_ms(started_at_ms),
        duration_ms: (ended_at_ms - started_at_ms).max(0),
        error: error.map(|error| Fault::new(masked.error(error), ended_at_ms)),
        timings: timings.into(),
        certificate: certificate.map(Into::into),
        request: sent.map(|sent| masked.sent(sent).into()),
        response: http_status.map(|status| ReceivedAnswer {
            status,
            headers: masked.headers(headers),
            body: masked.text(body),
            body_bytes,
            body_truncated,
        }),
    }
}

impl From<TaskTestError> for Error {
    fn from(error: TaskTestError) -> Self {
        match error {
            TaskTestError::UnknownTask { .. } => Self::not_found(
                ErrorCode::TaskNotFound,
                format!("There is no such task: {error}."),
            )
            .hint("The flow's `webhook_tasks` say which there are."),
            TaskTestError::Broken { .. } => Self::new(
                http::StatusCode::UNPROCESSABLE_ENTITY,
                ErrorCode::FlowBroken,
                format!("The task cannot be tested: {error}."),
            )
            .hint("Mend the draft and test again."),
            TaskTestError::Journal(error) => error.into(),
        }
    }
}
