//! Files that steps send: looked up by their id, and read within a limit.

use bytes::{Bytes, BytesMut};
use hookloom_engine::ports::{FileError, Files};
use hookloom_engine::record;
use hookloom_model::FileId;
use hookloom_model::journal::RecordedError;
use hookloom_model::request::StoredFile;
use serde_json::Value;

use crate::value;

/// A request of ours has a body of at most this many bytes.
pub(crate) const SENT_BYTES_MAX: u64 = 64 * 1024 * 1024;

/// A file with its bytes.
pub(crate) struct Loaded {
    pub file: StoredFile,
    pub bytes: Bytes,
}

impl Loaded {
    /// What the record shows in place of the bytes.
    pub fn shown(&self) -> String {
        format!("(the file {}, {} bytes)", self.file.id, self.bytes.len())
    }
}

/// The id of a file: as text, or in what memory holds in its place.
pub(crate) fn id_of(given: &Value) -> Result<FileId, RecordedError> {
    let text = given.as_str().or_else(|| given["file_id"].as_str());
    let id = text.and_then(|text| text.trim().parse().ok());
    id.ok_or_else(|| {
        let kind = value::kind_of(given);
        record::error(
            "bad_file",
            format!("{kind} was given where a file belongs; give its `file_id`, or what `trigger.files` has"),
        )
    })
}

/// Reads a file of at most so many bytes.
pub(crate) async fn load(
    files: &dyn Files,
    given: &Value,
    bytes_max: u64,
) -> Result<Loaded, RecordedError> {
    let id = id_of(given)?;
    let failed = |error: FileError| record::error("file", error.to_string());
    let mut open = files.open(id).await.map_err(failed)?;
    if open.file.byte_count > bytes_max {
        let bytes = open.file.byte_count;
        return Err(record::error(
            "body_too_large",
            format!(
                "the file `{id}` has {bytes} bytes, more than are left of sent_bytes_max of {SENT_BYTES_MAX}"
            ),
        ));
    }
    let mut bytes = BytesMut::new();
    while let Some(piece) = open.content.next().await.map_err(failed)? {
        bytes.extend_from_slice(&piece);
    }
    Ok(Loaded {
        file: open.file,
        bytes: bytes.freeze(),
    })
}
