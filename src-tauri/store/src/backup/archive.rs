//! The file of a backup: a compressed tar archive, the manifest first. Written whole, and read with every byte compared.

use std::fs::{File, OpenOptions};
use std::io::{self, BufReader, Read, Write};
use std::path::{Path, PathBuf};
use std::sync::Arc;

use serde::Deserialize;
use sha2::{Digest, Sha256};

use super::manifest::{self, Manifest, Part};
use super::tar::{self, Head};
use super::underway::{BackupPhase, Backups, Underway};
use crate::error::Error;
use crate::migrations;

const MANIFEST: &str = "manifest.json";
/// A manifest of a million files is shorter.
const MANIFEST_BYTES_MAX: u64 = 256 * 1024 * 1024;
/// Fast: a backup runs beside work.
const LEVEL: i32 = 1;
const PIECE_BYTES: usize = 256 * 1024;
const MAGIC: [u8; 4] = [0x28, 0xb5, 0x2f, 0xfd];

/// Reads a backup's file whole, and compares every part with the manifest. Blocks.
///
/// # Errors
/// It is no backup, of a newer release, or damaged: then the error says where.
pub fn check_backup(path: &Path) -> Result<Manifest, Error> {
    check(path, &Arc::<Backups>::default().begin()?)
}

pub(super) fn check(path: &Path, underway: &Underway) -> Result<Manifest, Error> {
    let opened = Opened::open(path)?;
    underway.is_at(BackupPhase::Verifying, opened.manifest.bytes());
    opened.each(underway, |_| Ok(io::sink()), |_| Ok(()))
}

/// Why a file could not be written.
pub(super) enum NotWritten {
    /// A file of a request is not what it was when it came: the backup is made without it.
    PartChanged(String),
    Failed(Error),
}

impl<E: Into<Error>> From<E> for NotWritten {
    fn from(error: E) -> Self {
        Self::Failed(error.into())
    }
}

/// Writes a backup under a name that is free, and syncs it. `data` has the parts beside the database's copy.
pub(super) fn write(
    to: &Path,
    manifest: &Manifest,
    source_of: impl Fn(&Part) -> PathBuf,
    underway: &Underway,
) -> Result<(), NotWritten> {
    let wrong = |error| Error::backup_io("writing the backup", to, error);
    let file = new_private(to).map_err(wrong)?;
    let mut out = zstd::Encoder::new(file, LEVEL).map_err(wrong)?;
    out.include_checksum(true).map_err(wrong)?;
    let text = serde_json::to_vec_pretty(manifest).map_err(|error| Error::Internal {
        what: format!("the manifest has no JSON: {error}"),
    })?;
    let at_ms = manifest.made_at_ms;
    let head = Head {
        name: MANIFEST.to_owned(),
        bytes: text.len() as u64,
    };
    tar::write_head(&mut out, &head, at_ms).map_err(wrong)?;
    out.write_all(&text).map_err(wrong)?;
    tar::pad(&mut out, head.bytes).map_err(wrong)?;
    for part in &manifest.parts {
        let head = Head {
            name: part.name.clone(),
            bytes: part.bytes,
        };
        tar::write_head(&mut out, &head, at_ms).map_err(wrong)?;
        let source = source_of(part);
        let is_same = match File::open(&source) {
            Ok(file) => copy_compared(&mut file.take(part.bytes), part, &mut out, underway)
                .map_err(|error| match error {
                    Copy::Reading(error) => Error::backup_io("reading a part", &source, error),
                    Copy::Writing(error) => wrong(error),
                    Copy::Ended(error) => error,
                })?,
            Err(error) if error.kind() == io::ErrorKind::NotFound => false,
            Err(error) => {
                return Err(Error::backup_io("reading a part", &source, error).into());
            }
        };
        if !is_same {
            return Err(NotWritten::PartChanged(part.name.clone()));
        }
        tar::pad(&mut out, part.bytes).map_err(wrong)?;
    }
    tar::end(&mut out).map_err(wrong)?;
    let file = out.finish().map_err(wrong)?;
    file.sync_all().map_err(wrong)?;
    Ok(())
}

/// A backup's file whose manifest was read.
pub(super) struct Opened {
    pub(super) manifest: Manifest,
    path: PathBuf,
    rest: zstd::Decoder<'static, BufReader<File>>,
}

/// What every format of manifests has.
#[derive(Deserialize)]
struct Marks {
    kind: String,
    format: u32,
    made_by: String,
}

impl Opened {
    /// Reads no further than the manifest.
    pub(super) fn open(path: &Path) -> Result<Self, Error> {
        let reading = |error| Error::backup_io("opening the backup", path, error);
        let not_ours = || Error::NotABackup {
            path: path.to_owned(),
        };
        let mut magic = [0; 4];
        let mut file = File::open(path).map_err(reading)?;
        if file.read_exact(&mut magic).is_err() || magic != MAGIC {
            return Err(not_ours());
        }
        let file = File::open(path).map_err(reading)?;
        let mut rest = zstd::Decoder::new(file).map_err(reading)?;
        let broken = |error| broken(path, error);
        let head = tar::read_head(&mut rest).map_err(broken)?;
        let head = head.filter(|head| head.name == MANIFEST);
        let head = head.ok_or_else(not_ours)?;
        if head.bytes > MANIFEST_BYTES_MAX {
            return Err(Error::damaged_backup(path, "its manifest has no end"));
        }
        let mut text = Vec::new();
        let mut limited = (&mut rest).take(head.bytes);
        limited.read_to_end(&mut text).map_err(broken)?;
        tar::skip_padding(&mut rest, head.bytes).map_err(broken)?;
        let unread = |error: serde_json::Error| {
            Error::damaged_backup(path, format!("its manifest cannot be read: {error}"))
        };
        let marks: Marks = serde_json::from_slice(&text).map_err(unread)?;
        if marks.kind != manifest::KIND {
            return Err(not_ours());
        }
        let newer = |what: String| Error::NewerBackup {
            path: path.to_owned(),
            made_by: marks.made_by.clone(),
            what,
        };
        if marks.format > manifest::FORMAT {
            let (found, known) = (marks.format, manifest::FORMAT);
            return Err(newer(format!(
                "its file has format {found}, and this release knows formats up to {known}"
            )));
        }
        let manifest: Manifest = serde_json::from_slice(&text).map_err(unread)?;
        if manifest.database_format > migrations::NEWEST {
            let (found, known) = (manifest.database_format, migrations::NEWEST);
            return Err(newer(format!(
                "its database has format {found}, and this release knows formats up to {known}"
            )));
        }
        Ok(Self {
            manifest,
            path: path.to_owned(),
            rest,
        })
    }

    /// Gives every part to a place for it, and compares it on the way.
    pub(super) fn each<W: Write>(
        mut self,
        underway: &Underway,
        place_for: impl Fn(&Part) -> Result<W, Error>,
        is_written: impl Fn(W) -> Result<(), Error>,
    ) -> Result<Manifest, Error> {
        let path = &self.path;
        let differs = |part: &Part, how: &str| {
            Error::damaged_backup(path, format!("`{}` in it {how}", part.name))
        };
        for part in &self.manifest.parts {
            let head = tar::read_head(&mut self.rest).map_err(|error| broken(path, error))?;
            let expected = Head {
                name: part.name.clone(),
                bytes: part.bytes,
            };
            if head.as_ref() != Some(&expected) {
                return Err(differs(part, "is not where it should be"));
            }
            let mut place = place_for(part)?;
            let mut limited = (&mut self.rest).take(part.bytes);
            let is_same = copy_compared(&mut limited, part, &mut place, underway).map_err(
                |error| match error {
                    Copy::Reading(error) => broken(path, error),
                    Copy::Writing(error) => Error::backup_io("unpacking", path, error),
                    Copy::Ended(error) => error,
                },
            )?;
            if !is_same {
                return Err(differs(part, "is not what was put into it"));
            }
            is_written(place)?;
            tar::skip_padding(&mut self.rest, part.bytes).map_err(|error| broken(path, error))?;
        }
        let more = tar::read_head(&mut self.rest).map_err(|error| broken(path, error))?;
        // To the end, where the compression has a checksum of its own.
        io::copy(&mut self.rest, &mut io::sink()).map_err(|error| broken(path, error))?;
        match more {
            None => Ok(self.manifest),
            Some(head) => Err(Error::damaged_backup(
                path,
                format!("`{}` is in it, and its manifest does not say so", head.name),
            )),
        }
    }
}

enum Copy {
    Reading(io::Error),
    Writing(io::Error),
    Ended(Error),
}

/// Whether the bytes are those of the part. A source that ends early has others.
fn copy_compared(
    from: &mut impl Read,
    part: &Part,
    to: &mut impl Write,
    underway: &Underway,
) -> Result<bool, Copy> {
    let mut piece = vec![0; PIECE_BYTES];
    let (mut sha256, mut bytes) = (Sha256::new(), 0);
    loop {
        underway.check_going().map_err(Copy::Ended)?;
        let length = match from.read(&mut piece) {
            Ok(0) => break,
            Ok(length) => length,
            Err(error) if error.kind() == io::ErrorKind::Interrupted => continue,
            Err(error) => return Err(Copy::Reading(error)),
        };
        sha256.update(&piece[..length]);
        to.write_all(&piece[..length]).map_err(Copy::Writing)?;
        bytes += length as u64;
        underway.done(length as u64);
    }
    Ok(bytes == part.bytes && hex::encode(sha256.finalize()) == part.sha256)
}

/// The SHA-256 and the length of a file.
pub(super) fn measure(path: &Path, underway: &Underway) -> Result<(u64, String), Error> {
    let reading = |error| Error::backup_io("reading the copy", path, error);
    let mut file = File::open(path).map_err(reading)?;
    let (mut sha256, mut bytes, mut piece) = (Sha256::new(), 0, vec![0; PIECE_BYTES]);
    loop {
        underway.check_going()?;
        let length = file.read(&mut piece).map_err(reading)?;
        if length == 0 {
            return Ok((bytes, hex::encode(sha256.finalize())));
        }
        sha256.update(&piece[..length]);
        bytes += length as u64;
        underway.done(length as u64);
    }
}

/// What failed while a backup was read: the disk, or what is on it.
fn broken(path: &Path, error: io::Error) -> Error {
    match error.kind() {
        io::ErrorKind::UnexpectedEof => Error::damaged_backup(path, "it ends early"),
        _ if error.raw_os_error().is_some() => Error::backup_io("reading the backup", path, error),
        _ => Error::damaged_backup(path, error.to_string()),
    }
}

/// Makes a file for its owner alone. One that is there already is never written over.
pub(super) fn new_private(path: &Path) -> io::Result<File> {
    let mut options = OpenOptions::new();
    options.write(true).create_new(true);
    #[cfg(unix)]
    std::os::unix::fs::OpenOptionsExt::mode(&mut options, 0o600);
    options.open(path)
}
