//! Deliveries.

use serde_json::Value;

use super::paint::{Paint, Tone, harmless};
use super::piece::{cell, error, field, indented, items, quiet, state, text};
use super::table::Table;
use super::time::{duration, relative};

/// A list of deliveries.
pub fn deliveries(deliveries: &[Value], paint: Paint) -> String {
    let mut table = Table::new(&[
        "ID", "FLOW", "JOB", "TASK", "STATUS", "HTTP", "ATTEMPTS", "NEXT", "CREATED",
    ]);
    for delivery in deliveries {
        table.row(vec![
            cell(&delivery["id"]),
            (text(&delivery["flow"]), Tone::Strong),
            cell(&delivery["job_id"]),
            cell(&delivery["task"]),
            state(&delivery["status"]),
            cell(&delivery["http_status"]),
            (attempts(delivery), Tone::Plain),
            quiet(relative(&delivery["next_attempt_at"])),
            quiet(relative(&delivery["created_at"])),
        ]);
    }
    table.text(paint, "No deliveries.")
}

/// One delivery with its attempts.
pub fn delivery(delivery: &Value, paint: Paint) -> String {
    let (status, tone) = state(&delivery["status"]);
    let mut shown = format!(
        "{}  {}\n",
        paint.tone(Tone::Strong, &text(&delivery["id"])),
        paint.tone(tone, &status)
    );
    shown += &field("task", &text(&delivery["task"]));
    shown += &field("flow", &text(&delivery["flow"]));
    shown += &field("job", &text(&delivery["job_id"]));
    shown += &field(
        "to",
        &format!("{} {}", text(&delivery["method"]), text(&delivery["url"])),
    );
    shown += &field("output", &text(&delivery["output"]));
    shown += &field("resend of", &text(&delivery["resend_of"]));
    shown += &field("next", &relative(&delivery["next_attempt_at"]));
    if delivery["validate_ssl"] == false {
        shown += &field(
            "warning",
            &paint.tone(Tone::Busy, "certificates are not checked"),
        );
    }
    if delivery["task_disabled"] == true {
        shown += &field("warning", &paint.tone(Tone::Busy, "the task is disabled"));
    }
    for attempt in items(&delivery["attempts"]) {
        shown.push('\n');
        shown += &one_attempt(attempt, paint);
    }
    shown
}

/// What came of the test of a webhook task.
pub fn tested(tested: &Value, paint: Paint) -> String {
    let (word, tone) = if tested["delivered"] == true {
        ("delivered", Tone::Good)
    } else {
        ("failed", Tone::Bad)
    };
    let parts = [
        paint.tone(tone, word),
        text(&tested["response"]["status"]),
        duration(&tested["duration_ms"]),
        error(&tested["error"], paint),
    ];
    let parts: Vec<String> = parts.into_iter().filter(|it| !it.is_empty()).collect();
    let line = format!("{}\n", parts.join("  "));
    line + &exchange(tested)
}

/// A request to an endpoint of our own, and what came back.
pub fn request_sent(sent: &Value, paint: Paint) -> String {
    let status = &sent["response"]["status"];
    let tone = match status.as_u64() {
        Some(200..=299) => Tone::Good,
        _ => Tone::Bad,
    };
    let job = sent["job_id"].as_i64().map(|id| format!("job {id}"));
    let left_out: Vec<String> = items(&sent["left_out"]).iter().map(text).collect();
    let parts = [
        paint.tone(tone, &text(status)),
        duration(&sent["duration_ms"]),
        text(&sent["received_request_id"]),
        job.unwrap_or_default(),
        error(&sent["error"], paint),
    ];
    let parts: Vec<String> = parts.into_iter().filter(|it| !it.is_empty()).collect();
    let mut shown = format!("{}\n", parts.join("  "));
    if !left_out.is_empty() {
        let names = left_out.join(", ");
        shown += &format!("left out, because their values are not known: {names}\n");
    }
    shown + &exchange(sent)
}

/// A delivery that repeats another one.
pub fn resent(delivery: &Value, of: &str) -> String {
    format!("Sending {of} again as {}.", text(&delivery["id"]))
}

/// The deliveries of one job, a line each and one for each attempt.
pub fn lines_of_job(deliveries: &[Value], paint: Paint) -> String {
    let mut shown = String::new();
    for delivery in deliveries {
        let (status, tone) = state(&delivery["status"]);
        shown += &format!(
            "  {} {}  {}\n",
            paint.tone(tone, &format!("{status:<9}")),
            paint.tone(Tone::Strong, &text(&delivery["task"])),
            paint.tone(Tone::Quiet, &text(&delivery["id"])),
        );
        for attempt in items(&delivery["attempts"]) {
            shown += &indented(&attempt_line(attempt, paint), 12);
        }
    }
    shown
}

fn one_attempt(attempt: &Value, paint: Paint) -> String {
    attempt_line(attempt, paint) + &exchange(attempt)
}

/// What was sent and what came back.
fn exchange(attempt: &Value) -> String {
    let mut shown = String::new();
    let request = &attempt["request"];
    if !request.is_null() {
        let line = format!("> {} {}", text(&request["method"]), text(&request["url"]));
        shown += &indented(&format!("{line}\n{}", message(request, "> ")), 2);
    }
    let response = &attempt["response"];
    if !response.is_null() {
        let line = format!("< {}", text(&response["status"]));
        shown += &indented(&format!("{line}\n{}", message(response, "< ")), 2);
    }
    shown
}

fn attempt_line(attempt: &Value, paint: Paint) -> String {
    let (status, tone) = state(&attempt["status"]);
    let parts = [
        format!("attempt {}", text(&attempt["n"])),
        paint.tone(tone, &status),
        text(&attempt["http_status"]),
        duration(&attempt["duration_ms"]),
        relative(&attempt["at"]),
        error(&attempt["error"], paint),
    ];
    let parts: Vec<String> = parts.into_iter().filter(|it| !it.is_empty()).collect();
    format!("{}\n", parts.join("  "))
}

fn message(message: &Value, mark: &str) -> String {
    let header = |it: &Value| format!("{mark}{}: {}\n", text(&it["name"]), text(&it["value"]));
    let headers: String = items(&message["headers"]).iter().map(header).collect();
    let body = message["body"].as_str().map(harmless).unwrap_or_default();
    let cut = if message["body_truncated"] == true {
        "\n… (cut)"
    } else {
        ""
    };
    if body.is_empty() {
        headers
    } else {
        format!("{headers}{mark}\n{mark}{body}{cut}\n")
    }
}

fn attempts(delivery: &Value) -> String {
    let made = items(&delivery["attempts"]).len();
    format!("{made}/{}", text(&delivery["attempts_max"]))
}
