//! Jobs.

use serde_json::Value;

use super::delivery::lines_of_job;
use super::paint::{Paint, Tone};
use super::piece::{cell, error, field, indented, items, quiet, state, text};
use super::table::Table;
use super::time::{duration, relative};

/// A list of jobs.
pub fn jobs(jobs: &[Value], paint: Paint) -> String {
    let mut table = Table::new(&[
        "ID",
        "FLOW",
        "VERSION",
        "STATUS",
        "TRIGGER",
        "STARTED",
        "TOOK",
        "DELIVERIES",
        "ERROR",
    ]);
    for job in jobs {
        table.row(vec![
            cell(&job["id"]),
            (text(&job["flow"]), Tone::Strong),
            (version(job), Tone::Plain),
            state(&job["status"]),
            (trigger(job), Tone::Plain),
            quiet(relative(&job["started_at"])),
            (duration(&job["duration_ms"]), Tone::Plain),
            (deliveries(&job["deliveries"]), Tone::Plain),
            (text(&job["error"]["message"]), Tone::Bad),
        ]);
    }
    table.text(paint, "No jobs.")
}

/// The version of a job; one that tried a draft has none that anybody published.
fn version(job: &Value) -> String {
    match job["trial"] == true {
        true => "trial".to_owned(),
        false => text(&job["version"]),
    }
}

/// One job with all that belongs to it.
pub fn job(job: &Value, paint: Paint) -> String {
    let (status, tone) = state(&job["status"]);
    let mut shown = format!(
        "{}  {}\n",
        paint.tone(Tone::Strong, &format!("Job {}", text(&job["id"]))),
        paint.tone(tone, &status)
    );
    shown += &field(
        "flow",
        &match job["trial"] == true {
            true => format!("{}, a trial of its draft", text(&job["flow"])),
            false => format!("{} version {}", text(&job["flow"]), text(&job["version"])),
        },
    );
    shown += &field("request", &text(&job["request_id"]));
    shown += &field("trigger", &trigger(job));
    shown += &field("replays", &replays(job));
    shown += &field("started", &at(&job["started_at"]));
    shown += &field("ended", &at(&job["ended_at"]));
    shown += &field("took", &duration(&job["duration_ms"]));
    shown += &field("waits", &at(&job["waiting_until"]));
    shown += &field("error", &error(&job["error"], paint));
    if !items(&job["steps"]).is_empty() {
        shown += "\nSteps\n";
        let widths = Widths::of(items(&job["steps"]));
        items(&job["steps"])
            .iter()
            .for_each(|it| shown += &step(it, &widths, paint));
    }
    if !items(&job["outputs"]).is_empty() {
        shown += "\nOutputs\n";
        items(&job["outputs"])
            .iter()
            .for_each(|it| shown += &output(it, paint));
    }
    if !items(&job["deliveries"]).is_empty() {
        shown += "\nWebhooks\n";
        shown += &lines_of_job(items(&job["deliveries"]), paint);
    }
    shown
}

/// The events of a job.
pub fn journal(entries: &[Value], paint: Paint) -> String {
    // Read from the first event on: a journal is a story, not a list of news.
    let mut entries: Vec<&Value> = entries.iter().collect();
    entries.sort_by_key(|entry| entry["seq"].as_u64());
    let mut table = Table::new(&["NO", "AT", "EVENT", "STEP", "WHAT"]);
    for entry in entries {
        let event = &entry["event"];
        table.row(vec![
            quiet(text(&entry["seq"])),
            quiet(text(&entry["at"])),
            (text(&event["type"]).replace('_', " "), Tone::Plain),
            (text(&event["step"]), Tone::Strong),
            what_happened(event),
        ]);
    }
    table.text(paint, "The journal is empty.")
}

/// What an event adds to its name: how it ended, why, or which attempt it is. `--json` has all of it.
fn what_happened(event: &Value) -> (String, Tone) {
    let error = text(&event["error"]["message"]);
    if !error.is_empty() {
        return (error, Tone::Bad);
    }
    for key in ["exit_code", "status"] {
        if !event[key].is_null() {
            return state(&event[key]);
        }
    }
    match text(&event["attempt"]) {
        first if first.is_empty() || first == "1" => (String::new(), Tone::Plain),
        attempt => quiet(format!("attempt {attempt}")),
    }
}

/// A job that was just started.
pub fn started(started: &Value) -> String {
    format!(
        "Started job {} ({}).",
        text(&started["job_id"]),
        text(&started["request_id"])
    )
}

/// A step that has just ended, while its job goes on.
pub fn step_ended(step: &Value, paint: Paint) -> String {
    step_line(step, &Widths::of(std::slice::from_ref(step)), paint)
}

/// How wide the columns of a job's steps are.
struct Widths {
    name: usize,
    kind: usize,
    exit_code: usize,
}

impl Widths {
    fn of(steps: &[Value]) -> Self {
        let widest = |key: &str| {
            let widths = steps.iter().map(|step| text(&step[key]).chars().count());
            widths.max().unwrap_or(0)
        };
        Self {
            name: widest("name"),
            kind: widest("kind"),
            exit_code: widest("exit_code"),
        }
    }
}

fn step_line(step: &Value, widths: &Widths, paint: Paint) -> String {
    let (status, tone) = state(&step["status"]);
    let tries = items(&step["attempts"]).len();
    let tries = if tries > 1 {
        format!("  {tries} attempts")
    } else {
        String::new()
    };
    let padded = |text: String, width: usize| format!("{text:<width$}");
    let line = format!(
        "  {} {}  {}  {}  {}{tries}",
        paint.tone(tone, &padded(status, 9)),
        paint.tone(Tone::Strong, &padded(text(&step["name"]), widths.name)),
        paint.tone(Tone::Quiet, &padded(text(&step["kind"]), widths.kind)),
        padded(text(&step["exit_code"]), widths.exit_code),
        took(step),
    );
    format!("{}\n", line.trim_end())
}

/// From the beginning of the first attempt to the end of the last.
fn took(step: &Value) -> String {
    let attempts = items(&step["attempts"]);
    let time = |at: Option<&Value>| at?.as_str()?.parse::<jiff::Timestamp>().ok();
    let from = time(attempts.first().map(|it| &it["started_at"]));
    let to = time(attempts.last().map(|it| &it["ended_at"]));
    match (from, to) {
        (Some(from), Some(to)) => {
            duration(&Value::from(to.as_millisecond() - from.as_millisecond()))
        }
        _ => String::new(),
    }
}

fn step(step: &Value, widths: &Widths, paint: Paint) -> String {
    let mut shown = step_line(step, widths, paint);
    let error = error(&step["error"], paint);
    if !error.is_empty() {
        shown += &indented(&error, 12);
    }
    if !step["waiting_until"].is_null() {
        let waits = format!("goes on {}", at(&step["waiting_until"]));
        shown += &indented(&paint.tone(Tone::Busy, &waits), 12);
    }
    let logs = items(&step["attempts"]).last().map(|it| items(&it["logs"]));
    for line in logs.unwrap_or_default() {
        shown += &indented(&paint.tone(Tone::Quiet, &text(line)), 12);
    }
    shown
}

fn output(output: &Value, paint: Paint) -> String {
    let (status, tone) = state(&output["status"]);
    let data = serde_json::to_string_pretty(&output["data"]).unwrap_or_default();
    format!(
        "  {} {}\n{}",
        paint.tone(tone, &format!("{status:<9}")),
        paint.tone(Tone::Strong, &text(&output["name"])),
        indented(&super::paint::harmless(&data), 12)
    )
}

fn trigger(job: &Value) -> String {
    let (kind, name) = (text(&job["trigger"]), text(&job["trigger_name"]));
    if name.is_empty() || name == kind {
        kind
    } else {
        format!("{kind} {name}")
    }
}

fn replays(job: &Value) -> String {
    match (text(&job["replay_of"]), text(&job["replayed_request_id"])) {
        (of, _) if !of.is_empty() => format!("job {of}"),
        (_, request) => request,
    }
}

fn deliveries(counts: &Value) -> String {
    match counts["total"].as_u64() {
        None | Some(0) => String::new(),
        Some(total) => format!("{}/{total}", text(&counts["delivered"])),
    }
}

fn at(time: &Value) -> String {
    match text(time) {
        text if text.is_empty() => text,
        text => format!("{text} ({})", relative(time)),
    }
}

#[cfg(test)]
mod tests {
    use serde_json::json;

    use super::*;

    #[test]
    fn the_steps_of_a_job_stand_in_columns_with_what_they_logged() {
        let attempt = json!({"started_at": "2026-01-01T00:00:00.000Z", "ended_at": "2026-01-01T00:00:00.250Z", "logs": ["two", "lines"]});
        let job = json!({"id": 7, "status": "failed", "steps": [
            {"name": "a", "kind": "condition", "status": "complete", "exit_code": "true", "attempts": [attempt]},
            {"name": "ship", "kind": "http", "status": "failed", "exit_code": "error", "attempts": [{}, {}], "error": {"message": "refused"}},
        ]});
        let shown = super::job(&job, Paint::when(false));
        let steps: Vec<&str> = shown
            .lines()
            .skip_while(|line| *line != "Steps")
            .skip(1)
            .collect();
        assert_eq!(
            steps,
            [
                "  complete  a     condition  true   250 ms",
                "            two",
                "            lines",
                "  failed    ship  http       error    2 attempts",
                "            refused",
            ]
        );
    }
}
