//! Rights as types: if one is in the signature of an operation, it was checked.

use axum::extract::FromRequestParts;
use http::StatusCode;
use http::request::Parts;

use crate::error::{Error, ErrorCode};
use crate::named::named;

named!(
    /// What a token allows; each includes the one before it.
    Scope { Read = "read", Run = "run", Manage = "manage" }
);

macro_rules! right {
    ($(#[$doc:meta])* $name:ident = $scope:ident) => {
        $(#[$doc])*
        pub(crate) struct $name(());

        impl<S: Send + Sync> FromRequestParts<S> for $name {
            type Rejection = Error;

            async fn from_request_parts(_parts: &mut Parts, _state: &S) -> Result<Self, Error> {
                let _ = Scope::$scope;
                Err(Error::new(StatusCode::UNAUTHORIZED, ErrorCode::Unauthorized, "This needs a token."))
            }
        }
    };
}

right!(
    /// May look.
    CanRead = Read
);
right!(
    /// May start jobs and send again.
    CanRun = Run
);
right!(
    /// May change anything.
    CanManage = Manage
);
