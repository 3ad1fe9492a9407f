//! What operations read from a request: parts of the path, the query, the body. What does not fit is answered
//! with our error body and says what was expected.

use axum::extract::{FromRequest, FromRequestParts, Path, Request};
use http::StatusCode;
use http::request::Parts;
use serde::de::DeserializeOwned;

use crate::error::{Error, ErrorCode};

/// A name or an id from the path.
pub(crate) struct Named(pub String);

/// A number from the path.
pub(crate) struct Numbered(pub i64);

/// The query.
pub(crate) struct Query<T>(pub T);

/// The body, as JSON.
pub(crate) struct Body<T>(pub T);

impl<S: Send + Sync> FromRequestParts<S> for Named {
    type Rejection = Error;

    async fn from_request_parts(parts: &mut Parts, state: &S) -> Result<Self, Error> {
        let Path(text) = Path::<String>::from_request_parts(parts, state)
            .await
            .map_err(|e| bad("path", e.body_text()))?;
        Ok(Self(text))
    }
}

impl<S: Send + Sync> FromRequestParts<S> for Numbered {
    type Rejection = Error;

    async fn from_request_parts(parts: &mut Parts, state: &S) -> Result<Self, Error> {
        let Path(number) = Path::<i64>::from_request_parts(parts, state)
            .await
            .map_err(|e| bad("path", e.body_text()))?;
        Ok(Self(number))
    }
}

impl<S: Send + Sync, T: DeserializeOwned> FromRequestParts<S> for Query<T> {
    type Rejection = Error;

    async fn from_request_parts(parts: &mut Parts, state: &S) -> Result<Self, Error> {
        let axum::extract::Query(query) =
            axum::extract::Query::<T>::from_request_parts(parts, state)
                .await
                .map_err(|e| bad("query", e.body_text()))?;
        Ok(Self(query))
    }
}

impl<S: Send + Sync, T: DeserializeOwned> FromRequest<S> for Body<T> {
    type Rejection = Error;

    async fn from_request(request: Request, state: &S) -> Result<Self, Error> {
        let axum::Json(body) = axum::Json::<T>::from_request(request, state)
            .await
            .map_err(|e| bad("body", e.body_text()))?;
        Ok(Self(body))
    }
}

fn bad(part: &str, why: String) -> Error {
    Error::new(
        StatusCode::BAD_REQUEST,
        ErrorCode::BadRequest,
        format!("The {part} does not fit: {why}."),
    )
}
