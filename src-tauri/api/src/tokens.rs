//! Operations on access tokens. A token is shown once, when it is made; only its hash is kept.

use axum::extract::State;
use hookloom_store::TokenRow;
use http::StatusCode;
use serde::{Deserialize, Serialize};
use utoipa::ToSchema;

use crate::answer::Answer;
use crate::error::{Error, ErrorCode};
use crate::identity::{CanManage, Scope, TokenHash, new_token};
use crate::input::{Body, Named};
use crate::state::ApiState;
use crate::time::At;

/// The longest name of a token.
const NAME_CHARS_MAX: usize = 64;

/// Every access token, without the tokens themselves.
#[utoipa::path(get, path = "/tokens", tag = "tokens", security(("bearer" = ["manage"])),
    responses((status = 200, description = "All access tokens, by name", body = AccessTokenList)))]
pub(crate) async fn list_tokens(
    _: CanManage,
    State(state): State<ApiState>,
) -> Result<Answer<AccessTokenList>, Error> {
    let mut rows = state.store.tokens().await?;
    rows.sort_by(|a, b| a.name.cmp(&b.name));
    let shown = |TokenRow {
                     id: _,
                     name,
                     scope,
                     created_at_ms,
                     last_used_at_ms,
                 }| AccessToken {
        name,
        scope: scope.into(),
        created_at: At::from_ms(created_at_ms),
        last_used_at: last_used_at_ms.map(At::from_ms),
    };
    Ok(Answer(AccessTokenList {
        items: rows.into_iter().map(shown).collect(),
    }))
}

/// Makes an access token. The answer is the only place where it can ever be read.
#[utoipa::path(post, path = "/tokens", tag = "tokens", security(("bearer" = ["manage"])),
    request_body = TokenRequest,
    responses((status = 201, description = "Made", body = TokenMade)))]
pub(crate) async fn create_token(
    _: CanManage,
    State(state): State<ApiState>,
    Body(wanted): Body<TokenRequest>,
) -> Result<(StatusCode, Answer<TokenMade>), Error> {
    let TokenRequest { name, scope } = wanted;
    check_name(&name)?;
    let token = new_token()?;
    let hash = TokenHash::of(token.expose());
    state
        .store
        .put_token(&name, hash.0, scope.into(), state.clock.now_ms())
        .await?;
    let made = TokenMade {
        token: token.expose().clone(),
        name,
        scope,
    };
    Ok((StatusCode::CREATED, Answer(made)))
}

/// Revokes an access token at once.
#[utoipa::path(delete, path = "/tokens/{name}", tag = "tokens", security(("bearer" = ["manage"])),
    params(("name" = String, Path, description = "The token's name")),
    responses((status = 204, description = "Revoked")))]
pub(crate) async fn revoke_token(
    _: CanManage,
    State(state): State<ApiState>,
    Named(name): Named,
) -> Result<StatusCode, Error> {
    if state.store.delete_token(&name).await? {
        return Ok(StatusCode::NO_CONTENT);
    }
    let message = format!("There is no access token named `{name}`.");
    Err(Error::not_found(ErrorCode::TokenNotFound, message))
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

/// A token's name is short and says something.
pub(crate) fn check_name(name: &str) -> Result<(), Error> {
    let chars = name.chars().count();
    if (1..=NAME_CHARS_MAX).contains(&chars) && !name.chars().any(char::is_control) {
        return Ok(());
    }
    let message = format!(
        "A token's name says what it is for, in 1 to NAME_CHARS_MAX = {NAME_CHARS_MAX} characters."
    );
    Err(Error::new(
        StatusCode::UNPROCESSABLE_ENTITY,
        ErrorCode::NameInvalid,
        message,
    ))
}
