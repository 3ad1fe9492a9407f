//! `PUT /receiving`: whether the receiver takes requests.

use axum::extract::State;
use serde::Deserialize;
use utoipa::ToSchema;

use crate::answer::Answer;
use crate::error::Error;
use crate::identity::CanManage;
use crate::input::Body;
use crate::state::ApiState;
use crate::status::Listener;

/// Pauses receiving, or goes on. While it is paused every sender gets 503 with a time to come again, and its request is
/// on record with its reason; jobs that were accepted before go on. A pause ends with the process.
#[utoipa::path(put, path = "/receiving", tag = "status", security(("bearer" = ["manage"])),
    request_body = Receiving,
    responses((status = 200, description = "The receiver as it is now", body = Listener)))]
pub(crate) async fn set_receiving(
    _: CanManage,
    State(state): State<ApiState>,
    Body(Receiving { is_paused }): Body<Receiving>,
) -> Result<Answer<Listener>, Error> {
    state.host.pause_receiving(is_paused);
    Ok(Answer(state.host.receiver()))
}

/// Whether the receiver takes requests.
#[derive(Debug, Deserialize, ToSchema)]
pub struct Receiving {
    pub is_paused: bool,
}
