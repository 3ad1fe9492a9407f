//! Operations on access tokens. A token is shown once, when it is made; only its hash is kept.

use axum::extract::State;
use http::StatusCode;
use serde::{Deserialize, Serialize};
use utoipa::ToSchema;

use crate::answer::Answer;
use crate::error::Error;
use crate::identity::{CanManage, Scope};
use crate::input::{Body, Named};
use crate::state::ApiState;
use crate::time::At;

/// Every access token, without the tokens themselves.
#[utoipa::path(get, path = "/tokens", tag = "tokens", security(("bearer" = ["manage"])),
    responses((status = 200, description = "All access tokens, by name", body = AccessTokenList)))]
pub(crate) async fn list_tokens(
    _: CanManage,
    State(_state): State<ApiState>,
) -> Result<Answer<AccessTokenList>, Error> {
    Err(Error::unavailable())
}

/// Makes an access token. The answer is the only place where it can ever be read.
#[utoipa::path(post, path = "/tokens", tag = "tokens", security(("bearer" = ["manage"])),
    request_body = TokenRequest,
    responses((status = 201, description = "Made", body = TokenMade)))]
pub(crate) async fn create_token(
    _: CanManage,
    State(_state): State<ApiState>,
    Body(_wanted): Body<TokenRequest>,
) -> Result<(StatusCode, Answer<TokenMade>), Error> {
    Err(Error::unavailable())
}

/// Revokes an access token at once.
#[utoipa::path(delete, path = "/tokens/{name}", tag = "tokens", security(("bearer" = ["manage"])),
    params(("name" = String, Path, description = "The token's name")),
    responses((status = 204, description = "Revoked")))]
pub(crate) async fn revoke_token(
    _: CanManage,
    State(_state): State<ApiState>,
    Named(_name): Named,
) -> Result<StatusCode, Error> {
    Err(Error::unavailable())
}

/// A token to make.
#[derive(Debug, Deserialize, ToSchema)]
pub struct TokenRequest {
    /// What it is for, unique among the tokens.
    pub name: String,
    pub scope: Scope,
}

/// A token that was made.
#[derive(Debug, Serialize, ToSchema)]
pub struct TokenMade {
    /// Shown once.
    pub token: String,
    pub name: String,
    pub scope: Scope,
}

/// All access tokens, by name.
#[derive(Debug, Serialize, ToSchema)]
pub struct AccessTokenList {
    pub items: Vec<AccessToken>,
}

/// An access token, without the token itself.
#[derive(Debug, Clone, Serialize, ToSchema)]
pub struct AccessToken {
    pub name: String,
    pub scope: Scope,
    pub created_at: At,
    pub last_used_at: Option<At>,
}
