//! One attempt of one delivery: load the job, make the message, send it, record what came of it.

use std::sync::Arc;

use hookloom_model::DeliveryStatus;
use hookloom_model::document::WebhookTask;
use hookloom_model::journal::{RecordedError, SentRequest};
use hookloom_sensitive::Masker;

use super::judge::{Attempted, Verdict};
use super::message::Source;
use crate::apply::fold;
use crate::core::Core;
use crate::flow::{CompiledTask, FlowError, LoadedFlow};
use crate::outgoing::Rendered;
use crate::ports::{
    Answer, AttemptEnd, AttemptResult, DeliveryRow, HttpError, JournalError, OutgoingRequest,
    TaskDisable, Timings,
};
use crate::record;
use crate::state::JobState;
use crate::values::{JobValues, Obstacle};

/// An answer is read up to here; a receiver has no reason to say more.
const ANSWER_BYTES_MAX: u64 = 1024 * 1024;
/// The first wait for a secret that cannot be read, or for a database that cannot.
const POSTPONE_MS_MIN: i64 = 15_000;
/// The longest such wait.
const POSTPONE_MS_MAX: i64 = 15 * 60_000;
/// The first wait before the end of an attempt is offered to the outbox again.
const RECORD_WAIT_MS_MIN: i64 = 250;
/// The longest such wait.
const RECORD_WAIT_MS_MAX: i64 = 30_000;

/// Runs an attempt that has begun, and gives the time of the next one.
pub(super) async fn run(core: Arc<Core>, row: DeliveryRow, started_at_ms: i64) -> Option<i64> {
    let delivering = Delivering {
        core,
        row,
        started_at_ms,
    };
    let end = match delivering.attempt().await {
        Ok(end) => end,
        Err(Obstacle::Journal(JournalError::NotFound { what })) => {
            let error = record::error(
                "database",
                format!("{what} is not in the database any more"),
            );
            delivering.never(error)
        }
        Err(Obstacle::Journal(error)) => {
            if let JournalError::Internal(source) = &error {
                tracing::error!(delivery = %delivering.row.id, %source, "a delivery waits for the database");
            }
            delivering.postponed(record::error("database", error.to_string()))
        }
        Err(Obstacle::Later(error)) => delivering.postponed(error),
        Err(Obstacle::Never(error)) => delivering.never(error),
    };
    let next_attempt_at_ms = end.next_attempt_at_ms;
    delivering.record(end).await;
    next_attempt_at_ms
}

/// Ends an attempt whose task broke: it does not count, and the delivery goes on later.
pub(super) async fn give_back(core: Arc<Core>, row: DeliveryRow) -> Option<i64> {
    let started_at_ms = core.now_ms();
    let delivering = Delivering {
        core,
        row,
        started_at_ms,
    };
    let message = "the attempt broke off within Hookloom; the log says where";
    let end = delivering.postponed(record::error("internal", message));
    let next_attempt_at_ms = end.next_attempt_at_ms;
    delivering.record(end).await;
    next_attempt_at_ms
}

/// An attempt under way.
struct Delivering {
    core: Arc<Core>,
    row: DeliveryRow,
    started_at_ms: i64,
}

impl Delivering {
    async fn attempt(&self) -> Result<AttemptEnd, Obstacle> {
        let (flow, state, mut values) = self.open().await?;
        let compiled = flow.task(&self.row.task).ok_or_else(|| {
            let (version, task) = (self.row.version, &self.row.task);
            let message = format!("version {version} of the flow has no webhook task `{task}`");
            Obstacle::Never(record::error("task", message))
        })?;
        let source = Source {
            core: &self.core,
            flow: &flow,
            row: &self.row,
            state: &state,
        };
        match source
            .message(compiled, &mut values, self.core.now_ms())
            .await
        {
            Ok(message) => Ok(self.send(compiled, message, &mut values).await),
            Err(Obstacle::Never(error)) => {
                let error = record::record_error(values.masker(), error);
                let verdict = judged(&self.core, &self.row, &compiled.task).not_made(error);
                Ok(self.end(None, nothing(), verdict))
            }
            Err(obstacle) => Err(obstacle),
        }
    }

    async fn open(&self) -> Result<(Arc<LoadedFlow>, JobState, JobValues), Obstacle> {
        let core = &self.core;
        let mut job = core.ports.journal.load(self.row.job_id).await?;
        let state = fold(&job.entries)
            .map_err(|error| Obstacle::Never(record::error("journal", error.to_string())))?;
        job.entries = Vec::new();
        let flow = core
            .flows
            .load(&core.ports, self.row.flow_id, self.row.version)
            .await;
        let flow = flow.map_err(|error| match error {
            FlowError::Journal(error) => Obstacle::Journal(error),
            FlowError::Broken { reason } => Obstacle::Never(record::error("flow_version", reason)),
        })?;
        let values = JobValues::new(core, Arc::clone(&flow), job);
        Ok((flow, state, values))
    }

    async fn send(
        &self,
        compiled: &CompiledTask,
        message: Rendered,
        values: &mut JobValues,
    ) -> AttemptEnd {
        let (core, row, task) = (&self.core, &self.row, &compiled.task);
        let (sent, result, verdict) = exchange(core, row, task, message, values).await;
        self.end(Some(sent), result, verdict)
    }

    /// What cannot be read now is nobody's failure: it does not count against the limit.
    fn postponed(&self, error: RecordedError) -> AttemptEnd {
        let uncounted = self
            .row
            .attempts_total
            .saturating_sub(self.row.attempts_counted)
            .min(10);
        let wait_ms = (POSTPONE_MS_MIN << uncounted).min(POSTPONE_MS_MAX);
        let verdict = Verdict {
            status: DeliveryStatus::Waiting,
            next_attempt_at_ms: Some(self.core.now_ms().saturating_add(wait_ms)),
            error: Some(error),
            disable: None,
        };
        AttemptEnd {
            counts: false,
            ..self.end(None, nothing(), verdict)
        }
    }

    /// What trying again cannot change.
    fn never(&self, error: RecordedError) -> AttemptEnd {
        let verdict = Verdict {
            status: DeliveryStatus::Failed,
            next_attempt_at_ms: None,
            error: Some(error),
            disable: None,
        };
        self.end(None, nothing(), verdict)
    }

    fn end(
        &self,
        sent: Option<SentRequest>,
        result: AttemptResult,
        verdict: Verdict,
    ) -> AttemptEnd {
        let task_id = self.row.task_id;
        AttemptEnd {
            delivery_id: self.row.id,
            started_at_ms: self.started_at_ms,
            ended_at_ms: self.core.now_ms(),
            sent,
            result: AttemptResult {
                error: verdict.error,
                ..result
            },
            counts: true,
            status: verdict.status,
            next_attempt_at_ms: verdict.next_attempt_at_ms,
            disable_task: verdict
                .disable
                .map(|reason| TaskDisable { task_id, reason }),
        }
    }

    /// The end of an attempt is kept until it is on disk: what was delivered must not go out again.
    async fn record(&self, end: AttemptEnd) {
        let mut wait_ms = RECORD_WAIT_MS_MIN;
        loop {
            let error = match self.core.ports.outbox.end(end.clone()).await {
                Ok(()) => return,
                Err(error) => error,
            };
            if !matches!(error, JournalError::Unavailable { .. }) && self.is_recorded().await {
                return;
            }
            tracing::warn!(delivery = %self.row.id, %error, wait_ms, "the end of an attempt waits for the database");
            let at_ms = self.core.now_ms().saturating_add(wait_ms);
            self.core.ports.clock.sleep_until_ms(at_ms).await;
            wait_ms = (wait_ms * 2).min(RECORD_WAIT_MS_MAX);
        }
    }

    /// Whether the outbox holds the attempt for ended: a write can fail after it had its effect.
    async fn is_recorded(&self) -> bool {
        match self.core.ports.outbox.delivery(self.row.id).await {
            Ok(row) => row.status != DeliveryStatus::Sending,
            Err(error) => matches!(error, JournalError::NotFound { .. }),
        }
    }
}

/// Sends a message once: what was sent, what came back, and what that means. All of it is masked, with the values that
/// are known once the answer is there.
pub(super) async fn exchange(
    core: &Core,
    row: &DeliveryRow,
    task: &WebhookTask,
    message: Rendered,
    values: &mut JobValues,
) -> (SentRequest, AttemptResult, Verdict) {
    let sent = message.sent();
    let answer = core.ports.http.send(request_of(message, task)).await;
    let judged = judged(core, row, task);
    let masker = values.masker();
    let (result, mut verdict) = match answer {
        Ok(answer) => {
            let verdict = judged.answered(&answer);
            (answered(masker, answer), verdict)
        }
        Err(error) => {
            let verdict = judged.unanswered(&error);
            (unanswered(error), verdict)
        }
    };
    verdict.error = verdict
        .error
        .map(|error| record::record_error(masker, error));
    (record::record_sent(masker, sent), result, verdict)
}

fn judged<'a>(core: &Core, row: &'a DeliveryRow, task: &'a WebhookTask) -> Attempted<'a> {
    Attempted {
        row,
        task,
        ended_at_ms: core.now_ms(),
        chance: u32::from_le_bytes(core.random()),
    }
}

/// The message on its way.
fn request_of(message: Rendered, task: &WebhookTask) -> OutgoingRequest {
    OutgoingRequest {
        method: message.method,
        url: message.url,
        headers: message.headers,
        body: message.body,
        timeout_ms: task.timeout_ms,
        validate_ssl: task.validate_ssl,
        host_from_request: message.host_from_request,
        inner_destinations: message.inner_destinations,
        answer_bytes_max: ANSWER_BYTES_MAX,
        redirects: None,
        certificates: message.certificates,
    }
}

pub(super) fn nothing() -> AttemptResult {
    AttemptResult {
        http_status: None,
        headers: Vec::new(),
        body: String::new(),
        body_bytes: 0,
        body_truncated: false,
        error: None,
        timings: Timings::default(),
        certificate: None,
    }
}

fn answered(masker: &Masker, answer: Answer) -> AttemptResult {
    let (body, body_truncated) = record::record_body(masker, &answer.body);
    AttemptResult {
        http_status: Some(answer.status),
        headers: record::record_headers(masker, answer.headers),
        body,
        body_bytes: u64::try_from(answer.body.len()).unwrap_or(u64::MAX),
        body_truncated,
        error: None,
        timings: answer.timings,
        certificate: answer.certificate,
    }
}

fn unanswered(error: HttpError) -> AttemptResult {
    AttemptResult {
        timings: error.timings,
        ..nothing()
    }
}
