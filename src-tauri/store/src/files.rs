//! The `Files` port: bytes in files of the data folder, what is known of them in the table `files`.
//!
//! A file is written under a name of its own, synced, and renamed; the request that is accepted with it makes it
//! somebody's. What belongs to nobody is swept when the store opens. Bytes are kept exact: they are not masked.

use std::collections::HashSet;
use std::fs::{self, File};
use std::io::{self, Read, Write};
use std::path::{Path, PathBuf};

use async_trait::async_trait;
use bytes::{Bytes, BytesMut};
use hookloom_engine::ports::{FileContent, FileError, Files, FinishedFile, NewFile, OpenFile};
use hookloom_model::FileId;
use rusqlite::Connection;
use sha2::{Digest, Sha256};
use tokio::task::spawn_blocking;

use crate::error::Error;
use crate::store::Store;
use crate::table::files;

/// The folder of the files within the data folder.
pub const FILES_FOLDER: &str = "files";
/// What a file is called until it is whole.
const UNFINISHED: &str = ".part";
/// How much is gathered before it is written.
const WRITE_BYTES: usize = 256 * 1024;
/// How much is read at once.
const READ_BYTES: usize = 64 * 1024;

/// Deletes what belongs to no stored request. Before anybody writes files.
pub(crate) fn sweep(folder: &Path, conn: &Connection) -> Result<(), Error> {
    let folder = folder.join(FILES_FOLDER);
    let entries = match fs::read_dir(&folder) {
        Ok(entries) => entries,
        // The first file makes it.
        Err(error) if error.kind() == io::ErrorKind::NotFound => return Ok(()),
        Err(error) => return Err(Error::folder(&folder, error)),
    };
    let mut orphans = HashSet::new();
    for entry in entries {
        let entry = entry.map_err(|error| Error::folder(&folder, error))?;
        let name = entry.file_name();
        let name = name.to_string_lossy();
        let is_whole = match name.parse::<FileId>() {
            Ok(id) => files::by_id(conn, id)?.is_some(),
            Err(_) => false,
        };
        // Whatever else lies there is not ours to delete.
        let is_ours = name.starts_with(FileId::PREFIX);
        if is_ours && !is_whole {
            orphans.insert(entry.path());
        }
    }
    if !orphans.is_empty() {
        tracing::info!(
            count = orphans.len(),
            "files of requests that were never accepted are deleted"
        );
    }
    for orphan in orphans {
        if let Err(error) = fs::remove_file(&orphan) {
            tracing::warn!(file = %orphan.display(), %error, "a file that belongs to nobody stays");
        }
    }
    Ok(())
}

impl Store {
    pub(crate) fn files_folder(&self) -> PathBuf {
        self.data_folder().join(FILES_FOLDER)
    }

    /// Deletes the bytes of files whose rows are gone; those that a backup may still need, after it.
    pub(crate) fn unlink_files(&self, ids: &[FileId]) {
        if !self.backups().may_unlink(ids) {
            return;
        }
        let folder = self.files_folder();
        let paths: Vec<PathBuf> = ids.iter().map(|id| folder.join(id.to_string())).collect();
        unlink(paths);
    }
}

#[async_trait]
impl Files for Store {
    async fn create(&self, id: FileId) -> Result<Box<dyn NewFile>, FileError> {
        let folder = self.files_folder();
        let writing = blocking(move || Writing::begin(folder, id)).await?;
        Ok(Box::new(NewStoredFile {
            writing: Some(writing),
            waiting: BytesMut::new(),
        }))
    }

    async fn open(&self, id: FileId) -> Result<OpenFile, FileError> {
        let found = self.read(move |conn| files::by_id(conn, id)).await;
        let found = found.map_err(|error| FileError::Failed {
            what: format!("looking for the file {id}"),
            source: Box::new(error),
        })?;
        let file = found.ok_or(FileError::Missing { id })?;
        let path = self.files_folder().join(id.to_string());
        let opened = spawn_blocking(move || File::open(path)).await;
        match opened.unwrap_or_else(|error| Err(io::Error::other(error))) {
            Ok(opened) => Ok(OpenFile {
                file,
                content: Box::new(Reading { file: Some(opened) }),
            }),
            Err(error) if error.kind() == io::ErrorKind::NotFound => Err(FileError::Missing { id }),
            Err(error) => Err(failed("opening a file", error)),
        }
    }

    fn discard(&self, ids: &[FileId]) {
        self.unlink_files(ids);
    }
}

/// A file that is being written. Its bytes are gathered, so that few of them go to another thread at a time.
struct NewStoredFile {
    /// None only while a write is under way, and after one that was cut off.
    writing: Option<Writing>,
    waiting: BytesMut,
}

impl NewStoredFile {
    async fn flush(&mut self) -> Result<(), FileError> {
        let waiting = self.waiting.split().freeze();
        let mut writing = self.writing.take().ok_or_else(cut_off)?;
        let writing = blocking(move || {
            writing.file.write_all(&waiting)?;
            writing.sha256.update(&waiting);
            writing.byte_count += waiting.len() as u64;
            Ok(writing)
        });
        self.writing = Some(writing.await?);
        Ok(())
    }
}

#[async_trait]
impl NewFile for NewStoredFile {
    async fn write(&mut self, bytes: Bytes) -> Result<(), FileError> {
        self.waiting.extend_from_slice(&bytes);
        match self.waiting.len() >= WRITE_BYTES {
            true => self.flush().await,
            false => Ok(()),
        }
    }

    async fn finish(mut self: Box<Self>) -> Result<FinishedFile, FileError> {
        self.flush().await?;
        let writing = self.writing.take().ok_or_else(cut_off)?;
        blocking(move || writing.finish()).await
    }
}

/// The file itself. Dropped unfinished it is deleted.
struct Writing {
    id: FileId,
    folder: PathBuf,
    file: File,
    sha256: Sha256,
    byte_count: u64,
    is_finished: bool,
}

impl Writing {
    fn begin(folder: PathBuf, id: FileId) -> io::Result<Self> {
        let path = unfinished(&folder, id);
        let file = match new_private(&path) {
            Err(error) if error.kind() == io::ErrorKind::NotFound => {
                make_private(&folder)?;
                // Its own name has to be on disk before what lies in it is promised to anybody.
                if let Some(above) = folder.parent() {
                    sync_folder(above)?;
                }
                new_private(&path)
            }
            made => made,
        }?;
        Ok(Self {
            id,
            folder,
            file,
            sha256: Sha256::new(),
            byte_count: 0,
            is_finished: false,
        })
    }

    fn finish(mut self) -> io::Result<FinishedFile> {
        self.file.sync_all()?;
        let whole = self.folder.join(self.id.to_string());
        fs::rename(unfinished(&self.folder, self.id), whole)?;
        self.is_finished = true;
        sync_folder(&self.folder)?;
        let sha256 = std::mem::take(&mut self.sha256);
        Ok(FinishedFile {
            id: self.id,
            byte_count: self.byte_count,
            sha256: hex::encode(sha256.finalize()),
        })
    }
}

impl Drop for Writing {
    fn drop(&mut self) {
        if !self.is_finished {
            unlink(vec![unfinished(&self.folder, self.id)]);
        }
    }
}

fn unfinished(folder: &Path, id: FileId) -> PathBuf {
    folder.join(format!("{id}{UNFINISHED}"))
}

struct Reading {
    /// None once its end was reached, or a read was cut off.
    file: Option<File>,
}

#[async_trait]
impl FileContent for Reading {
    async fn next(&mut self) -> Result<Option<Bytes>, FileError> {
        let Some(mut file) = self.file.take() else {
            return Ok(None);
        };
        let read = spawn_blocking(move || {
            let mut piece = vec![0; READ_BYTES];
            let length = file.read(&mut piece)?;
            piece.truncate(length);
            io::Result::Ok((file, piece))
        });
        let read = read
            .await
            .unwrap_or_else(|error| Err(io::Error::other(error)));
        let (file, piece) = read.map_err(|error| failed("reading a file", error))?;
        if piece.is_empty() {
            return Ok(None);
        }
        self.file = Some(file);
        Ok(Some(piece.into()))
    }
}

async fn blocking<T: Send + 'static>(
    work: impl FnOnce() -> io::Result<T> + Send + 'static,
) -> Result<T, FileError> {
    let done = spawn_blocking(work).await;
    let done = done.unwrap_or_else(|error| Err(io::Error::other(error)));
    done.map_err(|error| match error.kind() {
        io::ErrorKind::StorageFull | io::ErrorKind::QuotaExceeded => FileError::NoRoom {
            reason: error.to_string(),
        },
        _ => failed("writing a file", error),
    })
}

fn failed(what: &str, error: io::Error) -> FileError {
    FileError::Failed {
        what: what.to_owned(),
        source: Box::new(error),
    }
}

fn cut_off() -> FileError {
    failed(
        "writing a file",
        io::Error::other("the write before it was cut off"),
    )
}

/// Deletes files beside the workers that answer requests, where there are any.
fn unlink(paths: Vec<PathBuf>) {
    let work = move || {
        for path in paths {
            match fs::remove_file(&path) {
                Ok(()) => {}
                Err(error) if error.kind() == io::ErrorKind::NotFound => {}
                // Harmless: the next start sweeps it.
                Err(error) => {
                    tracing::warn!(file = %path.display(), %error, "a file stays until the next start")
                }
            }
        }
    };
    match tokio::runtime::Handle::try_current() {
        Ok(runtime) => drop(runtime.spawn_blocking(work)),
        Err(_) => work(),
    }
}

#[cfg(unix)]
pub(crate) fn make_private(folder: &Path) -> io::Result<()> {
    use std::os::unix::fs::DirBuilderExt;
    fs::DirBuilder::new()
        .recursive(true)
        .mode(0o700)
        .create(folder)
}

#[cfg(not(unix))]
pub(crate) fn make_private(folder: &Path) -> io::Result<()> {
    fs::create_dir_all(folder)
}

fn new_private(path: &Path) -> io::Result<File> {
    let mut options = fs::OpenOptions::new();
    options.write(true).create_new(true);
    #[cfg(unix)]
    std::os::unix::fs::OpenOptionsExt::mode(&mut options, 0o600);
    options.open(path)
}

/// A new name is on disk only once its folder is. Windows has no such call, and needs none.
pub(crate) fn sync_folder(folder: &Path) -> io::Result<()> {
    #[cfg(unix)]
    File::open(folder)?.sync_all()?;
    #[cfg(not(unix))]
    let _ = folder;
    Ok(())
}
