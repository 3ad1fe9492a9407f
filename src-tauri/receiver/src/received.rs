//! A whole body, wherever it came to lie: in memory, or in files where it is too raw or too large for it.

use std::sync::Arc;

use axum::body::Body;
use bytes::{Bytes, BytesMut};
use hookloom_engine::ports::{FileError, Files, FinishedFile, NewFile};
use hookloom_model::FileId;
use hookloom_model::body::{
    self, is_guessed_content_type, is_multipart_content_type, is_stored_content_type,
};
use hookloom_model::request::StoredFile;
use http::header::CONTENT_TYPE;
use serde_json::{Map, Value};
use sha2::{Digest, Sha256};

use crate::body_read::{HeldBytes, Pace};
use crate::body_value::is_meant_as_object;
use crate::extract::Arriving;
use crate::form::{Broken, Form};
use crate::limits::{FILE_NAME_CHARS_MAX, GUESSED_BYTES_MAX};
use crate::pieces::{Coding, Pieces};
use crate::refusal::Refusal;
use crate::shared::Shared;
use crate::shown::text;

/// A body that was read to its end.
pub(crate) struct Received {
    pub content: Content,
    /// Of the body after its Content-Encoding was taken off.
    pub body_bytes: u64,
    pub body_sha256: String,
    files: PendingFiles,
    /// Gives the body's share of memory back.
    _held: HeldBytes,
}

/// Where a body lies.
pub(crate) enum Content {
    Memory(Bytes),
    /// The whole body is a file.
    File(StoredFile),
    Form {
        fields: Map<String, Value>,
        files: Vec<StoredFile>,
    },
    /// It is not what its type says; nothing of it is kept.
    Malformed {
        reason: String,
    },
}

/// Files that belong to no request yet: deleted, unless they are kept.
pub(crate) struct PendingFiles {
    files: Arc<dyn Files>,
    ids: Vec<FileId>,
    /// Their share of what may lie on disk for requests that were not accepted yet.
    held: HeldBytes,
}

impl Received {
    /// The files, for whoever takes care of them from here on.
    pub fn take_files(&mut self) -> PendingFiles {
        let nothing = PendingFiles {
            files: Arc::clone(&self.files.files),
            ids: Vec::new(),
            held: self.files.held.sibling(),
        };
        std::mem::replace(&mut self.files, nothing)
    }
}

impl PendingFiles {
    /// The request that they came with is accepted.
    pub fn keep(mut self) {
        self.ids.clear();
    }
}

impl Drop for PendingFiles {
    fn drop(&mut self) {
        if !self.ids.is_empty() {
            self.files.discard(&self.ids);
        }
    }
}

/// Reads a body that was already read from the wire, or is being read.
pub(crate) struct Reading<'a> {
    shared: &'a Shared,
    content_type: Option<String>,
    pub(crate) held: HeldBytes,
    files: PendingFiles,
    sha256: Sha256,
    body_bytes: u64,
}

impl<'a> Reading<'a> {
    pub fn new(shared: &'a Shared, request: &Arriving) -> Self {
        let content_type = request.head.headers.get(CONTENT_TYPE);
        Self {
            shared,
            content_type: content_type.map(|value| text(value.as_bytes()).into_owned()),
            held: shared.bodies_held.share(),
            files: PendingFiles {
                files: Arc::clone(&shared.deps.files),
                ids: Vec::new(),
                held: shared.files_held.share(),
            },
            sha256: Sha256::new(),
            body_bytes: 0,
        }
    }

    /// The body as it comes over the wire, at most this many bytes of it.
    pub fn wire(&self, body: Body, bytes_max: u64) -> Result<Pieces<'a>, Refusal> {
        Pieces::of_wire(body, Pace::new(&self.shared.limits), bytes_max)
    }

    /// What comes out of it.
    pub async fn decoded<'p>(
        &mut self,
        wire: Pieces<'p>,
        coding: Coding,
    ) -> Result<Pieces<'p>, Refusal> {
        let ratio_max = self.shared.limits.body_ratio_max;
        wire.decoded(coding, ratio_max, &mut self.held).await
    }

    /// All of it, in memory.
    pub async fn collect(&mut self, pieces: &mut Pieces<'_>) -> Result<Bytes, Refusal> {
        pieces.collect(&mut self.held).await
    }

    /// Reads to the end, by the Content-Type.
    pub async fn finish(mut self, mut pieces: Pieces<'_>) -> Result<Received, Refusal> {
        let content_type = self.content_type.clone().unwrap_or_default();
        let content = if is_multipart_content_type(&content_type) {
            Box::pin(self.form(&mut pieces, &content_type)).await?
        } else if is_stored_content_type(&content_type) {
            Box::pin(self.file(&mut pieces, BytesMut::new())).await?
        } else if is_guessed_content_type(self.content_type.as_deref()) {
            Box::pin(self.guessed(&mut pieces)).await?
        } else {
            self.memory(&mut pieces).await?
        };
        if let Content::Malformed { .. } = &content {
            self.files = PendingFiles {
                files: Arc::clone(&self.shared.deps.files),
                ids: Vec::new(),
                held: self.shared.files_held.share(),
            };
        }
        Ok(Received {
            content,
            body_bytes: self.body_bytes,
            body_sha256: hex::encode(self.sha256.finalize()),
            files: self.files,
            _held: self.held,
        })
    }

    async fn next(&mut self, pieces: &mut Pieces<'_>) -> Result<Option<Bytes>, Refusal> {
        let piece = pieces.next().await?;
        if let Some(piece) = &piece {
            self.sha256.update(piece);
            self.body_bytes += piece.len() as u64;
        }
        Ok(piece)
    }

    async fn memory(&mut self, pieces: &mut Pieces<'_>) -> Result<Content, Refusal> {
        let whole = pieces.collect(&mut self.held).await?;
        self.sha256.update(&whole);
        self.body_bytes = whole.len() as u64;
        Ok(Content::Memory(whole))
    }

    /// A body whose type says nothing stays in memory as long as it may be text.
    async fn guessed(&mut self, pieces: &mut Pieces<'_>) -> Result<Content, Refusal> {
        let mut whole = BytesMut::new();
        let mut text_bytes = 0;
        while let Some(piece) = self.next(pieces).await? {
            self.held.grow_by(piece.len() as u64)?;
            whole.extend_from_slice(&piece);
            let is_text = match std::str::from_utf8(&whole[text_bytes..]) {
                Ok(rest) => {
                    text_bytes += rest.len();
                    true
                }
                // A character may be cut between two pieces.
                Err(error) => {
                    text_bytes += error.valid_up_to();
                    error.error_len().is_none()
                }
            };
            if !is_text || whole.len() > GUESSED_BYTES_MAX {
                return self.file(pieces, whole).await;
            }
        }
        if text_bytes < whole.len() {
            return self.file(pieces, whole).await;
        }
        Ok(Content::Memory(whole.freeze()))
    }

    /// What was read already, and the rest, in a file.
    async fn file(&mut self, pieces: &mut Pieces<'_>, begun: BytesMut) -> Result<Content, Refusal> {
        let mut piece = match begun.is_empty() {
            true => self.next(pieces).await?,
            false => Some(begun.freeze()),
        };
        if piece.is_none() {
            return Ok(Content::Memory(Bytes::new()));
        }
        let mut watch = StateWatch::default();
        let mut file = self.begin_file().await?;
        while let Some(bytes) = piece {
            watch.look(&bytes);
            self.write(&mut file, bytes).await?;
            piece = self.next(pieces).await?;
        }
        if watch.found {
            let reason = watch.reason();
            return Ok(Content::Malformed { reason });
        }
        let finished = self.finish_file(file).await?;
        let content_type = self.content_type.as_deref().unwrap_or_default();
        Ok(Content::File(stored(finished, content_type, None, None)))
    }

    async fn form(
        &mut self,
        pieces: &mut Pieces<'_>,
        content_type: &str,
    ) -> Result<Content, Refusal> {
        let mut form = match Form::new(content_type) {
            Ok(form) => form,
            Err(error) => return self.refused_form(pieces, error.to_string()).await,
        };
        while let Some(piece) = self.next(pieces).await? {
            if let Err(why) = form.take(self, &piece).await {
                return match why {
                    Broken::Malformed(reason) => self.refused_form(pieces, reason).await,
                    Broken::Refused(refusal) => Err(refusal),
                };
            }
        }
        Ok(form.finish())
    }

    /// The rest is read, so that a body that is too large is told as that.
    async fn refused_form(
        &mut self,
        pieces: &mut Pieces<'_>,
        reason: String,
    ) -> Result<Content, Refusal> {
        while self.next(pieces).await?.is_some() {}
        Ok(Content::Malformed {
            reason: format!("The request is refused: the body cannot be read: {reason}"),
        })
    }

    pub(crate) async fn begin_file(&mut self) -> Result<Box<dyn NewFile>, Refusal> {
        let id = self.shared.new_file_id();
        let file = self.files.files.create(id).await;
        file.map_err(|error| refusal_of(&error))
    }

    pub(crate) async fn write(
        &mut self,
        file: &mut Box<dyn NewFile>,
        bytes: Bytes,
    ) -> Result<(), Refusal> {
        self.files.held.grow_by(bytes.len() as u64)?;
        let written = file.write(bytes).await;
        written.map_err(|error| refusal_of(&error))
    }

    pub(crate) async fn finish_file(
        &mut self,
        file: Box<dyn NewFile>,
    ) -> Result<FinishedFile, Refusal> {
        let finished = file.finish().await.map_err(|error| refusal_of(&error))?;
        self.files.ids.push(finished.id);
        Ok(finished)
    }
}

fn refusal_of(error: &FileError) -> Refusal {
    match error {
        FileError::NoRoom { .. } => Refusal::StorageUnavailable {
            reason: error.to_string(),
        },
        FileError::Missing { .. } | FileError::Failed { .. } => {
            tracing::error!(%error, "a file of a request could not be written");
            Refusal::Internal {
                reason: "a file could not be written; the log says why".into(),
            }
        }
    }
}

pub(crate) fn stored(
    finished: FinishedFile,
    content_type: &str,
    field: Option<String>,
    name: Option<String>,
) -> StoredFile {
    StoredFile {
        id: finished.id,
        field,
        name: name.map(|name| name.chars().take(FILE_NAME_CHARS_MAX).collect()),
        content_type: content_type.chars().take(FILE_NAME_CHARS_MAX).collect(),
        byte_count: finished.byte_count,
        sha256: finished.sha256,
    }
}

/// Looks for secret state in bytes that are meant as an object and are none: they must not be kept.
#[derive(Default)]
struct StateWatch {
    is_meant_as_object: Option<bool>,
    tail: Vec<u8>,
    found: bool,
}

impl StateWatch {
    /// Longer than the name in any of its spellings.
    const TAIL_BYTES: usize = 256;

    fn look(&mut self, bytes: &[u8]) {
        let is_meant = *self
            .is_meant_as_object
            .get_or_insert_with(|| is_meant_as_object(bytes));
        if !is_meant || self.found {
            return;
        }
        self.tail.extend_from_slice(bytes);
        self.found = body::mentions_secret_state(&self.tail);
        let old = self.tail.len().saturating_sub(Self::TAIL_BYTES);
        self.tail.drain(..old);
    }

    fn reason(&self) -> String {
        format!(
            "The request is refused: its body mentions `{}`, which cannot be taken out, because the body is not \
             read as JSON; correct it, and send it as application/json",
            body::SECRET_STATE_PUT[0]
        )
    }
}

impl Shared {
    fn new_file_id(&self) -> FileId {
        let mut random = [0; 10];
        self.deps.entropy.fill(&mut random);
        FileId::new(self.deps.clock.now_ms(), random)
    }
}
