//! The composition root: the only crate that picks implementations. It opens a data folder, recovers what a
//! crash left, starts everything, and stops it in order. It decides nothing about flows, requests or answers.

mod access;
mod alerts;
mod backups;
mod clock;
mod doorbell;
mod endpoints;
mod error;
mod examine;
mod folder;
mod guest;
mod host;
mod late_engine;
mod listen;
mod listeners;
mod logging;
mod open;
mod open_files;
mod options;
mod owner;
mod private_file;
mod process;
mod retention;
mod rollup;
mod running;
mod saving;
mod scripts;
mod signal;
#[cfg(test)]
mod tests;
mod updates;
mod vault_watch;
mod way_back;
mod window_memory;

pub use access::Access;
pub use backups::{RestoredBackup, check_backup, listed_backups, restore_backup};
pub use clock::{SystemClock, SystemEntropy, now_ms};
pub use doorbell::{Doorbell, Ring, ring};
pub use error::{Code, Error, Listener};
pub use examine::examine_folder;
pub use folder::{DataFolder, FOLDER_VARIABLE};
pub use guest::{Guest, RawReply, Reply};
pub use hookloom_api::{Backup, Diagnosis, EventMessage, Finding, FindingArea, FindingState};
pub use hookloom_secrets::Choice;
pub use hookloom_store::Manifest as BackupManifest;
pub use hookloom_update::{PACKAGE_KINDS, Source as UpdateSource};
pub use ipnet::IpNet;
pub use logging::{FORMAT_VARIABLE, LOG_VARIABLE, LogFormat, init_logging, init_logging_as};
pub use open::open;
pub use options::{
    AskPassphrase, CONTROL_PORT_DEFAULT, ExamineMore, Options, RECEIVER_PORT_DEFAULT,
};
pub use owner::{OwnerRecord, Ownership, Role};
pub use running::Running;
pub use saving::{NotSaved, save_file};
pub use scripts::{script_problems, work_if_asked};
pub use signal::stop_signal;
pub use way_back::WayBack;
pub use window_memory::{keep_window_memory, window_memory};
