//! A file that is being written beside where it is to lie: whole under its name, or not there at all.

use std::fs;
use std::io::{self, Read as _};
use std::path::{Path, PathBuf};
use std::time::{Duration, SystemTime};

use sha2::{Digest as _, Sha256};
use tempfile::TempPath;
use tokio::fs::File;
use tokio::io::AsyncWriteExt as _;

use crate::error::{Error, Kind};

/// What names of unfinished files begin and end with.
const PREFIX: &str = ".hookloom-";
const SUFFIX: &str = ".unfinished";
/// What a killed program left is deleted after this long.
const LEFT_MS: u64 = 24 * 60 * 60 * 1_000;
/// Files are read in pieces of this size.
const PIECE_BYTES: usize = 64 * 1024;

/// A file without its name. It is deleted if it never gets it.
pub struct Unfinished {
    file: File,
    path: TempPath,
    hash: Sha256,
    bytes: u64,
}

impl Unfinished {
    /// Begins a file in a folder, which is made if it is not there.
    pub fn begin(folder: &Path) -> Result<Self, Error> {
        let begun = || {
            fs::create_dir_all(folder)?;
            sweep(folder);
            let mut builder = tempfile::Builder::new();
            builder.prefix(PREFIX).suffix(SUFFIX);
            // Whoever installs it may be somebody else.
            #[cfg(unix)]
            builder.permissions(std::os::unix::fs::PermissionsExt::from_mode(0o644));
            builder.tempfile_in(folder)
        };
        let (file, path) = begun()
            .map_err(|error| unusable(&error, folder))?
            .into_parts();
        Ok(Self {
            file: File::from_std(file),
            path,
            hash: Sha256::new(),
            bytes: 0,
        })
    }

    /// How much was written.
    pub fn bytes(&self) -> u64 {
        self.bytes
    }

    /// Writes a piece.
    pub async fn write(&mut self, piece: &[u8]) -> Result<(), Error> {
        self.hash.update(piece);
        self.bytes += piece.len() as u64;
        let written = self.file.write_all(piece).await;
        written.map_err(|error| unusable(&error, &self.path))
    }

    /// The digest of what was written.
    pub fn sha256(&self) -> [u8; 32] {
        self.hash.clone().finalize().into()
    }

    /// Gives the file its name. Nothing is ever written over.
    pub async fn finish(mut self, path: &Path) -> Result<(), Error> {
        let synced = async {
            self.file.flush().await?;
            self.file.sync_all().await
        };
        synced.await.map_err(|error| unusable(&error, path))?;
        let Self {
            file,
            path: unfinished,
            ..
        } = self;
        // Windows renames no file that is open.
        drop(file.into_std().await);
        match unfinished.persist_noclobber(path) {
            Ok(()) => Ok(()),
            Err(error) if error.error.kind() == io::ErrorKind::AlreadyExists => Err(taken(path)),
            Err(error) => Err(unusable(&error.error, path)),
        }
    }
}

/// Whether the very file lies there already. Blocks.
pub fn is_whole(path: &Path, bytes: u64, sha256: &[u8; 32]) -> Result<bool, Error> {
    let unreadable = |error: &io::Error| unusable(error, path);
    let about = match fs::symlink_metadata(path) {
        Ok(about) => about,
        Err(error) if error.kind() == io::ErrorKind::NotFound => return Ok(false),
        Err(error) => return Err(unreadable(&error)),
    };
    if !about.is_file() || about.len() != bytes {
        return Err(taken(path));
    }
    let mut file = fs::File::open(path).map_err(|error| unreadable(&error))?;
    let (mut hash, mut piece) = (Sha256::new(), vec![0; PIECE_BYTES]);
    loop {
        match file.read(&mut piece).map_err(|error| unreadable(&error))? {
            0 => break,
            read => hash.update(&piece[..read]),
        }
    }
    match <[u8; 32]>::from(hash.finalize()) == *sha256 {
        true => Ok(true),
        false => Err(taken(path)),
    }
}

fn taken(path: &Path) -> Error {
    Error::new(
        Kind::FileTaken,
        format!("{} is there already and is another file", path.display()),
        "Nothing is ever written over: move it away, or choose another folder.",
    )
}

/// What the system says about a file or its folder.
fn unusable(error: &io::Error, path: &Path) -> Error {
    use io::ErrorKind as K;
    let path: PathBuf = path.to_path_buf();
    match error.kind() {
        K::StorageFull | K::QuotaExceeded | K::FileTooLarge => Error::new(
            Kind::NoRoom,
            format!(
                "There is no room for the package at {}: {error}",
                path.display()
            ),
            "Make room, or choose another folder. Nothing of it was kept.",
        ),
        _ => Error::new(
            Kind::FolderUnusable,
            format!("{} cannot be used: {error}", path.display()),
            "Choose a folder that this user may write to.",
        ),
    }
}

/// Deletes what was left a long time ago. What cannot be deleted is in nobody's way.
fn sweep(folder: &Path) {
    for entry in fs::read_dir(folder).into_iter().flatten().flatten() {
        let name = entry.file_name();
        let name = name.to_string_lossy();
        let is_ours = name.starts_with(PREFIX) && name.ends_with(SUFFIX);
        let left_at = entry.metadata().and_then(|about| about.modified());
        let age = left_at.map(|at| SystemTime::now().duration_since(at).unwrap_or_default());
        if is_ours && age.is_ok_and(|age| age > Duration::from_millis(LEFT_MS)) {
            drop(fs::remove_file(entry.path()));
        }
    }
}

#[cfg(test)]
mod tests {
    use super::*;

    #[tokio::test]
    async fn a_file_that_came_meanwhile_is_not_written_over() {
        let folder = tempfile::tempdir().expect("a folder");
        let place = folder.path().join("a.deb");
        let mut unfinished = Unfinished::begin(folder.path()).expect("a file");
        unfinished.write(b"a package").await.expect("there is room");
        fs::write(&place, "a diary").expect("a file");
        let refused = unfinished.finish(&place).await.expect_err("it is taken");
        assert_eq!(refused.kind(), Kind::FileTaken);
        assert_eq!(fs::read_to_string(&place).expect("it is there"), "a diary");
        let left = fs::read_dir(folder.path()).expect("a folder").count();
        assert_eq!(left, 1, "nothing else is left");
    }

    #[cfg(unix)]
    #[test]
    fn every_way_in_which_a_disk_is_full_is_told_as_no_room_and_nothing_else_is() {
        let kind = |number: i32| {
            let error = io::Error::from_raw_os_error(number);
            unusable(&error, Path::new("/downloads")).kind()
        };
        // ENOSPC, EDQUOT and EFBIG, by the numbers of this system.
        let full: &[i32] = match cfg!(target_os = "linux") {
            true => &[28, 122, 27],
            false => &[28, 69, 27],
        };
        for number in full {
            assert_eq!(kind(*number), Kind::NoRoom, "{number}");
        }
        // EACCES, EROFS, EIO.
        for number in [13, 30, 5] {
            assert_eq!(kind(number), Kind::FolderUnusable, "{number}");
        }
    }

    #[test]
    fn what_a_killed_program_left_goes_after_a_day_and_nothing_else() {
        let folder = tempfile::tempdir().expect("a folder");
        let old = SystemTime::now() - Duration::from_millis(LEFT_MS + 60_000);
        for (name, is_old) in [
            (".hookloom-a.unfinished", true),
            (".hookloom-b.unfinished", false),
            ("c.unfinished", true),
            (".hookloom-d", true),
        ] {
            let file = fs::File::create(folder.path().join(name)).expect("a file");
            if is_old {
                file.set_modified(old).expect("a time");
            }
        }
        sweep(folder.path());
        let mut left: Vec<_> = fs::read_dir(folder.path())
            .expect("a folder")
            .flatten()
            .map(|entry| entry.file_name())
            .collect();
        left.sort();
        assert_eq!(
            left,
            [".hookloom-b.unfinished", ".hookloom-d", "c.unfinished"]
        );
    }
}
