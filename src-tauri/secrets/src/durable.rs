//! Files that are whole or not there, for their owner alone, and on disk when the call returns.

use std::fs::{self, File, OpenOptions};
use std::io::{self, Write as _};
use std::path::{Path, PathBuf};

/// Files of a write that was cut off have this ending; sweeps may remove them.
pub(crate) const UNFINISHED: &str = "unfinished";

/// Writes a file or replaces it: under another name first, synced, then renamed, then the folder synced.
pub(crate) fn write(path: &Path, bytes: &[u8]) -> io::Result<()> {
    let unfinished = unfinished(path);
    // A left-over of a crash may have another mode: it is made anew, not written over.
    remove(&unfinished)?;
    let written = write_synced(&unfinished, bytes);
    if let Err(error) = written.and_then(|()| fs::rename(&unfinished, path)) {
        // The reason counts, not whether the rest could be tidied up after it.
        let _ = fs::remove_file(&unfinished);
        return Err(error);
    }
    sync_folder_of(path)
}

/// Makes a file that must not be there yet: under another name first, which a rename would put over one that is there.
pub(crate) fn create_new(path: &Path, bytes: &[u8]) -> io::Result<()> {
    let unfinished = unfinished(path);
    remove(&unfinished)?;
    let made = write_synced(&unfinished, bytes).and_then(|()| fs::hard_link(&unfinished, path));
    let _ = fs::remove_file(&unfinished);
    made?;
    sync_folder_of(path)
}

/// Makes a folder for its owner alone, if it is not there. Its parent must be.
pub(crate) fn create_folder(path: &Path) -> io::Result<()> {
    if path.is_dir() {
        return Ok(());
    }
    #[cfg_attr(not(unix), expect(unused_mut))]
    let mut builder = fs::DirBuilder::new();
    #[cfg(unix)]
    std::os::unix::fs::DirBuilderExt::mode(&mut builder, 0o700);
    match builder.create(path) {
        Err(error) if error.kind() != io::ErrorKind::AlreadyExists => Err(error),
        _ => sync_folder_of(path),
    }
}

/// The bytes of a file; `None` where there is none.
pub(crate) fn read(path: &Path) -> io::Result<Option<Vec<u8>>> {
    match fs::read(path) {
        Ok(bytes) => Ok(Some(bytes)),
        Err(error) if error.kind() == io::ErrorKind::NotFound => Ok(None),
        Err(error) => Err(error),
    }
}

/// Removes a file. None there is no error. Tells whether there was one.
pub(crate) fn remove(path: &Path) -> io::Result<bool> {
    match fs::remove_file(path) {
        Ok(()) => Ok(true),
        Err(error) if error.kind() == io::ErrorKind::NotFound => Ok(false),
        Err(error) => Err(error),
    }
}

fn unfinished(path: &Path) -> PathBuf {
    let mut name = path.as_os_str().to_owned();
    name.push(".");
    name.push(UNFINISHED);
    name.into()
}

fn write_synced(path: &Path, bytes: &[u8]) -> io::Result<()> {
    let mut file = private().write(true).create_new(true).open(path)?;
    file.write_all(bytes)?;
    file.sync_all()
}

fn private() -> OpenOptions {
    #[cfg_attr(not(unix), expect(unused_mut))]
    let mut options = OpenOptions::new();
    #[cfg(unix)]
    std::os::unix::fs::OpenOptionsExt::mode(&mut options, 0o600);
    options
}

/// A new name is on disk only once its folder is.
fn sync_folder_of(path: &Path) -> io::Result<()> {
    // Windows syncs names by itself, and opens no folder as a file.
    if cfg!(unix)
        && let Some(folder) = path.parent()
    {
        File::open(folder)?.sync_all()?;
    }
    Ok(())
}
