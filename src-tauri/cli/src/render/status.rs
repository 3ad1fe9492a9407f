//! How the workspace is.

use serde_json::Value;

use super::paint::{Paint, Tone};
use super::piece::{field, state, text};

/// Folder, listeners, vault and counts, with what to do where something is wrong.
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
    let vault = &status["vault"];
    let (vault_state, tone) = state(&vault["state"]);
    shown += &field(
        "vault",
        &format!(
            "{}, {}",
            text(&vault["kind"]),
            paint.tone(tone, &vault_state)
        ),
    );
    shown += &problem(
        &text(&vault["message"]),
        &text(&vault["hint"]),
        vault_state == "ready",
        paint,
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
    let (message, hint) = (
        &listener["problem"]["message"],
        &listener["problem"]["hint"],
    );
    field(name, &said)
        + &problem(
            &text(message),
            &text(hint),
            listener["problem"].is_null(),
            paint,
        )
}

fn problem(message: &str, hint: &str, is_well: bool, paint: Paint) -> String {
    if is_well {
        return String::new();
    }
    field("", &paint.tone(Tone::Bad, message)) + &field("", hint)
}
