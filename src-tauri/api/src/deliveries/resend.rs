//! `POST /deliveries/{id}/resend`

use axum::extract::State;
use http::StatusCode;

use super::convert::{id_of, whole};
use super::shape::Delivery;
use crate::answer::Answer;
use crate::error::{Error, ErrorCode};
use crate::failures::OrMissing;
use crate::identity::CanRun;
use crate::input::Named;
use crate::state::ApiState;

/// Sends the message again: a new delivery with a new id.
#[utoipa::path(post, path = "/deliveries/{id}/resend", tag = "deliveries", security(("bearer" = ["run"])),
    params(("id" = String, Path, description = "The delivery's id, `dlv_…`")),
    responses((status = 201, description = "The new delivery", body = Delivery)))]
pub(crate) async fn resend_delivery(
    _: CanRun,
    State(state): State<ApiState>,
    Named(id): Named,
) -> Result<(StatusCode, Answer<Delivery>), Error> {
    let sent = state
        .work
        .resend(id_of(&id)?)
        .await
        .or_missing(ErrorCode::DeliveryNotFound)?;
    let delivery = whole(&state, sent).await?;
    Ok((StatusCode::CREATED, Answer(delivery)))
}
