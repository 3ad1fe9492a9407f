//! What holds for every flow and every order of events.

use hookloom_model::document::{FlowDocument, Join};
use hookloom_model::journal::{Event, JournalEntry, ValueRef};
use hookloom_model::{JobId, JobStatus, StepExecutionId, TriggerKind};
use proptest::prelude::*;
use proptest::test_runner::TestCaseError;
use serde_json::Value;

use super::driven::{Driven, pinned, tries};
use crate::apply::{apply, fold};
use crate::decide::{Decision, decide, failing_step};
use crate::record;
use crate::retry::step_wait_ms;
use crate::state::JobState;
use crate::testing::SplitMix;
use crate::testing::documents::{document, http, retry};

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

/// Whether a step is one that waits for a time.
fn waits(seed: u64, step: &str) -> bool {
    let number = step.bytes().fold(!seed, |sum, byte| {
        sum.wrapping_mul(37).wrapping_add(u64::from(byte))
    });
    SplitMix::new(number).chance(200)
}

/// Steps whose secrets cannot be read when they should begin.
fn postponed(seed: u64, job: &Driven) -> Vec<String> {
    let mut random = SplitMix::new(seed.rotate_left(17));
    let names = job.plan.steps.iter().map(|step| step.name.clone());
    names.filter(|_| random.chance(150)).collect()
}

/// Whatever of a journal is left after a crash, the job comes to the same end.
fn check_prefixes(flow: &FlowDocument, whole: &Driven, seed: u64) -> Result<(), TestCaseError> {
    prop_assert_eq!(&fold(&whole.entries).expect("legal"), &whole.state);
    // What a job takes over is written with its first event.
    let is_begin = |entry: &&JournalEntry| {
        let event = &entry.event;
        matches!(
            event,
            Event::JobQueued { .. }
                | Event::JobReplays { .. }
                | Event::JobTries { .. }
                | Event::StepCopied { .. }
                | Event::StepPinned { .. }
        )
    };
    let begin = whole.entries.iter().take_while(is_begin).count();
    for length in begin..whole.entries.len() {
        let later_ms = whole.now_ms + 1_000_000;
        let mut cut = Driven::recovered(flow, &whole.entries[..length], later_ms);
        for name in cut.running() {
            cut.interrupt(&name);
        }
        run_to_end(&mut cut, seed);
        if whole.ended() == Some(JobStatus::Complete) {
            prop_assert_eq!(cut.ended(), whole.ended(), "cut after {} events", length);
            for (name, step) in &whole.state.steps {
                prop_assert_eq!(
                    &cut.state.steps[name].exit_code,
                    &step.exit_code,
                    "{}",
                    name
                );
            }
        } else {
            prop_assert_eq!(cut.ended(), Some(JobStatus::Failed));
        }
        let kept = &cut.entries[..length];
        prop_assert_eq!(kept, &whole.entries[..length], "what was recorded stays");
    }
    Ok(())
}

/// Runs a job from its state to its end.
fn run_to_end(job: &mut Driven, seed: u64) {
    for _ in 0..1_000 {
        job.advance();
        if job.ended().is_some() {
            return;
        }
        let running = job.running();
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
        if waits(seed, name) {
            job.delay(name, job.now_ms + 50_000);
            continue;
        }
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
        let mut first = Driven::new(&flow, None);
        first.postponed = postponed(seed, &first);
        run_to_end(&mut first, seed);
        check_prefixes(&flow, &first, seed)?;
        // What failed may succeed when the job is continued: its steps end by another number.
        let mut second = Driven::continuing(&flow, &first);
        run_to_end(&mut second, seed ^ 1);
        check_prefixes(&flow, &second, seed ^ 1)?;
    }

    #[test]
    fn a_trial_recovers_from_every_prefix_and_never_runs_a_pinned_step(seed in any::<u64>()) {
        let mut random = SplitMix::new(seed);
        let mut flow = random_flow(&mut random);
        flow.timeout_ms = i64::MAX;
        let mut trial = Driven::trial(&flow, &mut random);
        let pinned: Vec<String> = trial.state.steps.keys().cloned().collect();
        run_to_end(&mut trial, seed);
        check_prefixes(&flow, &trial, seed)?;
        for entry in &trial.entries {
            if let Event::StepStarted { step, .. } = &entry.event {
                prop_assert!(!pinned.contains(step), "{step} has a pinned result and runs");
            }
        }
        let state = fold(&trial.entries).expect("legal");
        prop_assert!(state.trial.is_some());
        for (name, step) in &state.steps {
            prop_assert_eq!(step.is_pinned, pinned.contains(name), "{}", name);
        }
    }

    #[test]
    fn a_job_can_be_canceled_after_every_prefix_of_its_journal_and_nothing_follows(seed in any::<u64>()) {
        let flow = random_flow(&mut SplitMix::new(seed));
        let mut whole = Driven::new(&flow, None);
        whole.postponed = postponed(seed, &whole);
        run_to_end(&mut whole, seed);
        for length in 1..whole.entries.len() {
            for is_cut_off in [false, true] {
                let mut cut = Driven::recovered(&flow, &whole.entries[..length], whole.now_ms);
                for name in cut.running() {
                    if is_cut_off {
                        cut.interrupt(&name);
                    }
                }
                cut.cancel();
                prop_assert_eq!(cut.ended(), Some(JobStatus::Canceled));
                prop_assert_eq!(cut.state.running, 0);
                prop_assert_eq!(cut.decide(), vec![], "nothing follows");
                for step in &cut.plan.steps {
                    prop_assert!(cut.state.step_status(&step.name).is_final(), "{} is open", step.name);
                }
                prop_assert_eq!(&fold(&cut.entries).expect("legal"), &cut.state);
            }
        }
    }

    #[test]
    fn decide_is_deterministic_and_never_issues_a_step_twice(seed in any::<u64>()) {
        let flow = random_flow(&mut SplitMix::new(seed));
        let mut job = Driven::new(&flow, None);
        job.postponed = postponed(seed, &job);
        let mut state = JobState::default();
        run_to_end(&mut job, seed);
        let mut running = std::collections::HashSet::new();
        for entry in &job.entries {
            apply(&mut state, entry).expect("legal");
            let decisions = decide(&job.plan, &job.needed, &state, entry.at_ms);
            prop_assert_eq!(&decisions, &decide(&job.plan, &job.needed, &state, entry.at_ms));
            match &entry.event {
                Event::StepStarted { step, .. } => prop_assert!(running.insert(step.clone()), "{step} runs twice"),
                Event::StepRetrying { step, .. }
                | Event::StepInterrupted { step, .. }
                | Event::StepPostponed { step, .. }
                | Event::StepWaiting { step, .. } => {
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

    #[test]
    fn any_sequence_of_events_is_folded_or_refused_and_a_refusal_changes_nothing(seed in any::<u64>()) {
        let mut random = SplitMix::new(seed);
        let mut state = JobState::default();
        for _ in 0..60 {
            let seq = if random.chance(50) { random.below(9) } else { state.seq_next };
            let at_ms = random.number() as i64;
            let entry = JournalEntry { seq, at_ms, event: random_event(&mut random) };
            let before = state.clone();
            match apply(&mut state, &entry) {
                Ok(()) => prop_assert_eq!(state.seq_next, before.seq_next + 1),
                Err(_) => prop_assert_eq!(&state, &before),
            }
            prop_assert_eq!(state.running, state.running_steps().count());
            prop_assert!(state.active_ms >= 0);
        }
    }
}

/// An event that mostly makes no sense.
fn random_event(random: &mut SplitMix) -> Event {
    let step = format!("s{}", random.below(3));
    let attempt = 1 + random.below(3) as u32;
    let error = record::error("test", "it broke");
    match random.below(16) {
        0 => Event::JobQueued {
            trigger: TriggerKind::Manual,
            trigger_name: String::new(),
            outputs: None,
            input: None,
            secret_state: Vec::new(),
            depth: 0,
        },
        1 => Event::JobStarted {},
        2 | 3 => Event::StepStarted {
            step,
            execution: StepExecutionId::new(1, [0; 10]),
            attempt,
        },
        4 => {
            let retry_at_ms = random.number() as i64;
            Event::StepRetrying {
                step,
                attempt,
                error,
                retry_at_ms,
                sent: None,
                logs: Vec::new(),
            }
        }
        5 => Event::StepPostponed {
            step,
            error,
            retry_at_ms: random.number() as i64,
        },
        6 => Event::StepInterrupted { step, attempt },
        7 => Event::StepSkipped { step },
        8 => Event::StepCanceled { step },
        9 => Event::StepWaiting {
            step,
            attempt,
            until_ms: random.number() as i64,
        },
        10 => Event::JobReplays {
            job: Some(JobId(1)),
            request: None,
        },
        11 => Event::StepCopied {
            step,
            exit_code: "success".to_owned(),
            data: ValueRef::Inline(Value::Null),
            error: None,
            memory: Default::default(),
            memory_removed: Vec::new(),
        },
        12 => finished(step, attempt),
        13 => tries(),
        14 => pinned(step, "success"),
        _ => Event::JobFinished {
            status: JobStatus::ALL[random.below(7) as usize],
            error: None,
        },
    }
}

fn finished(step: String, attempt: u32) -> Event {
    Event::StepFinished {
        step,
        attempt,
        exit_code: "success".to_owned(),
        data: ValueRef::Inline(Value::Null),
        error: None,
        memory: Default::default(),
        memory_removed: Vec::new(),
        secret_state_put: Vec::new(),
        secret_state_removed: Vec::new(),
        sent: None,
        logs: Vec::new(),
    }
}
