//! How the workspace is.

use serde_json::Value;

use super::paint::Paint;
use super::piece::{field, state, text};

/// Folder, listeners, vault and counts. What is wrong with them is among the findings.
pub fn status(status: &Value, has_owner: bool, paint: Paint) -> String {
    let mut shown = field("version", &text(&status["version"]));
    shown += &field("folder", &text(&status["data_dir"]));
    if has_owner {
        shown += &listener("receiver", &status["receiver"], paint);
        shown += &listener("control", &status["control"], paint);
    } else {
        shown += &field(
            "owner",
            "none: neither `hookloom serve` nor the app runs this folder now",
        );
    }
    let (vault_state, tone) = state(&status["vault"]["state"]);
    let vault = paint.tone(tone, &vault_state);
    shown += &field(
        "vault",
        &format!("{}, {vault}", text(&status["vault"]["kind"])),
    );
    for (name, count) in status["counts"].as_object().into_iter().flatten() {
        let label = match name.as_str() {
            "deliveries_failed" => "  failed".to_owned(),
            other => other.replace('_', " "),
        };
        shown += &field(&label, &text(count));
    }
    shown
}

fn listener(name: &str, listener: &Value, paint: Paint) -> String {
    let (listening, tone) = state(&listener["state"]);
    let said = format!(
        "{} {}",
        paint.tone(tone, &listening),
        text(&listener["url"])
    );
    field(name, &said)
}
