//! A flow with its draft, its problems and its versions.

use hookloom_store::{FlowRecord, TaskRow, VersionRow};
use serde::Serialize;
use serde_json::Value;
use utoipa::ToSchema;

use super::layout::Layout;
use super::problems::Workspace;
use super::summary::FlowSummary;
use crate::document::{entries_of, text_of};
use crate::error::{Error, ErrorCode};
use crate::failures::OrMissing;
use crate::problem::Problem;
use crate::state::ApiState;
use crate::time::At;

/// A flow with its draft, its problems and its versions.
#[derive(Debug, Clone, Serialize, ToSchema)]
pub struct FlowDetail {
    #[serde(flatten)]
    pub summary: FlowSummary,
    pub description: Option<String>,
    /// The flow document: the draft, or the version that was asked for.
    #[schema(value_type = Object)]
    pub document: Value,
    /// Names this state of the draft: give it back when replacing it.
    pub draft_etag: String,
    /// Where the draft's nodes stand on the canvas, by their ids; null if nobody moved one.
    pub layout: Option<Layout>,
    /// Everything that is wrong with `document`.
    pub problems: Vec<Problem>,
    /// Newest first.
    pub versions: Vec<FlowVersion>,
    /// Of the published version; of the draft while there is none.
    pub webhook_tasks: Vec<WebhookTask>,
}

/// A published version.
#[derive(Debug, Clone, PartialEq, Eq, Serialize, ToSchema)]
pub struct FlowVersion {
    pub version: i64,
    pub published_at: At,
}

/// A webhook task of a flow.
#[derive(Debug, Clone, PartialEq, Eq, Serialize, ToSchema)]
pub struct WebhookTask {
    /// Never reused, and kept by name over versions and imports.
    pub id: i64,
    pub name: String,
    /// False if the document switches it off, or an answer ended it.
    pub enabled: bool,
    /// Why it was switched off beside the document.
    pub disabled_reason: Option<String>,
}

/// Reads a flow, with its draft or the document of a version.
pub(super) async fn detail(
    state: &ApiState,
    name: &str,
    version: Option<i64>,
) -> Result<FlowDetail, Error> {
    let flow = state
        .store
        .flow(name)
        .await
        .or_missing(ErrorCode::FlowNotFound)?;
    let workspace = Workspace::read(state).await?;
    let draft = workspace.look_at_draft(&flow).await?;
    let summary = FlowSummary::new(&flow, &draft, &state.host.receiver_url())?;
    let webhook_tasks = tasks(&flow, draft.json())?;
    let shown = match version {
        None => draft,
        Some(version) => {
            let text = state.store.flow_document(name, version).await;
            let text = text.or_missing(ErrorCode::VersionNotFound)?;
            workspace.look_at(&text, name).await?
        }
    };
    let versions = flow.versions.iter().map(
        |VersionRow {
             version,
             published_at_ms,
             steps: _,
         }| FlowVersion {
            version: *version,
            published_at: At::from_ms(*published_at_ms),
        },
    );
    Ok(FlowDetail {
        summary,
        description: shown.json()["description"].as_str().map(str::to_owned),
        versions: versions.collect(),
        draft_etag: flow.draft_etag,
        layout: flow.layout.as_deref().map(Layout::of_text).transpose()?,
        document: shown.json().clone(),
        problems: shown.problems.into_iter().map(Into::into).collect(),
        webhook_tasks,
    })
}

/// Tasks in the order of the document. A task is on if neither the document nor an answer switched it off.
fn tasks(flow: &FlowRecord, draft: &Value) -> Result<Vec<WebhookTask>, Error> {
    let published: Option<Value> = match &flow.published {
        Some(text) => Some(serde_json::from_str(text).map_err(Error::internal)?),
        None => None,
    };
    let mut tasks = Vec::new();
    for entry in entries_of(published.as_ref().unwrap_or(draft), "webhook_tasks") {
        let Some(row) = flow
            .tasks
            .iter()
            .find(|row| row.name == text_of(entry, "name"))
        else {
            continue;
        };
        let TaskRow {
            id,
            name,
            enabled,
            disabled_reason,
        } = row.clone();
        tasks.push(WebhookTask {
            id: id.0,
            name,
            enabled: enabled && entry["enabled"].as_bool().unwrap_or(true),
            disabled_reason,
        });
    }
    Ok(tasks)
}
