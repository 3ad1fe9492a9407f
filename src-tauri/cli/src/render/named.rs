//! Things of the workspace that have a name: secrets, variables, access tokens.

use serde_json::Value;

use super::paint::{Paint, Tone};
use super::piece::{cell, items, quiet, state, text};
use super::table::Table;
use super::time::relative;

/// Secrets by name, with who uses them. There are no values.
pub fn secrets(secrets: &[Value], paint: Paint) -> String {
    let mut table = Table::new(&["NAME", "STATE", "USED BY", "CHANGED"]);
    for secret in secrets {
        let mut flows: Vec<String> = items(&secret["used_by"])
            .iter()
            .map(|it| text(&it["flow"]))
            .collect();
        flows.dedup();
        table.row(vec![
            (text(&secret["name"]), Tone::Strong),
            state(&secret["state"]),
            (flows.join(", "), Tone::Plain),
            quiet(relative(&secret["updated_at"])),
        ]);
    }
    table.text(paint, "No secrets.")
}

/// Variables with their values.
pub fn variables(variables: &[Value], paint: Paint) -> String {
    let mut table = Table::new(&["NAME", "SET", "VALUE", "CHANGED"]);
    for variable in variables {
        let set = match variable["set"].as_str() {
            Some(set) => (set.to_owned(), Tone::Plain),
            None => quiet("every".to_owned()),
        };
        table.row(vec![
            (text(&variable["name"]), Tone::Strong),
            set,
            (variable["value"].to_string(), Tone::Plain),
            quiet(relative(&variable["updated_at"])),
        ]);
    }
    table.text(paint, "No variables.")
}

/// Access tokens by name. The tokens themselves are not there.
pub fn tokens(tokens: &[Value], paint: Paint) -> String {
    let mut table = Table::new(&["NAME", "SCOPE", "CREATED", "LAST USED"]);
    for token in tokens {
        let used = match relative(&token["last_used_at"]) {
            never if never.is_empty() => "never".to_owned(),
            used => used,
        };
        table.row(vec![
            (text(&token["name"]), Tone::Strong),
            cell(&token["scope"]),
            quiet(relative(&token["created_at"])),
            quiet(used),
        ]);
    }
    table.text(paint, "No access tokens.")
}
