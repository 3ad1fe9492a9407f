//! `POST /deliveries/{id}/resend`

use axum::extract::State;
use http::StatusCode;

use super::shape::Delivery;
use crate::answer::Answer;
use crate::error::Error;
use crate::identity::CanRun;
use crate::input::Named;
use crate::state::ApiState;

/// Sends the message again: a new delivery with a new id.
#[utoipa::path(post, path = "/deliveries/{id}/resend", tag = "deliveries", security(("bearer" = ["run"])),
    params(("id" = String, Path, description = "The delivery's id, `dlv_…`")),
    responses((status = 201, description = "The new delivery", body = Delivery)))]
pub(crate) async fn resend_delivery(
    _: CanRun,
    State(_state): State<ApiState>,
    Named(_id): Named,
) -> Result<(StatusCode, Answer<Delivery>), Error> {
    Err(Error::unavailable())
}
