//! `hooks.json` of adnanh/webhook, both ways. Each hook becomes a flow with one endpoint: who may call, what is looked at,
//! and what a command would have got. The command itself does not come along: Hookloom starts no programs.

mod go_template;
mod hook;
mod javascript;
mod rule;
mod source;
mod write;

use serde_json::Value;

use super::incoming::{Format, Incoming, Unreadable};
use super::names::Given;
use super::notes::{Notes, quoted};
use super::workspace::{ExchangedFlow, WorkspaceDocument};

pub(super) use go_template::has_templates;
pub use write::write;

/// Hooks of one file.
const HOOKS_MAX: usize = 200;

/// Whether a value is a list of hooks, or one hook.
pub(super) fn looks_like(value: &Value) -> bool {
    let is_hook = |it: &Value| {
        let speaks = [
            "execute-command",
            "trigger-rule",
            "response-message",
            "http-methods",
        ];
        it["id"].is_string() && speaks.iter().any(|key| it.get(*key).is_some())
    };
    match value {
        Value::Array(hooks) => hooks.iter().any(is_hook),
        one => is_hook(one),
    }
}

/// Reads a file that webhook would first run as a Go template.
pub(super) fn read_templates(text: &str) -> Result<Incoming, Unreadable> {
    let (plain, actions) = go_template::taken_out(text)?;
    let value: Value = serde_json::from_str(&plain).map_err(|error| {
        let message = format!("Around its Go templates this is no JSON: {error}.");
        Unreadable::new(
            message,
            "Have webhook's templates written out first, and import the result.",
        )
    })?;
    match looks_like(&value) {
        true => read(&value, actions),
        false => Err(Unreadable::new(
            "This has Go templates and no hooks.",
            "`hooks.json` is a list of hooks, each with its `id`.",
        )),
    }
}

/// Reads hooks. The actions are the Go templates that were taken out of the text.
pub(super) fn read(value: &Value, actions: Vec<String>) -> Result<Incoming, Unreadable> {
    let one = std::slice::from_ref(value);
    let hooks = value.as_array().map_or(one, Vec::as_slice);
    let mut notes = Notes::default();
    let mut flows: Vec<ExchangedFlow> = Vec::new();
    let mut names = Given::default();
    for hook in hooks.iter().take(HOOKS_MAX) {
        if let Some(flow) = hook::flow(hook, &actions, &mut names, &mut notes) {
            flows.push(flow);
        }
    }
    if hooks.len() > HOOKS_MAX {
        let what = format!("{} more hooks", hooks.len() - HOOKS_MAX);
        notes.dropped(
            what,
            format!("One file becomes at most HOOKS_MAX = {HOOKS_MAX} flows."),
        );
    }
    if flows.is_empty() {
        let told = notes.into_vec();
        let why = told
            .last()
            .map(|note| format!(" {}: {}", note.what, note.why));
        let message = format!("None of the hooks can be kept.{}", why.unwrap_or_default());
        return Err(Unreadable::new(
            message,
            "Build the endpoint by hand, as the page on importing says.",
        ));
    }
    for action in actions
        .iter()
        .filter(|action| !go_template::is_known(action))
    {
        let why = "Only webhook can run this template.";
        notes.dropped(format!("the template {}", quoted(action)), why);
    }
    Ok(Incoming {
        format: Format::Hooks,
        document: WorkspaceDocument {
            flows,
            ..WorkspaceDocument::default()
        },
        notes,
    })
}

#[cfg(test)]
mod tests;
