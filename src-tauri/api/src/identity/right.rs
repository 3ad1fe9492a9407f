//! Rights as types: if one is in the signature of an operation, it was checked.

use axum::extract::FromRequestParts;
use hookloom_model::{CALL_DEPTH_HEADER, CALL_DEPTH_MAX, call_depth};
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
        let caller = require(parts, Scope::Run)?.clone();
        let depth = parts.headers.get(CALL_DEPTH_HEADER);
        let depth = call_depth(depth.and_then(|value| value.to_str().ok()));
        if depth >= CALL_DEPTH_MAX {
            return Err(too_deep());
        }
        Ok(Self(Caller { depth, ..caller }))
    }
}

impl<S: Send + Sync> FromRequestParts<S> for CanManage {
    type Rejection = Error;

    async fn from_request_parts(parts: &mut Parts, _state: &S) -> Result<Self, Error> {
        require(parts, Scope::Manage).map(|_| Self(()))
    }
}

fn too_deep() -> Error {
    let message = format!(
        "This call comes from a job that was started by a job, {CALL_DEPTH_MAX} of them in a row (CALL_DEPTH_MAX): it looks \
         like a loop without end."
    );
    Error::new(StatusCode::LOOP_DETECTED, ErrorCode::LoopDetected, message)
        .hint("Look for a flow that starts itself, by a step or by a webhook task, and switch one of them off.")
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
