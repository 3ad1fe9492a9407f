//! Events that wait for their commit, and the values that lie apart.
//!
//! The state is always ahead of the disk by what is in here; nothing that others can see happens before the commit.

use hookloom_model::JobId;
use hookloom_model::journal::{
    Event, INLINE_BYTES_MAX, JournalEntry, STEP_DATA_BYTES_MAX, ValueRef,
};
use serde_json::Value;

use crate::apply::{IllegalEvent, apply};
use crate::ports::{Commit, NewDelivery, SecretStateChange};
use crate::state::JobState;

/// Events of one job that are not committed yet.
#[derive(Default)]
pub(super) struct Batch {
    entries: Vec<JournalEntry>,
    blobs: Vec<(String, Vec<u8>)>,
    secret_state: SecretStateChange,
    deliveries: Vec<NewDelivery>,
}

impl Batch {
    pub fn is_empty(&self) -> bool {
        self.entries.is_empty()
    }

    /// Whether values that lie apart are in here: nobody can load them before the commit.
    pub fn has_blobs(&self) -> bool {
        !self.blobs.is_empty()
    }

    /// Adds an event and folds it into the state.
    pub fn push(
        &mut self,
        state: &mut JobState,
        at_ms: i64,
        event: Event,
    ) -> Result<(), IllegalEvent> {
        let entry = JournalEntry {
            seq: state.seq_next,
            at_ms,
            event,
        };
        apply(state, &entry)?;
        self.entries.push(entry);
        Ok(())
    }

    /// Makes a value ready for the next event: a large one lies apart. One that is too large gives its size.
    pub fn value(
        &mut self,
        job_id: JobId,
        seq: u64,
        part: &str,
        value: Value,
    ) -> Result<ValueRef, usize> {
        let text = value.to_string();
        if text.len() <= INLINE_BYTES_MAX {
            return Ok(ValueRef::Inline(value));
        }
        if text.len() > STEP_DATA_BYTES_MAX {
            return Err(text.len());
        }
        let id = format!("{job_id}/{seq}/{part}");
        let bytes = u64::try_from(text.len()).unwrap_or(u64::MAX);
        self.blobs.push((id.clone(), text.into_bytes()));
        Ok(ValueRef::Blob { id, bytes })
    }

    pub fn replace_secret_state(&mut self, sealed: Vec<u8>) {
        self.secret_state = SecretStateChange::Replace(sealed);
    }

    pub fn delete_secret_state(&mut self) {
        self.secret_state = SecretStateChange::Delete;
    }

    pub fn deliver(&mut self, deliveries: Vec<NewDelivery>) {
        self.deliveries = deliveries;
    }

    /// Everything so far as one commit.
    pub fn take(&mut self, job_id: JobId, state: &JobState) -> Commit {
        let batch = std::mem::take(self);
        let status = state.status();
        Commit {
            job_id,
            entries: batch.entries,
            status,
            waiting_until_ms: (status == hookloom_model::JobStatus::Waiting)
                .then(|| state.waiting_until_ms())
                .flatten(),
            error: state.shown_error().cloned(),
            blobs: batch.blobs,
            secret_state: batch.secret_state,
            deliveries: batch.deliveries,
        }
    }
}
