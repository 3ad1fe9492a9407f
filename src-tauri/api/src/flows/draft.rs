//! `PUT /flows/{name}/draft`

use axum::extract::State;
use hookloom_model::document::GivenJson;
use serde::Deserialize;
use utoipa::ToSchema;

use super::changed::{self, Given};
use super::detail::{FlowDetail, detail};
use super::layout::Layout;
use super::problems::Workspace;
use crate::answer::Answer;
use crate::error::{Error, ErrorCode};
use crate::failures::OrMissing;
use crate::identity::CanManage;
use crate::input::{Body, Named};
use crate::state::ApiState;

/// Replaces the draft, if it is still the one that the caller edited: else 409 with the draft as it is now.
#[utoipa::path(put, path = "/flows/{name}/draft", tag = "flows", security(("bearer" = ["manage"])),
    params(("name" = String, Path, description = "The flow's name")),
    request_body = DraftReplacement,
    responses((status = 200, description = "Replaced", body = FlowDetail)))]
pub(crate) async fn replace_draft(
    _: CanManage,
    State(state): State<ApiState>,
    Named(name): Named,
    Body(draft): Body<DraftReplacement>,
) -> Result<Answer<FlowDetail>, Error> {
    let workspace = Workspace::read(&state).await?;
    let Given { text, layout, .. } =
        changed::given(draft.document, Some(&name), &workspace).await?;
    let layout = draft.layout.or(layout);
    if let Some(layout) = &layout {
        layout.check()?;
    }
    let now_ms = state.clock.now_ms();
    let saved = state
        .store
        .save_draft(&name, &text, &draft.base_etag, now_ms)
        .await;
    match saved.or_missing(ErrorCode::FlowNotFound) {
        Ok(()) => {
            if let Some(layout) = layout {
                layout.save(&state, &name).await?;
            }
            detail(&state, &name, None).await.map(Answer)
        }
        Err(error) if error.code() == ErrorCode::DraftConflict => {
            Err(error.current(detail(&state, &name, None).await?))
        }
        Err(error) => Err(error),
    }
}

/// A new draft.
#[derive(Debug, Deserialize, ToSchema)]
pub struct DraftReplacement {
    /// The flow document; it may have problems that only publishing refuses.
    #[schema(value_type = Object)]
    pub document: GivenJson,
    /// The `draft_etag` of the draft that was edited.
    pub base_etag: String,
    /// Where the nodes stand on the canvas now; as they stood if it is left out. It is no part of the document: it
    /// changes neither the etag nor whether there is something to publish.
    #[serde(default)]
    pub layout: Option<Layout>,
}
