//! Changing a part of a flow at once, for callers that know no drafts: what is published gets a new version, and the
//! draft gets the same change without losing what somebody is editing there.

use hookloom_model::document::canonical;
use hookloom_store::FlowChange;
use serde_json::Value;

use super::changed::{self, Given};
use super::problems::Workspace;
use crate::error::{Error, ErrorCode};
use crate::failures::OrMissing;
use crate::state::ApiState;

/// A change of a flow's document.
pub(crate) trait Edit {
    /// Changes the document that counts: what is published, or the draft while nothing is.
    fn apply(&self, document: &mut Value) -> Result<(), Error>;

    /// Makes the same change in a draft that differs from it, as far as that is possible there.
    fn follow(&self, draft: &mut Value);
}

/// Makes the change, and a version of it if there is one already. A document that would have problems changes nothing.
pub(crate) async fn edit(state: &ApiState, name: &str, edit: &impl Edit) -> Result<(), Error> {
    let flow = state.store.flow(name).await;
    let flow = flow.or_missing(ErrorCode::FlowNotFound)?;
    let counts = flow.published.as_deref().unwrap_or(&flow.draft);
    let mut document: Value = serde_json::from_str(counts).map_err(Error::internal)?;
    edit.apply(&mut document)?;
    let workspace = Workspace::read(state).await?;
    let Given { text, looked, .. } =
        changed::given(document.into(), Some(name), &workspace).await?;
    let is_published = flow.published.is_some();
    if is_published && looked.blocks_publish() {
        return Err(changed::publish_refused(looked.problems));
    }
    if looked.reading.blocks_import {
        return Err(changed::invalid(looked.problems));
    }
    let draft = match is_published && flow.draft_changed() {
        false => text.clone(),
        true => {
            let mut draft = serde_json::from_str(&flow.draft).map_err(Error::internal)?;
            edit.follow(&mut draft);
            canonical(&draft)
        }
    };
    let change = FlowChange {
        name: name.to_owned(),
        base_etag: flow.draft_etag,
        base_version: flow.version,
        draft,
        published: is_published.then_some(text),
    };
    let now_ms = state.clock.now_ms();
    let version = state.store.change_flow(change, now_ms).await;
    if version.or_missing(ErrorCode::FlowNotFound)?.is_some() {
        state.host.reload_endpoints().await?;
    }
    Ok(())
}
