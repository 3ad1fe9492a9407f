//! Reads a flow document: walks the JSON, lists every problem with its place, and never stops at the first.

use serde_json::Value;

use super::flow::read_flow;
use super::json::GivenJson;
use super::reading::Reading;
use super::types::FlowDocument;
use crate::problem::Problem;

/// The longest text of a document.
pub const DOCUMENT_BYTES_MAX: usize = 5 * 1024 * 1024;
/// Lists and objects within one another in a document.
pub const DOCUMENT_DEPTH_MAX: usize = 127;

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
    let text = text.strip_prefix('\u{feff}').unwrap_or(text);
    if text.len() > DOCUMENT_BYTES_MAX {
        let message = format!(
            "the document has {} bytes; at most {DOCUMENT_BYTES_MAX} are possible (document size)",
            text.len()
        );
        return unreadable(Problem::error("too_large", "", message));
    }
    match serde_json::from_str::<GivenJson>(text) {
        Ok(given) => from_json(given),
        Err(error) => unreadable(malformed(&error)),
    }
}

/// Reads a document as somebody gave it: a key that is there twice is a problem.
pub fn from_json(given: GivenJson) -> Parsed {
    let GivenJson { value, repeated } = given;
    let mut parsed = from_value(value);
    let repeated = repeated.into_iter().map(|place| {
        let message = "this key is there twice; only the last one would count";
        Problem::error(Problem::DUPLICATE_KEY, place, message).with_hint("Keep one of the two.")
    });
    parsed.problems.splice(0..0, repeated);
    if parsed.blocks_publish() {
        parsed.document = None;
    }
    parsed
}

/// Reads a document that is JSON already.
pub fn from_value(value: Value) -> Parsed {
    let mut reading = Reading::default();
    let (heading, document) = read_flow(&value, &mut reading);
    Parsed {
        name: heading.name,
        title: heading.title,
        json: value,
        document,
        problems: reading.report.into_problems(),
    }
}

fn malformed(error: &serde_json::Error) -> Problem {
    let told = error.to_string();
    let told = told.split(" at line ").next().unwrap_or_default();
    let message = if told.starts_with("recursion limit") {
        format!(
            "the document has more than {DOCUMENT_DEPTH_MAX} lists and objects within one another (document depth)"
        )
    } else {
        format!(
            "this is no JSON: {told} (line {}, column {})",
            error.line(),
            error.column()
        )
    };
    Problem::error("malformed_json", "", message)
}

fn unreadable(problem: Problem) -> Parsed {
    Parsed {
        name: None,
        title: None,
        json: Value::Null,
        document: None,
        problems: vec![problem],
    }
}
