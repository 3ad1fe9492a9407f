//! Schedules: when their jobs begin, with what, and what restarts and a clock that jumps change about it.

use hookloom_model::journal::ValueRef;
use hookloom_model::{JobStatus, TriggerKind};
use serde_json::json;

use crate::Engine;
use crate::ports::Clock as _;
use crate::testing::{BEGIN_MS, FLOW, Rig, SplitMix};

const MINUTE_MS: i64 = 60_000;
const HOUR_MS: i64 = 60 * MINUTE_MS;
/// The first full minute of every test.
const FIRST_MS: i64 = BEGIN_MS - BEGIN_MS % MINUTE_MS + MINUTE_MS;

fn scheduled(cron: &str, missed: &str) -> Rig {
    let rig = Rig::new(&json!({
        "format": "hookloom.flow/1", "name": "tested",
        "schedules": [{"name": "tick", "cron": cron, "missed": missed, "input": {"n": 7}, "outputs": ["sum"]}],
        "steps": [{"name": "a", "kind": "set", "values": {"n": "{{trigger.body.n}}"}},
                  {"name": "beside", "kind": "set", "values": {}}],
        "outputs": [{"name": "sum", "step": "a"}],
    }));
    rig.disk.schedule(FLOW, 1, "tick", BEGIN_MS);
    rig
}

/// Lives until then.
fn until(rig: &Rig, at_ms: i64) {
    rig.live(async |_: Engine| rig.clock.sleep_until_ms(at_ms).await);
}

/// The times for which jobs began, in minutes after the first.
fn begun(rig: &Rig) -> Vec<i64> {
    let fired = rig.disk.fired();
    fired
        .iter()
        .map(|at_ms| (at_ms - FIRST_MS) / MINUTE_MS)
        .collect()
}

#[test]
fn a_job_begins_at_every_time_with_the_schedules_input_and_outputs() {
    let rig = scheduled("* * * * *", "skip");
    until(&rig, FIRST_MS + 2 * MINUTE_MS + 500);
    assert_eq!(begun(&rig), [0, 1, 2]);
    let jobs = rig.disk.jobs();
    assert_eq!(jobs.len(), 3);
    for (job, minute) in jobs.iter().zip(0..) {
        let queued = job.state().queued.expect("it is queued");
        assert_eq!(queued.at_ms, FIRST_MS + minute * MINUTE_MS);
        assert_eq!(
            (queued.trigger, queued.trigger_name.as_str()),
            (TriggerKind::Schedule, "tick")
        );
        assert_eq!(queued.outputs.as_deref(), Some(&["sum".to_owned()][..]));
        assert_eq!(job.status, JobStatus::Complete);
        let data = job.state().steps["a"].data.clone();
        assert_eq!(data, Some(ValueRef::Inline(json!({"n": 7}))));
    }
}

#[test]
fn what_was_missed_while_nothing_ran_is_skipped_or_made_up_for_once() {
    for (missed, expected, counted) in [("skip", 1, 3), ("run_once", 2, 2)] {
        let rig = scheduled("0 * * * *", missed);
        let first_ms = BEGIN_MS - BEGIN_MS % HOUR_MS + HOUR_MS;
        until(&rig, first_ms + 500);
        rig.clock.skip_ms(3 * HOUR_MS + 10 * MINUTE_MS);
        until(&rig, first_ms + 3 * HOUR_MS + 20 * MINUTE_MS);
        let fired = rig.disk.fired();
        assert_eq!(fired.len(), expected, "{missed}");
        assert_eq!(rig.disk.missed(), counted, "{missed}");
        let last_ms = first_ms + 3 * HOUR_MS;
        assert_eq!(fired.contains(&last_ms), missed == "run_once");
        // And the next one is on time again.
        until(&rig, first_ms + 4 * HOUR_MS + 500);
        assert_eq!(
            rig.disk.fired().last(),
            Some(&(first_ms + 4 * HOUR_MS)),
            "{missed}"
        );
    }
}

#[test]
fn a_clock_that_is_set_back_doubles_no_job() {
    let rig = scheduled("* * * * *", "run_once");
    until(&rig, FIRST_MS + 5 * MINUTE_MS + 500);
    rig.clock.skip_ms(-4 * MINUTE_MS);
    until(&rig, FIRST_MS + 7 * MINUTE_MS + 500);
    assert_eq!(begun(&rig), [0, 1, 2, 3, 4, 5, 6, 7]);
}

#[test]
fn a_clock_that_had_been_years_ahead_does_not_silence_a_schedule_for_years() {
    let rig = scheduled("* * * * *", "skip");
    rig.disk
        .schedule(FLOW, 1, "tick", BEGIN_MS + 400 * 24 * HOUR_MS);
    until(&rig, FIRST_MS + MINUTE_MS + 500);
    assert_eq!(begun(&rig), [0, 1]);
}

#[test]
fn a_process_that_runs_no_schedules_begins_and_passes_nothing() {
    let mut rig = scheduled("* * * * *", "skip");
    rig.options.schedules = false;
    until(&rig, FIRST_MS + 3 * MINUTE_MS);
    assert!(begun(&rig).is_empty());
    assert_eq!(rig.disk.missed(), 0);
}

#[test]
fn wherever_the_process_dies_each_time_begins_one_job_and_none_that_it_lived_through_is_left_out() {
    for seed in 0..6 {
        let mut random = SplitMix::new(seed);
        let rig = scheduled("* * * * *", "skip");
        let mut lived: Vec<i64> = Vec::new();
        for _ in 0..25 {
            let begin_ms = rig.clock.now_ms();
            // Often the end falls on a full minute, in the middle of what happens then.
            let full_ms =
                begin_ms - begin_ms % MINUTE_MS + MINUTE_MS * (1 + random.below(3) as i64);
            let end_ms = full_ms + random.below(3) as i64 * 400;
            let turns = random.below(30);
            rig.live(async |_: Engine| {
                rig.clock.sleep_until_ms(end_ms).await;
                for _ in 0..turns {
                    tokio::task::yield_now().await;
                }
            });
            let minutes =
                (0..4).map(|minute| begin_ms - begin_ms % MINUTE_MS + MINUTE_MS * (1 + minute));
            lived.extend(minutes.filter(|at_ms| *at_ms < end_ms));
            rig.clock.skip_ms(random.below(200_000) as i64);
        }
        let fired = rig.disk.fired();
        assert!(
            fired.windows(2).all(|pair| pair[0] < pair[1]),
            "seed {seed}: {fired:?}"
        );
        assert_eq!(rig.disk.jobs().len(), fired.len(), "seed {seed}");
        let left_out: Vec<_> = lived
            .iter()
            .filter(|at_ms| !fired.contains(at_ms))
            .collect();
        assert!(
            left_out.is_empty(),
            "seed {seed}: {left_out:?} of {lived:?}"
        );
    }
}
