//! Making a backup: a copy of the database, looked through; one file of it and of the requests' files; that file read
//! again; and only then its name.

use std::collections::HashSet;
use std::fs;
use std::path::{Path, PathBuf};
use std::sync::Arc;

use hookloom_model::FileId;
use rusqlite::Connection;
use tokio::sync::oneshot;

use super::archive::{self, NotWritten};
use super::copied::{self, CopyOrder};
use super::manifest::{self, BackupCounts, BackupReason, Manifest, Part};
use super::shelf::{self, KeptBackup};
use super::underway::{BackupPhase, BackupProgress, Backups, Underway};
use super::{restore, room};
use crate::connect::DATABASE_FILE;
use crate::error::Error;
use crate::files::{self, FILES_FOLDER};
use crate::store::Store;
use crate::table::columns;

/// Backups before a change of the format that are kept.
const UPGRADES_KEPT: usize = 3;

/// What is wanted.
#[derive(Debug, Clone, Copy)]
pub struct BackupOrder {
    /// Why.
    pub reason: BackupReason,
    /// How many of this kind are kept; none keeps all.
    pub keep: Option<usize>,
    /// The time.
    pub now_ms: i64,
}

impl Store {
    /// Makes a backup, while everything goes on. When it returns the backup is whole, checked and on disk.
    ///
    /// # Errors
    /// There is no room, which is looked at beforehand; another one is under way; the database is damaged. Nothing is
    /// left behind then.
    pub async fn back_up(&self, order: BackupOrder) -> Result<KeptBackup, Error> {
        self.begin_backup(order)?.await
    }

    /// The same for who wants to know that it has begun before it is done.
    pub fn begin_backup(
        &self,
        order: BackupOrder,
    ) -> Result<impl Future<Output = Result<KeptBackup, Error>> + Send + 'static, Error> {
        let underway = self.backups().begin()?;
        let (store, at_ms) = (self.clone(), order.now_ms);
        let making = async move {
            let making = store.beside(move |_, store| {
                let underway = Arc::new(underway);
                let made = store.make_backup(order, &underway);
                store.backups().ended(at_ms, made.as_ref().err());
                made
            });
            making.await
        };
        Ok(making)
    }

    /// Where the backups lie.
    pub fn backups_folder(&self) -> PathBuf {
        self.data_folder().join(shelf::BACKUPS_FOLDER)
    }

    /// How far a backup or a restore is; none while there is none.
    pub fn backup_progress(&self) -> Option<BackupProgress> {
        self.backups().progress()
    }

    /// Why the last backup of this process failed, and when, unless one was made since.
    pub fn backup_failure(&self) -> Option<(i64, Error)> {
        self.backups().last_failure()
    }

    /// The backups in the data folder, the newest first.
    pub async fn kept_backups(&self) -> Result<Vec<KeptBackup>, Error> {
        self.beside(|data, _| shelf::kept_backups(data)).await
    }

    /// Deletes a backup.
    pub async fn delete_backup(&self, name: &str) -> Result<(), Error> {
        let name = name.to_owned();
        self.beside(move |data, _| shelf::delete(data, &name)).await
    }

    /// Reads a backup whole and compares every part of it.
    pub async fn check_kept_backup(&self, name: &str) -> Result<Manifest, Error> {
        let name = name.to_owned();
        self.beside(move |data, _| super::check_backup(&shelf::find(data, &name)?.path))
            .await
    }

    /// Unpacks and checks a backup, and leaves it ready for [`super::finish_restore`] at the next opening.
    pub async fn stage_restore(&self, name: &str, now_ms: i64) -> Result<Manifest, Error> {
        self.begin_restore(name, now_ms)?.await
    }

    /// The same for who wants to know that it has begun before it is done.
    pub fn begin_restore(
        &self,
        name: &str,
        now_ms: i64,
    ) -> Result<impl Future<Output = Result<Manifest, Error>> + Send + 'static, Error> {
        let underway = self.backups().begin()?;
        let (store, name) = (self.clone(), name.to_owned());
        let staging = async move {
            let staging = store.beside(move |data, store| {
                let kept = shelf::find(data, &name);
                let staged =
                    kept.and_then(|kept| restore::stage(data, &kept.path, now_ms, &underway));
                store.backups().ended(now_ms, staged.as_ref().err());
                staged
            });
            staging.await
        };
        Ok(staging)
    }

    /// Cuts off a backup that is under way, and lets none begin. Returns when nothing of it runs.
    pub async fn end_backups(&self) {
        self.backups().end().await;
    }

    /// Runs what blocks beside the threads that answer.
    async fn beside<T: Send + 'static>(
        &self,
        work: impl FnOnce(&Path, &Self) -> Result<T, Error> + Send + 'static,
    ) -> Result<T, Error> {
        let store = self.clone();
        let done = tokio::task::spawn_blocking(move || work(store.data_folder(), &store));
        done.await.unwrap_or_else(|error| {
            Err(Error::Internal {
                what: format!("looking at backups: {error}"),
            })
        })
    }

    fn make_backup(
        &self,
        order: BackupOrder,
        underway: &Arc<Underway>,
    ) -> Result<KeptBackup, Error> {
        let data = self.data_folder();
        let making = Making::begin(data, room::free_bytes(data))?;
        let _held = HeldFiles::hold(self);
        let (answer, answered) = oneshot::channel();
        self.writer().shared().order_copy(CopyOrder {
            path: making.copy.0.clone(),
            underway: Arc::clone(underway),
            answer,
        });
        let copied = answered.blocking_recv().unwrap_or(Err(Error::Stopped));
        let made = copied.and_then(|()| making.finish(order, underway));
        made.map_err(|error| making.explained(error))
    }
}

/// A backup of a database that nobody else has open, before its format changes.
pub(crate) fn back_up_before(
    conn: &Connection,
    data: &Path,
    now_ms: i64,
    free: Option<u64>,
) -> Result<PathBuf, Error> {
    let underway = Arc::<Backups>::default().begin()?;
    let making = Making::begin(data, free)?;
    let order = BackupOrder {
        reason: BackupReason::Upgrade,
        keep: Some(UPGRADES_KEPT),
        now_ms,
    };
    let copied = copied::copy(conn, &making.copy.0, &underway, |_| true);
    let made = copied.and_then(|()| making.finish(order, &underway));
    let made = made.map_err(|error| making.explained(error))?;
    Ok(made.path)
}

/// A backup that is being made.
struct Making {
    data: PathBuf,
    shelf: PathBuf,
    copy: Unfinished,
    archive: Unfinished,
    needed_bytes: u64,
}

impl Making {
    /// Looks whether there is room for the copy and for the file that is made of it.
    fn begin(data: &Path, free: Option<u64>) -> Result<Self, Error> {
        let shelf = shelf::make(data)?;
        shelf::sweep_unfinished(data);
        let database = data.join(DATABASE_FILE);
        let mut log = database.as_os_str().to_owned();
        log.push("-wal");
        let database_bytes = bytes_of(&database) + bytes_of(Path::new(&log));
        let needed_bytes = 2 * database_bytes + bytes_in(&data.join(FILES_FOLDER));
        room::check(&shelf, needed_bytes, free)?;
        Ok(Self {
            data: data.to_owned(),
            copy: Unfinished(shelf::unfinished(&shelf, DATABASE_FILE)),
            archive: Unfinished(shelf::unfinished(&shelf, "archive")),
            shelf,
            needed_bytes,
        })
    }

    /// From a copy of the database to a backup that has its name.
    fn finish(&self, order: BackupOrder, underway: &Underway) -> Result<KeptBackup, Error> {
        let conn = copied::open_checked(&self.copy.0, underway)?;
        let mut manifest = describe(&conn, order)?;
        let files = files_of(&conn)?;
        // Closed before its bytes are read.
        conn.close().map_err(|(_, error)| Error::from(error))?;
        let (bytes, sha256) = archive::measure(&self.copy.0, underway)?;
        let database = Part {
            name: DATABASE_FILE.to_owned(),
            bytes,
            sha256,
        };
        let mut gone = HashSet::new();
        loop {
            let there = files.iter().filter(|part| !gone.contains(&part.name));
            manifest.parts = std::iter::once(&database).chain(there).cloned().collect();
            manifest.files_missing = gone.iter().cloned().collect();
            manifest.files_missing.sort_unstable();
            underway.is_at(BackupPhase::Writing, manifest.bytes());
            match archive::write(
                &self.archive.0,
                &manifest,
                |part| self.source_of(part),
                underway,
            ) {
                Ok(()) => break,
                Err(NotWritten::Failed(error)) => return Err(error),
                Err(NotWritten::PartChanged(name)) if name == DATABASE_FILE => {
                    return Err(Error::Damaged {
                        what: "the copy for the backup changed on the disk".to_owned(),
                    });
                }
                Err(NotWritten::PartChanged(name)) => {
                    tracing::warn!(file = %name, "a file of a request is gone or damaged: the backup is made without it");
                    gone.insert(name);
                    // All that are gone at once: each try writes everything.
                    gone.extend(
                        files
                            .iter()
                            .filter(|it| !self.is_there(it))
                            .map(|it| it.name.clone()),
                    );
                    self.archive.remove();
                }
            }
        }
        self.copy.remove();
        let checked = archive::check(&self.archive.0, underway)?;
        debug_assert_eq!(checked, manifest);
        let name = shelf::next_name(&self.shelf, order.reason, order.now_ms)?;
        let path = self.shelf.join(&name);
        fs::rename(&self.archive.0, &path)
            .and_then(|()| files::sync_folder(&self.shelf))
            .map_err(|error| Error::backup_io("naming the backup", &path, error))?;
        if let Some(keep) = order.keep {
            shelf::prune(&self.shelf, order.reason, keep.max(1))?;
        }
        let made = KeptBackup::read(&self.shelf, name);
        made.ok_or_else(|| Error::not_found("the backup that was made"))
    }

    fn source_of(&self, part: &Part) -> PathBuf {
        match part.name.as_str() {
            DATABASE_FILE => self.copy.0.clone(),
            name => self.data.join(name),
        }
    }

    fn is_there(&self, part: &Part) -> bool {
        fs::metadata(self.source_of(part)).is_ok_and(|it| it.len() == part.bytes)
    }

    /// A disk that filled up meanwhile is said with what would have been enough.
    fn explained(&self, error: Error) -> Error {
        match error {
            Error::DiskFull => Error::NoRoom {
                folder: self.shelf.clone(),
                needed_bytes: self.needed_bytes,
                free_bytes: room::free_bytes(&self.shelf).unwrap_or(0),
            },
            other => other,
        }
    }
}

/// A file that goes when it was not given another name.
struct Unfinished(PathBuf);

impl Unfinished {
    fn remove(&self) {
        // SQLite may have left something beside its own.
        for suffix in ["", "-journal", "-wal", "-shm"] {
            let mut path = self.0.as_os_str().to_owned();
            path.push(suffix);
            // Usually there is none; one that stays is swept before the next backup.
            drop(fs::remove_file(path));
        }
    }
}

impl Drop for Unfinished {
    fn drop(&mut self) {
        self.remove();
    }
}

/// Keeps the files of requests while a backup may need them.
struct HeldFiles(Store);

impl HeldFiles {
    fn hold(store: &Store) -> Self {
        store.backups().hold_files();
        Self(store.clone())
    }
}

impl Drop for HeldFiles {
    fn drop(&mut self) {
        let unneeded = self.0.backups().release_files();
        self.0.unlink_files(&unneeded);
    }
}

fn describe(conn: &Connection, order: BackupOrder) -> Result<Manifest, Error> {
    let count = |from: &str| {
        conn.query_row(&format!("SELECT COUNT(*) FROM {from}"), [], |row| {
            row.get::<_, u64>(0)
        })
    };
    let mut names = conn.prepare("SELECT name FROM secrets ORDER BY name")?;
    let names = names.query_map([], |row| row.get(0))?;
    Ok(Manifest {
        kind: manifest::KIND.to_owned(),
        format: manifest::FORMAT,
        made_by: env!("CARGO_PKG_VERSION").to_owned(),
        database_format: conn.pragma_query_value(None, "user_version", |row| row.get(0))?,
        made_at_ms: order.now_ms,
        reason: order.reason,
        counts: BackupCounts {
            flows: count("flows WHERE deleted_at_ms IS NULL")?,
            requests: count("requests")?,
            jobs: count("jobs")?,
            deliveries: count("deliveries")?,
            files: count("files")?,
        },
        secrets_needed: names.collect::<Result<_, _>>()?,
        files_missing: Vec::new(),
        not_inside: manifest::not_inside(),
        parts: Vec::new(),
    })
}

/// Files of requests, by their rows.
fn files_of(conn: &Connection) -> Result<Vec<Part>, Error> {
    let mut statement = conn.prepare("SELECT id, byte_count, sha256 FROM files ORDER BY n")?;
    let parts = statement.query_map([], |row| {
        let id = columns::id(row, 0, FileId::from_bytes)?;
        Ok(Part {
            name: format!("{FILES_FOLDER}/{id}"),
            bytes: row.get(1)?,
            sha256: row.get(2)?,
        })
    })?;
    Ok(parts.collect::<Result<_, _>>()?)
}

fn bytes_of(path: &Path) -> u64 {
    fs::metadata(path).map_or(0, |it| it.len())
}

fn bytes_in(folder: &Path) -> u64 {
    let Ok(entries) = fs::read_dir(folder) else {
        return 0;
    };
    let sizes = entries.flatten().filter_map(|entry| entry.metadata().ok());
    sizes.map(|it| it.len()).sum()
}
