//! What must hold when a simulated world has come to rest.

use std::collections::{HashMap, HashSet};

use hookloom_engine::apply::fold;
use hookloom_engine::testing::{Answered, Disk, JobRow, SeenRequest};
use hookloom_model::journal::Event;
use hookloom_model::{JobStatus, TriggerKind, is_trial};

use super::deliveries;
use super::world::World;

/// Everything that is wrong.
pub(super) fn violations(world: &World) -> Vec<String> {
    let mut found = world.violations.lock().clone();
    let jobs = world.disk.jobs();
    for id in world.accepted.lock().iter() {
        match world.disk.job(*id) {
            None => found.push(format!("job {id} was accepted and is not there")),
            Some(job) if !job.status.is_final() => {
                found.push(format!("job {id} is {}", job.status))
            }
            Some(_) => {}
        }
    }
    for job in &jobs {
        check_journal(job, &mut found);
        check_trial(job, &mut found);
    }
    check_waits(&jobs, &mut found);
    let seen = world.seen.lock();
    check_answered(&world.disk, &seen, &mut found);
    check_attempts(&seen, &jobs, &mut found);
    check_canceled(world, &seen, &mut found);
    check_schedule(&world.disk, &jobs, &mut found);
    deliveries::check(&world.disk, &world.document, &seen, &mut found);
    drop(seen);
    check_callers(world, &mut found);
    if world.keys.count() > 0 {
        found.push(format!("{} keys of jobs are left", world.keys.count()));
    }
    found
}

/// What was tried is known as a trial, and a step whose result was given never runs.
fn check_trial(job: &JobRow, found: &mut Vec<String>) {
    let id = job.stored.id;
    let events = || job.stored.entries.iter().map(|entry| &entry.event);
    let is_said = events().any(|event| matches!(event, Event::JobTries { .. }));
    if is_said != is_trial(job.stored.version) {
        found.push(format!(
            "job {id} of version {} is no trial, or nobody knows",
            job.stored.version
        ));
    }
    let pinned: HashSet<&str> = events()
        .filter_map(|event| match event {
            Event::StepPinned { step, .. } => Some(step.as_str()),
            _ => None,
        })
        .collect();
    let started = events().filter_map(|event| match event {
        Event::StepStarted { step, .. } => Some(step.as_str()),
        _ => None,
    });
    found.extend(
        started
            .filter(|step| pinned.contains(step))
            .map(|step| format!("step {step} of job {id} was pinned and runs")),
    );
}

pub(crate) fn check_journal(job: &JobRow, found: &mut Vec<String>) {
    let id = job.stored.id;
    match fold(&job.stored.entries) {
        Err(error) => found.push(format!("the journal of job {id}: {error}")),
        Ok(state) if state.status() != job.status => {
            found.push(format!(
                "job {id} is {} and shown as {}",
                state.status(),
                job.status
            ));
        }
        Ok(state) => {
            let open = state
                .steps
                .iter()
                .filter(|(_, step)| !step.status.is_final());
            found.extend(
                open.map(|(name, step)| format!("step {name} of job {id} is left {}", step.status)),
            );
        }
    }
    if job.stored.secret_state.is_some() && job.status.is_final() {
        found.push(format!("job {id} has ended and has secret state"));
    }
}

/// A wait is one attempt, and no step ends before its time.
fn check_waits(jobs: &[JobRow], found: &mut Vec<String>) {
    for job in jobs {
        let id = job.stored.id;
        let mut until: HashMap<&str, i64> = HashMap::new();
        for entry in &job.stored.entries {
            match &entry.event {
                Event::StepWaiting { step, until_ms, .. }
                    if until.insert(step, *until_ms).is_some() =>
                {
                    found.push(format!("step {step} of job {id} began its wait twice"));
                }
                Event::StepFinished { step, .. }
                    if until
                        .get(step.as_str())
                        .is_some_and(|until| entry.at_ms < *until) =>
                {
                    found.push(format!("step {step} of job {id} ended before its time"));
                }
                _ => {}
            }
        }
    }
}

/// An answer means committed: every entry is still there, and no recorded step was called again.
pub(crate) fn check_answered(disk: &Disk, seen: &[SeenRequest], found: &mut Vec<String>) {
    for Answered {
        job_id,
        entry,
        seen_before,
    } in disk.answered()
    {
        let job = disk.job(job_id);
        let place = usize::try_from(entry.seq).unwrap_or(usize::MAX);
        let stored = job.as_ref().and_then(|job| job.stored.entries.get(place));
        if stored != Some(&entry) {
            found.push(format!(
                "entry {} of job {job_id} was answered and is lost",
                entry.seq
            ));
        }
        let (Event::StepFinished { step, .. }, Some(job)) = (&entry.event, &job) else {
            continue;
        };
        let Some(key) = execution_of(job, step) else {
            continue;
        };
        let mut later = seen.iter().skip(seen_before);
        if later.any(|request| request.header("idempotency-key") == Some(&key)) {
            found.push(format!(
                "step {step} of job {job_id} is recorded and ran again"
            ));
        }
    }
}

fn execution_of(job: &JobRow, name: &str) -> Option<String> {
    job.stored
        .entries
        .iter()
        .find_map(|entry| match &entry.event {
            Event::StepStarted {
                step, execution, ..
            } if step == name => Some(execution.to_string()),
            _ => None,
        })
}

/// A cancel that was answered holds, and nothing is called for the job after it.
fn check_canceled(world: &World, seen: &[SeenRequest], found: &mut Vec<String>) {
    for (id, seen_before) in world.canceled.lock().iter() {
        let Some(job) = world.disk.job(*id) else {
            continue;
        };
        if job.status != JobStatus::Canceled {
            found.push(format!("job {id} was canceled and is {}", job.status));
        }
        let mut executions = job
            .stored
            .entries
            .iter()
            .filter_map(|entry| match &entry.event {
                Event::StepStarted { execution, .. } => Some(execution.to_string()),
                _ => None,
            });
        let later = seen.get(*seen_before..).unwrap_or_default();
        if executions.any(|key| {
            later
                .iter()
                .any(|request| request.header("idempotency-key") == Some(&key))
        }) {
            found.push(format!(
                "a step of job {id} was called after its cancel was answered"
            ));
        }
    }
}

/// No more calls than recorded attempts, all with the same key.
pub(crate) fn check_attempts(seen: &[SeenRequest], jobs: &[JobRow], found: &mut Vec<String>) {
    let mut started: HashMap<String, usize> = HashMap::new();
    for entry in jobs.iter().flat_map(|job| &job.stored.entries) {
        if let Event::StepStarted { execution, .. } = &entry.event {
            *started.entry(execution.to_string()).or_default() += 1;
        }
    }
    let mut called: HashMap<String, usize> = HashMap::new();
    for request in seen {
        if let Some(key) = request.header("idempotency-key") {
            *called.entry(key.to_owned()).or_default() += 1;
        }
    }
    for (key, count) in called {
        let attempts = started.get(&key).copied().unwrap_or(0);
        if count > attempts {
            found.push(format!(
                "{key} was called {count} times in {attempts} attempts"
            ));
        }
    }
}

/// Each time of the schedule began one job.
fn check_schedule(disk: &Disk, jobs: &[JobRow], found: &mut Vec<String>) {
    let mut fired = disk.fired();
    let count = fired.len();
    fired.sort_unstable();
    fired.dedup();
    let is_begun = |job: &&JobRow| {
        let first = job.stored.entries.first().map(|entry| &entry.event);
        matches!(
            first,
            Some(Event::JobQueued {
                trigger: TriggerKind::Schedule,
                ..
            })
        )
    };
    let begun = jobs.iter().filter(is_begun).count();
    if fired.len() != count || begun != count {
        let times = fired.len();
        found.push(format!(
            "{begun} jobs began in {count} turns for {times} times"
        ));
    }
}

/// What a caller was answered is what the record says for ever.
fn check_callers(world: &World, found: &mut Vec<String>) {
    let answered = world.answered.lock().clone();
    for (job_id, answer) in answered {
        let now = world.read_answer(job_id);
        if now.as_ref() != Some(&answer) {
            found.push(format!(
                "the caller of job {job_id} was answered {answer:?}, and now {now:?}"
            ));
        }
    }
}
