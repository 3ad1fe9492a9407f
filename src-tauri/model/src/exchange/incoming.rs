//! Any text that somebody wants to import: which format it is, and what it comes to. Never panics, keeps nothing.

use serde_json::Value;

use super::notes::{Notes, quoted};
use super::workspace::{WORKSPACE_FORMAT, WorkspaceDocument};
use super::{curl, har, hooks};
use crate::document::{FORMAT, GivenJson, is_address_name};
use crate::problem::Problem;

/// The longest text that can be imported.
pub const IMPORT_BYTES_MAX: usize = 32 * 1024 * 1024;

/// What a text is.
#[derive(Debug, Clone, Copy, PartialEq, Eq)]
pub enum Format {
    /// A flow document of ours.
    Flow,
    /// A workspace document of ours.
    Workspace,
    /// An HTTP archive, as browsers save it.
    Har,
    /// `hooks.json` of adnanh/webhook.
    Hooks,
    /// Command lines of cURL.
    Curl,
}

/// What a text comes to.
#[derive(Debug, Clone, PartialEq)]
pub struct Incoming {
    pub format: Format,
    pub document: WorkspaceDocument,
    /// What of another program's file was kept, changed and dropped. Of ours everything is kept.
    pub notes: Notes,
}

/// Why a text cannot be imported.
#[derive(Debug, Clone, PartialEq, Eq)]
pub struct Unreadable {
    /// What is wrong, a sentence.
    pub message: String,
    /// What to do about it.
    pub hint: String,
    /// With places, if it is one of ours.
    pub problems: Vec<Problem>,
}

impl Unreadable {
    pub(super) fn new(message: impl Into<String>, hint: impl Into<String>) -> Self {
        Self {
            message: message.into(),
            hint: hint.into(),
            problems: Vec::new(),
        }
    }

    fn with(message: &str, problems: Vec<Problem>) -> Self {
        Self {
            message: message.to_owned(),
            hint: "Mend what `problems` lists, each at its place in the document, and import it again.".to_owned(),
            problems,
        }
    }
}

/// Reads a text of any format. `name` is what it is called, such as its file: flows that have no name of their own get
/// theirs from it.
///
/// # Errors
/// What stands in the way, for a person. A single thing that has no place here is a note, and no error.
pub fn read(text: &str, name: &str) -> Result<Incoming, Unreadable> {
    if text.len() > IMPORT_BYTES_MAX {
        let message = format!(
            "The text has {} bytes, more than IMPORT_BYTES_MAX = {IMPORT_BYTES_MAX}.",
            text.len()
        );
        return Err(Unreadable::new(
            message,
            "Export less at once, or import it in parts.",
        ));
    }
    let text = text.strip_prefix('\u{feff}').unwrap_or(text).trim();
    if text.starts_with(['{', '[']) {
        return json(text, name);
    }
    if curl::looks_like(text) {
        return curl::read(text, name);
    }
    if text.lines().any(|line| line.starts_with("- id:")) {
        return Err(Unreadable::new(
            "This looks like `hooks.yaml`, and YAML is not read.",
            "Write it as JSON first, for instance with `yq -o json hooks.yaml`.",
        ));
    }
    Err(unknown())
}

fn unknown() -> Unreadable {
    Unreadable::new(
        "This is nothing that can be imported.",
        "A flow or a workspace of Hookloom can, an HTTP archive (HAR), `hooks.json` of adnanh/webhook, and cURL commands.",
    )
}

fn json(text: &str, name: &str) -> Result<Incoming, Unreadable> {
    let given = match serde_json::from_str::<GivenJson>(text) {
        Ok(given) => given,
        Err(_) if hooks::has_templates(text) => return hooks::read_templates(text),
        Err(error) => {
            // What it says quotes nothing of the text but one character.
            let message = format!("This is no JSON: {error}.");
            return Err(Unreadable::new(
                message,
                "Mend the place that is named, and import it again.",
            ));
        }
    };
    let value = &given.value;
    if let Some(format) = value["format"].as_str() {
        return ours(format.to_owned(), given);
    }
    if value["log"]["entries"].is_array() {
        return har::read(value, name);
    }
    if hooks::looks_like(value) {
        return hooks::read(value, Vec::new());
    }
    if value["steps"].is_array() && value["name"].is_string() {
        return Err(Unreadable::new(
            "This looks like a flow, and says no `format`.",
            format!("Add `\"format\": \"{FORMAT}\"` as its first key."),
        ));
    }
    Err(unknown())
}

fn ours(format: String, given: GivenJson) -> Result<Incoming, Unreadable> {
    let repeated = given.repeated.into_iter().map(|place| {
        let message = "this key is there twice; only the last one would count";
        Problem::error(Problem::DUPLICATE_KEY, place, message).with_hint("Keep one of the two.")
    });
    let repeated: Vec<Problem> = repeated.collect();
    if !repeated.is_empty() {
        return Err(Unreadable::with(
            "The document has keys that are there twice.",
            repeated,
        ));
    }
    let (format, document) = match format.as_str() {
        FORMAT => (Format::Flow, flow(given.value)?),
        WORKSPACE_FORMAT => {
            let read = WorkspaceDocument::from_json(given.value);
            let wrong = |problems| Unreadable::with("The document cannot be taken in.", problems);
            (Format::Workspace, read.map_err(wrong)?)
        }
        other => return Err(other_format(other)),
    };
    Ok(Incoming {
        format,
        document,
        notes: Notes::default(),
    })
}

fn flow(document: Value) -> Result<WorkspaceDocument, Unreadable> {
    let name = document["name"].as_str().unwrap_or_default().to_owned();
    if is_address_name(&name) {
        return Ok(WorkspaceDocument::of_draft(name, document));
    }
    let message = format!("{} cannot be the name of a flow", quoted(&name));
    let problem = Problem::error("bad_name", "/name", message);
    Err(Unreadable::with(
        "The document cannot be taken in.",
        vec![problem],
    ))
}

fn other_format(format: &str) -> Unreadable {
    let is_later = ["hookloom.flow/", "hookloom.workspace/"]
        .iter()
        .any(|ours| {
            let version = format.strip_prefix(ours);
            version
                .and_then(|version| version.parse::<u32>().ok())
                .is_some_and(|version| version > 1)
        });
    let message = format!(
        "The format {} is none that this release reads.",
        quoted(format)
    );
    match is_later {
        true => Unreadable::new(
            message,
            "A later release wrote it: upgrade Hookloom, and import it then.",
        ),
        false => Unreadable::new(
            message,
            format!("It reads `{FORMAT}` and `{WORKSPACE_FORMAT}`."),
        ),
    }
}

#[cfg(test)]
mod tests {
    use proptest::prelude::*;

    use super::*;

    fn refused(text: &str) -> Unreadable {
        read(text, "file").expect_err(text)
    }

    #[test]
    fn what_cannot_be_imported_says_why_and_what_to_do() {
        assert!(refused("").message.contains("nothing that can be imported"));
        assert!(
            refused("[1, 2]")
                .message
                .contains("nothing that can be imported")
        );
        assert!(refused("{\"a\": ").message.contains("no JSON"));
        assert!(
            refused("- id: redeploy\n  execute-command: /a\n")
                .hint
                .contains("yq")
        );
        assert!(
            refused(r#"{"format": "hookloom.flow/7", "name": "a"}"#)
                .hint
                .contains("later release")
        );
        assert!(
            refused(r#"{"format": "other"}"#)
                .hint
                .contains(WORKSPACE_FORMAT)
        );
        assert!(
            refused(r#"{"name": "a", "steps": []}"#)
                .hint
                .contains("first key")
        );
        let deep = format!("{}{}", "[".repeat(5_000), "]".repeat(5_000));
        assert!(refused(&deep).message.contains("recursion limit"));
    }

    #[test]
    fn a_key_that_is_there_twice_is_told_with_its_place() {
        let text = r#"{"format": "hookloom.workspace/1", "flows": [{"draft": {"name": "a", "name": "b"}}]}"#;
        assert_eq!(refused(text).problems[0].place, "/flows/0/draft/name");
    }

    #[test]
    fn a_text_over_the_limit_is_refused_by_its_name() {
        let long = " ".repeat(IMPORT_BYTES_MAX + 1);
        assert!(refused(&long).message.contains("IMPORT_BYTES_MAX"));
    }

    proptest! {
        #[test]
        fn no_text_makes_it_panic_and_what_is_read_is_written_and_read_again(
            text in prop_oneof![
                ".{0,200}",
                "(curl|hooks|\\{|\\[|\"|id|log|entries| |:|,|-[a-zA-Z]|--data|\\\\|'|\\$|\\{\\{|getenv|\\}\\}|\\]|\\}){0,60}",
            ],
        ) {
            if let Ok(incoming) = read(&text, "file") {
                let written = incoming.document.to_text();
                let again = read(&written, "file").expect("what is written can be read");
                prop_assert_eq!(again.document.to_text(), written);
            }
        }
    }
}
