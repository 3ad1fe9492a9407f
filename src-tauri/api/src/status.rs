//! `GET /status`

use axum::extract::State;
use hookloom_secrets as secrets;
use serde::Serialize;
use utoipa::ToSchema;

use crate::answer::Answer;
use crate::error::Error;
use crate::flows::WORKSPACE;
use crate::identity::CanRead;
use crate::named::named;
use crate::state::ApiState;

/// How things stand: listeners, keychain, counts.
#[utoipa::path(get, path = "/status", tag = "status", security(("bearer" = ["read"])),
    responses((status = 200, description = "How things stand", body = Status)))]
pub(crate) async fn get_status(
    _: CanRead,
    State(state): State<ApiState>,
) -> Result<Answer<Status>, Error> {
    let store = &state.store;
    let rows = store.counts();
    let counts = Counts {
        flows: store.count_flows().await?.unsigned_abs(),
        endpoints: store.count_endpoints().await?.unsigned_abs(),
        requests: rows.requests.unsigned_abs(),
        jobs: rows.jobs.unsigned_abs(),
        deliveries: rows.deliveries.unsigned_abs(),
        deliveries_failed: rows.deliveries_failed.unsigned_abs(),
        secrets: counted(state.secrets.list().await?.len()),
        variables: counted(store.variable_rows().await?.rows.len()),
    };
    Ok(Answer(Status {
        version: state.host.version(),
        workspace: WORKSPACE.to_owned(),
        data_dir: state.host.data_dir(),
        receiver: state.host.receiver(),
        control: state.host.control(),
        vault: state.secrets.state().into(),
        counts,
    }))
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
    /// Whether a listener takes connections. `paused`: it takes them, and refuses every request.
    ListenerState { Listening = "listening", Paused = "paused", Off = "off" }
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
    VaultState from secrets::Condition { Starting = "starting", Ready = "ready", Locked = "locked", Absent = "absent", Slow = "slow" }
);

/// How many there are.
#[derive(Debug, Clone, Copy, Default, PartialEq, Eq, Serialize, ToSchema)]
pub struct Counts {
    pub flows: u64,
    /// Of published flows.
    pub endpoints: u64,
    pub requests: u64,
    pub jobs: u64,
    pub deliveries: u64,
    pub deliveries_failed: u64,
    pub secrets: u64,
    pub variables: u64,
}

impl From<secrets::VaultState> for Vault {
    fn from(vault: secrets::VaultState) -> Self {
        let secrets::VaultState {
            kind,
            state,
            message,
            hint,
        } = vault;
        let kind = match kind {
            secrets::VaultKind::Keychain => VaultKind::Keychain,
            secrets::VaultKind::Passphrase => VaultKind::Passphrase,
            // A vault in memory is for tests, and the API names what people choose among.
            secrets::VaultKind::KeyFile | secrets::VaultKind::Memory => VaultKind::File,
        };
        Self {
            kind,
            state: state.into(),
            message,
            hint: (!hint.is_empty()).then_some(hint),
        }
    }
}

fn counted(number: usize) -> u64 {
    u64::try_from(number).unwrap_or(u64::MAX)
}
