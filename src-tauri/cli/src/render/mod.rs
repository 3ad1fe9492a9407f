//! Output for a person: aligned, coloured on a terminal only, with control characters made visible.

mod alert;
mod backup;
mod delivery;
mod diagnosis;
mod exchange;
mod failure;
mod flow;
mod job;
mod named;
mod paint;
mod piece;
mod request;
mod statistics;
mod status;
mod storage;
mod table;
mod time;
mod update;
mod wrap;

pub use alert::{alert_rules, alerts};
pub use backup::{backup_made, backup_schedule, backups, restored};
pub use delivery::{deliveries, delivery, request_sent, resent, tested};
pub use diagnosis::diagnosis;
pub use exchange::{export_notes, import_report};
pub use failure::{failure, problems};
pub use flow::{flow_changed, flow_imported, flows, schedules, versions};
pub use job::{job, jobs, journal, started, step_ended};
pub use named::{
    endpoint_aliases, endpoint_tokens, endpoints, secrets, settings, tokens, variables,
};
pub use paint::Paint;
pub use request::{counted, request, requests};
pub use statistics::statistics;
pub use status::status;
pub use storage::storage;
pub use update::{update_downloaded, update_found, update_progress};
