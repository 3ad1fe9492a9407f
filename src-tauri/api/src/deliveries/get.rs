//! `GET /deliveries/{id}`

use axum::extract::State;

use super::convert::{id_of, whole};
use super::shape::Delivery;
use crate::answer::Answer;
use crate::error::Error;
use crate::identity::CanRead;
use crate::input::Named;
use crate::state::ApiState;

/// One delivery with everything that was sent and answered.
#[utoipa::path(get, path = "/deliveries/{id}", tag = "deliveries", security(("bearer" = ["read"])),
    params(("id" = String, Path, description = "The delivery's id, `dlv_…`")),
    responses((status = 200, description = "The delivery", body = Delivery)))]
pub(crate) async fn get_delivery(
    _: CanRead,
    State(state): State<ApiState>,
    Named(id): Named,
) -> Result<Answer<Delivery>, Error> {
    whole(&state, id_of(&id)?).await.map(Answer)
}
