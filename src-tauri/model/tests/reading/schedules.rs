//! Schedules of a document: what is taken, and what is refused at its place.

use hookloom_model::document::{Missed, Schedule};
use serde_json::{Value, json};

use crate::support::{order_intake, read};

fn with(schedule: Value) -> Value {
    let mut document = order_intake();
    document["schedules"] = json!([schedule]);
    document
}

#[test]
fn a_schedule_has_its_defaults_and_all_that_it_says() {
    let schedules = |schedule: Value| {
        let parsed = read(with(schedule)).into_document();
        parsed.expect("it is sound").schedules
    };
    assert_eq!(
        schedules(json!({"name": "nightly-1", "cron": "0 2 * * *"})),
        [Schedule {
            name: "nightly-1".to_owned(),
            cron: "0 2 * * *".to_owned(),
            time_zone: "UTC".to_owned(),
            input: None,
            outputs: None,
            missed: Missed::Skip,
            enabled: true,
        }]
    );
    let whole = json!({"name": "nightly", "cron": "*/5 8-18 * * MON-FRI", "time_zone": "Europe/Berlin",
        "outputs": ["summary"], "input": {"total": 0}, "missed": "run_once", "enabled": false});
    let schedule = schedules(whole).remove(0);
    assert_eq!(schedule.input, Some(json!({"total": 0})));
    assert_eq!(schedule.outputs, Some(vec!["summary".to_owned()]));
    assert_eq!(
        (schedule.missed, schedule.enabled),
        (Missed::RunOnce, false)
    );
}

#[test]
fn what_is_wrong_with_a_schedule_is_named_at_its_place() {
    let sound = json!({"name": "nightly", "cron": "0 2 * * *"});
    for (key, value, code) in [
        ("name", json!("two words"), "bad_name"),
        ("cron", json!("0 2 * *"), "bad_cron"),
        ("cron", json!("0 25 * * *"), "bad_cron"),
        ("cron", json!("0 0 31 2 *"), "never_due"),
        ("time_zone", json!("Europe/Atlantis"), "unknown_time_zone"),
        ("missed", json!("later"), "unknown_value"),
        ("outputs", json!([]), "missing"),
        (
            "input",
            json!({"_secretStatePut": {"pin": "1"}}),
            "state_in_input",
        ),
        ("zone", json!("UTC"), "unknown_key"),
    ] {
        let mut schedule = sound.clone();
        schedule[key] = value;
        let parsed = read(with(schedule));
        let place = format!("/schedules/0/{key}");
        let found = parsed
            .problems
            .iter()
            .any(|it| it.code == code && it.place == place);
        assert!(found, "{key}: {:?}", parsed.problems);
    }
    let mut schedule = sound.clone();
    schedule["outputs"] = json!(["sumary"]);
    let parsed = read(with(schedule));
    assert_eq!(parsed.problems[0].place, "/schedules/0/outputs/0");
    let mut twice = order_intake();
    twice["schedules"] = json!([sound.clone(), sound]);
    assert!(read(twice).blocks_import());
}
