//! The way back: a backup is unpacked and checked beside the present data, and put in place before the database is opened.
//!
//! Nothing is deleted: what was there is moved aside. Every move can be done again, so that a process that is killed
//! between two of them is no harm: the next opening goes on.

use std::fs::{self, File};
use std::io::{self, Write as _};
use std::path::{Path, PathBuf};
use std::sync::Arc;

use hookloom_model::FileId;
use rusqlite::{Connection, OpenFlags};
use serde::{Deserialize, Serialize};

use super::archive::{Opened, new_private};
use super::copied::check_integrity;
use super::manifest::{Manifest, Part};
use super::underway::{BackupPhase, Backups, Underway};
use super::{room, shelf};
use crate::connect::{APPLICATION_ID, DATABASE_FILE};
use crate::error::Error;
use crate::files::{FILES_FOLDER, make_private, sync_folder};

/// Where a backup is unpacked, within the data folder.
const FOLDER: &str = "restore";
/// Its contents, as they will lie in the data folder.
const UNPACKED: &str = "new";
/// There once everything is unpacked, checked and synced: from then on the restore happens.
const READY: &str = "ready.json";
/// There once everything of the present data was moved aside.
const MOVED: &str = "moved";
/// How the folders are called that the present data are moved to.
const ASIDE: &str = "before-restore-";
/// What belongs to the present data. The vault's files stay: a backup holds no secret.
const PRESENT: [&str; 6] = [
    DATABASE_FILE,
    "hookloom.db-wal",
    "hookloom.db-shm",
    "hookloom.db-journal",
    FILES_FOLDER,
    "keys",
];

/// A restore that happens when the data folder is opened the next time.
#[derive(Debug, Clone, PartialEq, Eq, Serialize, Deserialize)]
pub struct WaitingRestore {
    /// The backup's file.
    pub from: PathBuf,
    /// When the backup was made.
    pub made_at_ms: i64,
    /// When it was made ready.
    pub ready_at_ms: i64,
    /// The folder within the data folder that the present data will be moved to.
    pub aside: String,
}

/// A restore that happened.
#[derive(Debug, Clone, PartialEq, Eq)]
pub struct Restored {
    /// What was restored.
    pub waiting: WaitingRestore,
    /// Where the data lie that were there before.
    pub aside: PathBuf,
}

/// Unpacks and checks a backup in a data folder, and leaves it ready. Blocks. Only the folder's owner may.
///
/// # Errors
/// It is no backup, of a newer release or damaged; there is no room. Nothing of the present data was touched.
pub fn stage_restore(data: &Path, from: &Path, now_ms: i64) -> Result<Manifest, Error> {
    stage(data, from, now_ms, &Arc::<Backups>::default().begin()?)
}

pub(super) fn stage(
    data: &Path,
    from: &Path,
    now_ms: i64,
    underway: &Underway,
) -> Result<Manifest, Error> {
    let opened = Opened::open(from)?;
    if has_begun(&data.join(FOLDER)) {
        // One that was cut off in the midst of its moves has to end first.
        finish_restore(data)?;
    }
    cancel_restore(data)?;
    let bytes = opened.manifest.bytes();
    room::check(data, bytes, room::free_bytes(data))?;
    underway.is_at(BackupPhase::Unpacking, bytes);
    let unpacked = unpack(data, opened, underway);
    if unpacked.is_err() {
        // What was begun would only take room.
        drop(fs::remove_dir_all(data.join(FOLDER)));
    }
    let manifest = unpacked.map_err(|error| match error {
        Error::DiskFull => Error::NoRoom {
            folder: data.to_owned(),
            needed_bytes: bytes,
            free_bytes: room::free_bytes(data).unwrap_or(0),
        },
        other => other,
    })?;
    let waiting = WaitingRestore {
        from: from.to_owned(),
        made_at_ms: manifest.made_at_ms,
        ready_at_ms: now_ms,
        aside: free_name(data, now_ms),
    };
    let text = serde_json::to_vec_pretty(&waiting).map_err(|error| Error::Internal {
        what: format!("the restore has no JSON: {error}"),
    })?;
    write_marker(&data.join(FOLDER), READY, &text)?;
    Ok(manifest)
}

/// The restore that waits for the next opening, if one does.
///
/// # Errors
/// Its marker cannot be read.
pub fn waiting_restore(data: &Path) -> Result<Option<WaitingRestore>, Error> {
    let path = data.join(FOLDER).join(READY);
    let text = match fs::read(&path) {
        Ok(text) => text,
        Err(error) if error.kind() == io::ErrorKind::NotFound => return Ok(None),
        Err(error) => {
            return Err(Error::backup_io(
                "reading the waiting restore",
                &path,
                error,
            ));
        }
    };
    let read = serde_json::from_slice(&text);
    read.map(Some).map_err(|error| {
        let unread = io::Error::new(io::ErrorKind::InvalidData, error);
        Error::backup_io("reading the waiting restore", &path, unread)
    })
}

/// Gives a restore up that waits. Without one, nothing happens.
///
/// # Errors
/// It has begun already, or the disk fails.
pub fn cancel_restore(data: &Path) -> Result<(), Error> {
    let folder = data.join(FOLDER);
    if has_begun(&folder) {
        return Err(Error::BackupBusy);
    }
    // First of all: without it the rest is only litter.
    for gone in [
        fs::remove_file(folder.join(READY)),
        fs::remove_dir_all(&folder),
    ] {
        match gone {
            Err(error) if error.kind() != io::ErrorKind::NotFound => {
                return Err(Error::backup_io("giving up a restore", &folder, error));
            }
            _ => {}
        }
    }
    Ok(())
}

/// Puts a restore in place that waits. Before the database is opened, by the folder's owner. Goes on with one that was
/// cut off.
///
/// # Errors
/// The disk fails. What was moved stays where it is, and the next call goes on.
pub fn finish_restore(data: &Path) -> Result<Option<Restored>, Error> {
    finish(data, &mut |_| Ok(()))
}

/// `after_step` is told of each step that was done.
pub(crate) fn finish(
    data: &Path,
    after_step: &mut dyn FnMut(&str) -> Result<(), Error>,
) -> Result<Option<Restored>, Error> {
    let folder = data.join(FOLDER);
    let Some(waiting) = waiting_restore(data)? else {
        // Unpacking that was cut off.
        drop(fs::remove_dir_all(&folder));
        return Ok(None);
    };
    let moving = |what: &'static str, path: &Path| {
        let path = path.to_owned();
        move |error| Error::backup_io(what, &path, error)
    };
    let aside = data.join(&waiting.aside);
    let unpacked = folder.join(UNPACKED);
    if !folder.join(MOVED).exists() {
        make_private(&aside).map_err(moving("making room for the present data", &aside))?;
        for name in PRESENT {
            rename_if_there(&data.join(name), &aside.join(name))
                .map_err(moving("moving the present data aside", &aside))?;
            after_step(name)?;
        }
        for synced in [&aside, data] {
            sync_folder(synced).map_err(moving("moving the present data aside", synced))?;
        }
        carry_numbers(&aside.join(DATABASE_FILE), &unpacked.join(DATABASE_FILE));
        after_step("numbers")?;
        write_marker(&folder, MOVED, b"")?;
        after_step(MOVED)?;
    }
    // The database last: until it is there, there is none.
    for name in [FILES_FOLDER, DATABASE_FILE] {
        rename_if_there(&unpacked.join(name), &data.join(name))
            .map_err(moving("putting the backup in place", data))?;
        after_step(name)?;
    }
    sync_folder(data).map_err(moving("putting the backup in place", data))?;
    let ready = folder.join(READY);
    fs::remove_file(&ready).map_err(moving("ending the restore", &ready))?;
    after_step(READY)?;
    // Litter from here on.
    drop(fs::remove_dir_all(&folder));
    Ok(Some(Restored { waiting, aside }))
}

fn unpack(data: &Path, opened: Opened, underway: &Underway) -> Result<Manifest, Error> {
    let unpacked = data.join(FOLDER).join(UNPACKED);
    let making = |path: &Path| {
        let path = path.to_owned();
        move |error| Error::backup_io("unpacking the backup", &path, error)
    };
    let files = unpacked.join(FILES_FOLDER);
    make_private(&files).map_err(making(&files))?;
    let manifest = opened.each(
        underway,
        |part| {
            let path = unpacked.join(checked_name(part)?);
            new_private(&path).map_err(making(&path))
        },
        |file: File| file.sync_all().map_err(making(&unpacked)),
    )?;
    underway.is_at(BackupPhase::Checking, 0);
    let database = unpacked.join(DATABASE_FILE);
    let conn = Connection::open_with_flags(&database, OpenFlags::SQLITE_OPEN_READ_ONLY)?;
    let mark: i64 = conn.pragma_query_value(None, "application_id", |row| row.get(0))?;
    let format: i64 = conn.pragma_query_value(None, "user_version", |row| row.get(0))?;
    if mark != APPLICATION_ID || format != manifest.database_format {
        return Err(Error::Damaged {
            what: "the database in the backup is not the one that its manifest describes"
                .to_owned(),
        });
    }
    check_integrity(&conn)?;
    drop(conn);
    for folder in [&files, &unpacked] {
        sync_folder(folder).map_err(making(folder))?;
    }
    Ok(manifest)
}

/// A part lies in one of two places, under a name of ours: whatever a file says, nothing is written elsewhere.
fn checked_name(part: &Part) -> Result<PathBuf, Error> {
    if part.name == DATABASE_FILE {
        return Ok(PathBuf::from(DATABASE_FILE));
    }
    let id = part.name.strip_prefix(FILES_FOLDER);
    let id = id.and_then(|rest| rest.strip_prefix('/')?.parse::<FileId>().ok());
    id.map(|id| Path::new(FILES_FOLDER).join(id.to_string()))
        .ok_or_else(|| Error::Damaged {
            what: format!("`{}` in the backup is no part of a workspace", part.name),
        })
}

/// Numbers of jobs and flows are never given twice: they go on after the highest that was ever given here. A database
/// that is damaged or of another format tells none, and then they go on after the backup's.
fn carry_numbers(from: &Path, to: &Path) {
    let carry = || -> rusqlite::Result<()> {
        let from = Connection::open_with_flags(from, OpenFlags::SQLITE_OPEN_READ_ONLY)?;
        let mut to = Connection::open_with_flags(to, OpenFlags::SQLITE_OPEN_READ_WRITE)?;
        let mut statement = from.prepare("SELECT name, seq FROM sqlite_sequence")?;
        let highest = statement.query_map([], |row| Ok((row.get(0)?, row.get(1)?)))?;
        let highest: Vec<(String, i64)> = highest.collect::<Result<_, _>>()?;
        let tx = to.transaction()?;
        for (table, number) in highest {
            tx.execute(
                "INSERT INTO sqlite_sequence (name, seq) SELECT ?1, 0
                 WHERE EXISTS (SELECT 1 FROM sqlite_schema WHERE type = 'table' AND name = ?1)
                 AND NOT EXISTS (SELECT 1 FROM sqlite_sequence WHERE name = ?1)",
                [&table],
            )?;
            tx.execute(
                "UPDATE sqlite_sequence SET seq = max(seq, ?2) WHERE name = ?1",
                (&table, number),
            )?;
        }
        tx.commit()
    };
    if !from.exists() {
        return;
    }
    if let Err(error) = carry() {
        tracing::warn!(%error, "numbers of jobs go on after the backup's, because the database before it cannot be read");
    }
}

/// Whether the present data are being moved.
fn has_begun(folder: &Path) -> bool {
    folder.join(READY).exists() && folder.join(MOVED).exists()
}

/// Folders within the data folder that hold what was there before a restore, by name.
///
/// # Errors
/// The folder cannot be read.
pub fn set_aside(data: &Path) -> Result<Vec<String>, Error> {
    let entries = fs::read_dir(data);
    let entries = entries.map_err(|error| Error::backup_io("reading the folder", data, error))?;
    let names = entries
        .flatten()
        .filter_map(|it| it.file_name().into_string().ok());
    let mut names: Vec<String> = names.filter(|it| it.starts_with(ASIDE)).collect();
    names.sort_unstable();
    Ok(names)
}

/// A name that nothing in the folder has.
fn free_name(data: &Path, now_ms: i64) -> String {
    let day = shelf::day(now_ms);
    let mut name = format!("{ASIDE}{day}");
    let mut number = 1;
    while data.join(&name).exists() {
        number += 1;
        name = format!("{ASIDE}{day}-{number}");
    }
    name
}

fn rename_if_there(from: &Path, to: &Path) -> io::Result<()> {
    match fs::rename(from, to) {
        Err(error) if error.kind() == io::ErrorKind::NotFound => Ok(()),
        renamed => renamed,
    }
}

/// A marker is whole or not there.
fn write_marker(folder: &Path, name: &str, text: &[u8]) -> Result<(), Error> {
    let (path, beside) = (folder.join(name), folder.join(format!("{name}.unfinished")));
    let written = (|| {
        match fs::remove_file(&beside) {
            Err(error) if error.kind() != io::ErrorKind::NotFound => return Err(error),
            _ => {}
        }
        let mut file = new_private(&beside)?;
        file.write_all(text)?;
        file.sync_all()?;
        fs::rename(&beside, &path)?;
        sync_folder(folder)
    })();
    written.map_err(|error| Error::backup_io("writing a marker", &path, error))
}
