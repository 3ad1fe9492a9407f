//! What is written in a step: its texts with expressions, the secrets that it names, and the exit codes that it chooses.

use indexmap::IndexMap;
use serde_json::Value;

use super::step_types::{DelayStep, FormContent, FormPart, RespondBody};
use super::types::{HttpBody, StepKind};
use super::walk::escape_pointer;

/// Places below a step as JSON pointers, with the JSON whose strings are templates.
type Texts = Vec<(String, Value)>;

impl StepKind {
    /// The exit codes that this step can end with, where its own keys decide that; none if its kind does.
    pub fn own_exit_codes(&self) -> Option<Vec<&str>> {
        match self {
            Self::Switch(step) => {
                let cases = step.cases.keys().chain(&step.default).map(String::as_str);
                Some(cases.chain(["error"]).collect())
            }
            Self::Fail(step) if step.exit_code == "error" => Some(vec!["error"]),
            Self::Fail(step) => Some(vec![step.exit_code.as_str(), "error"]),
            _ => None,
        }
    }

    /// The secret that it names by a key of its own.
    pub(super) fn secret_named(&self) -> Option<&str> {
        match self {
            Self::Remote(step) => step.secret.as_deref(),
            Self::Llm(step) => step.secret.as_deref(),
            _ => None,
        }
    }

    /// Every text with expressions. Names of headers and of values are part of their places.
    pub(super) fn texts(&self) -> Texts {
        let mut texts = Texts::new();
        let mut add = |place: &str, value: Value| texts.push((place.to_owned(), value));
        match self {
            Self::Http(step) => {
                add("/url", step.url.as_str().into());
                named(&mut add, "/query", &step.query);
                named(&mut add, "/headers", &step.headers);
                match &step.body {
                    Some(HttpBody::Text(text)) => add("/body", text.as_str().into()),
                    Some(HttpBody::File(file)) => add("/body_file", file.clone()),
                    Some(HttpBody::Form(parts)) => form(&mut add, parts),
                    None => {}
                }
            }
            // Code is no template, and cannot read secrets.
            Self::Script(_) => {}
            Self::Set(step) => named(&mut add, "/values", &step.values),
            Self::Condition(step) => add("/expression", step.expression.as_str().into()),
            Self::Switch(step) => {
                add("/expression", step.expression.clone());
                named(&mut add, "/cases", &step.cases);
            }
            Self::Fail(step) => add("/message", step.message.as_str().into()),
            Self::Delay(DelayStep::For(value)) => add("/for_ms", value.clone()),
            Self::Delay(DelayStep::Until(text)) => add("/until", text.as_str().into()),
            Self::Respond(step) => {
                add("/status", step.status.clone());
                named(&mut add, "/headers", &step.headers);
                match &step.body {
                    Some(RespondBody::Text(text)) => add("/body", text.as_str().into()),
                    Some(RespondBody::Json(value)) => add("/body", value.clone()),
                    None => {}
                }
                if let Some(file) = &step.body_file {
                    add("/body_file", file.clone());
                }
            }
            Self::Remote(step) => {
                if let Some(url) = &step.url {
                    add("/url", url.as_str().into());
                }
                if let Some(data) = &step.data {
                    add("/data", data.clone());
                }
            }
            Self::Llm(step) => {
                add("/url", step.url.as_str().into());
                add("/model", step.model.as_str().into());
                add("/messages", step.messages.clone());
            }
        }
        texts
    }
}

fn form(add: &mut impl FnMut(&str, Value), parts: &[FormPart]) {
    for (at, part) in parts.iter().enumerate() {
        match &part.content {
            FormContent::Value(value) => add(&format!("/multipart/{at}/value"), value.clone()),
            FormContent::File(file) => add(&format!("/multipart/{at}/file"), file.clone()),
        }
    }
}

fn named<V: Clone + Into<Value>>(
    add: &mut impl FnMut(&str, Value),
    place: &str,
    fields: &IndexMap<String, V>,
) {
    for (name, value) in fields {
        let place = format!("{place}/{}", escape_pointer(name));
        add(&place, value.clone().into());
    }
}
