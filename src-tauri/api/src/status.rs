//! `GET /status`

use axum::extract::State;
use serde::Serialize;
use utoipa::ToSchema;

use crate::answer::Answer;
use crate::error::Error;
use crate::identity::CanRead;
use crate::named::named;
use crate::state::ApiState;

/// How things stand: listeners, keychain, counts.
#[utoipa::path(get, path = "/status", tag = "status", security(("bearer" = ["read"])),
    responses((status = 200, description = "How things stand", body = Status)))]
pub(crate) async fn get_status(
    _: CanRead,
    State(_state): State<ApiState>,
) -> Result<Answer<Status>, Error> {
    Err(Error::unavailable())
}

/// How things stand.
#[derive(Debug, Clone, Serialize, ToSchema)]
pub struct Status {
    pub version: String,
    /// The workspace's id.
    pub workspace: String,
    pub data_dir: String,
    pub receiver: Listener,
    pub control: Listener,
    pub vault: Vault,
    pub counts: Counts,
}

/// One of the two listeners.
#[derive(Debug, Clone, PartialEq, Eq, Serialize, ToSchema)]
pub struct Listener {
    pub state: ListenerState,
    /// Host and port.
    pub address: String,
    /// The URL under which it is reached.
    pub url: String,
    /// Why it is off.
    pub problem: Option<ListenerProblem>,
}

named!(
    /// Whether a listener takes connections.
    ListenerState { Listening = "listening", Off = "off" }
);

/// Why a listener is off.
#[derive(Debug, Clone, PartialEq, Eq, Serialize, ToSchema)]
pub struct ListenerProblem {
    /// A stable name: `address_in_use`, …
    pub code: String,
    pub message: String,
    pub hint: Option<String>,
}

/// Where the values of secrets live.
#[derive(Debug, Clone, PartialEq, Eq, Serialize, ToSchema)]
pub struct Vault {
    pub kind: VaultKind,
    pub state: VaultState,
    /// What is the matter, or that all is well.
    pub message: String,
    pub hint: Option<String>,
}

named!(
    /// What holds the values of secrets.
    VaultKind { Keychain = "keychain", Passphrase = "passphrase", File = "file" }
);

named!(
    /// Whether the values of secrets can be read.
    VaultState { Ready = "ready", Locked = "locked", Absent = "absent", Slow = "slow" }
);

/// How many there are.
#[derive(Debug, Clone, Copy, Default, PartialEq, Eq, Serialize, ToSchema)]
pub struct Counts {
    pub flows: u64,
    /// Of live and paused flows.
    pub endpoints: u64,
    pub requests: u64,
    pub jobs: u64,
    pub deliveries: u64,
    pub deliveries_failed: u64,
    pub secrets: u64,
    pub variables: u64,
}
