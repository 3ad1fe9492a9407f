//! Everything that an operation can refuse, as one body: a code for scripts, and for people what happened, why,
//! and what to do.

use axum::response::{IntoResponse, Response};
use http::{HeaderValue, StatusCode, header};
use serde::Serialize;
use utoipa::ToSchema;

use crate::flows::FlowDetail;
use crate::named::named;
use crate::problem::Problem;

/// The body of every answer that is not a success.
#[derive(Debug, Clone, Serialize, ToSchema)]
pub struct ErrorAnswer {
    pub error: ErrorBody,
}

/// What went wrong.
#[derive(Debug, Clone, Serialize, ToSchema)]
pub struct ErrorBody {
    pub code: ErrorCode,
    /// What happened and why.
    pub message: String,
    /// What to do about it.
    pub hint: Option<String>,
    /// Everything that is wrong with the document; only with `document_invalid` and `publish_refused`.
    #[serde(skip_serializing_if = "Vec::is_empty")]
    pub problems: Vec<Problem>,
    /// The flow as it is now; only with `draft_conflict`.
    #[serde(skip_serializing_if = "Option::is_none")]
    #[schema(nullable = false)]
    pub current: Option<Box<FlowDetail>>,
}

named!(
    /// What went wrong, for a caller that tells cases apart.
    ErrorCode {
        BadRequest = "bad_request",
        Unauthorized = "unauthorized",
        CodeUnknown = "code_unknown",
        Forbidden = "forbidden",
        HostNotAllowed = "host_not_allowed",
        OriginNotAllowed = "origin_not_allowed",
        RouteNotFound = "route_not_found",
        FlowNotFound = "flow_not_found",
        VersionNotFound = "version_not_found",
        RequestNotFound = "request_not_found",
        JobNotFound = "job_not_found",
        DeliveryNotFound = "delivery_not_found",
        SecretNotFound = "secret_not_found",
        VariableNotFound = "variable_not_found",
        TokenNotFound = "token_not_found",
        MethodNotAllowed = "method_not_allowed",
        NameTaken = "name_taken",
        NameInvalid = "name_invalid",
        DraftConflict = "draft_conflict",
        NotPublished = "not_published",
        EndpointTaken = "endpoint_taken",
        BodyTooLarge = "body_too_large",
        ContentTypeUnsupported = "content_type_unsupported",
        DocumentInvalid = "document_invalid",
        PublishRefused = "publish_refused",
        OutputUnknown = "output_unknown",
        ResendRefused = "resend_refused",
        VaultUnavailable = "vault_unavailable",
        Unavailable = "unavailable",
        Timeout = "timeout",
        Internal = "internal",
    }
);

/// Why an operation was not done.
#[derive(Debug, thiserror::Error)]
#[error("{}", body.message)]
pub struct Error {
    status: StatusCode,
    body: Box<ErrorBody>,
    retry_after_s: Option<u32>,
    /// Kept for the log; never part of the answer.
    #[source]
    source: Option<Box<dyn std::error::Error + Send + Sync>>,
}

impl Error {
    /// A refusal with its status and what happened.
    pub fn new(status: StatusCode, code: ErrorCode, message: impl Into<String>) -> Self {
        let body = ErrorBody {
            code,
            message: message.into(),
            hint: None,
            problems: Vec::new(),
            current: None,
        };
        Self {
            status,
            body: Box::new(body),
            retry_after_s: None,
            source: None,
        }
    }

    /// The database or the process cannot do it now.
    pub fn unavailable() -> Self {
        Self::new(
            StatusCode::SERVICE_UNAVAILABLE,
            ErrorCode::Unavailable,
            "This cannot be done now.",
        )
    }

    /// The same, with what to do about it.
    #[must_use]
    pub fn hint(mut self, hint: impl Into<String>) -> Self {
        self.body.hint = Some(hint.into());
        self
    }

    /// What a caller sees of it.
    pub fn code(&self) -> ErrorCode {
        self.body.code
    }
}

impl IntoResponse for Error {
    fn into_response(self) -> Response {
        let Self {
            status,
            body,
            retry_after_s,
            source: _,
        } = self;
        let mut answer = (status, axum::Json(ErrorAnswer { error: *body })).into_response();
        if let Some(seconds) = retry_after_s {
            answer
                .headers_mut()
                .insert(header::RETRY_AFTER, HeaderValue::from(seconds));
        }
        answer
    }
}
