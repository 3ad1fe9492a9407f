//! Opening the database file: what is checked before anything is written, and how each connection is set up.
//!
//! Does not lock the data folder against a second owner: the runtime does.

use std::fs::{self, File, OpenOptions};
use std::io::{self, Read};
use std::path::{Path, PathBuf};
use std::time::Duration;

use rusqlite::config::DbConfig;
use rusqlite::{Connection, OpenFlags};

use crate::error::Error;
use crate::files;
use crate::migrations;

/// The name of the database in the data folder.
pub const DATABASE_FILE: &str = "hookloom.db";
/// Marks the file as ours: "Hkl1" as a number.
pub(crate) const APPLICATION_ID: i64 = 0x486b_6c31;
/// Older SQLite can corrupt a database in WAL mode when a checkpoint and a write race.
const SQLITE_NEEDED: (i32, &str) = (3_051_003, "3.51.3");
/// After a checkpoint the log is cut back to this.
const WAL_KEPT_BYTES_MAX: i64 = 64 * 1024 * 1024;
/// How long a statement waits for a lock. Only a checkpoint or a backup of another process can hold one.
const BUSY_MS_MAX: u64 = 5_000;
/// Every statement of this crate stays prepared.
const STATEMENTS_KEPT_MAX: usize = 256;
/// Enough for the ends of tables and indexes, which is what is written. SQLite looks through the whole cache at a commit after
/// pages of an index were split: with 32 MiB that was 7 % of what accepting and running jobs cost.
const WRITER_CACHE_BYTES: i64 = 8 * 1024 * 1024;
const READER_CACHE_BYTES: i64 = 2 * 1024 * 1024;

/// Looks at the file without changing a byte. Gives its path.
pub(crate) fn check_before_open(folder: &Path) -> Result<PathBuf, Error> {
    if rusqlite::version_number() < SQLITE_NEEDED.0 {
        return Err(Error::SqliteTooOld {
            found: rusqlite::version().to_owned(),
            needed: SQLITE_NEEDED.1,
        });
    }
    let path = folder.join(DATABASE_FILE);
    match read_header(&path) {
        Ok(None) => Ok(path),
        // The power went while SQLite made the file. It undoes that as it opens it; what it finds then is looked at again.
        Ok(Some(header)) if !begins_as_database(&header) && has_rollback_journal(&path) => Ok(path),
        Ok(Some(header)) => check_header(&path, &header).map(|()| path),
        Err(error) if error.kind() == io::ErrorKind::NotFound => Ok(path),
        Err(error) => Err(Error::folder(folder, error)),
    }
}

/// The first 100 bytes of a database, or none if the file is empty.
fn read_header(path: &Path) -> io::Result<Option<Vec<u8>>> {
    let mut header = Vec::with_capacity(100);
    File::open(path)?.take(100).read_to_end(&mut header)?;
    Ok((!header.is_empty()).then_some(header))
}

fn begins_as_database(header: &[u8]) -> bool {
    header.len() == 100 && header.starts_with(b"SQLite format 3\0")
}

/// Whether a change was cut off that SQLite did not make through the log. Only the first of all is such a one.
fn has_rollback_journal(path: &Path) -> bool {
    let mut journal = path.as_os_str().to_owned();
    journal.push("-journal");
    fs::metadata(journal).is_ok_and(|journal| journal.len() > 0)
}

fn check_header(path: &Path, header: &[u8]) -> Result<(), Error> {
    if !begins_as_database(header) {
        return Err(Error::Damaged {
            what: format!("{} does not begin as a database does", path.display()),
        });
    }
    let number = |at: usize| {
        let bytes = [header[at], header[at + 1], header[at + 2], header[at + 3]];
        i64::from(u32::from_be_bytes(bytes))
    };
    check_marks(path, number(68), number(60))
}

/// Whether a file with these marks is one that this release reads.
fn check_marks(path: &Path, application_id: i64, user_version: i64) -> Result<(), Error> {
    // A database that was made but never migrated has neither mark.
    if application_id != APPLICATION_ID && (application_id, user_version) != (0, 0) {
        return Err(Error::NotOurs {
            path: path.to_owned(),
        });
    }
    if user_version > migrations::NEWEST {
        return Err(Error::NewerDatabase {
            path: path.to_owned(),
            found: user_version,
            known: migrations::NEWEST,
        });
    }
    Ok(())
}

/// Makes the file readable and writable for its owner alone, before SQLite puts anything into it. The log and
/// its index get the same mode from SQLite.
pub(crate) fn create_private(folder: &Path, path: &Path) -> Result<(), Error> {
    let is_new = !path.exists();
    let mut options = OpenOptions::new();
    options.read(true).write(true).create(true).truncate(false);
    #[cfg(unix)]
    std::os::unix::fs::OpenOptionsExt::mode(&mut options, 0o600);
    let file = options
        .open(path)
        .map_err(|error| Error::folder(folder, error))?;
    #[cfg(unix)]
    {
        let mode = <fs::Permissions as std::os::unix::fs::PermissionsExt>::from_mode(0o600);
        file.set_permissions(mode)
            .map_err(|error| Error::folder(folder, error))?;
    }
    // A read-only folder lets an existing file be opened, but SQLite could not make its log.
    let probe = folder.join(".hookloom-write-probe");
    File::create(&probe)
        .and_then(|_| fs::remove_file(&probe))
        .map_err(|error| Error::folder(folder, error))?;
    drop(file);
    if is_new {
        files::sync_folder(folder).map_err(|error| Error::folder(folder, error))?;
        // The folder may be as new as its file. One above it that may not be read was there before.
        if let Some(above) = folder.parent() {
            drop(files::sync_folder(above));
        }
    }
    Ok(())
}

/// The one connection that writes. Refuses, once more, what the header could not show: marks that are still in the log.
pub(crate) fn open_writer(path: &Path) -> Result<Connection, Error> {
    let flags = OpenFlags::SQLITE_OPEN_READ_WRITE | OpenFlags::SQLITE_OPEN_NO_MUTEX;
    let conn = open(path, flags)?;
    conn.busy_timeout(Duration::from_millis(BUSY_MS_MAX))?;
    let application_id = conn.pragma_query_value(None, "application_id", |row| row.get(0))?;
    let user_version = conn.pragma_query_value(None, "user_version", |row| row.get(0))?;
    let marks = check_marks(path, application_id, user_version);
    if let Err(refusal) = marks.and_then(|()| check_tables(&conn, path, application_id)) {
        // Closing would move the log into the database, and nothing may be touched.
        conn.set_db_config(DbConfig::SQLITE_DBCONFIG_NO_CKPT_ON_CLOSE, true)?;
        return Err(refusal);
    }
    set_up(&conn)?;
    // For a new file, before its first table: what is deleted can be given back to the disk piece by piece.
    conn.pragma_update(None, "auto_vacuum", "incremental")?;
    conn.pragma_update(None, "journal_mode", "wal")?;
    conn.pragma_update(None, "synchronous", "full")?;
    conn.pragma_update(None, "journal_size_limit", WAL_KEPT_BYTES_MAX)?;
    // The writer checkpoints between batches, when nobody waits for it.
    conn.pragma_update(None, "wal_autocheckpoint", 0)?;
    // Freed cells are overwritten, freed pages are not: sealed secret state is worthless without its key file,
    // and zeroing pages would double the writes of every deletion.
    conn.pragma_update(None, "secure_delete", "fast")?;
    conn.pragma_update(None, "cache_size", -WRITER_CACHE_BYTES / 1024)?;
    if cfg!(target_os = "macos") {
        conn.pragma_update(None, "fullfsync", true)?;
        conn.pragma_update(None, "checkpoint_fullfsync", true)?;
    }
    Ok(conn)
}

/// A copy that is being made, or was made: nobody else has it open, and what becomes of it in a crash does not matter. Its
/// maker syncs it.
pub(crate) fn open_copy(path: &Path) -> Result<Connection, Error> {
    let flags = OpenFlags::SQLITE_OPEN_READ_WRITE | OpenFlags::SQLITE_OPEN_NO_MUTEX;
    let conn = open(path, flags)?;
    conn.pragma_update(None, "journal_mode", "off")?;
    conn.pragma_update(None, "synchronous", "off")?;
    conn.pragma_update(None, "cache_size", -READER_CACHE_BYTES / 1024)?;
    conn.pragma_update(None, "cell_size_check", true)?;
    conn.pragma_update(None, "mmap_size", 0)?;
    Ok(conn)
}

/// A database without our mark must be empty: another program may leave its own without any mark.
fn check_tables(conn: &Connection, path: &Path, application_id: i64) -> Result<(), Error> {
    if application_id == APPLICATION_ID {
        return Ok(());
    }
    let tables: i64 = conn.query_row("SELECT COUNT(*) FROM sqlite_schema", [], |row| row.get(0))?;
    if tables == 0 {
        return Ok(());
    }
    Err(Error::NotOurs {
        path: path.to_owned(),
    })
}

/// A connection that cannot write.
pub(crate) fn open_reader(path: &Path) -> Result<Connection, Error> {
    let flags = OpenFlags::SQLITE_OPEN_READ_ONLY | OpenFlags::SQLITE_OPEN_NO_MUTEX;
    let conn = open(path, flags)?;
    conn.busy_timeout(Duration::from_millis(BUSY_MS_MAX))?;
    set_up(&conn)?;
    conn.pragma_update(None, "query_only", true)?;
    conn.pragma_update(None, "cache_size", -READER_CACHE_BYTES / 1024)?;
    Ok(conn)
}

fn open(path: &Path, flags: OpenFlags) -> rusqlite::Result<Connection> {
    // Tests stand between SQLite and the disk of some folders.
    #[cfg(all(test, unix))]
    if let Some(vfs) = crate::tests::disk::name_for(path) {
        return Connection::open_with_flags_and_vfs(path, flags, vfs);
    }
    Connection::open_with_flags(path, flags)
}

fn set_up(conn: &Connection) -> Result<(), Error> {
    conn.set_prepared_statement_cache_capacity(STATEMENTS_KEPT_MAX);
    conn.set_db_config(DbConfig::SQLITE_DBCONFIG_DEFENSIVE, true)?;
    conn.pragma_update(None, "foreign_keys", true)?;
    conn.pragma_update(None, "trusted_schema", false)?;
    conn.pragma_update(None, "cell_size_check", true)?;
    conn.pragma_update(None, "temp_store", "memory")?;
    // Not mapped into memory: a disk error on a mapped page kills the process, and on a read it is an answer.
    conn.pragma_update(None, "mmap_size", 0)?;
    Ok(())
}
