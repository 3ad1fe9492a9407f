//! Requests.

use serde_json::Value;

use super::paint::{Paint, Tone, harmless};
use super::piece::{cell, field, indented, items, quiet, state, text};
use super::table::Table;
use super::time::relative;

/// A list of requests.
pub fn requests(requests: &[Value], paint: Paint) -> String {
    let mut table = Table::new(&[
        "ID", "AT", "FLOW", "ENDPOINT", "METHOD", "VERDICT", "HTTP", "JOB", "REASON",
    ]);
    for request in requests {
        table.row(vec![
            cell(&request["id"]),
            quiet(relative(&request["at"])),
            (text(&request["flow"]), Tone::Strong),
            cell(&request["endpoint"]),
            cell(&request["method"]),
            state(&request["verdict"]),
            cell(&request["status"]),
            cell(&request["job_id"]),
            cell(&request["reason"]),
        ]);
    }
    table.text(paint, "No requests.")
}

/// Rejected requests that were counted and not kept, by minute.
pub fn counted(counts: &[Value], paint: Paint) -> String {
    let mut table = Table::new(&["MINUTE", "FLOW", "ENDPOINT", "REASON", "COUNT"]);
    for count in counts {
        table.row(vec![
            cell(&count["minute_at"]),
            (text(&count["flow"]), Tone::Strong),
            cell(&count["endpoint"]),
            cell(&count["reason_code"]),
            cell(&count["count"]),
        ]);
    }
    table.text(paint, "None: every rejected request is kept and listed.")
}

/// One request with its checks, headers and body.
pub fn request(request: &Value, paint: Paint) -> String {
    let (verdict, tone) = state(&request["verdict"]);
    let mut shown = format!(
        "{}  {} with {}\n",
        paint.tone(Tone::Strong, &text(&request["id"])),
        paint.tone(tone, &verdict),
        text(&request["status"])
    );
    shown += &field("reason", &text(&request["reason"]));
    shown += &field(
        "at",
        &format!("{} ({})", text(&request["at"]), relative(&request["at"])),
    );
    let endpoint = format!(
        "{} of {}",
        text(&request["endpoint"]),
        text(&request["flow"])
    );
    shown += &field("endpoint", &endpoint);
    shown += &field("from", &text(&request["remote_address"]));
    shown += &field("known as", &text(&request["correlation_id"]));
    shown += &field("job", &text(&request["job_id"]));
    shown += &field("repeats", &text(&request["duplicate_of"]));
    for check in items(&request["checks"]) {
        let (mark, tone) = match check["ok"].as_bool() {
            Some(true) => ("ok", Tone::Good),
            Some(false) => ("no", Tone::Bad),
            None => ("--", Tone::Quiet),
        };
        let name = text(&check["name"]);
        shown += &format!(
            "  {} {name:<15} {}\n",
            paint.tone(tone, mark),
            text(&check["message"])
        );
    }
    shown += &format!(
        "\n{} {}\n",
        text(&request["method"]),
        text(&request["path"])
    );
    for header in items(&request["headers"]) {
        shown += &format!("{}: {}\n", text(&header["name"]), text(&header["value"]));
    }
    shown + &body(&request["body"], &request["body_bytes"])
}

fn body(body: &Value, bytes: &Value) -> String {
    let cut = if body["truncated"] == true {
        "\n… (cut)"
    } else {
        ""
    };
    match body["text"].as_str() {
        Some(text) if !text.is_empty() => format!("\n{}{cut}\n", harmless(text)),
        _ if body["base64"].is_string() => indented(&format!("\n({} bytes)", text(bytes)), 0),
        _ => String::new(),
    }
}
