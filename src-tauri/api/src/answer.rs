//! The ways in which an operation answers with JSON.

use axum::response::{IntoResponse, Response};
use http::{HeaderValue, header};
use serde::Serialize;

/// An answer in JSON. Nobody keeps a copy of it.
pub(crate) struct Answer<T>(pub T);

/// An answer whose JSON text is there already.
pub(crate) struct JsonText(pub String);

impl<T: Serialize> IntoResponse for Answer<T> {
    fn into_response(self) -> Response {
        unkept(axum::Json(self.0).into_response())
    }
}

impl IntoResponse for JsonText {
    fn into_response(self) -> Response {
        let kind = HeaderValue::from_static("application/json");
        unkept(([(header::CONTENT_TYPE, kind)], self.0).into_response())
    }
}

fn unkept(mut answer: Response) -> Response {
    answer
        .headers_mut()
        .insert(header::CACHE_CONTROL, HeaderValue::from_static("no-store"));
    answer
}
