//! `llm`: asks a language model, at any server with OpenAI's `chat/completions`.

use hookloom_template::Place;
use serde_json::{Value, json};

use super::super::names::{NameKind, read_name};
use super::super::reading::{Reading, Site};
use super::super::requests;
use super::super::step_types::LlmStep;
use super::super::types::StepKind;
use super::super::walk::{Node, Object};
use super::Kind;

pub(super) const KIND: Kind = Kind {
    name: "llm",
    keys: &[
        "url",
        "model",
        "secret",
        "prompt",
        "messages",
        "temperature",
        "max_tokens",
        "json",
    ],
    keys_later: &[],
    exit_codes: Some(&["success", "error"]),
    needs_on: false,
    read: Some(read),
};

/// The hottest temperature that servers know.
pub const LLM_TEMPERATURE_MAX: f64 = 2.0;
/// The most tokens that can be asked for.
pub const LLM_TOKENS_MAX: i64 = 10_000_000;
/// Messages of one question.
const MESSAGES_MAX: usize = 1_000;
const ROLES: &[&str] = &["system", "developer", "user", "assistant"];

fn read(object: &Object<'_>, site: &Site, reading: &mut Reading) -> Option<StepKind> {
    let url = requests::read_url(object, site, reading);
    let model = object.required("model", "it names the model", &mut reading.report);
    let model = model.and_then(|node| reading.template(&node, Place::Text, site));
    let report = &mut reading.report;
    let secret = object
        .get("secret")
        .map(|node| read_name(&node, NameKind::Expression, "a secret", report).map(str::to_owned));
    let temperature = object
        .get("temperature")
        .map(|node| read_temperature(&node, reading));
    let report = &mut reading.report;
    let max_tokens = object
        .get("max_tokens")
        .map(|node| node.whole(1, LLM_TOKENS_MAX, " tokens", report));
    let json = object
        .get("json")
        .and_then(|node| node.boolean(report))
        .unwrap_or(false);
    let messages = read_question(object, site, reading);
    Some(StepKind::Llm(LlmStep {
        url: url?,
        model: model?,
        secret: sound(secret)?,
        messages: messages?,
        temperature: sound(temperature)?,
        max_tokens: sound(max_tokens)?,
        json,
    }))
}

/// A key that may be left out, but not be wrong.
fn sound<T>(read: Option<Option<T>>) -> Option<Option<T>> {
    match read {
        None => Some(None),
        Some(value) => value.map(Some),
    }
}

fn read_temperature(node: &Node<'_>, reading: &mut Reading) -> Option<f64> {
    let number = node.value.as_f64();
    let fits = number.filter(|number| (0.0..=LLM_TEMPERATURE_MAX).contains(number));
    if fits.is_none() {
        reading.report.error(
            "out_of_range",
            node,
            format!("expected a number from 0 to {LLM_TEMPERATURE_MAX}"),
        );
    }
    fits
}

/// A prompt is a list of one message.
fn read_question(object: &Object<'_>, site: &Site, reading: &mut Reading) -> Option<Value> {
    match (object.get("prompt"), object.get("messages")) {
        (Some(node), None) => {
            let prompt = reading.template(&node, Place::Text, site)?;
            Some(json!([{"role": "user", "content": prompt}]))
        }
        (None, Some(node)) => {
            read_messages(&node, site, reading);
            Some(node.value.clone())
        }
        (Some(_), Some(node)) => {
            let message = "an `llm` step has a `prompt` or `messages`, not both";
            reading
                .report
                .error("one_of_two", &node, message)
                .hint("take one of them out");
            None
        }
        (None, None) => {
            let message = "`prompt` or `messages` is missing: one of them says what is asked";
            reading
                .report
                .error_at("missing", &object.place, message)
                .hint("add the key `prompt`");
            None
        }
    }
}

/// Messages are a list, or one expression that gives it.
fn read_messages(node: &Node<'_>, site: &Site, reading: &mut Reading) {
    if node.value.is_string() {
        reading.one_expression(node, site);
        return;
    }
    let Some(messages) = node.list(&mut reading.report) else {
        return;
    };
    if messages.is_empty() || messages.len() > MESSAGES_MAX {
        reading.report.error(
            "out_of_range",
            node,
            format!("there are from 1 to {MESSAGES_MAX} messages"),
        );
    }
    for message in messages {
        let report = &mut reading.report;
        let Some(object) = message.object(report) else {
            continue;
        };
        object.check_keys("a message", &["role", "content"], &[], report);
        let role = object.required("role", "it says who speaks", report);
        if let Some(role) = role.filter(|role| !is_template(role)) {
            role.one_of(ROLES, report);
        }
        object.required("content", "it is what is said", report);
        reading.value(&message, site);
    }
}

fn is_template(node: &Node<'_>) -> bool {
    node.value.as_str().is_some_and(|text| text.contains("{{"))
}
