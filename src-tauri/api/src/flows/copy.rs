//! `POST /flows/{name}/copy`

use axum::extract::State;
use hookloom_model::document::{NAME_CHARS_MAX, canonical, is_address_name};
use http::StatusCode;
use serde::{Deserialize, Serialize};
use serde_json::Value;
use utoipa::ToSchema;

use super::detail::{FlowDetail, detail};
use super::problems::Workspace;
use crate::answer::Answer;
use crate::document::entries_of;
use crate::error::{Error, ErrorCode};
use crate::failures::OrMissing;
use crate::identity::CanManage;
use crate::input::{Body, Named};
use crate::state::ApiState;

/// Makes a new flow from the draft of this one, without its webhook tasks. The copy is off.
#[utoipa::path(post, path = "/flows/{name}/copy", tag = "flows", security(("bearer" = ["manage"])),
    params(("name" = String, Path, description = "The flow's name")),
    request_body = FlowCopy,
    responses((status = 201, description = "Copied", body = FlowCopied)))]
pub(crate) async fn copy_flow(
    _: CanManage,
    State(state): State<ApiState>,
    Named(name): Named,
    Body(copy): Body<FlowCopy>,
) -> Result<(StatusCode, Answer<FlowCopied>), Error> {
    if !is_address_name(&copy.name) {
        return Err(bad_name(&copy.name));
    }
    let flow = state
        .store
        .flow(&name)
        .await
        .or_missing(ErrorCode::FlowNotFound)?;
    let mut document: Value = serde_json::from_str(&flow.draft).map_err(Error::internal)?;
    let workspace = Workspace::read(&state).await?;
    let notes = make_a_copy(&mut document, &copy.name, &workspace);
    let text = canonical(&document);
    state
        .store
        .create_flow(&copy.name, &text, state.clock.now_ms())
        .await?;
    if let Some(layout) = &flow.layout {
        state.store.save_layout(&copy.name, layout).await?;
    }
    let flow = detail(&state, &copy.name, None).await?;
    Ok((StatusCode::CREATED, Answer(FlowCopied { flow, notes })))
}

/// How the copy is named.
#[derive(Debug, Deserialize, ToSchema)]
pub struct FlowCopy {
    pub name: String,
}

/// The copy.
#[derive(Debug, Serialize, ToSchema)]
pub struct FlowCopied {
    #[serde(flatten)]
    pub flow: FlowDetail,
    /// What was left out.
    pub notes: Vec<String>,
}

fn bad_name(name: &str) -> Error {
    let name: String = name.chars().take(NAME_CHARS_MAX).collect();
    let message = format!("`{name}` cannot name a flow.");
    Error::new(
        StatusCode::UNPROCESSABLE_ENTITY,
        ErrorCode::NameInvalid,
        message,
    )
    .hint("A name is a letter or `_`, then at most 63 letters, digits, `_` or `-`.")
}

/// Gives the copy its name, and takes out or renames what there can be only once. Says what was done.
fn make_a_copy(document: &mut Value, name: &str, workspace: &Workspace) -> Vec<String> {
    let mut notes = Vec::new();
    document["name"] = name.into();
    let tasks = entries_of(document, "webhook_tasks").count();
    if let Some(document) = document.as_object_mut() {
        document.shift_remove("webhook_tasks");
    }
    if tasks > 0 {
        notes.push(format!(
            "Webhook tasks were not copied ({tasks}): every message would be sent twice."
        ));
    }
    let endpoints = document
        .get_mut("endpoints")
        .and_then(Value::as_array_mut)
        .map(Vec::as_mut_slice)
        .unwrap_or_default();
    for endpoint in endpoints {
        let Some(taken) = endpoint["name"].as_str().map(str::to_owned) else {
            continue;
        };
        if workspace.is_endpoint_taken(&taken, name) {
            let free = format!("{name}_{taken}")
                .chars()
                .take(NAME_CHARS_MAX)
                .collect::<String>();
            notes.push(format!(
                "The endpoint `{taken}` is called `{free}` in the copy: names of endpoints are unique."
            ));
            endpoint["name"] = free.into();
        }
    }
    notes
}
