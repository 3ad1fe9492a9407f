//! Signing in from the browser: the one-time code of the `ui` URL against a token.

use axum::extract::State;
use serde::{Deserialize, Serialize};
use utoipa::ToSchema;

use crate::answer::Answer;
use crate::error::Error;
use crate::input::Body;
use crate::state::ApiState;

/// Exchanges the one-time code of the `ui` URL for a token of this session.
#[utoipa::path(post, path = "/session", tag = "session", security(()),
    request_body = SessionRequest,
    responses((status = 200, description = "Signed in", body = Session)))]
pub(crate) async fn create_session(
    State(_state): State<ApiState>,
    Body(_request): Body<SessionRequest>,
) -> Result<Answer<Session>, Error> {
    Err(Error::unavailable())
}

/// A one-time code.
#[derive(Deserialize, ToSchema)]
pub struct SessionRequest {
    /// From the fragment of the `ui` URL; good for one use within ten minutes.
    pub code: String,
}

/// A session.
#[derive(Serialize, ToSchema)]
pub struct Session {
    /// A bearer token with every right; ends twelve hours after its last use, and with the process.
    pub token: String,
}
