//! What an attempt leaves becomes one event: state taken out, masked once, measured, laid apart where it is large.

use hookloom_model::journal::{Event, STEP_DATA_BYTES_MAX, ValueRef};
use indexmap::IndexMap;
use serde_json::Value;

use super::attempt::{Ended, failed};
use super::job::{JobError, JobTask};
use super::states::{self, States};
use crate::ports::{Outcome, Produced, SecretError};
use crate::record;
use crate::retry::step_wait_ms;
use crate::secret_state;

/// The wait before a key that cannot be read is asked for again.
const KEY_WAIT_MS: i64 = 5_000;

impl JobTask {
    /// Records how an attempt ended.
    pub async fn settle(&mut self, ended: Ended) -> Result<(), JobError> {
        let step = self.step_state(ended.step);
        let (produced, is_retryable) = match ended.outcome {
            Outcome::Finished(produced) => (produced, false),
            Outcome::Retryable(produced) => (produced, true),
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
        let mut states = states::take(&mut produced.data);
        states.memory.extend(std::mem::take(&mut produced.memory));
        self.change_secret_state(&states).await?;
        let masker = self.values.masker();
        masker.mask_json(&mut produced.data);
        for value in states.memory.values_mut() {
            masker.mask_json(value);
        }
        let error = produced
            .error
            .take()
            .map(|error| record::record_error(masker, error));
        let sent = produced
            .sent
            .take()
            .map(|sent| record::record_sent(masker, sent));
        let mut event_error = error;
        let (data, memory) = match self.values_of(&mut produced, &mut states) {
            Ok(values) => values,
            Err(too_large) => {
                produced = too_large;
                event_error = produced.error.take();
                (ValueRef::Inline(Value::Null), IndexMap::new())
            }
        };
        self.push(Event::StepFinished {
            step: self.step_name(place).to_owned(),
            attempt,
            exit_code: produced.exit_code,
            data,
            error: event_error,
            memory,
            memory_removed: states.memory_removed,
            secret_state_put: states.secret_state.keys().cloned().collect(),
            secret_state_removed: states.secret_state_removed,
            sent,
        })?;
        Ok(())
    }

    /// Makes data and memory ready for the event; an error takes their place when they are too large.
    #[expect(
        clippy::result_large_err,
        reason = "the error is what the step leaves instead"
    )]
    fn values_of(
        &mut self,
        produced: &mut Produced,
        states: &mut States,
    ) -> Result<(ValueRef, IndexMap<String, ValueRef>), Produced> {
        let (id, seq) = (self.id, self.state.seq_next);
        let data = std::mem::take(&mut produced.data);
        let too_large = |what: &str, bytes: usize| {
            failed(
                "data_too_large",
                format!(
                    "{what} has {bytes} bytes as JSON, more than step_data_bytes_max of {STEP_DATA_BYTES_MAX}; let \
                     the step return less"
                ),
            )
        };
        let data = self.batch.value(id, seq, "data", data);
        let data = data.map_err(|bytes| too_large("the step's data", bytes))?;
        let mut memory = IndexMap::new();
        for (name, value) in std::mem::take(&mut states.memory) {
            let value = self.batch.value(id, seq, &format!("memory/{name}"), value);
            let value = value.map_err(|bytes| too_large(&format!("the memory `{name}`"), bytes))?;
            memory.insert(name, value);
        }
        Ok((data, memory))
    }

    /// Seals what the step put, with the job's key. The result of the step is kept while the key cannot be read.
    async fn change_secret_state(&mut self, states: &States) -> Result<(), JobError> {
        if states.secret_state.is_empty() && states.secret_state_removed.is_empty() {
            return Ok(());
        }
        let mut state = self.values.secret_state();
        for name in &states.secret_state_removed {
            state.shift_remove(name);
        }
        state.extend(states.secret_state.clone());
        let id = self.values.request_id();
        let is_new = !self.values.has_secret_state();
        loop {
            let keys = &*self.core.ports.job_keys;
            match secret_state::seal_again(keys, id, &state, is_new).await {
                Ok(sealed) => {
                    self.batch.replace_secret_state(sealed.clone());
                    self.values.replace_secret_state(sealed, state);
                    return Ok(());
                }
                Err(error @ SecretError::Unavailable { .. }) => {
                    tracing::warn!(job = %self.id, %error, "a step's result waits for the job's key");
                    let at_ms = self.core.now_ms().saturating_add(KEY_WAIT_MS);
                    self.core.ports.clock.sleep_until_ms(at_ms).await;
                }
                Err(error) => return Err(JobError::Key(error)),
            }
        }
    }
}
