//! What passes between SQLite and the disk of one folder: recorded in its order, and failing when a test wants it to.
//!
//! Does not touch files: the shim does, after it has asked here.

use std::collections::HashMap;
use std::path::{Path, PathBuf};
use std::sync::Arc;

use parking_lot::{Mutex, RwLock};
use rusqlite::ffi;

/// The files that SQLite has beside each other.
#[derive(Debug, Clone, Copy, PartialEq, Eq, PartialOrd, Ord)]
pub(super) enum Name {
    Database,
    Log,
    Journal,
}

impl Name {
    pub(super) const ALL: [Self; 3] = [Self::Database, Self::Log, Self::Journal];

    /// What follows the database's own name.
    pub(super) fn suffix(self) -> &'static str {
        match self {
            Self::Database => "",
            Self::Log => "-wal",
            Self::Journal => "-journal",
        }
    }

    fn of(path: &str) -> Self {
        match path {
            path if path.ends_with("-wal") => Self::Log,
            path if path.ends_with("-journal") => Self::Journal,
            _ => Self::Database,
        }
    }
}

/// Something that happened, in the order in which it did.
#[derive(Debug, Clone)]
pub(super) enum Op {
    Created {
        name: Name,
    },
    Written {
        name: Name,
        at: usize,
        bytes: Arc<[u8]>,
    },
    Truncated {
        name: Name,
        bytes: usize,
    },
    Synced {
        name: Name,
    },
    Deleted {
        name: Name,
        /// Whether the folder was synced after it.
        is_synced: bool,
    },
    /// Not of the disk: so many things had been answered by then.
    Answered {
        count: usize,
    },
}

/// What SQLite is about to do.
#[derive(Debug, Clone, Copy, PartialEq, Eq)]
pub(super) enum Call {
    Open,
    Read,
    Write,
    Truncate,
    Sync,
    Delete,
    MapIndex,
}

impl Call {
    /// How the unix VFS of SQLite names a failure of the disk.
    fn failure(self) -> i32 {
        match self {
            Self::Open => ffi::SQLITE_CANTOPEN,
            Self::Read => ffi::SQLITE_IOERR_READ,
            Self::Write => ffi::SQLITE_IOERR_WRITE,
            Self::Truncate => ffi::SQLITE_IOERR_TRUNCATE,
            Self::Sync => ffi::SQLITE_IOERR_FSYNC,
            Self::Delete => ffi::SQLITE_IOERR_DELETE,
            Self::MapIndex => ffi::SQLITE_IOERR_SHMMAP,
        }
    }

    /// Whether a full disk refuses it.
    fn needs_room(self) -> bool {
        matches!(self, Self::Write)
    }
}

/// What goes wrong, and from which call on. Calls count from 0.
#[derive(Debug, Clone, Copy, PartialEq, Eq)]
pub(crate) enum Fault {
    /// This one call fails; half of a write reaches the disk.
    Once { at: u64 },
    /// From this call on every write finds the disk full.
    Full { from: u64 },
    /// From this call on everything fails.
    Broken { from: u64 },
    /// The control: from this call on the disk takes every write, says so, and keeps none.
    Forgetful { from: u64 },
}

/// How a call goes.
#[derive(Debug, Clone, Copy, PartialEq, Eq)]
pub(super) enum Fate {
    Fine,
    /// Nothing happens, and this is told.
    Fails(i32),
    /// Half of the bytes are written, and this is told.
    Half(i32),
    /// Nothing happens, and nobody is told.
    Forgotten,
}

/// One folder under watch.
#[derive(Default)]
pub(crate) struct Tap {
    ops: Mutex<Vec<Op>>,
    faults: Mutex<Faults>,
}

#[derive(Default)]
struct Faults {
    planned: Option<Fault>,
    calls: u64,
    hits: u64,
}

static WATCHED: RwLock<Option<HashMap<PathBuf, Arc<Tap>>>> = RwLock::new(None);

/// Watches a folder until dropped.
pub(crate) struct Watch {
    folder: PathBuf,
    pub(crate) tap: Arc<Tap>,
}

impl Watch {
    pub(crate) fn new(folder: &Path) -> Self {
        let tap = Arc::<Tap>::default();
        let mut watched = WATCHED.write();
        let watched = watched.get_or_insert_default();
        watched.insert(folder.to_owned(), Arc::clone(&tap));
        Self {
            folder: folder.to_owned(),
            tap,
        }
    }
}

impl Drop for Watch {
    fn drop(&mut self) {
        if let Some(watched) = WATCHED.write().as_mut() {
            watched.remove(&self.folder);
        }
    }
}

/// The tap of the folder that a file lies in, and which file of it that is.
pub(super) fn find(path: &str) -> Option<(Arc<Tap>, Name)> {
    let watched = WATCHED.read();
    let tap = watched.as_ref()?.get(Path::new(path).parent()?)?;
    Some((Arc::clone(tap), Name::of(path)))
}

impl Tap {
    pub(super) fn record(&self, op: Op) {
        self.ops.lock().push(op);
    }

    /// Everything so far.
    pub(super) fn ops(&self) -> Vec<Op> {
        self.ops.lock().clone()
    }

    /// So many things have been answered.
    pub(super) fn answered(&self, count: usize) {
        self.record(Op::Answered { count });
    }

    pub(crate) fn plan(&self, fault: Option<Fault>) {
        self.faults.lock().planned = fault;
    }

    /// How many calls were refused.
    pub(super) fn hits(&self) -> u64 {
        self.faults.lock().hits
    }

    /// How many calls there were.
    pub(crate) fn calls(&self) -> u64 {
        self.faults.lock().calls
    }

    /// A call begins.
    pub(super) fn fate(&self, call: Call) -> Fate {
        let mut faults = self.faults.lock();
        let number = faults.calls;
        faults.calls += 1;
        let fate = match faults.planned {
            Some(Fault::Once { at }) if at == number && call == Call::Write => {
                Fate::Half(call.failure())
            }
            Some(Fault::Once { at }) if at == number => Fate::Fails(call.failure()),
            Some(Fault::Full { from }) if number >= from && call.needs_room() => {
                Fate::Fails(ffi::SQLITE_FULL)
            }
            Some(Fault::Broken { from }) if number >= from => Fate::Fails(call.failure()),
            Some(Fault::Forgetful { from }) if number >= from && call == Call::Write => {
                Fate::Forgotten
            }
            _ => Fate::Fine,
        };
        faults.hits += u64::from(fate != Fate::Fine);
        fate
    }
}
