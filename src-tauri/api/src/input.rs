//! What operations read from a request: parts of the path, the query, the body. What does not fit is answered
//! with our error body and says what was expected.

use axum::extract::rejection::JsonRejection;
use axum::extract::{FromRequest, FromRequestParts, Path, Request};
use http::StatusCode;
use http::request::Parts;
use serde::de::DeserializeOwned;

use crate::error::{Error, ErrorCode};

/// A body of the control API is at most this long.
pub(crate) const BODY_BYTES_MAX: usize = 16 * 1024 * 1024;

/// A name or an id from the path.
pub(crate) struct Named(pub String);

/// A number from the path.
pub(crate) struct Numbered(pub i64);

/// Several names from the path.
pub(crate) struct Segments<T>(pub T);

/// The query.
pub(crate) struct Query<T>(pub T);

/// The body, as JSON.
pub(crate) struct Body<T>(pub T);

impl<S: Send + Sync> FromRequestParts<S> for Named {
    type Rejection = Error;

    async fn from_request_parts(parts: &mut Parts, state: &S) -> Result<Self, Error> {
        match Path::<String>::from_request_parts(parts, state).await {
            Ok(Path(text)) => Ok(Self(text)),
            // A path without a parameter is one that is a name itself.
            Err(error) if error.status().is_server_error() => {
                let last = parts.uri.path().rsplit('/').next().unwrap_or_default();
                Ok(Self(last.to_owned()))
            }
            Err(error) => Err(misfit("path", error.body_text())),
        }
    }
}

impl<S: Send + Sync> FromRequestParts<S> for Numbered {
    type Rejection = Error;

    async fn from_request_parts(parts: &mut Parts, state: &S) -> Result<Self, Error> {
        let path = Path::<i64>::from_request_parts(parts, state).await;
        path.map(|Path(number)| Self(number))
            .map_err(|error| misfit("path", error.body_text()))
    }
}

impl<S: Send + Sync, T: DeserializeOwned + Send> FromRequestParts<S> for Segments<T> {
    type Rejection = Error;

    async fn from_request_parts(parts: &mut Parts, state: &S) -> Result<Self, Error> {
        let path = Path::<T>::from_request_parts(parts, state).await;
        path.map(|Path(names)| Self(names))
            .map_err(|error| misfit("path", error.body_text()))
    }
}

impl<S: Send + Sync, T: DeserializeOwned> FromRequestParts<S> for Query<T> {
    type Rejection = Error;

    async fn from_request_parts(parts: &mut Parts, state: &S) -> Result<Self, Error> {
        let query = axum::extract::Query::<T>::from_request_parts(parts, state).await;
        query
            .map(|axum::extract::Query(query)| Self(query))
            .map_err(|error| misfit("query", error.body_text()))
    }
}

impl<S: Send + Sync, T: DeserializeOwned> FromRequest<S> for Body<T> {
    type Rejection = Error;

    async fn from_request(request: Request, state: &S) -> Result<Self, Error> {
        match axum::Json::<T>::from_request(request, state).await {
            Ok(axum::Json(body)) => Ok(Self(body)),
            Err(JsonRejection::MissingJsonContentType(_)) => Err(Error::new(
                StatusCode::UNSUPPORTED_MEDIA_TYPE,
                ErrorCode::ContentTypeUnsupported,
                "The body has no JSON type.",
            )
            .hint("Send it with `Content-Type: application/json`.")),
            Err(error) if error.status() == StatusCode::PAYLOAD_TOO_LARGE => Err(Error::new(
                StatusCode::PAYLOAD_TOO_LARGE,
                ErrorCode::BodyTooLarge,
                "The body is longer than this operation takes.",
            )
            .hint(format!(
                "Most operations take up to BODY_BYTES_MAX = {BODY_BYTES_MAX} bytes, signing in 1024."
            ))),
            Err(error) => Err(misfit("body", error.body_text())),
        }
    }
}

/// What a parser says of a part may quote it; a body may hold a secret's value, so only the place is told.
fn misfit(part: &str, why: String) -> Error {
    let message = if part == "body" {
        format!(
            "The body is not what this operation takes{}.",
            place_in(&why)
        )
    } else {
        format!("The {part} is not what this operation takes: {why}.")
    };
    Error::new(StatusCode::BAD_REQUEST, ErrorCode::BadRequest, message)
        .hint("GET /api/v1/openapi.json describes every operation.")
}

/// What of serde's message is ours: a missing field's name, or what was expected, with the line and column.
fn place_in(why: &str) -> String {
    let missing = why
        .find("missing field `")
        .and_then(|at| why[at..].split('`').nth(1))
        .map(|field| format!(": the field `{field}` is missing"));
    // The last one: the quoted value, which comes before it, may hold the same words.
    let expected = why.rfind(", expected ").map(|at| why[at..].to_owned());
    let place = why.rfind(" at line ").map(|at| format!(",{}", &why[at..]));
    missing.or(expected).or(place).unwrap_or_default()
}

#[cfg(test)]
mod tests {
    use proptest::prelude::*;

    use super::*;

    #[test]
    fn what_is_said_of_a_bad_body_does_not_quote_it() {
        let why = "Failed to deserialize the JSON body: invalid type: string \"hunter2hunter2\", expected a map at line 1 column 9";
        let said = misfit("body", why.to_owned()).to_string();
        assert!(!said.contains("hunter2"), "{said}");
        assert!(said.contains("line 1 column 9"), "{said}");
        let said = misfit(
            "body",
            "missing field `value` at line 1 column 2".to_owned(),
        )
        .to_string();
        assert!(said.contains("`value` is missing"), "{said}");
    }

    proptest! {
        #[test]
        fn no_part_of_a_value_comes_back_with_the_refusal(value in "[A-Za-z0-9,` ]{8,40}") {
            // Letters that none of our own words has, so that a hit is a leak.
            let value = format!("Q{value}Q");
            for body in [
                serde_json::json!(value),
                serde_json::json!({"value": {"inner": value}}),
                serde_json::json!({"value": [value]}),
                serde_json::json!({"other": value}),
            ] {
                let refused = serde_json::from_value::<crate::secrets::SecretValue>(body);
                let why = refused.err().expect("none of these is a value").to_string();
                let said = misfit("body", why).to_string();
                prop_assert!(!said.contains('Q'), "{}", said);
            }
        }
    }
}
