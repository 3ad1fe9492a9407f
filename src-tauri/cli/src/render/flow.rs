//! Flows.

use serde_json::Value;

use super::paint::{Paint, Tone};
use super::piece::{cell, items, quiet, several, state, text};
use super::table::Table;
use super::time::relative;

/// A list of flows.
pub fn flows(flows: &[Value], paint: Paint) -> String {
    let mut table = Table::new(&[
        "ID",
        "NAME",
        "STATE",
        "VERSION",
        "ENDPOINTS",
        "OUTPUTS",
        "LAST JOB",
        "CHANGED",
    ]);
    for flow in flows {
        let names = |key: &str| {
            let names: Vec<String> = items(&flow[key])
                .iter()
                .map(|it| text(&it["name"]))
                .collect();
            names.join(", ")
        };
        let outputs: Vec<String> = items(&flow["outputs"])
            .iter()
            .map(|it| format!("{} ({})", text(&it["name"]), text(&it["id"])))
            .collect();
        table.row(vec![
            cell(&flow["id"]),
            (text(&flow["name"]), Tone::Strong),
            state(&flow["state"]),
            (version(flow), Tone::Plain),
            (names("endpoints"), Tone::Plain),
            (outputs.join(", "), Tone::Plain),
            state(&flow["last_job"]["status"]),
            quiet(relative(&flow["updated_at"])),
        ]);
    }
    table.text(
        paint,
        "No flows. `hookloom flow import FILE --publish` brings one in.",
    )
}

/// What was published of a flow.
pub fn versions(versions: &Value, paint: Paint) -> String {
    let mut table = Table::new(&["VERSION", "STEPS", "PUBLISHED", ""]);
    for version in items(versions) {
        let is_current = version["is_current"] == true;
        table.row(vec![
            (text(&version["version"]), Tone::Strong),
            cell(&version["steps"]),
            quiet(relative(&version["published_at"])),
            (
                if is_current { "current" } else { "" }.to_owned(),
                Tone::Good,
            ),
        ]);
    }
    table.text(paint, "Nothing was published yet.")
}

/// The schedules of a flow, with their next times.
pub fn schedules(schedules: &Value, paint: Paint) -> String {
    let mut table = Table::new(&[
        "NAME",
        "CRON",
        "TIME ZONE",
        "STATE",
        "MISSED",
        "LAST",
        "NEXT",
    ]);
    for schedule in items(schedules) {
        let state = match (&schedule["active"], &schedule["enabled"]) {
            (Value::Bool(true), _) => "active",
            (_, Value::Bool(true)) => "flow not live",
            _ => "switched off",
        };
        let missed = format!(
            "{} ({})",
            text(&schedule["missed_count"]),
            text(&schedule["missed"])
        );
        table.row(vec![
            (text(&schedule["name"]), Tone::Strong),
            cell(&schedule["cron"]),
            cell(&schedule["time_zone"]),
            (state.to_owned(), Tone::Plain),
            (missed, Tone::Plain),
            quiet(relative(&schedule["last_due_at"])),
            (in_zone(&schedule["next"][0], schedule), Tone::Plain),
        ]);
    }
    let mut shown = table.text(paint, "No schedules.");
    for schedule in items(schedules) {
        shown += &format!("\nNext times of {}\n", text(&schedule["name"]));
        for at in items(&schedule["next"]) {
            let place = paint.tone(Tone::Quiet, &relative(at));
            shown += &format!("  {}  {place}\n", in_zone(at, schedule));
        }
    }
    shown
}

/// A time as the clocks of the schedule's zone show it.
fn in_zone(at: &Value, schedule: &Value) -> String {
    let zone = text(&schedule["time_zone"]);
    let time = at
        .as_str()
        .and_then(|at| at.parse::<jiff::Timestamp>().ok());
    match time.and_then(|time| time.in_tz(&zone).ok()) {
        Some(zoned) => zoned.strftime("%a %Y-%m-%d %H:%M %:z").to_string(),
        None => text(at),
    }
}

/// What a command made of a flow.
pub fn flow_changed(what: &str, flow: &Value, paint: Paint) -> String {
    let (state, tone) = state(&flow["state"]);
    let name = paint.tone(Tone::Strong, &text(&flow["name"]));
    let mut shown = format!(
        "{what} {name}: {}, {}.\n",
        paint.tone(tone, &state),
        version(flow)
    );
    for endpoint in items(&flow["endpoints"]) {
        shown.push_str(&format!(
            "  {}  {}\n",
            text(&endpoint["name"]),
            text(&endpoint["url"])
        ));
    }
    shown.push_str(&counts(flow, paint));
    shown
}

/// What an import did.
pub fn flow_imported(answer: &Value, paint: Paint) -> String {
    let created = answer["created"] == true;
    let what = match (created, answer["published_version"].is_null()) {
        (true, true) => "Imported",
        (true, false) => "Imported and published",
        (false, true) => "Replaced the draft of",
        (false, false) => "Replaced and published",
    };
    flow_changed(what, &answer["flow"], paint)
}

fn version(flow: &Value) -> String {
    match (flow["version"].as_i64(), flow["draft_changed"] == true) {
        (None, _) => "not published".to_owned(),
        (Some(version), false) => format!("version {version}"),
        (Some(version), true) => format!("version {version}, draft changed"),
    }
}

fn counts(flow: &Value, paint: Paint) -> String {
    let count = |key: &str| flow[key].as_u64().unwrap_or(0);
    match (count("errors_count"), count("warnings_count")) {
        (0, 0) => String::new(),
        (errors, warnings) => {
            let name = text(&flow["name"]);
            let (errors, warnings) = (several(errors, "errors"), several(warnings, "warnings"));
            let said = format!(
                "  {errors} and {warnings}: `hookloom flow export {name} | hookloom flow validate -` lists them."
            );
            format!("{}\n", paint.tone(Tone::Busy, &said))
        }
    }
}
