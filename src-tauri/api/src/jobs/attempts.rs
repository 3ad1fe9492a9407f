//! The attempts of each step, read from the journal. The job's state itself is the engine's fold; it keeps the last
//! attempt only.

use hookloom_model::journal::{Event, JournalEntry, RecordedError, SentRequest};
use indexmap::IndexMap;

use super::detail::{StepAttempt, StepAttemptStatus};
use crate::masked::Masked;
use crate::parts::Fault;
use crate::time::At;

/// Attempts by the step's name.
pub(super) fn of_journal(
    entries: Vec<JournalEntry>,
    masked: &Masked,
) -> IndexMap<String, Vec<StepAttempt>> {
    let mut steps: IndexMap<String, Vec<StepAttempt>> = IndexMap::new();
    for JournalEntry {
        seq: _,
        at_ms,
        event,
    } in entries
    {
        if let Event::StepStarted {
            step,
            execution: _,
            attempt,
        } = event
        {
            steps.entry(step).or_default().push(begun(attempt, at_ms));
        } else if let Some((step, attempt, end)) = end_of(event) {
            let attempts = steps.entry(step).or_default();
            let last = attempts.last().map(|last| last.n);
            if let Some(n) = attempt.or(last) {
                end.put(attempts, n, at_ms, masked);
            }
        }
    }
    steps
}

/// The step, the number of the attempt (none: its last one), and how it ended; none if the event ends no attempt.
fn end_of(event: Event) -> Option<(String, Option<u32>, End)> {
    let end = |status| End {
        status,
        error: None,
        sent: None,
        logs: Vec::new(),
    };
    match event {
        Event::StepRetrying {
            step,
            attempt,
            error,
            retry_at_ms: _,
            sent,
            logs,
        } => {
            let (status, error) = (StepAttemptStatus::Failed, Some(error));
            Some((
                step,
                Some(attempt),
                End {
                    status,
                    error,
                    sent,
                    logs,
                },
            ))
        }
        Event::StepInterrupted { step, attempt } => {
            Some((step, Some(attempt), end(StepAttemptStatus::Interrupted)))
        }
        Event::StepFinished {
            step,
            attempt,
            exit_code,
            error,
            sent,
            logs,
            ..
        } => {
            let status = match exit_code.as_str() {
                "error" => StepAttemptStatus::Failed,
                _ => StepAttemptStatus::Complete,
            };
            Some((
                step,
                Some(attempt),
                End {
                    status,
                    error,
                    sent,
                    logs,
                },
            ))
        }
        Event::StepCanceled { step } => Some((step, None, end(StepAttemptStatus::Canceled))),
        Event::JobQueued { .. }
        | Event::JobReplays { .. }
        | Event::JobTries { .. }
        | Event::StepCopied { .. }
        | Event::StepPinned { .. }
        | Event::JobStarted {}
        | Event::StepStarted { .. }
        | Event::StepPostponed { .. }
        | Event::StepWaiting { .. }
        | Event::StepSkipped { .. }
        | Event::JobFinished { .. } => None,
    }
}

fn begun(n: u32, at_ms: i64) -> StepAttempt {
    StepAttempt {
        n,
        started_at: At::from_ms(at_ms),
        ended_at: None,
        status: StepAttemptStatus::Running,
        error: None,
        sent: None,
        logs: Vec::new(),
    }
}

/// How an attempt ended.
struct End {
    status: StepAttemptStatus,
    error: Option<RecordedError>,
    sent: Option<SentRequest>,
    logs: Vec<String>,
}

impl End {
    /// An attempt that has ended already stays as it is: the third interruption in a row ends the step as well.
    fn put(self, attempts: &mut Vec<StepAttempt>, n: u32, at_ms: i64, masked: &Masked) {
        if attempts.last().is_none_or(|last| last.n != n) {
            attempts.push(begun(n, at_ms));
        }
        let Some(attempt) = attempts.last_mut() else {
            return;
        };
        if attempt.ended_at.is_some() {
            return;
        }
        attempt.ended_at = Some(At::from_ms(at_ms));
        attempt.status = self.status;
        attempt.error = self
            .error
            .map(|error| Fault::new(masked.error(error), at_ms));
        attempt.sent = self.sent.map(|sent| masked.sent(sent).into());
        attempt.logs = self
            .logs
            .into_iter()
            .map(|line| masked.text(line))
            .collect();
    }
}

#[cfg(test)]
mod tests {
    use hookloom_engine::apply::apply;
    use hookloom_engine::state::JobState;
    use hookloom_model::journal::ValueRef;
    use hookloom_model::{StepExecutionId, TriggerKind};
    use proptest::prelude::*;
    use serde_json::Value;

    use super::*;

    fn attempts(events: Vec<Event>) -> Vec<(u32, StepAttemptStatus)> {
        let entry = |(seq, event)| JournalEntry {
            seq,
            at_ms: 1_000,
            event,
        };
        let entries = (0..).zip(events).map(entry).collect();
        let steps = of_journal(entries, &Masked::default());
        steps["ship"]
            .iter()
            .map(|attempt| (attempt.n, attempt.status))
            .collect()
    }

    fn started(attempt: u32) -> Event {
        Event::StepStarted {
            step: "ship".into(),
            execution: StepExecutionId::new(1, [1; 10]),
            attempt,
        }
    }

    fn interrupted(attempt: u32) -> Event {
        Event::StepInterrupted {
            step: "ship".into(),
            attempt,
        }
    }

    fn finished(attempt: u32, exit_code: &str) -> Event {
        Event::StepFinished {
            step: "ship".into(),
            attempt,
            exit_code: exit_code.into(),
            data: ValueRef::Inline(Value::Null),
            error: None,
            memory: IndexMap::new(),
            memory_removed: Vec::new(),
            secret_state_put: Vec::new(),
            secret_state_removed: Vec::new(),
            sent: None,
            logs: Vec::new(),
        }
    }

    #[test]
    fn an_attempt_that_a_crash_cut_off_stays_interrupted_when_it_ends_the_step() {
        use StepAttemptStatus::{Complete, Interrupted};
        let recovered = vec![
            started(1),
            interrupted(1),
            started(2),
            finished(2, "success"),
        ];
        assert_eq!(attempts(recovered), [(1, Interrupted), (2, Complete)]);
        let given_up = vec![started(1), interrupted(1), finished(1, "error")];
        assert_eq!(attempts(given_up), [(1, Interrupted)]);
    }

    #[test]
    fn a_running_attempt_has_no_end() {
        assert_eq!(
            attempts(vec![started(1)]),
            [(1, StepAttemptStatus::Running)]
        );
    }

    #[test]
    fn a_step_that_was_stopped_has_a_canceled_attempt() {
        let events = vec![
            started(1),
            Event::StepCanceled {
                step: "ship".into(),
            },
        ];
        assert_eq!(attempts(events), [(1, StepAttemptStatus::Canceled)]);
    }

    fn any_event() -> impl Strategy<Value = Event> {
        let attempt = 1_u32..5;
        prop_oneof![
            attempt.clone().prop_map(started),
            attempt.clone().prop_map(interrupted),
            attempt.prop_map(|attempt| finished(attempt, "success")),
            Just(Event::StepCanceled {
                step: "ship".into()
            }),
        ]
    }

    proptest! {
        #[test]
        fn only_the_last_attempt_can_be_running_unless_the_journal_is_no_journal(
            events in prop::collection::vec(any_event(), 1..20)
        ) {
            let mut state = JobState::default();
            let mut journal = vec![
                Event::JobQueued {
                    trigger: TriggerKind::Manual,
                    trigger_name: String::new(),
                    outputs: None,
                    input: None,
                    secret_state: Vec::new(),
                    depth: 0,
                },
                Event::JobStarted {},
            ];
            journal.extend(events);
            // What the engine would never write is left out.
            let mut entries = Vec::new();
            for event in journal {
                let entry = JournalEntry { seq: state.seq_next, at_ms: 1_000, event };
                if apply(&mut state, &entry).is_ok() {
                    entries.push(entry);
                }
            }
            let steps = of_journal(entries, &Masked::default());
            let attempts = steps.get("ship").map(Vec::as_slice).unwrap_or_default();
            let numbers: Vec<u32> = attempts.iter().map(|attempt| attempt.n).collect();
            prop_assert!(numbers.is_sorted() && numbers.windows(2).all(|pair| pair[0] != pair[1]));
            let (last, before) = attempts.split_last().map_or((None, attempts), |(last, rest)| (Some(last), rest));
            prop_assert!(before.iter().all(|attempt| attempt.ended_at.is_some()));
            let is_running = last.is_some_and(|last| last.status == StepAttemptStatus::Running);
            prop_assert_eq!(is_running, state.running > 0);
        }
    }
}
