//! cURL commands, both ways. In: each becomes an `http` step of one flow, each after the one before. Out: what somebody can
//! paste into a shell to call an endpoint, or to do what a step does.

mod command;
mod words;
mod write;

use serde_json::json;

use super::incoming::{Format, Incoming, Unreadable};
use super::names::plain;
use super::notes::Notes;
use super::request::Steps;
use super::workspace::WorkspaceDocument;
use crate::document::FORMAT;

pub use write::write;

/// Commands of one text.
const COMMANDS_MAX: usize = 100;

/// Whether a text begins with a command of cURL.
pub(super) fn looks_like(text: &str) -> bool {
    let mut lines = text.lines().map(str::trim);
    let first = lines.find(|line| !line.is_empty() && !line.starts_with('#'));
    let first = first.map(|line| line.trim_start_matches("$ ").trim_start());
    first.is_some_and(|line| {
        let word = line.split_whitespace().next().unwrap_or_default();
        matches!(word, "curl" | "curl.exe")
    })
}

/// Reads commands.
pub(super) fn read(text: &str, name: &str) -> Result<Incoming, Unreadable> {
    let commands = words::commands(text).map_err(|why| {
        Unreadable::new(
            why.to_string(),
            "Copy the command whole, as a shell takes it.",
        )
    })?;
    let mut notes = Notes::default();
    let mut steps = Steps::default();
    let mut place = 0_usize;
    for words in &commands {
        let is_curl = words
            .first()
            .is_some_and(|word| matches!(word.as_str(), "curl" | "curl.exe"));
        if !is_curl {
            notes.dropped(
                "a command that is none of cURL",
                "Hookloom starts no programs.",
            );
            continue;
        }
        place += 1;
        if place > COMMANDS_MAX {
            notes.dropped(
                "more commands",
                format!("One text becomes at most COMMANDS_MAX = {COMMANDS_MAX} steps."),
            );
            break;
        }
        let at = format!("command {place}");
        for request in command::requests(&words[1..], &at, &mut notes) {
            steps.push(request, &at, &mut notes);
        }
    }
    if steps.len() == 0 {
        let told = notes.into_vec();
        let why = told
            .first()
            .map(|note| format!(" {}: {}", note.what, note.why))
            .unwrap_or_default();
        return Err(Unreadable::new(
            format!("No command calls an http or https URL.{why}"),
            "A command is one such as `curl https://shop.example/orders`.",
        ));
    }
    notes.kept(
        format!("{} requests", steps.len()),
        "Each is an `http` step of one flow, after the one before.",
    );
    let name = plain(name, "curl");
    let document = json!({"format": FORMAT, "name": name, "title": "Requests of cURL", "steps": steps.into_vec()});
    Ok(Incoming {
        format: Format::Curl,
        document: WorkspaceDocument::of_draft(name, document),
        notes,
    })
}

#[cfg(test)]
mod tests;
