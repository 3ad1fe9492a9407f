//! What happens to a job, case by case.

use hookloom_model::document::Join;
use hookloom_model::journal::{Event, JournalEntry, ValueRef};
use hookloom_model::{JobStatus, StepExecutionId, StepStatus};

use super::driven::Driven;
use crate::apply::apply;
use crate::decide::Decision;
use crate::testing::documents::{document, http, output, retry, set};

#[test]
fn steps_without_after_start_with_the_job_and_the_rest_follows_its_edges() {
    let flow = document(vec![
        set("a", &[]),
        set("b", &[]),
        set("c", &[("a", &["success"])]),
    ]);
    let mut job = Driven::new(&flow, None);
    assert_eq!(job.advance(), ["a", "b"]);
    assert_eq!(job.ends("a", "success"), ["c"]);
    assert_eq!(job.ends("b", "success"), [""; 0]);
    job.ends("c", "success");
    assert_eq!(job.ended(), Some(JobStatus::Complete));
}

#[test]
fn an_all_join_waits_for_every_edge_and_is_skipped_once_one_cannot_be_satisfied() {
    let join = set("join", &[("a", &["success"]), ("b", &["yes"])]);
    let flow = document(vec![
        set("a", &[]),
        set("b", &[]),
        join,
        set("next", &[("join", &["*"])]),
    ]);
    let mut job = Driven::new(&flow, None);
    job.advance();
    assert!(job.ends("b", "yes").is_empty());
    assert_eq!(job.ends("a", "success"), ["join"]);

    let mut job = Driven::new(&flow, None);
    job.advance();
    job.ends("b", "no");
    assert_eq!(job.state.step_status("join"), StepStatus::Skipped);
    assert_eq!(
        job.state.step_status("next"),
        StepStatus::Skipped,
        "a skip is no exit code"
    );
    job.ends("a", "success");
    assert_eq!(
        job.ended(),
        Some(JobStatus::Complete),
        "a custom exit code only skips"
    );
}

#[test]
fn an_any_join_starts_once_at_the_first_edge() {
    let mut join = set("join", &[("a", &["success"]), ("b", &["success"])]);
    join.join = Join::Any;
    let flow = document(vec![set("a", &[]), set("b", &[]), join]);
    let mut job = Driven::new(&flow, None);
    job.advance();
    assert_eq!(job.ends("b", "success"), ["join"]);
    assert!(job.ends("a", "success").is_empty(), "it runs already");
    job.ends("join", "success");
    assert_eq!(job.ended(), Some(JobStatus::Complete));
}

#[test]
fn an_unhandled_error_starts_nothing_new_lets_running_steps_end_and_fails_the_job() {
    let flow = document(vec![
        http("a", &[]),
        http("b", &[]),
        set("after_b", &[("b", &["success"])]),
        set("after_a", &[("a", &["success"])]),
    ]);
    let mut job = Driven::new(&flow, None);
    assert_eq!(job.advance(), ["a", "b"]);
    assert!(job.ends("a", "error").is_empty());
    assert_eq!(job.ended(), None, "b still runs");
    assert!(job.ends("b", "success").is_empty(), "nothing new starts");
    assert_eq!(job.ended(), Some(JobStatus::Failed));
    assert_eq!(job.state.step_status("after_a"), StepStatus::Skipped);
    assert_eq!(job.state.step_status("after_b"), StepStatus::Canceled);
    let ended = job
        .state
        .ended
        .as_ref()
        .and_then(|ended| ended.error.as_ref());
    let message = &ended.expect("the job has an error").message;
    assert!(
        message.contains("`a`") && message.contains("it broke"),
        "{message}"
    );
}

#[test]
fn a_handled_error_lets_the_job_be_complete() {
    for codes in [&["error"][..], &["*"][..]] {
        let flow = document(vec![http("a", &[]), set("mend", &[("a", codes)])]);
        let mut job = Driven::new(&flow, None);
        job.advance();
        assert_eq!(job.ends("a", "error"), ["mend"]);
        job.ends("mend", "success");
        assert_eq!(job.ended(), Some(JobStatus::Complete));
    }
}

#[test]
fn only_the_steps_that_lead_to_the_outputs_asked_for_run() {
    let mut flow = document(vec![
        set("a", &[]),
        set("b", &[("a", &["success"])]),
        set("mend", &[("a", &["error"])]),
        set("other", &[]),
    ]);
    flow.outputs = vec![output("wanted", "b"), output("unwanted", "other")];
    let mut job = Driven::new(&flow, Some(&["wanted"]));
    assert_eq!(job.advance(), ["a"]);
    assert_eq!(job.state.step_status("other"), StepStatus::Skipped);
    job.ends("a", "error");
    assert_eq!(
        job.ended(),
        Some(JobStatus::Failed),
        "the step that would handle it is not needed"
    );
}

#[test]
fn a_job_times_out_by_the_time_that_its_steps_ran_not_by_waits_or_by_crashes() {
    let mut flow = document(vec![http("a", &[])]);
    flow.timeout_ms = 10_000;
    flow.steps[0].retry = retry(9);
    let mut job = Driven::new(&flow, None);
    job.advance();
    job.now_ms += 4_000;
    job.retry("a", job.now_ms + 3_600_000);
    assert_eq!(job.state.status(), JobStatus::Waiting);
    job.now_ms += 3_600_000;
    assert_eq!(job.advance(), ["a"], "an hour of waiting does not count");
    job.now_ms += 86_400_000;
    job.interrupt("a");
    assert_eq!(
        job.advance(),
        ["a"],
        "a day without Hookloom does not count"
    );
    let now_ms = job.now_ms;
    assert_eq!(
        job.decide(),
        [Decision::Wait {
            until_ms: Some(now_ms + 6_000)
        }]
    );
    job.now_ms += 6_000;
    job.advance();
    assert_eq!(job.ended(), Some(JobStatus::TimedOut));
}

#[test]
fn a_step_that_waits_for_a_time_ends_then_without_another_attempt() {
    let mut flow = document(vec![set("a", &[]), set("b", &[("a", &["success"])])]);
    flow.timeout_ms = 1_000;
    let mut job = Driven::new(&flow, None);
    assert_eq!(job.advance(), ["a"]);
    let until_ms = job.now_ms + 86_400_000;
    job.delay("a", until_ms);
    assert_eq!(job.state.status(), JobStatus::Waiting);
    assert_eq!(
        job.decide(),
        [Decision::Wait {
            until_ms: Some(until_ms)
        }]
    );
    job.now_ms = until_ms - 1;
    assert!(job.advance().is_empty());
    job.now_ms = until_ms;
    assert_eq!(job.decide(), [Decision::Elapse { step: 0 }]);
    assert_eq!(job.advance(), ["b"], "a day of waiting does not count");
    assert_eq!(job.state.steps["a"].attempt, 1);
    assert!(!job.state.steps["a"].is_delayed);
}

#[test]
fn an_any_join_is_skipped_only_when_no_edge_can_be_satisfied() {
    let mut join = set("join", &[("a", &["yes"]), ("b", &["*"])]);
    join.join = Join::Any;
    let flow = document(vec![set("a", &[]), set("b", &[("a", &["yes"])]), join]);
    let mut job = Driven::new(&flow, None);
    job.advance();
    assert!(job.ends("a", "no").is_empty());
    assert_eq!(
        job.state.step_status("join"),
        StepStatus::Skipped,
        "a step that was skipped ended with no exit code, so `*` takes nothing from it"
    );
    assert_eq!(job.ended(), Some(JobStatus::Complete));
}

#[test]
fn an_any_join_starts_although_another_branch_is_skipped() {
    let mut join = set("join", &[("yes", &["success"]), ("no", &["success"])]);
    join.join = Join::Any;
    let flow = document(vec![
        set("choice", &[]),
        set("yes", &[("choice", &["true"])]),
        set("no", &[("choice", &["false"])]),
        join,
    ]);
    for (code, taken) in [("true", "yes"), ("false", "no")] {
        let mut job = Driven::new(&flow, None);
        job.advance();
        assert_eq!(job.ends("choice", code), [taken]);
        assert_eq!(job.ends(taken, "success"), ["join"]);
        job.ends("join", "success");
        assert_eq!(job.ended(), Some(JobStatus::Complete));
    }
}

#[test]
fn a_star_takes_every_exit_code() {
    let flow = document(vec![set("a", &[]), set("b", &[("a", &["*"])])]);
    for code in ["success", "error", "of_its_own"] {
        let mut job = Driven::new(&flow, None);
        job.advance();
        assert_eq!(job.ends("a", code), ["b"], "{code}");
    }
}

#[test]
fn a_job_that_runs_too_long_stops_its_steps() {
    let mut flow = document(vec![
        http("a", &[]),
        http("b", &[]),
        set("c", &[("a", &["*"])]),
    ]);
    flow.timeout_ms = 10_000;
    let mut job = Driven::new(&flow, None);
    job.advance();
    job.now_ms += 10_000;
    job.advance();
    assert_eq!(job.ended(), Some(JobStatus::TimedOut));
    for step in ["a", "b", "c"] {
        assert_eq!(job.state.step_status(step), StepStatus::Canceled);
    }
}

#[test]
fn the_third_interruption_in_a_row_ends_the_step() {
    let flow = document(vec![http("a", &[])]);
    let mut job = Driven::new(&flow, None);
    job.advance();
    for _ in 0..2 {
        job.interrupt("a");
        assert_eq!(job.advance(), ["a"]);
    }
    let execution = job.state.steps["a"].execution;
    job.interrupt("a");
    assert!(job.advance().is_empty());
    assert_eq!(job.ended(), Some(JobStatus::Failed));
    assert_eq!(job.state.steps["a"].execution, execution);
    assert_eq!(
        job.state.steps["a"].failed_attempts, 0,
        "interruptions do not count"
    );
}

#[test]
fn a_step_with_a_circle_of_edges_ends_the_job_instead_of_waiting_for_ever() {
    let flow = document(vec![set("a", &[("b", &["*"])]), set("b", &[("a", &["*"])])]);
    let mut job = Driven::new(&flow, None);
    job.advance();
    assert_eq!(job.ended(), Some(JobStatus::Failed));
}

#[test]
fn an_event_that_cannot_follow_is_a_value_and_changes_nothing() {
    let flow = document(vec![http("a", &[])]);
    let mut job = Driven::new(&flow, None);
    job.advance();
    let before = job.state.clone();
    let illegal = [
        Event::JobStarted {},
        Event::StepInterrupted {
            step: "a".to_owned(),
            attempt: 2,
        },
        Event::StepSkipped {
            step: "a".to_owned(),
        },
        Event::JobFinished {
            status: JobStatus::Complete,
            error: None,
        },
        Event::JobFinished {
            status: JobStatus::Running,
            error: None,
        },
        Event::StepStarted {
            step: "a".to_owned(),
            execution: StepExecutionId::new(5, [9; 10]),
            attempt: 2,
        },
    ];
    for event in illegal {
        let entry = JournalEntry {
            seq: before.seq_next,
            at_ms: job.now_ms,
            event,
        };
        assert!(apply(&mut job.state, &entry).is_err(), "{entry:?}");
        assert_eq!(job.state, before);
    }
    let entry = JournalEntry {
        seq: 99,
        at_ms: 0,
        event: Event::JobStarted {},
    };
    assert!(
        apply(&mut job.state, &entry).is_err(),
        "a gap in the journal"
    );
}

#[test]
fn a_great_many_names_are_folded_soon() {
    let names = |n: usize| -> Vec<String> { (0..n).map(|n| format!("name_{n}")).collect() };
    let finished = |attempt, put, removed| Event::StepFinished {
        step: "a".to_owned(),
        attempt,
        exit_code: "success".to_owned(),
        data: ValueRef::Inline(serde_json::Value::Null),
        error: None,
        memory: Default::default(),
        memory_removed: Vec::new(),
        secret_state_put: put,
        secret_state_removed: removed,
        sent: None,
        logs: Vec::new(),
    };
    let mut job = Driven::new(&document(vec![set("a", &[])]), None);
    job.advance();
    job.state.secret_state = names(100_000);
    let entry = JournalEntry {
        seq: job.state.seq_next,
        at_ms: 0,
        event: finished(1, names(200_000), names(50_000)),
    };
    let began = std::time::Instant::now();
    apply(&mut job.state, &entry).expect("it fits");
    assert_eq!(job.state.secret_state.len(), 200_000);
    assert!(
        began.elapsed().as_secs() < 20,
        "it took {:?}",
        began.elapsed()
    );
}
