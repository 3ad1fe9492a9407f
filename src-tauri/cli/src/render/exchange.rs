//! What an import keeps, changes and drops, and what an export loses.

use serde_json::Value;

use super::paint::{Paint, Tone};
use super::piece::{items, text};

const FATES: [(&str, &str, &str, Tone); 3] = [
    ("kept", "Kept", "Would be kept", Tone::Good),
    ("changed", "Changed", "Would be changed", Tone::Busy),
    ("dropped", "Dropped", "Would be dropped", Tone::Bad),
];

/// The parts of a text by what becomes of them, then the secrets that are still to be set.
pub fn import_report(report: &Value, is_dry_run: bool, paint: Paint) -> String {
    let mut shown = String::new();
    for (fate, done, would, tone) in FATES {
        let parts: Vec<&Value> = items(&report["parts"])
            .iter()
            .filter(|part| part["fate"] == fate)
            .collect();
        if parts.is_empty() {
            continue;
        }
        let heading = if is_dry_run { would } else { done };
        shown += &format!("{}\n", paint.tone(tone, heading));
        for part in parts {
            shown += &line(part, paint);
        }
    }
    let missing = items(&report["missing_secrets"]);
    if !missing.is_empty() {
        shown += &format!(
            "{}\n",
            paint.tone(Tone::Busy, "Secrets that are still to be set")
        );
    }
    for secret in missing {
        let name = text(&secret["name"]);
        let flows: Vec<String> = items(&secret["flows"]).iter().map(text).collect();
        let said = format!("hookloom secret set {name}");
        shown += &format!(
            "  {}  {}\n",
            paint.tone(Tone::Strong, &said),
            paint.tone(Tone::Quiet, &flows.join(", "))
        );
    }
    if is_dry_run {
        shown += "Nothing was written.\n";
    }
    shown
}

fn line(part: &Value, paint: Paint) -> String {
    let kind = match text(&part["kind"]).as_str() {
        "other" => String::new(),
        kind => format!("{} ", kind.replace('_', " ")),
    };
    let set = part["set"]
        .as_str()
        .map(|set| format!(" in {set}"))
        .unwrap_or_default();
    let name = format!("{}{set}", text(&part["name"]));
    let why = text(&part["why"]);
    let why = if why.is_empty() {
        why
    } else {
        format!(": {why}")
    };
    format!("  {kind}{}{why}\n", paint.tone(Tone::Strong, &name))
}

/// What is lost or changed on the way out, a line each.
pub fn export_notes(exported: &Value) -> Vec<String> {
    let notes = items(&exported["notes"])
        .iter()
        .filter(|note| note["fate"] != "kept");
    let line = |note: &Value| {
        format!(
            "{}: {}: {}",
            text(&note["fate"]),
            text(&note["what"]),
            text(&note["why"])
        )
    };
    notes.map(line).collect()
}
