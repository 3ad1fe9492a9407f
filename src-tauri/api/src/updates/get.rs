//! `GET /updates`

use axum::extract::State;

use super::shape::{Updates, shown};
use crate::answer::Answer;
use crate::error::Error;
use crate::identity::CanRead;
use crate::state::ApiState;

/// What runs here, where updates come from, and what the last look found. Nobody is asked.
#[utoipa::path(get, path = "/updates", tag = "updates", security(("bearer" = ["read"])),
    responses((status = 200, description = "How it stands", body = Updates)))]
pub(crate) async fn get_updates(
    _: CanRead,
    State(state): State<ApiState>,
) -> Result<Answer<Updates>, Error> {
    shown(&state).await.map(Answer)
}
