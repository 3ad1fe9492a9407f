//! Backups: a whole copy of a workspace in one file, checked after it was written, and the way back from it.
//!
//! No secret value is ever in one: those lie in the vault, and a backup only names the ones that are needed.

mod archive;
mod copied;
mod make;
mod manifest;
mod restore;
mod room;
mod schedule;
mod shelf;
mod tar;
mod underway;

pub use archive::check_backup;
pub use make::BackupOrder;
pub use manifest::{BackupCounts, BackupReason, Manifest, Part};
pub use restore::{
    Restored, WaitingRestore, cancel_restore, finish_restore, set_aside, stage_restore,
    waiting_restore,
};
pub use room::free_bytes;
pub use schedule::{BackupSchedule, Every};
pub use shelf::{BACKUPS_FOLDER, KeptBackup, kept_backups};
pub use underway::{BackupPhase, BackupProgress};

pub(crate) use copied::{CopyOrder, copy};
pub(crate) use make::back_up_before;
#[cfg(test)]
pub(crate) use restore::finish as finish_step_by_step;
pub(crate) use shelf::sweep_unfinished;
pub(crate) use underway::Backups;
