//! Signing in from the browser: the one-time code of the `ui` URL against a token.

use axum::extract::State;
use http::StatusCode;
use serde::{Deserialize, Serialize};
use utoipa::ToSchema;

use crate::answer::Answer;
use crate::error::{Error, ErrorCode};
use crate::identity::new_token;
use crate::input::Body;
use crate::state::ApiState;

/// Who signs in is nobody yet, and gets no room for more than a code.
pub(crate) const BODY_BYTES_MAX: usize = 1_024;

/// Exchanges the one-time code of the `ui` URL for a token of this session.
#[utoipa::path(post, path = "/session", tag = "session", security(()),
    request_body = SessionRequest,
    responses((status = 200, description = "Signed in", body = Session)))]
pub(crate) async fn create_session(
    State(state): State<ApiState>,
    Body(request): Body<SessionRequest>,
) -> Result<Answer<Session>, Error> {
    let now_ms = state.clock.now_ms();
    if !state.codes.spend(&request.code, now_ms) {
        return Err(Error::new(
            StatusCode::UNAUTHORIZED,
            ErrorCode::CodeUnknown,
            "The code of this link was used already, or is older than ten minutes.",
        )
        .hint("Start `hookloom serve` again for a new link, or paste an access token."));
    }
    let token = new_token()?;
    state.tokens.signed_in.0.begin(token.expose(), now_ms);
    Ok(Answer(Session {
        token: token.expose().clone(),
    }))
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
