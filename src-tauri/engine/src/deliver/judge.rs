//! What an attempt means for its delivery: delivered, tried again then, or failed.

use hookloom_model::DeliveryStatus;
use hookloom_model::document::WebhookTask;
use hookloom_model::journal::RecordedError;

use crate::ports::{Answer, DeliveryRow, HttpError};
use crate::record;
use crate::retry::{RETRY_WAIT_MS_MAX, retry_after_ms};

/// The share of a wait that chance may add or take, so that messages that failed together do not come together again.
const JITTER_PERCENT: i64 = 10;

/// What follows from an attempt.
#[derive(Debug, PartialEq, Eq)]
pub(super) struct Verdict {
    pub status: DeliveryStatus,
    pub next_attempt_at_ms: Option<i64>,
    pub error: Option<RecordedError>,
    /// Why the task is disabled, if it is.
    pub disable: Option<String>,
}

/// An attempt that is to be judged.
pub(super) struct Attempted<'a> {
    pub row: &'a DeliveryRow,
    pub task: &'a WebhookTask,
    pub ended_at_ms: i64,
    /// Any number: it decides the jitter.
    pub chance: u32,
}

impl Attempted<'_> {
    /// An answer: 2xx is a success, 410 ends the task, everything else is a failure. Redirects are not followed.
    pub fn answered(&self, answer: &Answer) -> Verdict {
        let status = answer.status;
        if (200..=299).contains(&status) {
            return Verdict {
                status: DeliveryStatus::Delivered,
                next_attempt_at_ms: None,
                error: None,
                disable: None,
            };
        }
        let reason = http::StatusCode::from_u16(status)
            .ok()
            .and_then(|code| code.canonical_reason());
        let reason = reason.unwrap_or_default();
        if status == 410 {
            let message =
                format!("the receiver answered 410 {reason}: it wants no more of these messages");
            return Verdict {
                disable: Some(format!("{message}; enable the task again when it does")),
                ..failed(record::error("http_status", message))
            };
        }
        let hint = if (300..=399).contains(&status) {
            "; redirects are not followed: give the task the URL that it points to"
        } else {
            ""
        };
        let error = record::error(
            "http_status",
            format!("the receiver answered {status} {reason}{hint}"),
        );
        self.again(error, retry_after_ms(&answer.headers, self.ended_at_ms))
    }

    /// No answer.
    pub fn unanswered(&self, error: &HttpError) -> Verdict {
        let recorded = record::error(error.kind.as_str(), error.message.clone());
        if error.kind.is_worth_retrying() {
            self.again(recorded, None)
        } else {
            failed(recorded)
        }
    }

    /// A message that could not be made. A secret may be set or mended until the next attempt; what a template asks
    /// of the recorded data stays as it is.
    pub fn not_made(&self, error: RecordedError) -> Verdict {
        if error.code.starts_with("secret_") || error.code == "signature" {
            self.again(error, None)
        } else {
            failed(error)
        }
    }

    fn again(&self, error: RecordedError, retry_after_ms: Option<i64>) -> Verdict {
        let counted = self.row.attempts_counted.saturating_add(1);
        let place = usize::try_from(counted - 1).unwrap_or(usize::MAX);
        let wait_ms = match self.task.schedule_ms.get(place) {
            Some(wait_ms) if counted < self.row.attempts_max => *wait_ms,
            _ => return failed(error),
        };
        let wait_ms = with_jitter(wait_ms, self.chance)
            .max(retry_after_ms.unwrap_or(0))
            .clamp(0, RETRY_WAIT_MS_MAX);
        Verdict {
            status: DeliveryStatus::Waiting,
            next_attempt_at_ms: Some(self.ended_at_ms.saturating_add(wait_ms)),
            error: Some(error),
            disable: None,
        }
    }
}

fn failed(error: RecordedError) -> Verdict {
    Verdict {
        status: DeliveryStatus::Failed,
        next_attempt_at_ms: None,
        error: Some(error),
        disable: None,
    }
}

fn with_jitter(wait_ms: i64, chance: u32) -> i64 {
    let spread_ms = wait_ms.saturating_mul(JITTER_PERCENT) / 100;
    let span_ms = spread_ms.saturating_mul(2).saturating_add(1).max(1);
    wait_ms - spread_ms + i64::from(chance) % span_ms
}

#[cfg(test)]
mod tests {
    use super::*;
    use hookloom_model::document::{TaskEvent, TaskObject};
    use hookloom_model::{DeliveryId, FlowId, JobId, TaskId};
    use hookloom_signature::{DEFAULT_SCHEME, Scheme, SchemeChoice};
    use proptest::prelude::*;

    fn task(schedule_ms: Vec<i64>) -> WebhookTask {
        WebhookTask {
            name: "Tell".to_owned(),
            url: "https://tasks.example/".to_owned(),
            method: "POST".to_owned(),
            event: TaskEvent::JobFinished,
            object: TaskObject::AnyJob,
            headers: Default::default(),
            body: None,
            secret: None,
            scheme: SchemeChoice::Named(
                Scheme::named(DEFAULT_SCHEME).expect("the default is one of them"),
            ),
            validate_ssl: true,
            ca_certificate: None,
            client_certificate: None,
            retry_on_failure: true,
            timeout_ms: 30_000,
            schedule_ms,
            enabled: true,
        }
    }

    fn row(task: &WebhookTask, attempts_counted: u32) -> DeliveryRow {
        DeliveryRow {
            id: DeliveryId::new(0, [0; 10]),
            job_id: JobId(1),
            flow_id: FlowId(1),
            version: 1,
            task_id: TaskId(1),
            task: task.name.clone(),
            output: None,
            status: DeliveryStatus::Sending,
            attempts_counted,
            attempts_total: attempts_counted + 1,
            attempts_max: task.attempts_max(),
        }
    }

    proptest! {
        #[test]
        fn a_wait_is_within_a_tenth_of_its_place_in_the_schedule(
            schedule_ms in proptest::collection::vec(0_i64..=86_400_000, 1..9),
            counted in 0_u32..9,
            chance in any::<u32>(),
        ) {
            let task = task(schedule_ms);
            let row = row(&task, counted);
            let attempted = Attempted { row: &row, task: &task, ended_at_ms: 1_000, chance };
            let verdict = attempted.again(record::error("test", "no answer"), None);
            match task.schedule_ms.get(counted as usize) {
                Some(planned) => {
                    let wait_ms = verdict.next_attempt_at_ms.expect("attempts are left") - 1_000;
                    prop_assert!((wait_ms - planned).abs() <= planned / 10, "{wait_ms} for {planned}");
                    prop_assert_eq!(verdict.status, DeliveryStatus::Waiting);
                }
                None => {
                    prop_assert_eq!(verdict.status, DeliveryStatus::Failed);
                    prop_assert_eq!(verdict.next_attempt_at_ms, None);
                }
            }
        }
    }
}
