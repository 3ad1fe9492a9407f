//! Backups, for a person.

use serde_json::Value;

use super::paint::{Paint, Tone};
use super::piece::{field, quiet, several, text};
use super::storage::size;
use super::table::Table;
use super::time::relative;

/// The list, and what goes on.
pub fn backups(shown: &Value, paint: Paint) -> String {
    let mut table = Table::new(&["NAME", "MADE", "SIZE", "JOBS", "STATE"]);
    for backup in shown["items"].as_array().into_iter().flatten() {
        let contents = &backup["contents"];
        let state = match backup["problem"].as_str() {
            None => ("whole when made".to_owned(), Tone::Plain),
            Some(problem) => (problem.to_owned(), Tone::Bad),
        };
        table.row(vec![
            (text(&backup["name"]), Tone::Plain),
            quiet(relative(&contents["made_at"])),
            quiet(size(&backup["bytes"])),
            quiet(text(&contents["jobs_count"])),
            state,
        ]);
    }
    let mut said = table.text(paint, "No backups. `hookloom backup` makes one.");
    said.push_str("\n\n");
    said += &field("folder", &text(&shown["folder"]));
    if shown["schedule"].is_object() {
        said += &field("schedule", &schedule(&shown["schedule"]));
    }
    // What else is known lies in there.
    said += &field("database", &text(&shown["database_problem"]));
    said += &field("failed", &text(&shown["last_failure"]["message"]));
    said
}

/// How often they are made by themselves.
pub fn backup_schedule(shown: &Value) -> String {
    field("schedule", &schedule(&shown["schedule"]))
}

/// A backup that was made.
pub fn backup_made(made: &Value) -> String {
    let contents = &made["contents"];
    let mut said = field("file", &text(&made["path"]));
    said += &field("size", &size(&made["bytes"]));
    said += &held(
        |name| &contents[format!("{name}_count")],
        &contents["secrets_needed"],
    );
    let missing = contents["files_missing_count"].as_u64().unwrap_or(0);
    if missing > 0 {
        said += &field(
            "missing",
            &format!("{missing} files of requests were gone already"),
        );
    }
    said + &not_inside(contents)
}

/// A backup that was put back, or would be.
pub fn restored(shown: &Value) -> String {
    let mut said = match shown["restored"] == true {
        true => String::from("Restored.\n"),
        false => String::from("Whole. Nothing was changed.\n"),
    };
    said += &field(
        "made",
        &format!(
            "{} by Hookloom {}",
            text(&shown["made_at"]),
            text(&shown["made_by"])
        ),
    );
    said += &field("size", &size(&shown["bytes"]));
    said += &held(|name| &shown["counts"][name], &shown["secrets_needed"]);
    said += &field("before", &text(&shown["aside"]));
    said + &not_inside(shown)
}

fn held<'a>(count: impl Fn(&str) -> &'a Value, secrets: &Value) -> String {
    let names = ["flows", "requests", "jobs", "deliveries", "files"];
    let counts = names.map(|name| several(count(name).as_u64().unwrap_or_default(), name));
    let mut said = field("holds", &counts.join(", "));
    let secrets: Vec<String> = secrets.as_array().into_iter().flatten().map(text).collect();
    said += &field(
        "secrets",
        &match secrets.is_empty() {
            true => String::new(),
            false => format!(
                "not in it; set these where it is restored: {}",
                secrets.join(", ")
            ),
        },
    );
    said
}

fn not_inside(of: &Value) -> String {
    let lines = of["not_inside"].as_array().into_iter().flatten();
    let lines: Vec<String> = lines.map(|line| format!("  {}\n", text(line))).collect();
    match lines.is_empty() {
        true => String::new(),
        false => format!("Not in it:\n{}", lines.concat()),
    }
}

fn schedule(schedule: &Value) -> String {
    match schedule["every"].as_str() {
        Some("day") => format!("daily, the last {} are kept", schedule["keep"]),
        Some("week") => format!("weekly, the last {} are kept", schedule["keep"]),
        _ => "off".to_owned(),
    }
}
