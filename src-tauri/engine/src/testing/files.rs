//! Files in memory.

use std::collections::HashMap;
use std::sync::Arc;

use async_trait::async_trait;
use bytes::Bytes;
use hookloom_model::FileId;
use hookloom_model::request::StoredFile;
use parking_lot::Mutex;

use crate::ports::{FileContent, FileError, Files, FinishedFile, NewFile, OpenFile};

type Shelf = Arc<Mutex<HashMap<FileId, (StoredFile, Vec<u8>)>>>;

/// [`Files`] in memory. It has no hashes, and takes every finished file for one of a stored request.
#[derive(Default)]
pub struct FakeFiles {
    shelf: Shelf,
}

struct Writing {
    id: FileId,
    bytes: Vec<u8>,
    shelf: Shelf,
}

struct Reading(Option<Bytes>);

impl FakeFiles {
    /// Puts a file there.
    pub fn put(&self, file: StoredFile, bytes: &[u8]) {
        self.shelf.lock().insert(file.id, (file, bytes.to_vec()));
    }

    /// How many there are.
    pub fn count(&self) -> usize {
        self.shelf.lock().len()
    }

    /// The bytes of a file.
    pub fn bytes(&self, id: FileId) -> Option<Vec<u8>> {
        self.shelf.lock().get(&id).map(|(_, bytes)| bytes.clone())
    }
}

#[async_trait]
impl Files for FakeFiles {
    async fn create(&self, id: FileId) -> Result<Box<dyn NewFile>, FileError> {
        Ok(Box::new(Writing {
            id,
            bytes: Vec::new(),
            shelf: Arc::clone(&self.shelf),
        }))
    }

    async fn open(&self, id: FileId) -> Result<OpenFile, FileError> {
        let (file, bytes) = self
            .shelf
            .lock()
            .get(&id)
            .cloned()
            .ok_or(FileError::Missing { id })?;
        let content = Box::new(Reading(
            Some(bytes.into()).filter(|it: &Bytes| !it.is_empty()),
        ));
        Ok(OpenFile { file, content })
    }

    fn discard(&self, ids: &[FileId]) {
        self.shelf.lock().retain(|id, _| !ids.contains(id));
    }
}

#[async_trait]
impl NewFile for Writing {
    async fn write(&mut self, bytes: Bytes) -> Result<(), FileError> {
        self.bytes.extend_from_slice(&bytes);
        Ok(())
    }

    async fn finish(self: Box<Self>) -> Result<FinishedFile, FileError> {
        let Self { id, bytes, shelf } = *self;
        let finished = FinishedFile {
            id,
            byte_count: bytes.len() as u64,
            sha256: String::new(),
        };
        let file = StoredFile {
            id,
            field: None,
            name: None,
            content_type: String::new(),
            byte_count: finished.byte_count,
            sha256: String::new(),
        };
        shelf.lock().insert(id, (file, bytes));
        Ok(finished)
    }
}

#[async_trait]
impl FileContent for Reading {
    async fn next(&mut self) -> Result<Option<Bytes>, FileError> {
        Ok(self.0.take())
    }
}
