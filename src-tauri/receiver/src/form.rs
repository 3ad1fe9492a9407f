//! The parts of a form: fields go to memory, files to disk, each as it arrives.

use bytes::{Bytes, BytesMut};
use hookloom_engine::ports::NewFile;
use hookloom_model::body;
use hookloom_model::request::{StoredFile, put_field};
use serde_json::{Map, Value};

use crate::body_value::is_meant_as_object;
use crate::limits::{FORM_FILES_MAX, FORM_PARTS_MAX};
use crate::multipart::{Event, Multipart, NoForm, Part};
use crate::received::{Content, Reading, stored};
use crate::refusal::Refusal;
use crate::turns::Turns;

/// What a part costs beside its data: as much as reading this many bytes.
const PART_BYTES: usize = 4 * 1024;

/// A form that is being taken apart, into fields in memory and files on disk.
pub(crate) struct Form {
    parser: Multipart,
    current: Current,
    fields: Map<String, Value>,
    files: Vec<StoredFile>,
    parts: usize,
    turns: Turns,
    whole: bool,
}

enum Current {
    None,
    Field(Part, BytesMut),
    /// The file is begun with its first byte.
    File(Part, Option<Box<dyn NewFile>>),
}

/// Why a form is not taken in.
pub(crate) enum Broken {
    Malformed(String),
    Refused(Refusal),
}

impl From<Refusal> for Broken {
    fn from(refusal: Refusal) -> Self {
        Self::Refused(refusal)
    }
}

impl Form {
    pub fn new(content_type: &str) -> Result<Self, NoForm> {
        Ok(Self {
            parser: Multipart::new(content_type)?,
            current: Current::None,
            fields: Map::new(),
            files: Vec::new(),
            parts: 0,
            turns: Turns::default(),
            whole: false,
        })
    }

    pub async fn take(&mut self, reading: &mut Reading<'_>, piece: &[u8]) -> Result<(), Broken> {
        self.parser.feed(piece);
        let malformed = |error: NoForm| Broken::Malformed(error.to_string());
        while let Some(event) = self.parser.next().map_err(malformed)? {
            match event {
                Event::Part(part) => {
                    self.begin(part)?;
                    self.turns.count(PART_BYTES).await;
                }
                Event::Data(data) => self.data(reading, data).await?,
                Event::End => self.end(reading).await?,
            }
        }
        self.whole = self.parser.finish().is_ok();
        Ok(())
    }

    fn begin(&mut self, part: Part) -> Result<(), Broken> {
        self.parts += 1;
        if self.parts > FORM_PARTS_MAX {
            return Err(Broken::Malformed(format!(
                "it has more than {FORM_PARTS_MAX} parts (form_parts_max)"
            )));
        }
        if body::mentions_secret_state(part.name.as_bytes()) {
            return Err(Broken::Malformed(format!(
                "it has a field for `{}`, which only a JSON body can bring",
                body::SECRET_STATE_PUT[0]
            )));
        }
        self.current = match part.file_name {
            None => Current::Field(part, BytesMut::new()),
            Some(_) => Current::File(part, None),
        };
        Ok(())
    }

    async fn data(&mut self, reading: &mut Reading<'_>, data: Bytes) -> Result<(), Broken> {
        match &mut self.current {
            Current::Field(_, bytes) => {
                reading.held.grow_by(data.len() as u64)?;
                bytes.extend_from_slice(&data);
            }
            Current::File(_, file) => {
                let file = match file {
                    Some(file) => file,
                    None => file.insert(begin_one(&self.files, reading).await?),
                };
                reading.write(file, data).await?;
            }
            Current::None => {}
        }
        Ok(())
    }

    async fn end(&mut self, reading: &mut Reading<'_>) -> Result<(), Broken> {
        match std::mem::replace(&mut self.current, Current::None) {
            Current::None => {}
            Current::Field(part, bytes) => {
                if is_meant_as_object(&bytes) && body::mentions_secret_state(&bytes) {
                    return Err(Broken::Malformed(format!(
                        "a field mentions `{}`, which only a JSON body can bring",
                        body::SECRET_STATE_PUT[0]
                    )));
                }
                let value = decoded(&part.content_type, &bytes);
                let value = value.map_err(|error| Broken::Malformed(error.to_string()))?;
                put_field(&mut self.fields, &part.name, value.into());
            }
            // A browser sends this for a choice of file that was left empty.
            Current::File(part, None) if part.file_name.as_deref() == Some("") => {}
            Current::File(part, file) => {
                let file = match file {
                    Some(file) => file,
                    None => begin_one(&self.files, reading).await?,
                };
                let finished = reading.finish_file(file).await?;
                let name = part.file_name.filter(|name| !name.is_empty());
                self.files
                    .push(stored(finished, &part.content_type, Some(part.name), name));
            }
        }
        Ok(())
    }

    pub fn finish(self) -> Content {
        if !self.whole {
            let reason = NoForm::CutShort;
            return Content::Malformed {
                reason: format!("The request is refused: the body cannot be read: {reason}"),
            };
        }
        Content::Form {
            fields: self.fields,
            files: self.files,
        }
    }
}

async fn begin_one(
    files: &[StoredFile],
    reading: &mut Reading<'_>,
) -> Result<Box<dyn NewFile>, Broken> {
    if files.len() >= FORM_FILES_MAX {
        return Err(Broken::Malformed(format!(
            "it has more than {FORM_FILES_MAX} files (form_files_max)"
        )));
    }
    Ok(reading.begin_file().await?)
}

/// A field's text in the charset that it names, else in UTF-8.
fn decoded(content_type: &str, bytes: &[u8]) -> Result<String, body::Malformed> {
    if !content_type.to_ascii_lowercase().contains("charset") {
        return Ok(String::from_utf8_lossy(bytes).into_owned());
    }
    let parameters = content_type.split_once(';').map_or("", |(_, rest)| rest);
    match body::parse(Some(&format!("text/plain;{parameters}")), bytes, "POST") {
        Ok(body::BodyValue::Parsed {
            value: Value::String(text),
            ..
        }) => Ok(text),
        Ok(_) => Ok(String::new()),
        Err(error) => Err(error),
    }
}
