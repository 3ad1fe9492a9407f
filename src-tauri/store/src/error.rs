//! What can go wrong in the store, told so that a person knows what to do.

use std::io;
use std::path::{Path, PathBuf};
use std::sync::Arc;

use hookloom_engine::ports::{InboxError, JournalError};
use hookloom_model::{DeliveryId, DeliveryStatus, FlowId, FlowState, JobId};
use rusqlite::ErrorCode;

/// Why the store did not do it. Cheap to clone: one failed commit answers many.
#[derive(Debug, Clone, thiserror::Error)]
pub enum Error {
    /// The SQLite that was linked has a known defect.
    #[error(
        "SQLite {found} cannot be trusted with write-ahead logs: a race in it can damage the database; build Hookloom with its bundled SQLite, {needed} or later"
    )]
    SqliteTooOld {
        /// The version that was linked.
        found: String,
        /// The oldest that is safe.
        needed: &'static str,
    },
    /// A later release made the database.
    #[error(
        "the database {} has format {found}, and this release of Hookloom knows formats up to {known}: a newer release wrote it; start that release, or choose another data folder. Nothing was changed", path.display()
    )]
    NewerDatabase {
        /// The file.
        path: PathBuf,
        /// Its format.
        found: i64,
        /// The newest format that this release reads.
        known: i64,
    },
    /// The file is somebody else's.
    #[error(
        "{} is a database of another program; move it away or choose another data folder. Nothing was changed", path.display()
    )]
    NotOurs {
        /// The file.
        path: PathBuf,
    },
    /// The folder or a file in it refuses to be written.
    #[error(
        "the data folder {} cannot be written: {source}; make it writable for this user, or choose another one with --data", path.display()
    )]
    FolderNotWritable {
        /// The folder.
        path: PathBuf,
        /// What the system said.
        source: Arc<io::Error>,
    },
    /// The file does not hold what it should.
    #[error(
        "the database is damaged ({what}); keep a copy of the data folder, then restore the last backup with `hookloom restore FILE`"
    )]
    Damaged {
        /// What was found.
        what: String,
    },
    /// No room.
    #[error(
        "the disk that holds the data folder is full; free some space, then Hookloom goes on by itself. What was answered before is saved"
    )]
    DiskFull,
    /// Not enough room for what is about to be written.
    #[error(
        "there is not enough room in {}: {} MB are needed and {} MB are free; make room on that disk, then try again. Nothing was changed", folder.display(), needed_bytes.div_ceil(1_000_000), free_bytes / 1_000_000
    )]
    NoRoom {
        /// Where.
        folder: PathBuf,
        /// How much would be enough.
        needed_bytes: u64,
        /// How much there is.
        free_bytes: u64,
    },
    /// The database has to change its format, and the backup that has to be made first could not be made.
    #[error(
        "the database has format {found} and this release needs format {needed}; before it is changed a backup is made, and that failed: {why}. The database was not changed, and the release that you had before still opens it"
    )]
    MigrationRefused {
        /// The database's format.
        found: i64,
        /// The format of this release.
        needed: i64,
        /// Why there is no backup.
        why: Box<Error>,
    },
    /// A backup or a restore is under way.
    #[error("a backup or a restore is under way already; wait for its end, then try again")]
    BackupBusy,
    /// A file is no backup of ours.
    #[error("{} is no backup of Hookloom; choose a file that `hookloom backup` made", path.display())]
    NotABackup {
        /// The file.
        path: PathBuf,
    },
    /// A backup of a newer release.
    #[error(
        "the backup {} was made by Hookloom {made_by}: {what}; restore it with that release or a later one. Nothing was changed", path.display()
    )]
    NewerBackup {
        /// The file.
        path: PathBuf,
        /// The release that made it.
        made_by: String,
        /// Which format is too new.
        what: String,
    },
    /// A backup that is not whole.
    #[error(
        "the backup {} is damaged: {what}; use another one, or copy it again from where it came. Nothing was changed", path.display()
    )]
    BackupDamaged {
        /// The file.
        path: PathBuf,
        /// Where and how.
        what: String,
    },
    /// The system refused something that a backup or a restore needs.
    #[error("{what} failed at {}: {source}; make that place readable and writable for this user, then try again", path.display())]
    BackupFailed {
        /// What was done.
        what: &'static str,
        /// With what.
        path: PathBuf,
        /// What the system said.
        source: Arc<io::Error>,
    },
    /// The disk failed.
    #[error(
        "the disk that holds the data folder failed: {source}; check it before you go on. What was answered before is saved"
    )]
    DiskFailed {
        /// What SQLite said.
        source: Arc<rusqlite::Error>,
    },
    /// Another program holds the database's lock.
    #[error(
        "another program has locked the database; close what else has {file} open, then Hookloom goes on by itself", file = crate::connect::DATABASE_FILE
    )]
    Locked,
    /// The queue of writes is at its bound.
    #[error("too much waits to be written (limit {limit_name} = {limit}); try again in a moment")]
    QueueFull {
        /// The limit's name.
        limit_name: &'static str,
        /// Its value.
        limit: usize,
    },
    /// The store was closed.
    #[error("Hookloom is shutting down and writes nothing more")]
    Stopped,
    /// A read took longer than a snapshot may live.
    #[error(
        "the read was ended after {limit_ms} ms (limit READ_MS_MAX), because a longer one would make the write-ahead log grow without end; ask for less at once"
    )]
    ReadTooLong {
        /// The limit.
        limit_ms: u64,
    },
    /// There is no such thing.
    #[error("{what} is not in the database")]
    NotFound {
        /// What was looked for.
        what: String,
    },
    /// Somebody else appended first, or the job has ended.
    #[error("job {job_id} is at event {found}, not at {expected}")]
    JournalConflict {
        /// Whose journal.
        job_id: JobId,
        /// The `seq` that was offered.
        expected: u64,
        /// The `seq` that would fit.
        found: u64,
    },
    /// The draft was changed meanwhile.
    #[error(
        "the draft of the flow `{flow}` was changed by somebody else meanwhile; look at both, then save again"
    )]
    DraftConflict {
        /// The flow's name.
        flow: String,
        /// The etag that would fit.
        current_etag: String,
    },
    /// A flow has that name already.
    #[error("a flow named `{flow}` exists already; choose another name")]
    FlowExists {
        /// The name.
        flow: String,
    },
    /// Another flow has an endpoint of that name.
    #[error(
        "the endpoint name `{endpoint}` belongs to the flow `{flow}` already, and names of endpoints are unique in the workspace; rename one of them"
    )]
    EndpointTaken {
        /// The endpoint's name.
        endpoint: String,
        /// Whose it is.
        flow: String,
    },
    /// A flow that was never published has no state.
    #[error(
        "the flow `{flow}` has no published version, so it cannot be {state}; publish it first"
    )]
    NeverPublished {
        /// The flow's name.
        flow: String,
        /// The state that was asked for.
        state: FlowState,
    },
    /// A flow with jobs under way stays.
    #[error(
        "{unfinished} jobs of the flow `{flow}` have not ended, so it cannot be deleted; switch it off, wait for them or cancel them, then delete it"
    )]
    FlowBusy {
        /// The flow's name.
        flow: String,
        /// How many.
        unfinished: u64,
    },
    /// A job of a flow that was deleted.
    #[error("the flow {flow_id} was deleted, so no job of it can begin")]
    FlowGone {
        /// Which flow.
        flow_id: FlowId,
    },
    /// A name is taken.
    #[error("{what} exists already; choose another name")]
    NameTaken {
        /// What has that name.
        what: String,
    },
    /// A list would be longer than it may be.
    #[error(
        "there would be more than {max} {what}; delete some that nobody uses, or bring in fewer"
    )]
    TooMany {
        /// Of what.
        what: &'static str,
        /// The most that there can be.
        max: usize,
    },
    /// The end of an attempt that nobody began.
    #[error("the delivery {delivery_id} is {status}, so no attempt of it can end")]
    NotUnderWay {
        /// Which one.
        delivery_id: DeliveryId,
        /// Where it is.
        status: DeliveryStatus,
    },
    /// Text in the database is not what it was when it was written.
    #[error("{what} in the database cannot be understood: {why}")]
    Unreadable {
        /// Which column.
        what: &'static str,
        /// Why not.
        why: String,
    },
    /// A fault in the store.
    #[error("the store failed: {what}")]
    Internal {
        /// What happened.
        what: String,
    },
    /// SQLite refused a statement.
    #[error("SQLite failed: {source}")]
    Sqlite {
        /// What it said.
        source: Arc<rusqlite::Error>,
    },
}

impl Error {
    /// Nothing of that kind and name.
    pub(crate) fn not_found(what: impl Into<String>) -> Self {
        Self::NotFound { what: what.into() }
    }

    /// Something in the way of a file in the data folder.
    pub(crate) fn folder(path: &Path, source: io::Error) -> Self {
        match source.kind() {
            io::ErrorKind::StorageFull | io::ErrorKind::QuotaExceeded => Self::DiskFull,
            _ => Self::FolderNotWritable {
                path: path.to_owned(),
                source: Arc::new(source),
            },
        }
    }

    /// Something in the way of a backup or of a restore.
    pub(crate) fn backup_io(what: &'static str, path: &Path, source: io::Error) -> Self {
        match source.kind() {
            // A bound on the size of files is as good as a full disk.
            io::ErrorKind::StorageFull
            | io::ErrorKind::QuotaExceeded
            | io::ErrorKind::FileTooLarge => Self::DiskFull,
            _ => Self::BackupFailed {
                what,
                path: path.to_owned(),
                source: Arc::new(source),
            },
        }
    }

    /// A backup that is not what it was.
    pub(crate) fn damaged_backup(path: &Path, what: impl Into<String>) -> Self {
        Self::BackupDamaged {
            path: path.to_owned(),
            what: what.into(),
        }
    }

    /// Whether every other write would fail for this reason too, until somebody makes room or mends the disk.
    pub(crate) fn is_of_the_disk(&self) -> bool {
        matches!(
            self,
            Self::DiskFull | Self::DiskFailed { .. } | Self::Locked
        )
    }

    /// Whether the same write may succeed later without anything being repaired in Hookloom.
    pub fn is_passing(&self) -> bool {
        self.is_of_the_disk() || matches!(self, Self::QueueFull { .. } | Self::Stopped)
    }
}

impl From<rusqlite::Error> for Error {
    fn from(source: rusqlite::Error) -> Self {
        match source.sqlite_error_code() {
            Some(ErrorCode::DiskFull) => Self::DiskFull,
            Some(ErrorCode::DatabaseCorrupt | ErrorCode::NotADatabase) => Self::Damaged {
                what: source.to_string(),
            },
            // A file system that failed is often mounted anew, for reading only.
            Some(ErrorCode::SystemIoFailure | ErrorCode::ReadOnly | ErrorCode::CannotOpen) => {
                Self::DiskFailed {
                    source: Arc::new(source),
                }
            }
            Some(ErrorCode::DatabaseBusy | ErrorCode::DatabaseLocked) => Self::Locked,
            Some(ErrorCode::OperationInterrupted) => Self::ReadTooLong {
                limit_ms: crate::readers::READ_MS_MAX,
            },
            _ => Self::Sqlite {
                source: Arc::new(source),
            },
        }
    }
}

impl From<Error> for JournalError {
    fn from(error: Error) -> Self {
        match error {
            Error::JournalConflict {
                job_id,
                expected,
                found,
            } => Self::Conflict {
                job_id,
                expected,
                found,
            },
            Error::NotFound { what } => Self::NotFound { what },
            passing if passing.is_passing() => Self::Unavailable {
                reason: passing.to_string(),
            },
            other => Self::Internal(Box::new(other)),
        }
    }
}

impl From<Error> for InboxError {
    fn from(error: Error) -> Self {
        match error {
            Error::FlowGone { .. } => Self::FlowGone,
            passing if passing.is_passing() => Self::Unavailable {
                reason: passing.to_string(),
            },
            other => Self::Internal(Box::new(other)),
        }
    }
}
