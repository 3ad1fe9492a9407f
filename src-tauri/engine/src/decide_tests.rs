//! Tests of `decide` and `apply` together: what happens to a job, event by event, without an executor.

use hookloom_model::document::{FlowDocument, Join};
use hookloom_model::journal::{Event, JournalEntry, ValueRef};
use hookloom_model::{JobStatus, StepExecutionId, StepStatus, TriggerKind};
use indexmap::IndexMap;
use proptest::prelude::*;
use serde_json::Value;

use crate::apply::{apply, fold};
use crate::decide::{Decision, decide, failing_step};
use crate::plan::Plan;
use crate::record;
use crate::retry::step_wait_ms;
use crate::state::JobState;
use crate::testing::SplitMix;
use crate::testing::documents::{document, http, output, retry, set};

/// A job that is driven by hand.
struct Driven {
    plan: Plan,
    needed: Vec<bool>,
    state: JobState,
    entries: Vec<JournalEntry>,
    now_ms: i64,
}

impl Driven {
    fn new(document: &FlowDocument, outputs: Option<&[&str]>) -> Self {
        let plan = Plan::new(document);
        let outputs = outputs.map(|names| names.iter().map(|name| (*name).to_owned()).collect());
        let mut driven = Self {
            needed: plan.needed(outputs.as_deref()),
            plan,
            state: JobState::default(),
            entries: Vec::new(),
            now_ms: 1_000_000,
        };
        driven.push(Event::JobQueued {
            trigger: TriggerKind::Manual,
            trigger_name: "test".to_owned(),
            outputs,
            input: None,
            secret_state: Vec::new(),
        });
        driven
    }

    fn push(&mut self, event: Event) {
        let entry = JournalEntry {
            seq: self.state.seq_next,
            at_ms: self.now_ms,
            event,
        };
        apply(&mut self.state, &entry).expect("the event is legal");
        self.entries.push(entry);
    }

    fn decide(&self) -> Vec<Decision> {
        decide(&self.plan, &self.needed, &self.state, self.now_ms)
    }

    fn name(&self, place: usize) -> String {
        self.plan.steps[place].name.clone()
    }

    /// Records all decisions until only waiting is left, and gives the names of the steps that started.
    fn advance(&mut self) -> Vec<String> {
        let mut started = Vec::new();
        loop {
            let decisions = self.decide();
            if decisions.is_empty() {
                return started;
            }
            for decision in decisions {
                match decision {
                    Decision::StartJob => self.push(Event::JobStarted {}),
                    Decision::Skip { step } => self.push(Event::StepSkipped {
                        step: self.name(step),
                    }),
                    Decision::GiveUp { step } => self.end(&self.name(step), "error"),
                    Decision::Start { step } => {
                        let name = self.name(step);
                        self.start(&name);
                        started.push(name);
                    }
                    Decision::Finish {
                        status,
                        error,
                        cancel,
                    } => {
                        for step in cancel {
                            self.push(Event::StepCanceled {
                                step: self.name(step),
                            });
                        }
                        self.push(Event::JobFinished { status, error });
                    }
                    Decision::Wait { .. } => return started,
                }
            }
        }
    }

    fn start(&mut self, name: &str) {
        let known = self.state.steps.get(name);
        let attempt = known.map_or(0, |step| step.attempt) + 1;
        let first = StepExecutionId::new(self.now_ms, [attempt as u8; 10]);
        let execution = known.and_then(|step| step.execution).unwrap_or(first);
        self.push(Event::StepStarted {
            step: name.to_owned(),
            execution,
            attempt,
        });
    }

    fn end(&mut self, name: &str, exit_code: &str) {
        self.push(Event::StepFinished {
            step: name.to_owned(),
            attempt: self.state.steps[name].attempt,
            exit_code: exit_code.to_owned(),
            data: ValueRef::Inline(Value::Null),
            error: (exit_code == "error").then(|| record::error("test", "it broke")),
            memory: IndexMap::new(),
            memory_removed: Vec::new(),
            secret_state_put: Vec::new(),
            secret_state_removed: Vec::new(),
            sent: None,
        });
    }

    fn interrupt(&mut self, name: &str) {
        let attempt = self.state.steps[name].attempt;
        self.push(Event::StepInterrupted {
            step: name.to_owned(),
            attempt,
        });
    }

    fn retry(&mut self, name: &str, retry_at_ms: i64) {
        self.push(Event::StepRetrying {
            step: name.to_owned(),
            attempt: self.state.steps[name].attempt,
            error: record::error("test", "it broke"),
            retry_at_ms,
            sent: None,
        });
    }

    fn ends(&mut self, name: &str, exit_code: &str) -> Vec<String> {
        self.end(name, exit_code);
        self.advance()
    }

    fn ended(&self) -> Option<JobStatus> {
        self.state.ended.as_ref().map(|ended| ended.status)
    }
}

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

/// A random flow: steps with edges to earlier ones, both joins, all kinds of exit codes, retries.
fn random_flow(random: &mut SplitMix) -> FlowDocument {
    let count = 1 + random.below(7) as usize;
    let mut steps = Vec::new();
    for number in 0..count {
        let mut after: Vec<(String, &[&str])> = Vec::new();
        for earlier in 0..number {
            if random.chance(350) {
                let on: &[&str] = match random.below(4) {
                    0 => &["*"],
                    1 => &["error"],
                    2 => &["success", "other"],
                    _ => &["success"],
                };
                after.push((format!("s{earlier}"), on));
            }
        }
        let after: Vec<(&str, &[&str])> = after
            .iter()
            .map(|(step, on)| (step.as_str(), *on))
            .collect();
        let mut step = http(&format!("s{number}"), &after);
        step.join = if random.chance(400) {
            Join::Any
        } else {
            Join::All
        };
        step.retry = retry(1 + random.below(3) as u32);
        steps.push(step);
    }
    let mut flow = document(steps);
    flow.timeout_ms = 5_000 + random.below(100_000) as i64;
    flow
}

/// How a step's attempts end is a function of the step alone, so that every order of events has the same end.
fn fixed_end(seed: u64, step: &str, failed: u32, attempts_max: u32) -> Option<&'static str> {
    let number = step.bytes().fold(seed, |sum, byte| {
        sum.wrapping_mul(31).wrapping_add(u64::from(byte))
    });
    let mut random = SplitMix::new(number);
    let fails_first = random.below(4) as u32;
    if failed < fails_first {
        return (failed + 1 >= attempts_max).then_some("error");
    }
    Some(["success", "success", "success", "other", "error"][random.below(5) as usize])
}

/// Runs a job from its state to its end.
fn run_to_end(job: &mut Driven, seed: u64) {
    for _ in 0..1_000 {
        job.advance();
        if job.ended().is_some() {
            return;
        }
        let running: Vec<String> = job
            .state
            .running_steps()
            .map(|(name, _)| name.to_owned())
            .collect();
        job.now_ms += 10;
        let Some(name) = running.first() else {
            let until_ms = job
                .state
                .waiting_until_ms()
                .expect("nothing runs, so something waits");
            job.now_ms = job.now_ms.max(until_ms);
            continue;
        };
        let step = &job.plan.steps[job.plan.place(name).expect("a step of the flow")];
        let failed = job.state.steps[name].failed_attempts;
        let is_failing = failing_step(&job.plan, &job.needed, &job.state).is_some();
        match fixed_end(seed, name, failed, step.retry.attempts_max) {
            Some(exit_code) => job.end(name, exit_code),
            None if is_failing => job.end(name, "error"),
            None => {
                let wait_ms =
                    step_wait_ms(&step.retry, failed + 1, None).expect("attempts are left");
                job.retry(name, job.now_ms + wait_ms);
            }
        }
    }
    panic!("the job does not end: {:?}", job.state);
}

proptest! {
    #![proptest_config(ProptestConfig::with_cases(300))]

    #[test]
    fn every_prefix_of_a_journal_recovers_to_the_same_end(seed in any::<u64>()) {
        let mut flow = random_flow(&mut SplitMix::new(seed));
        // What a job has time for depends on when it was cut off; what it does with enough time must not.
        flow.timeout_ms = i64::MAX;
        let mut whole = Driven::new(&flow, None);
        run_to_end(&mut whole, seed);
        prop_assert_eq!(&fold(&whole.entries).expect("legal"), &whole.state);
        for length in 1..whole.entries.len() {
            let mut cut = Driven::new(&flow, None);
            cut.entries = whole.entries[..length].to_vec();
            cut.state = fold(&cut.entries).expect("a prefix is legal");
            cut.now_ms = whole.now_ms + 1_000_000;
            let running: Vec<String> = cut.state.running_steps().map(|(name, _)| name.to_owned()).collect();
            for name in running {
                cut.interrupt(&name);
            }
            run_to_end(&mut cut, seed);
            if whole.ended() == Some(JobStatus::Complete) {
                prop_assert_eq!(cut.ended(), whole.ended(), "cut after {} events", length);
                for (name, step) in &whole.state.steps {
                    prop_assert_eq!(&cut.state.steps[name].exit_code, &step.exit_code, "{}", name);
                }
            } else {
                prop_assert_eq!(cut.ended(), Some(JobStatus::Failed));
            }
        }
    }

    #[test]
    fn decide_is_deterministic_and_never_issues_a_step_twice(seed in any::<u64>()) {
        let flow = random_flow(&mut SplitMix::new(seed));
        let mut job = Driven::new(&flow, None);
        let mut state = JobState::default();
        run_to_end(&mut job, seed);
        let mut running = std::collections::HashSet::new();
        for entry in &job.entries {
            apply(&mut state, entry).expect("legal");
            let decisions = decide(&job.plan, &job.needed, &state, entry.at_ms);
            prop_assert_eq!(&decisions, &decide(&job.plan, &job.needed, &state, entry.at_ms));
            match &entry.event {
                Event::StepStarted { step, .. } => prop_assert!(running.insert(step.clone()), "{step} runs twice"),
                Event::StepRetrying { step, .. } | Event::StepInterrupted { step, .. } => {
                    running.remove(step);
                }
                _ => {}
            }
            for decision in decisions {
                if let Decision::Start { step } = decision {
                    let name = &job.plan.steps[step].name;
                    prop_assert!(!running.contains(name), "{name} is started while it runs, or after its end");
                }
            }
        }
        for (name, step) in &job.state.steps {
            prop_assert!(step.status.is_final(), "{name} is left {}", step.status);
        }
    }
}
