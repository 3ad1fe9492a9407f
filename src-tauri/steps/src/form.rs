//! `multipart/form-data` bodies, as WHATWG writes them: no value can end its part or add another.

use bytes::{Bytes, BytesMut};
use hookloom_engine::ports::Attempt;
use hookloom_engine::record;
use hookloom_model::document::{FormContent, FormPart};
use hookloom_model::journal::RecordedError;
use hookloom_template::{Reference, ValueTemplate, text_of};

use crate::file::{self, Loaded, SENT_BYTES_MAX};
use crate::registry::Wrong;
use crate::value;

const TYPE_DEFAULT: &str = "application/octet-stream";

/// A compiled form.
pub(crate) struct FormTemplate {
    parts: Vec<Part>,
}

struct Part {
    name: String,
    is_file: bool,
    template: ValueTemplate,
}

/// A form with its values.
pub(crate) struct Form {
    pub content_type: String,
    pub bytes: Bytes,
    /// The same with each file's facts in place of its bytes.
    pub shown: String,
}

enum Content {
    Text(String),
    File(Loaded),
}

impl FormTemplate {
    pub fn new(parts: &[FormPart]) -> Result<Self, Wrong> {
        let mut compiled = Vec::with_capacity(parts.len());
        for (at, part) in parts.iter().enumerate() {
            let (key, given, is_file) = match &part.content {
                FormContent::Value(given) => ("value", given, false),
                FormContent::File(given) => ("file", given, true),
            };
            compiled.push(Part {
                name: part.name.clone(),
                is_file,
                template: value::parse(&format!("multipart/{at}/{key}"), given)?,
            });
        }
        Ok(Self { parts: compiled })
    }

    /// The names that its templates use.
    pub fn references(&self) -> Vec<Reference> {
        value::references(
            self.parts
                .iter()
                .flat_map(|part| part.template.references()),
        )
    }

    /// The form with its values. The boundary is the same in every attempt, and longer where a value contains it.
    pub async fn render(
        &self,
        attempt: &Attempt<'_>,
        boundary: &str,
    ) -> Result<Form, RecordedError> {
        let mut contents = Vec::with_capacity(self.parts.len());
        let mut left = SENT_BYTES_MAX;
        for part in &self.parts {
            let content = part.content(attempt, left).await?;
            left = left.saturating_sub(content.bytes().len() as u64);
            contents.push(content);
        }
        let mut boundary = boundary.to_owned();
        let is_within = |boundary: &str| {
            let boundary = boundary.as_bytes();
            let mut bytes = contents.iter().map(Content::bytes);
            bytes.any(|bytes| {
                bytes
                    .windows(boundary.len())
                    .any(|window| window == boundary)
            })
        };
        while is_within(&boundary) {
            boundary.push('x');
        }
        let mut bytes = BytesMut::new();
        let mut shown = String::new();
        for (part, content) in self.parts.iter().zip(&contents) {
            let head = format!("--{boundary}\r\n{}\r\n", part.head(content));
            bytes.extend_from_slice(head.as_bytes());
            bytes.extend_from_slice(content.bytes());
            bytes.extend_from_slice(b"\r\n");
            shown.push_str(&head);
            match content {
                Content::Text(text) => shown.push_str(text),
                Content::File(loaded) => shown.push_str(&loaded.shown()),
            }
            shown.push_str("\r\n");
        }
        let end = format!("--{boundary}--\r\n");
        bytes.extend_from_slice(end.as_bytes());
        shown.push_str(&end);
        Ok(Form {
            content_type: format!("multipart/form-data; boundary={boundary}"),
            bytes: bytes.freeze(),
            shown,
        })
    }
}

impl Part {
    async fn content(&self, attempt: &Attempt<'_>, left: u64) -> Result<Content, RecordedError> {
        let name = &self.name;
        let given = self.template.render(attempt.scope);
        let given = given
            .map_err(|error| record::error(error.code(), format!("multipart {name}: {error}")))?;
        if self.is_file {
            return Ok(Content::File(
                file::load(attempt.files, &given, left).await?,
            ));
        }
        Ok(Content::Text(text_of(&given).into_owned()))
    }

    /// The header lines of the part, each ended.
    fn head(&self, content: &Content) -> String {
        let name = quoted(&self.name);
        let disposition = format!("Content-Disposition: form-data; name=\"{name}\"");
        match content {
            Content::Text(_) => format!("{disposition}\r\n"),
            Content::File(Loaded { file, .. }) => {
                let file_name = quoted(file.name.as_deref().unwrap_or("file"));
                let given = file.content_type.as_str();
                let is_sound = !given.is_empty() && !given.chars().any(char::is_control);
                let content_type = if is_sound { given } else { TYPE_DEFAULT };
                format!(
                    "{disposition}; filename=\"{file_name}\"\r\nContent-Type: {content_type}\r\n"
                )
            }
        }
    }
}

impl Content {
    fn bytes(&self) -> &[u8] {
        match self {
            Self::Text(text) => text.as_bytes(),
            Self::File(loaded) => &loaded.bytes,
        }
    }
}

/// A name as it stands between quotes.
fn quoted(name: &str) -> String {
    name.replace('"', "%22")
        .replace('\r', "%0D")
        .replace('\n', "%0A")
}
