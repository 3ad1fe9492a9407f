//! The places that templates are written for, and how a value is written at each position in them.
//!
//! One rule holds everywhere: no value changes the structure around it, adds a header, or adds a parameter.

mod json;
mod url;
mod xml;

use serde_json::Value;

pub(crate) use url::{DotSegments, why_no_path};

use crate::error::{RenderFault, TemplateFault};
use crate::scan::Piece;
use crate::text::{push_json, push_json_text, text_of};

/// What kind of text a template is.
#[derive(Debug, Clone, Copy, PartialEq, Eq, Hash)]
pub enum Place {
    /// A body whose Content-Type is JSON.
    Json,
    /// A body whose Content-Type is `application/x-www-form-urlencoded`.
    Form,
    /// A body whose Content-Type is XML.
    Xml,
    /// Other text, written as it is.
    Text,
    /// The value of a header.
    Header,
    /// An absolute http or https URL.
    Url,
}

impl Place {
    /// The place of a body with this Content-Type.
    pub fn for_content_type(content_type: &str) -> Self {
        let essence = content_type.split(';').next().unwrap_or_default();
        let essence = essence.trim().to_ascii_lowercase();
        match essence.as_str() {
            "application/json" | "text/json" => Self::Json,
            "application/x-www-form-urlencoded" => Self::Form,
            "application/xml" | "text/xml" => Self::Xml,
            other if other.ends_with("+json") => Self::Json,
            other if other.ends_with("+xml") => Self::Xml,
            _ => Self::Text,
        }
    }

    /// How each piece that is no text is written. The error has its byte offset.
    pub(crate) fn plan(self, pieces: &[Piece<'_>]) -> Result<Plan, (usize, TemplateFault)> {
        match self {
            Self::Json => json::escapes(pieces).map(Plan::from),
            Self::Xml => xml::escapes(pieces).map(Plan::from),
            Self::Url => url::plan(pieces),
            Self::Form => Ok(Plan::from(vec![Escape::Form; pieces.len()])),
            Self::Text => Ok(Plan::from(vec![Escape::Plain; pieces.len()])),
            Self::Header => {
                for piece in pieces {
                    if let Piece::Text { text, offset } = piece
                        && let Some(at) = text.find(char::is_control)
                    {
                        let place = "a header";
                        return Err((offset + at, TemplateFault::ControlCharacter { place }));
                    }
                }
                Ok(Plan::from(vec![Escape::Header; pieces.len()]))
            }
        }
    }
}

/// How a template's pieces are written.
pub(crate) struct Plan {
    /// One for each piece; those of text mean nothing.
    pub(crate) escapes: Vec<Escape>,
    pub(crate) host_from_request: bool,
}

impl From<Vec<Escape>> for Plan {
    fn from(escapes: Vec<Escape>) -> Self {
        Self {
            escapes,
            host_from_request: false,
        }
    }
}

/// How a value is written at one position.
#[derive(Debug, Clone, Copy, PartialEq, Eq)]
pub(crate) enum Escape {
    Plain,
    Header,
    Form,
    /// As a JSON value.
    JsonValue,
    /// As text within the quotes of a JSON string.
    JsonText,
    XmlText,
    XmlCdata,
    /// As it is: the owner's own beginning of a URL, which must have a host.
    UrlBase,
    /// As it is: the owner's own scheme of a URL.
    UrlScheme,
    UrlUser,
    /// A part of the host; `whole` if nothing of it is written in the template.
    UrlHost {
        whole: bool,
    },
    UrlSegment,
    /// Segments, behind the filter `path`.
    UrlPath,
    UrlQuery,
}

impl Escape {
    /// Writes a value.
    pub(crate) fn write(self, out: &mut String, value: &Value) -> Result<(), RenderFault> {
        match self {
            Self::JsonValue => push_json(out, value),
            Self::JsonText => push_json_text(out, &text_of(value)),
            Self::Plain => out.push_str(&text_of(value)),
            Self::Header => {
                let text = text_of(value);
                if text.chars().any(char::is_control) {
                    return Err(RenderFault::NotAllowed {
                        place: "a header",
                        why: "has a line break or another control character",
                    });
                }
                out.push_str(&text);
            }
            Self::Form => {
                out.extend(::url::form_urlencoded::byte_serialize(
                    text_of(value).as_bytes(),
                ));
            }
            Self::XmlText => xml::push_text(out, &text_of(value))?,
            Self::XmlCdata => xml::push_cdata(out, &text_of(value))?,
            _ => url::push(self, out, &text_of(value))?,
        }
        Ok(())
    }
}
