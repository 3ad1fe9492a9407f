//! What an attempt leaves becomes one event: state taken out, masked once, measured, laid apart where it is large.

use std::sync::Arc;

use hookloom_model::body::TakenState;
use hookloom_model::journal::{Event, RecordedError, STEP_DATA_BYTES_MAX, ValueRef};
use indexmap::IndexMap;
use serde_json::{Value, json};

use super::attempt::{Ended, failed};
use super::job::{JobError, JobTask};
use super::states::{self, Refused};
use crate::apply::IllegalEvent;
use crate::ports::{Outcome, Produced, SecretError};
use crate::record;
use crate::retry::step_wait_ms;
use crate::secret_state;

/// The wait before a key that cannot be read is asked for again.
const KEY_WAIT_MS: i64 = 5_000;

/// A result that cannot be recorded yet: the key that seals its secret state cannot be read.
pub(super) struct Held {
    place: usize,
    attempt: u32,
    produced: Produced,
    taken: TakenState,
    pub retry_at_ms: i64,
}

impl JobTask {
    /// Records how an attempt ended.
    pub async fn settle(&mut self, ended: Ended) -> Result<(), JobError> {
        let step = self.step_state(ended.step);
        let (produced, is_retryable) = match ended.outcome {
            Outcome::Finished(produced) => (produced, false),
            Outcome::Retryable(produced) => (produced, true),
            Outcome::Waiting { until_ms } => {
                return Ok(self.wait_or_end(ended.step, step.attempt, until_ms)?);
            }
        };
        let retry = &self.flow.plan.steps[ended.step].retry;
        let wait_ms = if is_retryable && !self.is_failing() {
            step_wait_ms(retry, step.failed_attempts + 1, produced.retry_after_ms)
        } else {
            None
        };
        match wait_ms {
            Some(wait_ms) => self.retry_later(ended.step, step.attempt, produced, wait_ms),
            None => self.finish(ended.step, step.attempt, produced).await,
        }
    }

    /// A wait goes to disk; one whose time has passed is over at once.
    fn wait_or_end(
        &mut self,
        place: usize,
        attempt: u32,
        until_ms: i64,
    ) -> Result<(), IllegalEvent> {
        self.push(Event::StepWaiting {
            step: self.step_name(place).to_owned(),
            attempt,
            until_ms,
        })?;
        if until_ms <= self.core.now_ms() {
            self.elapse(place)?;
        }
        Ok(())
    }

    /// Ends a step whose time has come.
    pub fn elapse(&mut self, place: usize) -> Result<(), IllegalEvent> {
        let until_ms = self.step_state(place).retry_at_ms;
        let data = json!({"until": until_ms.map(record::time_text)});
        self.push_end(place, "success", data, None)
    }

    /// Records an end that no attempt produced.
    pub fn push_end(
        &mut self,
        place: usize,
        exit_code: &str,
        data: Value,
        error: Option<RecordedError>,
    ) -> Result<(), IllegalEvent> {
        self.push(Event::StepFinished {
            step: self.step_name(place).to_owned(),
            attempt: self.step_state(place).attempt,
            exit_code: exit_code.to_owned(),
            data: ValueRef::Inline(data),
            error,
            memory: IndexMap::new(),
            memory_removed: Vec::new(),
            secret_state_put: Vec::new(),
            secret_state_removed: Vec::new(),
            sent: None,
            logs: Vec::new(),
        })
    }

    fn retry_later(
        &mut self,
        place: usize,
        attempt: u32,
        produced: Produced,
        wait_ms: i64,
    ) -> Result<(), JobError> {
        let masker = self.values.masker();
        let error = produced
            .error
            .unwrap_or_else(|| record::error("failed", "the attempt failed without a reason"));
        let event = Event::StepRetrying {
            error: record::record_error(masker, error),
            sent: produced.sent.map(|sent| record::record_sent(masker, sent)),
            logs: record::record_logs(masker, produced.logs),
            retry_at_ms: self.core.now_ms().saturating_add(wait_ms),
            step: self.step_name(place).to_owned(),
            attempt,
        };
        Ok(self.push(event)?)
    }

    async fn finish(
        &mut self,
        place: usize,
        attempt: u32,
        mut produced: Produced,
    ) -> Result<(), JobError> {
        let taken = states::take(&mut produced.data).map_err(Refused::from);
        self.finish_with(place, attempt, produced, taken).await
    }

    async fn finish_with(
        &mut self,
        place: usize,
        attempt: u32,
        mut produced: Produced,
        taken: Result<TakenState, Refused>,
    ) -> Result<(), JobError> {
        let taken = taken.and_then(|taken| self.with_room(taken));
        let taken = taken.unwrap_or_else(|error| {
            let message = format!("the data that the step returned cannot be taken: {error}");
            produced = Produced {
                sent: produced.sent.take(),
                logs: std::mem::take(&mut produced.logs),
                ..failed("state", message)
            };
            TakenState::default()
        });
        if !self.change_secret_state(&taken).await? {
            self.held.push(Held {
                place,
                attempt,
                produced,
                taken,
                retry_at_ms: self.core.now_ms().saturating_add(KEY_WAIT_MS),
            });
            return Ok(());
        }
        produced.memory.extend(taken.state.unwrap_or_default());
        let put = taken.secret_state.unwrap_or_default();
        self.mask(&mut produced);
        let (data, memory) = self.values_of(&mut produced);
        self.push(Event::StepFinished {
            step: self.step_name(place).to_owned(),
            attempt,
            exit_code: produced.exit_code,
            data,
            error: produced.error,
            memory,
            memory_removed: taken.state_removed,
            secret_state_put: put.into_iter().map(|(name, _)| name).collect(),
            secret_state_removed: taken.secret_state_removed,
            sent: produced.sent,
            logs: produced.logs,
        })?;
        Ok(())
    }

    /// Records results that wait for the job's key and whose time has come.
    pub async fn settle_held(&mut self) -> Result<(), JobError> {
        let now_ms = self.core.now_ms();
        for held in std::mem::take(&mut self.held) {
            if held.retry_at_ms > now_ms {
                self.held.push(held);
                continue;
            }
            self.finish_with(held.place, held.attempt, held.produced, Ok(held.taken))
                .await?;
        }
        Ok(())
    }

    /// Refuses more secret state than a job can have.
    fn with_room(&self, taken: TakenState) -> Result<TakenState, Refused> {
        if let Some(put) = &taken.secret_state {
            let state = self.values.secret_state();
            let state = states::changed(state, put.clone(), &taken.secret_state_removed);
            secret_state::check_size(&state)?;
        }
        Ok(taken)
    }

    /// Masking happens here and nowhere else: what later steps read is what is recorded.
    fn mask(&mut self, produced: &mut Produced) {
        let masker = self.values.masker();
        masker.mask_json(&mut produced.data);
        for value in produced.memory.values_mut() {
            masker.mask_json(value);
        }
        let error = produced.error.take();
        produced.error = error.map(|error| record::record_error(masker, error));
        produced.logs = record::record_logs(masker, std::mem::take(&mut produced.logs));
        let sent = produced.sent.take();
        produced.sent = sent.map(|sent| record::record_sent(masker, sent));
    }

    /// Makes data and memory ready for the event. What is too large is left out, and the step ends with `error`.
    fn values_of(&mut self, produced: &mut Produced) -> (ValueRef, IndexMap<String, ValueRef>) {
        let (id, seq) = (self.id, self.state.seq_next);
        let data = std::mem::take(&mut produced.data);
        let memory = std::mem::take(&mut produced.memory);
        let mut too_large = None;
        let mut value = |part: &str, what: &str, value: Value| {
            let made = self.batch.value(id, seq, part, value);
            made.unwrap_or_else(|bytes| {
                too_large = Some(format!(
                    "{what} has {bytes} bytes as JSON, more than step_data_bytes_max of {STEP_DATA_BYTES_MAX}; let \
                     the step return less"
                ));
                ValueRef::Inline(Value::Null)
            })
        };
        let data = value("data", "the step's data", data);
        let memory = memory
            .into_iter()
            .map(|(name, saved)| {
                let saved = value(
                    &format!("memory/{name}"),
                    &format!("the memory `{name}`"),
                    saved,
                );
                (name, saved)
            })
            .collect();
        match too_large {
            None => (data, memory),
            Some(message) => {
                produced.exit_code = "error".to_owned();
                produced.error = Some(record::error("data_too_large", message));
                (data, IndexMap::new())
            }
        }
    }

    /// Seals what the step put, with the job's key. False: the key cannot be read now.
    async fn change_secret_state(&mut self, taken: &TakenState) -> Result<bool, JobError> {
        let put = taken.secret_state.clone().unwrap_or_default();
        let removed = &taken.secret_state_removed;
        if put.is_empty() && removed.is_empty() {
            return Ok(true);
        }
        let state = states::changed(self.values.secret_state(), put, removed);
        let id = self.values.request_id();
        let is_new = !self.values.has_secret_state();
        let core = Arc::clone(&self.core);
        let sealing = secret_state::seal_again(&*core.ports.job_keys, id, &state, is_new);
        match self.beside(sealing).await {
            Ok(sealed) => {
                self.batch.replace_secret_state(sealed.clone());
                self.values.replace_secret_state(sealed, state);
                Ok(true)
            }
            Err(error @ SecretError::Unavailable { .. }) => {
                tracing::warn!(job = %self.id, %error, "a step's result waits for the job's key");
                Ok(false)
            }
            Err(error) => Err(JobError::Key(error)),
        }
    }
}
