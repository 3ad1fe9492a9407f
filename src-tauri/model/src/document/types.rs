//! The flow document as types. Templates are kept as the text that was written: `template` compiles them.

use std::sync::Arc;

use hookloom_signature::SchemeChoice;
use indexmap::IndexMap;
use serde_json::Value;

use super::endpoint_answer::EndpointAnswer;
use super::endpoint_path::PathPattern;
use super::handshake::Handshake;
use super::inner_destinations::InnerDestinations;
use super::step_types::{
    ConditionStep, DelayStep, FailStep, FormPart, LlmStep, RemoteStep, RespondStep, StatusRanges,
    SwitchStep,
};
use super::task_certificates::ClientCertificate;
pub use super::task_types::{TaskEvent, TaskObject};

/// The version mark that this release reads and writes.
pub const FORMAT: &str = "hookloom.flow/1";
/// A flow has at most this many webhook tasks.
pub const WEBHOOK_TASKS_MAX: usize = 50;
/// A job ends as `timed_out` after this long, unless its flow says otherwise.
pub const FLOW_TIMEOUT_MS_DEFAULT: i64 = 180_000;
/// An attempt of a step ends after this long, unless the step says otherwise.
pub const STEP_TIMEOUT_MS_DEFAULT: i64 = 30_000;
/// An attempt of an `llm` step ends after this long, unless the step says otherwise.
pub const LLM_TIMEOUT_MS_DEFAULT: i64 = 120_000;
/// A `remote` step is tried this often, unless it says otherwise.
pub const REMOTE_ATTEMPTS_DEFAULT: u32 = 3;
/// An attempt of a delivery ends after this long, unless its task says otherwise.
pub const TASK_TIMEOUT_MS_DEFAULT: i64 = 30_000;
/// A request body is refused beyond this many decoded bytes, unless its endpoint says otherwise.
pub const BODY_BYTES_MAX_DEFAULT: u64 = 10 * 1024 * 1024;
/// A sync call waits this long for its answer, unless its endpoint says otherwise.
pub const SYNC_TIMEOUT_MS_DEFAULT: i64 = 30_000;
/// The waits between the attempts of a delivery, in milliseconds: 5 s, 30 s, 2 min, 10 min, 30 min, 2 h, 5 h.
pub const TASK_SCHEDULE_MS_DEFAULT: [i64; 7] = [
    5_000, 30_000, 120_000, 600_000, 1_800_000, 7_200_000, 18_000_000,
];

/// A flow document that is sound: every name resolves, every limit holds.
#[derive(Debug, Clone, PartialEq)]
pub struct FlowDocument {
    pub name: String,
    pub title: Option<String>,
    pub description: Option<String>,
    pub endpoints: Vec<Endpoint>,
    pub steps: Vec<Step>,
    pub outputs: Vec<Output>,
    pub schedules: Vec<Schedule>,
    pub webhook_tasks: Vec<WebhookTask>,
    /// Defaults of `vars.NAME`; the workspace's values win.
    pub vars: IndexMap<String, Value>,
    pub timeout_ms: i64,
    /// Where `remote` steps without a URL of their own are sent: a template.
    pub remote_url: Option<String>,
    /// The name of the secret that signs `remote` steps without one of their own.
    pub remote_secret: Option<String>,
    /// What its calls may reach although they could not otherwise.
    pub inner_destinations: Arc<InnerDestinations>,
}

/// A URL of ours that receives requests for the flow.
#[derive(Debug, Clone, PartialEq)]
pub struct Endpoint {
    pub name: String,
    /// A path of its own, beside the others.
    pub path: Option<PathPattern>,
    /// Upper case, at least one.
    pub methods: Vec<String>,
    pub mode: Mode,
    /// The modes that a caller may choose; at least `mode`.
    pub modes_allowed: Vec<Mode>,
    /// How long a sync call waits before it gets a status URL.
    pub sync_timeout_ms: i64,
    pub auth: Auth,
    /// What a provider asks beforehand, answered by the endpoint itself.
    pub handshake: Option<Handshake>,
    pub header_memory: Option<String>,
    pub body_memory: Option<String>,
    pub query_memory: Option<String>,
    /// Lower case; beside `authorization`, `cookie` and `x-api-key`.
    pub credential_headers: Vec<String>,
    /// Media types that are accepted; none means all.
    pub content_types: Option<Vec<String>>,
    pub body_bytes_max: u64,
    pub requests_per_minute_max: Option<u32>,
    /// Template over `trigger`; none means the usual headers.
    pub idempotency_key: Option<String>,
    /// What its bodies have to be.
    pub schema: Option<Arc<crate::body::BodySchema>>,
    /// Origins of pages that may call it, `*` for all; none means that none is looked at.
    pub allowed_origins: Option<Vec<String>>,
    /// What async calls get instead of the usual.
    pub response: Option<EndpointAnswer>,
    /// What callers get while the flow is off or paused.
    pub off_response: Option<EndpointAnswer>,
}

/// Times at which jobs begin by themselves.
#[derive(Debug, Clone, PartialEq)]
pub struct Schedule {
    pub name: String,
    /// Minute, hour, day, month, weekday.
    pub cron: String,
    /// Its name in the IANA database.
    pub time_zone: String,
    pub input: Option<Value>,
    /// The outputs asked for; none means all.
    pub outputs: Option<Vec<String>>,
    pub missed: Missed,
    pub enabled: bool,
}

/// What becomes of times at which Hookloom was not running.
#[derive(Debug, Clone, Copy, PartialEq, Eq)]
pub enum Missed {
    /// They pass.
    Skip,
    /// The last of them is made up for.
    RunOnce,
}

/// When the caller gets its answer.
#[derive(Debug, Clone, Copy, PartialEq, Eq, Default)]
pub enum Mode {
    /// Once the request is on disk.
    #[default]
    Async,
    /// When the flow has answered or ended.
    Sync,
    /// One event per finished step.
    Stream,
}

impl Mode {
    /// The name in the document and the database.
    pub fn as_str(self) -> &'static str {
        match self {
            Self::Async => "async",
            Self::Sync => "sync",
            Self::Stream => "stream",
        }
    }

    /// The mode with this name.
    pub fn named(name: &str) -> Option<Self> {
        [Self::Async, Self::Sync, Self::Stream]
            .into_iter()
            .find(|mode| mode.as_str() == name)
    }
}

/// The secret before a rotation, and until when it passes (Unix milliseconds).
pub type Previous = (String, i64);

/// How a caller shows who it is.
#[derive(Debug, Clone, PartialEq, Eq)]
pub enum Auth {
    /// Anybody may call.
    None,
    /// `?key=`, or the header if one is named.
    SharedKey {
        /// The secret's name.
        secret: String,
        /// A header that carries the key instead of the query.
        header: Option<String>,
        /// The secret before it.
        previous: Option<Previous>,
    },
    /// A header is the key.
    ApiKey {
        /// The secret's name.
        secret: String,
        /// The header, in lower case.
        header: String,
        /// The secret before it.
        previous: Option<Previous>,
    },
    /// `Authorization: Bearer <secret>`.
    Bearer {
        /// The secret's name.
        secret: String,
        /// The secret before it.
        previous: Option<Previous>,
    },
    /// `Authorization: Basic <base64 of username:secret>`.
    Basic {
        /// The user's name, which is no secret.
        username: String,
        /// The name of the secret that is the password.
        secret: String,
        /// The secret before it.
        previous: Option<Previous>,
    },
    /// `Authorization: Bearer <token>`, a token that says who it is from and how long it is good.
    Jwt(JwtAuth),
    /// The body is signed.
    Signature(SignatureAuth),
    /// The peer's address is in one of these.
    Ip {
        /// Networks; a single address is one of its own.
        ranges: Vec<ipnet::IpNet>,
    },
    /// One of these is enough.
    Any {
        /// At least one.
        of: Vec<Auth>,
    },
    /// All of these.
    All {
        /// At least one.
        of: Vec<Auth>,
    },
}

/// What a token has to be.
#[derive(Debug, Clone, PartialEq, Eq)]
pub struct JwtAuth {
    /// Tokens that name another one are refused.
    pub algorithm: JwtAlgorithm,
    /// What they are checked with.
    pub key: JwtKey,
    /// Who makes them (`iss`).
    pub issuer: Option<String>,
    /// Whom they are for (`aud`).
    pub audience: Option<String>,
    /// The secret before the key's.
    pub previous: Option<Previous>,
}

/// How tokens are signed.
#[derive(Debug, Clone, Copy, PartialEq, Eq)]
pub enum JwtAlgorithm {
    Hs256,
    Es256,
    EdDsa,
    Rs256,
}

/// What tokens are checked with.
#[derive(Debug, Clone, PartialEq, Eq)]
pub enum JwtKey {
    /// The name of a secret: the shared one of HS256, or a public key in PEM.
    Secret(String),
    /// A public key in PEM.
    Public(String),
}

/// How bodies are signed.
#[derive(Debug, Clone, PartialEq, Eq)]
pub struct SignatureAuth {
    pub scheme: SchemeChoice,
    /// The secret's name.
    pub secret: String,
    /// How far the signed time may be from now, both ways.
    pub tolerance_ms: i64,
    /// The secret before it.
    pub previous: Option<Previous>,
}

impl Auth {
    /// This way and those within it.
    pub fn ways(&self) -> Vec<&Auth> {
        let mut ways = vec![self];
        if let Self::Any { of } | Self::All { of } = self {
            ways.extend(of.iter().flat_map(Auth::ways));
        }
        ways
    }

    /// The secret that it compares with, and the one before it.
    pub fn secret(&self) -> Option<(&str, Option<&Previous>)> {
        match self {
            Self::None | Self::Ip { .. } | Self::Any { .. } | Self::All { .. } => None,
            Self::SharedKey {
                secret, previous, ..
            }
            | Self::ApiKey {
                secret, previous, ..
            }
            | Self::Bearer { secret, previous }
            | Self::Basic {
                secret, previous, ..
            }
            | Self::Signature(SignatureAuth {
                secret, previous, ..
            }) => Some((secret, previous.as_ref())),
            Self::Jwt(JwtAuth { key, previous, .. }) => match key {
                JwtKey::Secret(secret) => Some((secret, previous.as_ref())),
                JwtKey::Public(_) => None,
            },
        }
    }

    /// Whether the body has to be known to check it.
    pub fn needs_body(&self) -> bool {
        let mut ways = self.ways().into_iter();
        ways.any(|way| matches!(way, Self::Signature(_)))
    }
}

/// A node of the flow.
#[derive(Debug, Clone, PartialEq)]
pub struct Step {
    pub name: String,
    pub after: Vec<Edge>,
    pub join: Join,
    /// Of one attempt.
    pub timeout_ms: i64,
    pub retry: Retry,
    pub kind: StepKind,
}

/// This step may start when that one ended with one of these exit codes.
#[derive(Debug, Clone, PartialEq, Eq)]
pub struct Edge {
    pub step: String,
    /// Exit codes; `*` is every one.
    pub on: Vec<String>,
}

/// What several entries of `after` mean together.
#[derive(Debug, Clone, Copy, PartialEq, Eq, Default)]
pub enum Join {
    /// Wait for every edge; skipped once one cannot be satisfied.
    #[default]
    All,
    /// Start once, at the first.
    Any,
}

/// How a failed attempt is tried again.
#[derive(Debug, Clone, PartialEq, Eq)]
pub struct Retry {
    /// Counts the first try.
    pub attempts_max: u32,
    pub backoff: Backoff,
    /// The wait before the second attempt.
    pub delay_ms: i64,
}

impl Default for Retry {
    fn default() -> Self {
        Self {
            attempts_max: 1,
            backoff: Backoff::Exponential,
            delay_ms: 1_000,
        }
    }
}

/// How the wait grows from attempt to attempt.
#[derive(Debug, Clone, Copy, PartialEq, Eq)]
pub enum Backoff {
    /// It stays.
    Fixed,
    /// It doubles.
    Exponential,
}

/// What a step does.
#[derive(Debug, Clone, PartialEq)]
pub enum StepKind {
    Http(HttpStep),
    Script(ScriptStep),
    Set(SetStep),
    Condition(ConditionStep),
    Switch(SwitchStep),
    Fail(FailStep),
    Delay(DelayStep),
    Respond(RespondStep),
    Remote(RemoteStep),
    Llm(LlmStep),
}

impl StepKind {
    /// The name in the document.
    pub fn as_str(&self) -> &'static str {
        match self {
            Self::Http(_) => "http",
            Self::Script(_) => "script",
            Self::Set(_) => "set",
            Self::Condition(_) => "condition",
            Self::Switch(_) => "switch",
            Self::Fail(_) => "fail",
            Self::Delay(_) => "delay",
            Self::Respond(_) => "respond",
            Self::Remote(_) => "remote",
            Self::Llm(_) => "llm",
        }
    }
}

/// Calls somebody's URL.
#[derive(Debug, Clone, PartialEq)]
pub struct HttpStep {
    /// Upper case.
    pub method: String,
    /// Template of a URL.
    pub url: String,
    /// Names and templates, in order.
    pub headers: IndexMap<String, String>,
    /// Name to JSON whose strings are templates; a list repeats its name.
    pub query: IndexMap<String, Value>,
    /// At most one of the three.
    pub body: Option<HttpBody>,
    pub validate_ssl: bool,
    pub success_statuses: StatusRanges,
    pub follow_redirects: bool,
}

/// The body of a request.
#[derive(Debug, Clone, PartialEq)]
pub enum HttpBody {
    /// Template, escaped by the Content-Type among the headers.
    Text(String),
    /// JSON whose strings are templates: the id of a file, or what memory holds in its place.
    File(Value),
    /// `multipart/form-data`.
    Form(Vec<FormPart>),
}

/// Runs JavaScript.
#[derive(Debug, Clone, PartialEq, Eq)]
pub struct ScriptStep {
    /// The body of an async function. Whether it is JavaScript is found by who can read that.
    pub code: String,
}

/// Computes values.
#[derive(Debug, Clone, PartialEq)]
pub struct SetStep {
    /// Name to JSON; strings within are templates, and one that is exactly one expression keeps its type.
    pub values: IndexMap<String, Value>,
}

/// A named result of the flow.
#[derive(Debug, Clone, PartialEq, Eq)]
pub struct Output {
    pub name: String,
    pub step: String,
}

/// A message to send when a job ends.
#[derive(Debug, Clone, PartialEq)]
pub struct WebhookTask {
    pub name: String,
    /// Template of a URL.
    pub url: String,
    /// Upper case.
    pub method: String,
    pub event: TaskEvent,
    pub object: TaskObject,
    /// Names and templates, in order.
    pub headers: IndexMap<String, String>,
    /// Template; only for POST, PUT and PATCH.
    pub body: Option<String>,
    /// The name of the secret that signs.
    pub secret: Option<String>,
    pub scheme: SchemeChoice,
    pub validate_ssl: bool,
    /// PEM of the authorities that may have signed the destination's certificate, and no others.
    pub ca_certificate: Option<String>,
    /// What the task shows to a destination that asks who it is.
    pub client_certificate: Option<ClientCertificate>,
    pub retry_on_failure: bool,
    pub timeout_ms: i64,
    /// Waits between attempts.
    pub schedule_ms: Vec<i64>,
    pub enabled: bool,
}

impl WebhookTask {
    /// How often a delivery is tried at most.
    pub fn attempts_max(&self) -> u32 {
        if self.retry_on_failure {
            1 + u32::try_from(self.schedule_ms.len()).unwrap_or(u32::MAX - 1)
        } else {
            1
        }
    }
}
