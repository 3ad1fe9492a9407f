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

/// Endpoints, each with every URL that leads to it.
pub fn endpoints(endpoints: &[Value], paint: Paint) -> String {
    if endpoints.is_empty() {
        return "No endpoints. A flow's `endpoints` make them.".to_owned();
    }
    let mut shown = String::new();
    for endpoint in endpoints {
        let methods: Vec<String> = items(&endpoint["methods"]).iter().map(text).collect();
        let (flow_state, tone) = state(&endpoint["flow_state"]);
        shown += &format!(
            "{}  {}, {}, {}, flow {} {}\n",
            paint.tone(Tone::Strong, &text(&endpoint["name"])),
            methods.join(" "),
            text(&endpoint["auth_kind"]).replace('_', " "),
            text(&endpoint["mode"]),
            text(&endpoint["flow"]),
            paint.tone(tone, &flow_state),
        );
        for url in items(&endpoint["urls"]) {
            shown += &format!("  {}\n", text(&url["url"]));
        }
    }
    shown
}

/// Tokens of endpoints. The tokens themselves are not there.
pub fn endpoint_tokens(tokens: &[Value], paint: Paint) -> String {
    let mut table = Table::new(&["NAME", "ENDPOINT", "FLOW", "CREATED", "LAST USED"]);
    for token in tokens {
        let used = match relative(&token["last_used_at"]) {
            never if never.is_empty() => "never".to_owned(),
            used => used,
        };
        table.row(vec![
            (text(&token["name"]), Tone::Strong),
            cell(&token["endpoint"]),
            cell(&token["flow"]),
            quiet(relative(&token["created_at"])),
            quiet(used),
        ]);
    }
    table.text(paint, "No tokens of endpoints.")
}

/// Old paths of endpoints.
pub fn endpoint_aliases(aliases: &[Value], paint: Paint) -> String {
    let mut table = Table::new(&["ID", "PATH", "ENDPOINT", "FLOW", "SINCE"]);
    for alias in aliases {
        table.row(vec![
            cell(&alias["id"]),
            (text(&alias["path"]), Tone::Strong),
            cell(&alias["endpoint"]),
            cell(&alias["flow"]),
            quiet(relative(&alias["created_at"])),
        ]);
    }
    table.text(paint, "No old paths.")
}

/// Settings with their values.
pub fn settings(settings: &Value, paint: Paint) -> String {
    let mut table = Table::new(&["NAME", "VALUE"]);
    for (name, value) in settings.as_object().into_iter().flatten() {
        let value = match value {
            Value::Null => "(not set)".to_owned(),
            value => text(value),
        };
        table.row(vec![(name.clone(), Tone::Strong), (value, Tone::Plain)]);
    }
    table.text(paint, "No settings.")
}
