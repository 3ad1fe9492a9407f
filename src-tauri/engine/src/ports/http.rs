//! Calling somebody's URL.

use std::sync::Arc;

use async_trait::async_trait;
use bytes::Bytes;
pub use hookloom_model::document::InnerDestinations;
use hookloom_sensitive::Sensitive;
use url::Url;

/// The one HTTP client: guards destinations, follows no redirect, keeps to its limits.
#[async_trait]
pub trait Http: Send + Sync {
    /// Sends one request and reads the whole answer.
    async fn send(&self, request: OutgoingRequest) -> Result<Answer, HttpError>;
}

/// A request of ours. Headers, URL and body may hold secrets: it has no `Debug`.
#[derive(Clone)]
pub struct OutgoingRequest {
    /// GET, POST, …
    pub method: http::Method,
    /// Absolute, http or https.
    pub url: Url,
    /// Names and values in order.
    pub headers: Vec<(String, String)>,
    /// The exact bytes.
    pub body: Bytes,
    /// For the whole exchange, from name lookup to the last byte.
    pub timeout_ms: i64,
    /// Whether a bad certificate ends it.
    pub validate_ssl: bool,
    /// Whether data of a request chose the host: then loopback and private networks are refused.
    pub host_from_request: bool,
    /// What may be called although it would be refused.
    pub inner_destinations: Arc<InnerDestinations>,
    /// An answer longer than this is an error of kind `TooLarge`.
    pub answer_bytes_max: u64,
    /// How redirects are followed; without it a redirect is an answer like any other.
    pub redirects: Option<Redirects>,
    /// Certificates for this destination alone.
    pub certificates: Option<Arc<Certificates>>,
}

/// Certificates of one destination: whom it may be signed by, and who we are to it. Holds a key: it has no `Debug`.
pub struct Certificates {
    /// PEM of the authorities that are believed, and no others; none: those that are believed everywhere.
    pub authorities: Option<String>,
    /// What we show, if the destination asks who we are.
    pub client: Option<ClientIdentity>,
}

/// A certificate of ours and its key.
pub struct ClientIdentity {
    /// PEM, with the certificates that lead to the authority behind it.
    pub certificate: String,
    /// PEM of the private key.
    pub key: Arc<Sensitive<String>>,
}

/// How the network is reached, for every call.
#[derive(Debug, Clone, PartialEq, Eq)]
pub struct NetworkSettings {
    /// Whether the system's certificates are believed; else Mozilla's alone.
    pub system_trust: bool,
    /// A proxy for everything but this computer.
    pub proxy: Option<ProxySettings>,
}

impl Default for NetworkSettings {
    fn default() -> Self {
        Self {
            system_trust: true,
            proxy: None,
        }
    }
}

/// An outgoing proxy.
#[derive(Debug, Clone, PartialEq, Eq)]
pub struct ProxySettings {
    /// http or https; with the user, if it wants one, and never with a password.
    pub url: Url,
    /// The name of the secret that is the user's password.
    pub password: Option<String>,
    /// Hosts, domains and networks that are called without it, separated by commas.
    pub bypass: Option<String>,
}

/// Following redirects. Each address is checked as the first was; one that the answer chose counts as data of a request.
#[derive(Debug, Clone, PartialEq, Eq)]
pub struct Redirects {
    /// How many in a row.
    pub hops_max: u32,
    /// The names of the headers that go along, lower case: those that certainly hold no secret.
    pub kept_headers: Vec<String>,
    /// Whether the body may hold a secret: then it is sent to no other host.
    pub body_has_secret: bool,
    /// Whether only https and this computer are followed to, wherever the request began.
    pub secure_only: bool,
}

/// What came back.
#[derive(Debug, Clone)]
pub struct Answer {
    /// The status code.
    pub status: u16,
    /// Lower-case names and values in the order received.
    pub headers: Vec<(String, String)>,
    /// The whole body, decoded.
    pub body: Bytes,
    /// Where the time went.
    pub timings: Timings,
    /// The peer's certificate, over https.
    pub certificate: Option<Certificate>,
}

/// Where the time of an exchange went. A part that did not happen (a kept connection) is none.
#[derive(Debug, Clone, Default, PartialEq, Eq, serde::Serialize, serde::Deserialize)]
pub struct Timings {
    /// Looking up the name.
    pub dns_ms: Option<u32>,
    /// Opening the connection.
    pub connect_ms: Option<u32>,
    /// The TLS handshake.
    pub tls_ms: Option<u32>,
    /// From the request's first byte to the answer's last.
    pub answer_ms: Option<u32>,
}

/// What is worth knowing of a peer's certificate.
#[derive(Debug, Clone, PartialEq, Eq, serde::Serialize, serde::Deserialize)]
pub struct Certificate {
    /// Whom it names.
    pub subject: String,
    /// Who signed it.
    pub issuer: String,
    /// Its end, Unix milliseconds.
    pub expires_at_ms: i64,
    /// Whether it was checked against the trusted roots.
    pub verified: bool,
}

/// An exchange without an answer.
#[derive(Debug, Clone, thiserror::Error)]
#[error("{message}")]
pub struct HttpError {
    /// What kind of failure.
    pub kind: HttpErrorKind,
    /// What happened, why, and what to do. Holds no header, no body and no query.
    pub message: String,
    /// As far as it came.
    pub timings: Timings,
}

/// Kinds of failure that somebody tells apart.
#[derive(Debug, Clone, Copy, PartialEq, Eq)]
pub enum HttpErrorKind {
    /// The URL or a header cannot be sent.
    Invalid,
    /// The destination guard refused the address. Never retried.
    Refused,
    /// The name has no address.
    Dns,
    /// No connection.
    Connect,
    /// The certificate or the handshake.
    Tls,
    /// The time ran out.
    Timeout,
    /// The connection broke before the answer's end.
    Interrupted,
    /// The answer is longer than allowed.
    TooLarge,
    /// A redirect leads nowhere, too far, or to where the request must not go.
    Redirect,
}

impl HttpErrorKind {
    /// The stable name in records.
    pub fn as_str(self) -> &'static str {
        match self {
            Self::Invalid => "invalid_request",
            Self::Refused => "destination_refused",
            Self::Dns => "dns",
            Self::Connect => "connect",
            Self::Tls => "tls",
            Self::Timeout => "timeout",
            Self::Interrupted => "interrupted",
            Self::TooLarge => "answer_too_large",
            Self::Redirect => "redirect",
        }
    }

    /// Whether another attempt may end otherwise.
    pub fn is_worth_retrying(self) -> bool {
        !matches!(
            self,
            Self::Invalid | Self::Refused | Self::TooLarge | Self::Redirect
        )
    }
}
