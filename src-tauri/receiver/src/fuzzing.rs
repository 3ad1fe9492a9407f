//! The parser of forms as fuzz targets see it. Not for anything else.

use crate::multipart::{Event, Multipart};

/// A part with its whole data.
#[derive(Debug, PartialEq, Eq)]
pub struct FormPart {
    /// The field.
    pub name: String,
    /// The file's name; none if the part is no file.
    pub file_name: Option<String>,
    /// What came in it.
    pub data: Vec<u8>,
}

/// Takes a form apart that comes in these pieces. An error is why it is none.
pub fn form_parts<'a>(
    content_type: &str,
    pieces: impl IntoIterator<Item = &'a [u8]>,
) -> Result<Vec<FormPart>, Box<dyn std::error::Error + Send + Sync>> {
    let mut form = Multipart::new(content_type)?;
    let mut parts: Vec<FormPart> = Vec::new();
    for piece in pieces {
        form.feed(piece);
        while let Some(event) = form.next()? {
            match event {
                Event::Part(part) => parts.push(FormPart {
                    name: part.name,
                    file_name: part.file_name,
                    data: Vec::new(),
                }),
                Event::Data(data) => {
                    let part = parts.last_mut().ok_or("data before the first part")?;
                    part.data.extend_from_slice(&data);
                }
                Event::End => {}
            }
        }
    }
    form.finish()?;
    Ok(parts)
}
