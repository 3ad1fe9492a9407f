//! Why a request was refused: what its owner reads, and which row of the answers table the caller gets.
//!
//! The variants stand in the order of the checks, so that the last passed check can be told from the reason.

use axum::response::Response;
use hookloom_engine::ports::SecretError;
use hookloom_model::CALL_DEPTH_MAX;
use hookloom_model::document::Mode;
use hookloom_model::request::Reason;
use http::StatusCode;
use http::header::{ALLOW, HeaderValue, WWW_AUTHENTICATE};

use crate::answer;
use crate::limits::{IDEMPOTENCY_KEY_BYTES_MAX, UNAVAILABLE_RETRY_AFTER_S};

/// Every reason code, in the order of the checks: a request with one of them passed those that stand before it.
/// Only what is no fault of the request (`storage_unavailable`, `secret_unavailable`) can come up later too.
pub const REASON_CODES: &[&str] = &[
    "stopping",
    "receiving_paused",
    "storage_unavailable",
    "calls_waiting",
    "secret_unavailable",
    "method_not_allowed",
    "source_rate_limit",
    "origin",
    "secret_missing",
    "key_missing",
    "wrong_key",
    "address_not_allowed",
    "credentials_missing",
    "wrong_credentials",
    "call_depth",
    "content_encoding",
    "content_type",
    "bodies_held",
    "too_large",
    "compression_ratio",
    "body_incomplete",
    "invalid_signature",
    "endpoint_rate_limit",
    "mode",
    "malformed",
    "schema",
    "idempotency_key",
    "internal",
];

/// Why a request is not accepted.
#[derive(Debug, Clone, PartialEq, Eq)]
pub(crate) enum Refusal {
    /// The listener is shutting down.
    Stopping,
    /// A person wants no requests for a while.
    Paused,
    /// The disk is full, or too much waits to be written.
    StorageUnavailable { reason: String },
    /// Too many calls wait for their jobs.
    CallsWaiting { calls_max: usize },
    /// A key cannot be read now.
    SecretUnavailable { reason: String },
    /// The endpoint takes other methods.
    MethodNotAllowed { allowed: Vec<String> },
    /// Too many requests of one source address.
    SourceRate {
        per_minute_max: u32,
        retry_after_s: u64,
    },
    /// A page of another origin than those that may call.
    Origin { given: String, allowed: Vec<String> },
    /// The secret that should be compared with does not exist: fails closed.
    SecretMissing { reason: String, denied: Denied },
    /// The request has no key.
    KeyMissing { place: String },
    /// The key is another one.
    WrongKey { place: String },
    /// The endpoint takes requests of other addresses.
    AddressNotAllowed { address: String },
    /// The request does not show who it is from.
    CredentialsMissing { what: String, denied: Denied },
    /// What it shows is not what the endpoint asks for.
    WrongCredentials { reason: String, denied: Denied },
    /// Jobs call one another in a circle, or nearly so.
    TooDeep,
    /// The body is compressed in a way that is not known.
    ContentEncoding { given: String },
    /// The endpoint takes other content types.
    ContentType {
        given: String,
        accepted: Vec<String>,
    },
    /// All bodies together are too much for memory, or for what may wait on disk.
    BodiesHeld { bytes_max: u64, limit: &'static str },
    /// The body is over the endpoint's limit.
    TooLarge { bytes_max: u64 },
    /// Far more came out of a compressed body than went in.
    Bomb { ratio_max: u64 },
    /// The body broke off, or stopped moving.
    BodyIncomplete { reason: String },
    /// The signature is missing, wrong, or too old.
    InvalidSignature {
        scheme: &'static str,
        reason: String,
    },
    /// Too many requests of this endpoint.
    EndpointRate {
        per_minute_max: u32,
        retry_after_s: u64,
    },
    /// The caller asks for an answer that the endpoint does not give.
    Mode { given: String, allowed: Vec<Mode> },
    /// The body is not what its content type says.
    Malformed { reason: String },
    /// The body is not what the endpoint's JSON Schema asks for.
    Schema { reason: String },
    /// The idempotency key cannot be used.
    IdempotencyKey { reason: String },
    /// Our fault.
    Internal { reason: String },
}

/// What a caller who is not let in gets.
#[derive(Debug, Clone, PartialEq, Eq)]
pub(crate) enum Denied {
    SharedKey,
    /// With the ways in which it may show who it is.
    Credentials(Vec<&'static str>),
    Signature,
}

impl Denied {
    fn answer(&self) -> Response {
        let status = StatusCode::UNAUTHORIZED;
        match self {
            Self::SharedKey => answer::fixed(status, answer::INVALID_SHARED_KEY),
            Self::Signature => answer::fixed(status, answer::INVALID_SIGNATURE),
            Self::Credentials(challenges) => {
                let mut response = answer::fixed(status, answer::INVALID_CREDENTIALS);
                for challenge in challenges {
                    let challenge = HeaderValue::from_static(challenge);
                    response.headers_mut().append(WWW_AUTHENTICATE, challenge);
                }
                response
            }
        }
    }
}

impl Refusal {
    /// Whether it was the signature that was looked at last.
    pub fn is_about_a_signature(&self) -> bool {
        match self {
            Self::InvalidSignature { .. } => true,
            Self::SecretMissing { denied, .. } | Self::WrongCredentials { denied, .. } => {
                *denied == Denied::Signature
            }
            _ => false,
        }
    }

    /// The idempotency key is too long.
    pub fn idempotency_key_too_long(bytes: usize) -> Self {
        Self::IdempotencyKey {
            reason: format!(
                "the idempotency key has {bytes} bytes; at most {IDEMPOTENCY_KEY_BYTES_MAX} are \
                 taken (idempotency_key_bytes_max)"
            ),
        }
    }

    /// A key of ours that cannot be used: not now, or not at all.
    pub fn of_secret(error: &SecretError) -> Self {
        let reason = error.to_string();
        match error {
            SecretError::Unavailable { .. } => Self::SecretUnavailable { reason },
            SecretError::Missing { .. } | SecretError::Damaged { .. } => Self::Internal { reason },
        }
    }

    /// What the caller gets.
    pub fn answer(&self) -> Response {
        use StatusCode as S;
        match self {
            Self::Stopping
            | Self::Paused
            | Self::StorageUnavailable { .. }
            | Self::CallsWaiting { .. }
            | Self::SecretUnavailable { .. }
            | Self::BodiesHeld { .. } => answer::fixed_retry_after(
                S::SERVICE_UNAVAILABLE,
                answer::UNAVAILABLE,
                UNAVAILABLE_RETRY_AFTER_S,
            ),
            Self::MethodNotAllowed { allowed } => {
                let mut response = answer::fixed(S::METHOD_NOT_ALLOWED, answer::METHOD_NOT_ALLOWED);
                if let Ok(allowed) = HeaderValue::try_from(allowed.join(", ")) {
                    response.headers_mut().insert(ALLOW, allowed);
                }
                response
            }
            Self::SourceRate { retry_after_s, .. } | Self::EndpointRate { retry_after_s, .. } => {
                answer::fixed_retry_after(
                    S::TOO_MANY_REQUESTS,
                    answer::TOO_MANY_REQUESTS,
                    *retry_after_s,
                )
            }
            Self::KeyMissing { .. } | Self::WrongKey { .. } => Denied::SharedKey.answer(),
            Self::AddressNotAllowed { .. } => Denied::Credentials(Vec::new()).answer(),
            Self::SecretMissing { denied, .. }
            | Self::CredentialsMissing { denied, .. }
            | Self::WrongCredentials { denied, .. } => denied.answer(),
            Self::InvalidSignature { .. } => Denied::Signature.answer(),
            Self::Origin { .. } => answer::fixed(S::FORBIDDEN, answer::ORIGIN_NOT_ALLOWED),
            Self::TooDeep => answer::fixed(S::LOOP_DETECTED, answer::LOOP_DETECTED),
            Self::ContentEncoding { .. } | Self::ContentType { .. } => {
                answer::fixed(S::UNSUPPORTED_MEDIA_TYPE, answer::UNSUPPORTED_CONTENT_TYPE)
            }
            Self::TooLarge { .. } | Self::Bomb { .. } => {
                answer::fixed(S::PAYLOAD_TOO_LARGE, answer::TOO_LARGE)
            }
            Self::BodyIncomplete { .. }
            | Self::Malformed { .. }
            | Self::Schema { .. }
            | Self::Mode { .. }
            | Self::IdempotencyKey { .. } => answer::fixed(S::BAD_REQUEST, answer::INVALID_FORMAT),
            Self::Internal { .. } => answer::fixed(S::INTERNAL_SERVER_ERROR, answer::INTERNAL),
        }
    }

    /// The stable name of the reason; one of [`REASON_CODES`].
    pub fn code(&self) -> &'static str {
        match self {
            Self::Stopping => "stopping",
            Self::Paused => "receiving_paused",
            Self::StorageUnavailable { .. } => "storage_unavailable",
            Self::CallsWaiting { .. } => "calls_waiting",
            Self::SecretUnavailable { .. } => "secret_unavailable",
            Self::MethodNotAllowed { .. } => "method_not_allowed",
            Self::SourceRate { .. } => "source_rate_limit",
            Self::Origin { .. } => "origin",
            Self::SecretMissing { .. } => "secret_missing",
            Self::KeyMissing { .. } => "key_missing",
            Self::WrongKey { .. } => "wrong_key",
            Self::AddressNotAllowed { .. } => "address_not_allowed",
            Self::CredentialsMissing { .. } => "credentials_missing",
            Self::WrongCredentials { .. } => "wrong_credentials",
            Self::TooDeep => "call_depth",
            Self::ContentEncoding { .. } => "content_encoding",
            Self::ContentType { .. } => "content_type",
            Self::BodiesHeld { .. } => "bodies_held",
            Self::TooLarge { .. } => "too_large",
            Self::Bomb { .. } => "compression_ratio",
            Self::BodyIncomplete { .. } => "body_incomplete",
            Self::InvalidSignature { .. } => "invalid_signature",
            Self::EndpointRate { .. } => "endpoint_rate_limit",
            Self::Mode { .. } => "mode",
            Self::Malformed { .. } => "malformed",
            Self::Schema { .. } => "schema",
            Self::IdempotencyKey { .. } => "idempotency_key",
            Self::Internal { .. } => "internal",
        }
    }

    /// What the endpoint's owner reads.
    pub fn reason(&self) -> Reason {
        Reason {
            code: self.code().to_owned(),
            message: self.message(),
        }
    }

    fn message(&self) -> String {
        match self {
            Self::Stopping => {
                "Hookloom was shutting down; the sender was asked to come again".into()
            }
            Self::Paused => {
                "Receiving was paused by a person; the sender was asked to come again".into()
            }
            Self::StorageUnavailable { reason } => could_not_be("saved", reason),
            Self::CallsWaiting { calls_max } => format!(
                "{calls_max} calls wait for their jobs already (calls_waiting_max); the sender was asked to come again"
            ),
            Self::SecretUnavailable { reason } => could_not_be("checked", reason),
            Self::MethodNotAllowed { allowed } => {
                format!("The endpoint takes {} only", allowed.join(", "))
            }
            Self::SourceRate { per_minute_max, .. } => format!(
                "The source address sent more than {per_minute_max} requests a minute \
                 (source_requests_per_minute_max)"
            ),
            Self::Origin { given, allowed } => origin_message(given, allowed),
            Self::SecretMissing { reason, .. } => {
                format!("Nobody can call this endpoint: {reason}")
            }
            Self::KeyMissing { place } => {
                format!("The request has no shared key: {place} is missing")
            }
            Self::WrongKey { place } => format!("The shared key in {place} is wrong"),
            Self::AddressNotAllowed { address } => {
                format!("The request comes from {address}, which is in none of the ranges")
            }
            Self::CredentialsMissing { what, .. } => {
                format!("The request does not show who it is from: {what} is missing")
            }
            Self::WrongCredentials { reason, .. } => reason.clone(),
            Self::TooDeep => too_deep_message(),
            Self::ContentEncoding { given } => format!(
                "The body's Content-Encoding is `{given}`; one of gzip, deflate, br and zstd is taken"
            ),
            Self::ContentType { given, accepted } => format!(
                "The Content-Type is {given}; the endpoint takes {} (content_types)",
                accepted.join(", ")
            ),
            Self::BodiesHeld { bytes_max, limit } => held_message(*bytes_max, limit),
            Self::TooLarge { bytes_max } => {
                format!("The body is larger than {bytes_max} bytes (body_bytes_max)")
            }
            Self::Bomb { ratio_max } => format!(
                "The compressed body grew to more than {ratio_max} times its size \
                 (body_ratio_max)"
            ),
            Self::InvalidSignature { scheme, reason } => {
                format!("The signature ({scheme}) does not count: {reason}")
            }
            Self::Schema { reason } => {
                format!("The body does not fit the endpoint's JSON Schema: {reason}")
            }
            Self::BodyIncomplete { reason } => format!("The body did not arrive: {reason}"),
            Self::EndpointRate { per_minute_max, .. } => format!(
                "The endpoint takes {per_minute_max} requests a minute (requests_per_minute_max)"
            ),
            Self::Mode { given, allowed } => mode_message(given, allowed),
            Self::Malformed { reason } => reason.clone(),
            Self::IdempotencyKey { reason } => {
                format!("The request cannot be told from repeats: {reason}")
            }
            Self::Internal { reason } => format!("Hookloom failed: {reason}"),
        }
    }
}

fn could_not_be(what: &str, reason: &str) -> String {
    format!("The request could not be {what}: {reason}")
}

fn origin_message(given: &str, allowed: &[String]) -> String {
    format!(
        "The request comes from a page of `{given}`; pages of {} may call (allowed_origins)",
        allowed.join(", ")
    )
}

fn held_message(bytes_max: u64, limit: &str) -> String {
    format!(
        "All bodies that were being received came to more than {bytes_max} bytes ({limit}); the sender was asked to come \
         again"
    )
}

fn too_deep_message() -> String {
    format!(
        "The request comes from a chain of {CALL_DEPTH_MAX} jobs that called one another (call_depth_max); look for a \
         flow that calls itself"
    )
}

fn mode_message(given: &str, allowed: &[Mode]) -> String {
    let allowed: Vec<_> = allowed.iter().map(|mode| mode.as_str()).collect();
    format!(
        "The caller asked for apiCallType={given}; the endpoint answers {} (modes_allowed)",
        allowed.join(", ")
    )
}
