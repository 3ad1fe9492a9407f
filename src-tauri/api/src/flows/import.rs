//! `POST /flows/import`

use axum::extract::State;
use hookloom_model::document::GivenJson;
use hookloom_store::ImportedVersion;
use serde::{Deserialize, Serialize};
use utoipa::ToSchema;

use super::changed::{self, Given};
use super::detail::{FlowDetail, detail};
use super::problems::{Looked, Workspace};
use crate::answer::Answer;
use crate::document::entries_of;
use crate::error::Error;
use crate::identity::CanManage;
use crate::input::Body;
use crate::state::ApiState;

/// Creates the flow that the document names, or replaces its draft, and publishes it if that is asked for: both or
/// neither. A document with problems changes nothing.
#[utoipa::path(post, path = "/flows/import", tag = "flows", security(("bearer" = ["manage"])),
    request_body = FlowImport,
    responses((status = 200, description = "Imported", body = FlowImported)))]
pub(crate) async fn import_flow(
    _: CanManage,
    State(state): State<ApiState>,
    Body(import): Body<FlowImport>,
) -> Result<Answer<FlowImported>, Error> {
    let workspace = Workspace::read(&state).await?;
    let Given {
        name,
        text,
        layout,
        looked,
    } = changed::given(import.document, None, &workspace).await?;
    if looked.reading.blocks_import {
        return Err(changed::invalid(looked.problems));
    }
    if import.publish && looked.blocks_publish() {
        return Err(changed::publish_refused(looked.problems));
    }
    let now_ms = state.clock.now_ms();
    let (created, published_version) = if import.publish {
        let imported = state.store.import_published_flow(&name, &text, now_ms);
        let ImportedVersion { created, version } = imported.await?;
        state.host.reload_endpoints().await?;
        (created, Some(version))
    } else {
        (state.store.import_flow(&name, &text, now_ms).await?, None)
    };
    if let Some(layout) = layout {
        layout.save(&state, &name).await?;
    }
    let notes = notes(&looked, &workspace);
    let flow = detail(&state, &name, None).await?;
    Ok(Answer(FlowImported {
        flow,
        created,
        published_version,
        notes,
    }))
}

/// A document to take in.
#[derive(Debug, Deserialize, ToSchema)]
pub struct FlowImport {
    /// The flow document.
    #[schema(value_type = Object)]
    pub document: GivenJson,
    /// Publish it as well; if that is refused, nothing is imported.
    #[serde(default)]
    pub publish: bool,
}

/// What an import did.
#[derive(Debug, Serialize, ToSchema)]
pub struct FlowImported {
    pub flow: FlowDetail,
    /// Whether the flow is new.
    pub created: bool,
    /// The version that was made.
    pub published_version: Option<i64>,
    /// What the person should know, such as what was not carried over.
    pub notes: Vec<String>,
}

/// What a document carries and what it does not.
fn notes(looked: &Looked, workspace: &Workspace) -> Vec<String> {
    let mut notes = Vec::new();
    let tasks = entries_of(looked.json(), "webhook_tasks").count();
    if tasks > 0 {
        notes.push(format!(
            "The document's webhook tasks ({tasks}) came along. They send messages once the flow is published."
        ));
    }
    notes.extend(looked.inner_note());
    let missing = workspace.missing_secrets(looked);
    if !missing.is_empty() {
        notes.push(format!(
            "A document never carries the values of secrets. Not set here yet: {}.",
            missing.join(", ")
        ));
    }
    notes
}
