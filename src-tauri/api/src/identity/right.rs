//! Rights as types: if one is in the signature of an operation, it was checked.

use axum::extract::FromRequestParts;
use http::StatusCode;
use http::request::Parts;

use super::caller::{Caller, Scope};
use crate::error::{Error, ErrorCode};

/// May look.
pub(crate) struct CanRead(pub(crate) Caller);

/// May start jobs and send again.
pub(crate) struct CanRun(pub(crate) Caller);

/// May change anything.
pub(crate) struct CanManage(());

impl<S: Send + Sync> FromRequestParts<S> for CanRead {
    type Rejection = Error;

    async fn from_request_parts(parts: &mut Parts, _state: &S) -> Result<Self, Error> {
        require(parts, Scope::Read).map(|caller| Self(caller.clone()))
    }
}

impl<S: Send + Sync> FromRequestParts<S> for CanRun {
    type Rejection = Error;

    async fn from_request_parts(parts: &mut Parts, _state: &S) -> Result<Self, Error> {
        require(parts, Scope::Run).map(|caller| Self(caller.clone()))
    }
}

impl<S: Send + Sync> FromRequestParts<S> for CanManage {
    type Rejection = Error;

    async fn from_request_parts(parts: &mut Parts, _state: &S) -> Result<Self, Error> {
        require(parts, Scope::Manage).map(|_| Self(()))
    }
}

fn require(parts: &Parts, needed: Scope) -> Result<&Caller, Error> {
    let caller = parts
        .extensions
        .get::<Caller>()
        .ok_or_else(Error::unauthorized)?;
    if caller.scope.includes(needed) {
        return Ok(caller);
    }
    let (has, needs) = (caller.scope.as_str(), needed.as_str());
    Err(Error::new(
        StatusCode::FORBIDDEN,
        ErrorCode::Forbidden,
        format!("This token has the scope `{has}`, and the operation needs `{needs}`."),
    )
    .hint(format!(
        "Make a token with `hookloom token create NAME --scope {needs}` and use that one."
    )))
}
