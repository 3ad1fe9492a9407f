//! Alerts and their rules.

use serde_json::Value;

use super::paint::{Paint, Tone};
use super::piece::{items, quiet, text};
use super::table::Table;
use super::time::relative;

/// Alerts, newest first.
pub fn alerts(alerts: &Value, paint: Paint) -> String {
    let mut table = Table::new(&["RULE", "STATE", "BEGAN", "ENDED", "WHAT HAPPENED"]);
    for alert in items(alerts) {
        let state = match alert["ended_at"].is_null() {
            true => ("open".to_owned(), Tone::Bad),
            false => quiet("ended".to_owned()),
        };
        table.row(vec![
            (text(&alert["rule"]), Tone::Strong),
            state,
            (relative(&alert["began_at"]), Tone::Plain),
            (relative(&alert["ended_at"]), Tone::Plain),
            (text(&alert["message"]), Tone::Plain),
        ]);
    }
    table.text(paint, "No alerts.")
}

/// Rules, by name.
pub fn alert_rules(rules: &Value, paint: Paint) -> String {
    let mut table = Table::new(&[
        "NAME",
        "KIND",
        "FLOW",
        "ENDPOINT",
        "THRESHOLD",
        "MINUTES",
        "MINIMUM",
        "STATE",
    ]);
    for rule in items(rules) {
        let threshold = match rule["kind"] == "silence" {
            true => String::new(),
            false => text(&rule["threshold"]),
        };
        let state = match rule["is_enabled"] == true {
            true => ("on".to_owned(), Tone::Good),
            false => quiet("off".to_owned()),
        };
        table.row(vec![
            (text(&rule["name"]), Tone::Strong),
            (text(&rule["kind"]), Tone::Plain),
            (text(&rule["flow"]), Tone::Plain),
            (text(&rule["endpoint"]), Tone::Plain),
            (threshold, Tone::Plain),
            (text(&rule["window_minutes"]), Tone::Plain),
            (text(&rule["minimum"]), Tone::Plain),
            state,
        ]);
    }
    table.text(paint, "No alert rules.")
}
