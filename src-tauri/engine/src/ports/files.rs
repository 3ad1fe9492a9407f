//! Files: bytes that came with a request and are too many, or too raw, for memory.
//!
//! A file belongs to the request that is accepted with it. Before that it is nobody's: what is not accepted is
//! discarded at once, and after a crash at the next start.

use async_trait::async_trait;
use bytes::Bytes;
use hookloom_model::FileId;
use hookloom_model::request::StoredFile;

/// Where files lie.
#[async_trait]
pub trait Files: Send + Sync {
    /// Begins a file with a new id. Dropped before it is finished it leaves nothing behind.
    async fn create(&self, id: FileId) -> Result<Box<dyn NewFile>, FileError>;

    /// Opens a file that belongs to a stored request.
    async fn open(&self, id: FileId) -> Result<OpenFile, FileError>;

    /// Deletes finished files that belong to no stored request. Does not wait for it.
    fn discard(&self, ids: &[FileId]);
}

/// A file that is being written.
#[async_trait]
pub trait NewFile: Send {
    /// Adds bytes at the end.
    async fn write(&mut self, bytes: Bytes) -> Result<(), FileError>;

    /// Has everything synced to disk, and gives what is known of it.
    async fn finish(self: Box<Self>) -> Result<FinishedFile, FileError>;
}

/// A file whose bytes are on disk.
#[derive(Debug, Clone, PartialEq, Eq)]
pub struct FinishedFile {
    /// Its id.
    pub id: FileId,
    /// How long it is.
    pub byte_count: u64,
    /// SHA-256 of its bytes, hex.
    pub sha256: String,
}

/// A file to read.
pub struct OpenFile {
    /// What is known of it.
    pub file: StoredFile,
    /// Its bytes from the start.
    pub content: Box<dyn FileContent>,
}

/// The bytes of a file, one piece after the other.
#[async_trait]
pub trait FileContent: Send {
    /// The next piece, never empty; none at the end.
    async fn next(&mut self) -> Result<Option<Bytes>, FileError>;
}

/// Why a file cannot be written or read.
#[derive(Debug, thiserror::Error)]
pub enum FileError {
    /// No stored request has it, or its bytes are gone.
    #[error("there is no file `{id}`: its request was deleted, or the id is mistyped")]
    Missing {
        /// Which one.
        id: FileId,
    },
    /// The disk is full.
    #[error("the file could not be written: {reason}; make room on the disk of the data folder")]
    NoRoom {
        /// What the system said.
        reason: String,
    },
    /// The disk failed.
    #[error("{what} failed: {source}")]
    Failed {
        /// What was tried.
        what: String,
        /// Why not.
        #[source]
        source: Box<dyn std::error::Error + Send + Sync>,
    },
}
