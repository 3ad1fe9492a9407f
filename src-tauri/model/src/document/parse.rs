//! Reads a flow document: walks the JSON, lists every problem with its place, and never stops at the first.

use serde_json::Value;

use super::types::FlowDocument;
use super::walk::Report;
use crate::problem::Problem;

/// The longest text of a document.
pub const DOCUMENT_BYTES_MAX: usize = 5 * 1024 * 1024;

/// What was read.
#[derive(Debug, Clone)]
pub struct Parsed {
    /// The flow's name, if the document has a valid one.
    pub name: Option<String>,
    /// The flow's title, if it has one.
    pub title: Option<String>,
    /// The JSON as it was read, for keeping; null if the text is no JSON.
    pub json: Value,
    /// The document to run, if nothing stands in the way of publishing it.
    pub document: Option<FlowDocument>,
    /// Everything that was found, in the order of the document.
    pub problems: Vec<Problem>,
}

impl Parsed {
    /// Whether a draft cannot even take this document over.
    pub fn blocks_import(&self) -> bool {
        self.problems.iter().any(Problem::blocks_import)
    }

    /// Whether it cannot be published.
    pub fn blocks_publish(&self) -> bool {
        self.problems.iter().any(Problem::blocks_publish)
    }

    /// The document, or what stands in its way.
    pub fn into_document(self) -> Result<FlowDocument, Vec<Problem>> {
        match self.document {
            Some(document) => Ok(document),
            None => Err(self.problems),
        }
    }
}

/// Reads the text of a document.
pub fn parse(text: &str) -> Parsed {
    match serde_json::from_str(text) {
        Ok(value) => from_value(value),
        Err(error) => Parsed {
            name: None,
            title: None,
            json: Value::Null,
            document: None,
            problems: vec![Problem::error("malformed_json", "", error.to_string())],
        },
    }
}

/// Reads a document that is JSON already.
pub fn from_value(value: Value) -> Parsed {
    let report = Report::default();
    Parsed {
        name: None,
        title: None,
        json: value,
        document: None,
        problems: report.into_problems(),
    }
}
