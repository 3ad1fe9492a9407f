//! The control API: operations, OpenAPI, live updates, the workbench files.
//!
//! Each operation has its types beside it, and domain types are converted by destructuring all of their fields.
//! Nothing here knows the receiver, and no router is shared with it. Who runs it (the app's window, `serve`) is
//! behind [`Host`].

mod alerts;
mod answer;
mod backups;
mod compressed;
mod deliveries;
mod doctor;
mod document;
mod endpoint_aliases;
mod endpoint_tokens;
mod error;
mod events;
mod exchange;
mod failures;
mod flows;
mod guard;
mod health;
mod identity;
mod input;
mod jobs;
mod listeners;
mod masked;
mod metrics;
mod named;
mod network;
mod openapi;
mod page;
mod parts;
mod problem;
mod public_url;
mod receiving;
mod requests;
mod router;
mod schema;
mod search;
mod secrets;
mod sending;
mod serve;
mod session;
mod settings;
mod state;
mod statistics;
mod status;
mod storage;
mod tasks;
mod templates;
#[cfg(test)]
mod testing;
mod time;
mod tokens;
mod ui;
mod unread;
mod updates;
mod v4;
mod variables;
mod views;

pub use backups::Backup;
pub use doctor::{Diagnosis, Finding, FindingArea, FindingState};
pub use error::{Error, ErrorCode};
pub use events::{ChangedRow, EventMessage, events};
pub use guard::Guard;
pub use identity::{Owner, SignedIn, TokenHash, new_token};
pub use listeners::ListenerName;
pub use metrics::ProcessNumbers;
pub use network::network_settings;
pub use openapi::openapi_json;
pub use router::{in_process, router};
pub use serve::serve;
pub use settings::PUBLIC_URL;
pub use state::{ApiState, Host, Parts, Work};
pub use status::{Listener, ListenerProblem, ListenerState, Vault, VaultKind, VaultState};
pub use updates::{Releases, look_for_updates_if_due};
