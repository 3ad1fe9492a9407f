//! `POST /updates/check`

use axum::extract::State;
use serde::Deserialize;
use utoipa::ToSchema;

use super::looked::looked;
use super::shape::{FoundRelease, UpdatesFrom};
use crate::answer::Answer;
use crate::error::Error;
use crate::identity::{CanManage, CanRead};
use crate::input::Body;
use crate::state::ApiState;

/// What to ask.
#[derive(Debug, Default, Deserialize, ToSchema)]
#[serde(deny_unknown_fields)]
pub struct UpdateCheck {
    /// Another place than this program's own, for this call.
    #[serde(default)]
    pub from: Option<UpdatesFrom>,
}

/// Asks what the newest release is, and believes what the key signed. Nothing is downloaded.
#[utoipa::path(post, path = "/updates/check", tag = "updates", security(("bearer" = ["manage"])),
    request_body = UpdateCheck,
    responses((status = 200, description = "What there is", body = FoundRelease)))]
pub(crate) async fn check_for_updates(
    _: CanManage,
    CanRead(caller): CanRead,
    State(state): State<ApiState>,
    Body(UpdateCheck { from }): Body<UpdateCheck>,
) -> Result<Answer<FoundRelease>, Error> {
    let (_, manifest) = looked(&state, from, &caller).await?;
    let (here, now_ms) = (&state.releases.installed, state.clock.now_ms());
    Ok(Answer(FoundRelease::of(manifest, now_ms, here)))
}
