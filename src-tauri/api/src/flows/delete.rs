//! `DELETE /flows/{name}`

use axum::extract::State;
use http::StatusCode;

use crate::error::Error;
use crate::identity::CanManage;
use crate::input::Named;
use crate::state::ApiState;

/// Deletes a flow with its versions. Its jobs and their history stay.
#[utoipa::path(delete, path = "/flows/{name}", tag = "flows", security(("bearer" = ["manage"])),
    params(("name" = String, Path, description = "The flow's name")),
    responses((status = 204, description = "Deleted")))]
pub(crate) async fn delete_flow(
    _: CanManage,
    State(_state): State<ApiState>,
    Named(_name): Named,
) -> Result<StatusCode, Error> {
    Err(Error::unavailable())
}
