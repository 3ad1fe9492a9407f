//! `DELETE /flows/{name}`

use axum::extract::State;
use http::StatusCode;

use crate::error::{Error, ErrorCode};
use crate::failures::OrMissing;
use crate::identity::CanManage;
use crate::input::Named;
use crate::state::ApiState;

/// Deletes a flow with its versions. Its jobs and their history stay.
#[utoipa::path(delete, path = "/flows/{name}", tag = "flows", security(("bearer" = ["manage"])),
    params(("name" = String, Path, description = "The flow's name")),
    responses((status = 204, description = "Deleted")))]
pub(crate) async fn delete_flow(
    _: CanManage,
    State(state): State<ApiState>,
    Named(name): Named,
) -> Result<StatusCode, Error> {
    let deleted = state.store.delete_flow(&name, state.clock.now_ms()).await;
    deleted.or_missing(ErrorCode::FlowNotFound)?;
    state.host.reload_endpoints().await?;
    Ok(StatusCode::NO_CONTENT)
}
