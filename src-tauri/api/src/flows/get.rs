//! `GET /flows/{name}`

use axum::extract::State;
use serde::Deserialize;
use utoipa::IntoParams;

use super::detail::{FlowDetail, detail};
use crate::answer::Answer;
use crate::error::Error;
use crate::identity::CanRead;
use crate::input::{Named, Query};
use crate::state::ApiState;

/// One flow with its draft, or with the document of a version.
#[utoipa::path(get, path = "/flows/{name}", tag = "flows", security(("bearer" = ["read"])),
    params(("name" = String, Path, description = "The flow's name"), VersionQuery),
    responses((status = 200, description = "The flow", body = FlowDetail)))]
pub(crate) async fn get_flow(
    _: CanRead,
    State(state): State<ApiState>,
    Named(name): Named,
    Query(query): Query<VersionQuery>,
) -> Result<Answer<FlowDetail>, Error> {
    detail(&state, &name, query.version).await.map(Answer)
}

/// Which document of a flow.
#[derive(Debug, Default, Deserialize, IntoParams)]
#[into_params(parameter_in = Query)]
pub struct VersionQuery {
    /// A published version; the draft if it is left out.
    pub version: Option<i64>,
}
