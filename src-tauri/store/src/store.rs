//! The store: one writer, a few readers, and what they share.

use std::fs;
use std::path::{Path, PathBuf};
use std::sync::Arc;

use parking_lot::Mutex;
use rusqlite::Connection;
use tokio::sync::{Mutex as AsyncMutex, broadcast};

use crate::backup::{self, Backups};
use crate::cache::Cache;
use crate::change::Change;
use crate::checkpoint::{Checkpoints, LogBounds};
use crate::connect;
use crate::error::Error;
use crate::expiry::DeleteExpired;
use crate::files;
use crate::migrations;
use crate::readers::{READ_MS_MAX, Readers};
use crate::rejected::{Buffer, WriteRejected};
use crate::rollup::Counting;
use crate::saving;
use crate::table::counters::Counts;
use crate::traffic::Traffic;
use crate::tx::Tx;
use crate::writer::Writer;
use crate::writer_thread::Chore;

/// How to open a store.
#[derive(Debug, Clone)]
pub struct StoreOptions {
    /// How many reads run at once.
    pub readers: usize,
    /// The time, for the backup that is made before the format of the database changes. Unix milliseconds.
    pub now_ms: i64,
}

impl Default for StoreOptions {
    fn default() -> Self {
        Self {
            readers: 4,
            now_ms: 0,
        }
    }
}

/// A handle of the open database; clones share it. The last one dropped writes what waits and closes it.
#[derive(Clone)]
pub struct Store {
    inner: Arc<Inner>,
}

struct Inner {
    /// Dropped first: the writer empties the log once no reader is left.
    readers: Arc<Readers>,
    writer: Writer,
    rejected: Arc<Buffer>,
    cache: Cache,
    counting: AsyncMutex<Counting>,
    last_saving: AsyncMutex<Option<saving::Found>>,
    path: PathBuf,
    backups: Arc<Backups>,
    upgraded: Mutex<Option<PathBuf>>,
}

impl Store {
    /// Opens the database of a data folder, or makes it. Blocks while it migrates.
    ///
    /// # Errors
    /// Everything that a person has to do something about has a variant of its own: a newer database, a file that
    /// is not ours or damaged, a folder that cannot be written, a full disk. None of them changes the file.
    pub fn open(folder: impl AsRef<Path>, options: StoreOptions) -> Result<Self, Error> {
        let folder = folder.as_ref();
        fs::create_dir_all(folder).map_err(|error| Error::folder(folder, error))?;
        let path = connect::check_before_open(folder)?;
        connect::create_private(folder, &path)?;
        let mut conn = connect::open_writer(&path)?;
        let upgraded = migrations::run(&mut conn, folder, options.now_ms)?;
        files::sweep(folder, &conn)?;
        backup::sweep_unfinished(folder);
        let traffic = Arc::new(Traffic::default());
        let readers = (0..options.readers.max(1))
            .map(|_| connect::open_reader(&path))
            .collect::<Result<Vec<_>, _>>()?;
        let (bounds, watched) = (LogBounds::default(), Arc::clone(&traffic));
        let checkpoints = Checkpoints::new(&mut conn, &path, watched, bounds)?;
        let rejected = Arc::new(Buffer::default());
        let chores: Vec<Box<dyn Chore>> = vec![
            Box::new(WriteRejected::new(Arc::clone(&rejected))),
            Box::new(DeleteExpired::default()),
        ];
        let writer = Writer::start(conn, checkpoints, chores)?;
        let inner = Inner {
            readers: Arc::new(Readers::new(readers, traffic, READ_MS_MAX)?),
            writer,
            rejected,
            cache: Cache::default(),
            counting: AsyncMutex::default(),
            last_saving: AsyncMutex::default(),
            path,
            backups: Arc::default(),
            upgraded: Mutex::new(upgraded),
        };
        Ok(Self {
            inner: Arc::new(inner),
        })
    }

    /// What each batch of commits changes, from now on.
    pub fn changes(&self) -> broadcast::Receiver<Change> {
        self.inner.writer.shared().changes.subscribe()
    }

    /// How many rows the large tables have.
    pub fn counts(&self) -> Counts {
        *self.inner.writer.shared().counts.read()
    }

    /// The database's file.
    pub fn path(&self) -> &Path {
        &self.inner.path
    }

    /// The backup that was made because opening changed the format; told once.
    pub fn take_migration_backup(&self) -> Option<PathBuf> {
        self.inner.upgraded.lock().take()
    }

    /// Whether this is the last handle: closing then ends the writer.
    pub fn is_last(&self) -> bool {
        Arc::strong_count(&self.inner) == 1
    }

    /// The data folder.
    pub fn data_folder(&self) -> &Path {
        self.path().parent().unwrap_or(Path::new("."))
    }

    pub(crate) fn backups(&self) -> &Arc<Backups> {
        &self.inner.backups
    }

    pub(crate) fn writer(&self) -> &Writer {
        &self.inner.writer
    }

    pub(crate) fn rejected(&self) -> &Buffer {
        &self.inner.rejected
    }

    pub(crate) fn counting(&self) -> &AsyncMutex<Counting> {
        &self.inner.counting
    }

    pub(crate) fn last_saving(&self) -> &AsyncMutex<Option<saving::Found>> {
        &self.inner.last_saving
    }

    pub(crate) fn cache(&self) -> &Cache {
        &self.inner.cache
    }

    /// Runs the closure in a transaction of the writer, and answers after its commit. It may run twice.
    pub(crate) async fn write<T, F>(&self, name: &'static str, work: F) -> Result<T, Error>
    where
        T: Send + 'static,
        F: Fn(&Tx<'_>) -> Result<T, Error> + Send + 'static,
    {
        self.inner.writer.write(name, work).await
    }

    /// Runs the closure in one snapshot.
    pub(crate) async fn read<T, F>(&self, work: F) -> Result<T, Error>
    where
        T: Send + 'static,
        F: FnOnce(&Connection) -> Result<T, Error> + Send + 'static,
    {
        self.inner.readers.read(work).await
    }
}
