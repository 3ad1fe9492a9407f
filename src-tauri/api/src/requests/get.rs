//! `GET /requests/{id}`

use axum::extract::State;

use super::detail::RequestDetail;
use crate::answer::Answer;
use crate::error::Error;
use crate::identity::CanRead;
use crate::input::Named;
use crate::state::ApiState;

/// One request with its headers, its body and what was checked.
#[utoipa::path(get, path = "/requests/{id}", tag = "requests", security(("bearer" = ["read"])),
    params(("id" = String, Path, description = "The request's id, `mqr_…`")),
    responses((status = 200, description = "The request", body = RequestDetail)))]
pub(crate) async fn get_request(
    _: CanRead,
    State(_state): State<ApiState>,
    Named(_id): Named,
) -> Result<Answer<RequestDetail>, Error> {
    Err(Error::unavailable())
}
