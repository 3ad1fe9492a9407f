//! Schedules: when jobs of a flow begin by themselves, and with what.

use serde_json::Value;

use super::names::{NameKind, nearest, read_name};
use super::reading::Reading;
use super::types::{Missed, Schedule};
use super::walk::{Node, Object, Report};
use crate::timetable::{Timetable, TimetableError};

pub(super) const KEYS: &[&str] = &[
    "name",
    "cron",
    "time_zone",
    "outputs",
    "input",
    "missed",
    "enabled",
];
pub(super) const MISSED: &[&str] = &["skip", "run_once"];

/// The time zone of a schedule that names none.
pub const TIME_ZONE_DEFAULT: &str = "UTC";
/// The longest cron pattern.
pub const CRON_CHARS_MAX: usize = 200;

/// Reads one schedule.
pub(super) fn read_schedule(
    node: &Node<'_>,
    outputs: &[String],
    reading: &mut Reading,
) -> Option<Schedule> {
    let report = &mut reading.report;
    let object = node.object(report)?;
    object.check_keys("a schedule", KEYS, &[], report);
    let name = object
        .required("name", "every schedule has a name", report)
        .and_then(|node| read_name(&node, NameKind::Address, "a schedule", report));
    let cron_node = object.required("cron", "it says when the schedule is due", report);
    let cron = cron_node
        .as_ref()
        .and_then(|node| node.short_text(CRON_CHARS_MAX, report));
    let zone_node = object.get("time_zone");
    let time_zone = match &zone_node {
        Some(node) => node.short_text(CRON_CHARS_MAX, report),
        None => Some(TIME_ZONE_DEFAULT),
    };
    if let (Some(cron), Some(time_zone), Some(cron_node)) = (cron, time_zone, &cron_node) {
        let zone_node = zone_node.as_ref().unwrap_or(cron_node);
        check_times(cron, time_zone, cron_node, zone_node, report);
    }
    let missed = object
        .get("missed")
        .and_then(|node| node.one_of(MISSED, report));
    let enabled = object.get("enabled").and_then(|node| node.boolean(report));
    let asked = read_outputs(&object, outputs, report);
    let input = object.get("input");
    if let Some(input) = &input {
        check_input(input, report);
    }
    Some(Schedule {
        name: name?.to_owned(),
        cron: cron?.to_owned(),
        time_zone: time_zone?.to_owned(),
        input: input.map(|input| input.value.clone()),
        outputs: asked,
        missed: match missed {
            Some("run_once") => Missed::RunOnce,
            _ => Missed::Skip,
        },
        enabled: enabled.unwrap_or(true),
    })
}

fn check_times(
    cron: &str,
    time_zone: &str,
    cron_node: &Node<'_>,
    zone_node: &Node<'_>,
    report: &mut Report,
) {
    let Err(error) = Timetable::new(cron, time_zone) else {
        return;
    };
    let (code, node, hint) = match error {
        TimetableError::Zone { .. } => ("unknown_time_zone", zone_node, None),
        TimetableError::Never => ("never_due", cron_node, Some("choose a day that comes")),
        TimetableError::Fields { .. } | TimetableError::Pattern { .. } => (
            "bad_cron",
            cron_node,
            Some(
                "`0 2 * * *` is every night at two, `*/15 8-18 * * 1-5` every quarter of an hour in working time",
            ),
        ),
    };
    let reported = report.error(code, node, error.to_string());
    if let Some(hint) = hint {
        reported.hint(hint);
    }
}

fn read_outputs(object: &Object<'_>, known: &[String], report: &mut Report) -> Option<Vec<String>> {
    let node = object.get("outputs")?;
    let items = node.list(report)?;
    if items.is_empty() {
        report
            .error(
                "missing",
                &node,
                "a job without any output computes nothing",
            )
            .hint("name the outputs, or leave `outputs` out to have all");
    }
    let mut asked: Vec<String> = Vec::new();
    for item in &items {
        let Some(name) = item.text(report) else {
            continue;
        };
        if !known.iter().any(|output| output == name) {
            let shown: String = name.chars().take(80).collect();
            let message = format!("there is no output `{shown}`");
            let reported = report.error("unknown_output", item, message);
            if let Some(nearest) = nearest(name, known.iter().map(String::as_str)) {
                reported.hint(format!("did you mean `{nearest}`?"));
            }
        }
        if !asked.iter().any(|one| one == name) {
            asked.push(name.to_owned());
        }
    }
    Some(asked)
}

/// A document is exported and shown: secret state has no place in it.
fn check_input(input: &Node<'_>, report: &mut Report) {
    let Value::Object(fields) = input.value else {
        return;
    };
    let keys = [
        "_secretStatePut",
        "__secretStatePut",
        "_secretStateRemove",
        "_statePut",
        "_stateRemove",
    ];
    for key in keys.into_iter().filter(|key| fields.contains_key(*key)) {
        report
            .error(
                "state_in_input",
                input,
                format!("the input of a schedule cannot have `{key}`"),
            )
            .hint(
                "keep secrets under Secrets and name them in the steps, as in `{{secrets.NAME}}`",
            );
    }
}
