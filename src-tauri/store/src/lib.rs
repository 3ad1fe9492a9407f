//! SQLite: one writer, many readers, a page for each table.
//!
//! [`Store`] implements the engine's `Inbox`, `Journal`, `Outbox`, `Files` and `Calls` ports, and has what the control API reads and
//! changes. It knows no flow document beyond the names in it, no HTTP, and no secret value.

mod alerts;
mod backup;
mod cache;
mod calls;
mod change;
mod checkpoint;
mod connect;
mod document;
mod durations;
mod endpoint_moves;
mod endpoint_urls;
mod error;
mod exchange;
mod expiry;
mod files;
mod flow_changes;
mod flows;
mod health;
mod inbox;
mod journal;
mod migrations;
mod outbox;
mod readers;
mod reads;
mod rejected;
mod retention;
mod rollup;
mod saving;
mod schedules;
mod store;
mod table;
mod tally;
mod traffic;
mod trouble;
mod tx;
mod views;
mod workspace;
mod writer;
mod writer_thread;

pub use backup::{
    BACKUPS_FOLDER, BackupCounts, BackupOrder, BackupPhase, BackupProgress, BackupReason,
    BackupSchedule, Every, KeptBackup, Manifest, Part, Restored, WaitingRestore, cancel_restore,
    check_backup, finish_restore, free_bytes, kept_backups, set_aside, stage_restore,
    waiting_restore,
};
pub use change::{Change, Tag};
pub use connect::DATABASE_FILE;
pub use durations::Durations;
pub use error::Error;
pub use exchange::{Exported, Import, ImportedFlow, ImportedVariable, KeptAs};
pub use files::FILES_FOLDER;
pub use flow_changes::{FlowChange, ImportedVersion};
pub use flows::{FlowRecord, LastJob, NamedOutput, NamedTask, PublishedFlow};
pub use health::Health;
pub use reads::{
    DeliveryCounts, DeliveryFilter, JobFilter, PAGE_ROWS_MAX, Page, SEARCH_MS_MAX, SEARCH_ROWS_MAX,
    Searched,
};
pub use retention::{Old, Oldest, Retention, StorageUsed, Sweep};
pub use rollup::ROLLUP_KEPT_MS;
pub use store::{Store, StoreOptions};
pub use table::access_tokens::{TokenRow, TokenScope, UnknownScope};
pub use table::alerts::AlertRow;
pub use table::counters::Counts;
pub use table::deliveries::StoredDelivery;
pub use table::delivery_attempts::{AttemptRow, AttemptStatus, StoredAnswer};
pub use table::endpoint_aliases::AliasRow;
pub use table::endpoint_tokens::EndpointTokenRow;
pub use table::flow_versions::VersionRow;
pub use table::jobs::JobRow;
pub use table::outputs::OutputRow;
pub use table::rejection_counts::RejectionCount;
pub use table::requests::{RequestFilter, RequestRow};
pub use table::rollup::{JobCounts, RequestCounts, RollupKey, RollupRow};
pub use table::schedules::ScheduleRow;
pub use table::variables::{VariableRow, VariableRows};
pub use table::views::ViewRow;
pub use table::webhook_tasks::TaskRow;
pub use tally::{EndpointTally, TallyLook, Waiting};

#[cfg(test)]
mod tests;
