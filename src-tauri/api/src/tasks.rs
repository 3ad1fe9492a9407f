//! `POST /tasks/preview`

use axum::extract::State;
use hookloom_engine::{TaskPreview, TaskPreviewed};
use hookloom_model::JobId;
use hookloom_model::document::{self, FlowDocument};
use hookloom_model::journal;
use hookloom_store::{FlowRecord, JobFilter};
use serde::{Deserialize, Serialize};
use serde_json::{Map, Value};
use utoipa::ToSchema;

use crate::answer::Answer;
use crate::error::{Error, ErrorCode};
use crate::failures::OrMissing;
use crate::flows::publish_refused;
use crate::identity::CanRun;
use crate::input::Body;
use crate::masked::Masked;
use crate::parts::Header;
use crate::state::ApiState;

/// Makes the message of a webhook task as it would be sent, and sends nothing: with the values of a job, or with samples.
#[utoipa::path(post, path = "/tasks/preview", tag = "flows", security(("bearer" = ["run"])),
    request_body = TaskToPreview,
    responses((status = 200, description = "The message, masked", body = PreviewedTask)))]
pub(crate) async fn preview_task(
    _: CanRun,
    State(state): State<ApiState>,
    Body(given): Body<TaskToPreview>,
) -> Result<Answer<PreviewedTask>, Error> {
    let TaskToPreview {
        flow,
        document,
        task,
        job_id,
    } = given;
    let row = state.store.flow(&flow).await;
    let row = row.or_missing(ErrorCode::FlowNotFound)?;
    let name = task.get("name").and_then(Value::as_str);
    let name = name.unwrap_or_default().to_owned();
    let document = document_with(&row, document, task)?;
    let job_id = match job_id {
        Some(id) => Some(job_of(&state, &row, JobId(id)).await?),
        None => last_job(&state, &flow).await?,
    };
    let previewed = state
        .work
        .preview_task(TaskPreview {
            flow_id: row.id,
            document,
            task: name,
            job_id,
        })
        .await?;
    Ok(Answer(shown(previewed, job_id, &state.masked())))
}

/// A task to look at.
#[derive(Debug, Deserialize, ToSchema)]
pub struct TaskToPreview {
    /// The flow's name.
    pub flow: String,
    /// The document as the caller has it; without it the stored draft.
    #[serde(default)]
    #[schema(value_type = Option<Object>)]
    pub document: Option<Map<String, Value>>,
    /// The webhook task as it stands in a document.
    #[schema(value_type = Object)]
    pub task: Map<String, Value>,
    /// The job whose values are taken; without it the flow's last one, and where there is none samples.
    #[serde(default)]
    pub job_id: Option<i64>,
}

/// What would be sent. Masked.
#[derive(Debug, Serialize, ToSchema)]
pub struct PreviewedTask {
    /// The job whose values it has; null for samples.
    pub job_id: Option<i64>,
    /// Null if the message cannot be made.
    pub method: Option<String>,
    pub url: Option<String>,
    /// In the order sent.
    pub headers: Vec<Header>,
    pub body: Option<String>,
    /// The text that the signature is over; null where nothing is signed, or no one text.
    pub signed_bytes: Option<String>,
    /// The headers that are the signature, one a line.
    pub signature_header: Option<String>,
    /// Why the message cannot be made.
    pub error: Option<TaskPreviewError>,
}

/// Why a message cannot be made. Masked.
#[derive(Debug, Serialize, ToSchema)]
pub struct TaskPreviewError {
    /// A stable name.
    pub code: String,
    pub message: String,
}

/// The document with this one task. One that has problems elsewhere gives way to what is published: a task can be
/// looked at while a step is being written.
fn document_with(
    flow: &FlowRecord,
    given: Option<Map<String, Value>>,
    task: Map<String, Value>,
) -> Result<FlowDocument, Error> {
    let draft = match given {
        Some(document) => Value::Object(document),
        None => serde_json::from_str(&flow.draft).map_err(Error::internal)?,
    };
    let task = Value::Object(task);
    read(draft, &task).or_else(|error| {
        let published = flow.published.as_ref();
        let published = published.and_then(|text| serde_json::from_str(text).ok());
        match published.map(|document| read(document, &task)) {
            Some(Ok(document)) => Ok(document),
            _ => Err(error),
        }
    })
}

fn read(mut document: Value, task: &Value) -> Result<FlowDocument, Error> {
    if let Value::Object(fields) = &mut document {
        fields.insert("webhook_tasks".to_owned(), Value::Array(vec![task.clone()]));
    }
    let read = document::from_json(document.into()).into_document();
    read.map_err(publish_refused)
}

/// A job of this flow.
async fn job_of(state: &ApiState, flow: &FlowRecord, id: JobId) -> Result<JobId, Error> {
    let job = state.store.job(id).await;
    let job = job.or_missing(ErrorCode::JobNotFound)?;
    if job.flow_id == flow.id {
        return Ok(id);
    }
    let message = format!("Job {id} is none of `{}`.", flow.name);
    Err(
        Error::not_found(ErrorCode::JobNotFound, message).hint(format!(
            "`hookloom job list --flow {}` shows its jobs.",
            flow.name
        )),
    )
}

async fn last_job(state: &ApiState, flow: &str) -> Result<Option<JobId>, Error> {
    let filter = JobFilter {
        flow: Some(flow.to_owned()),
        status: None,
    };
    let page = state.store.jobs(filter, None, 1).await?;
    Ok(page.items.first().map(|job| job.id))
}

fn shown(previewed: TaskPreviewed, job_id: Option<JobId>, masked: &Masked) -> PreviewedTask {
    let TaskPreviewed {
        message,
        signed_content,
        signature,
        error,
    } = previewed;
    let lines: Vec<String> = signature
        .into_iter()
        .map(|(name, value)| format!("{name}: {}", masked.text(value)))
        .collect();
    let mut shown = PreviewedTask {
        job_id: job_id.map(|id| id.0),
        method: None,
        url: None,
        headers: Vec::new(),
        body: None,
        signed_bytes: signed_content.map(|content| masked.text(content)),
        signature_header: (!lines.is_empty()).then(|| lines.join("\n")),
        error: error.map(|error| {
            let journal::RecordedError { code, message } = masked.error(error);
            TaskPreviewError { code, message }
        }),
    };
    if let Some(message) = message {
        let journal::SentRequest {
            method,
            url,
            headers,
            body,
            body_truncated: _,
        } = masked.sent(message);
        shown.method = Some(method);
        shown.url = Some(url);
        shown.headers = headers.into_iter().map(Header::from).collect();
        shown.body = Some(body);
    }
    shown
}
