//! `_secretStatePut` of a body: sealed with a key of the job to come, before the job is on disk.

use std::sync::Arc;

use hookloom_engine::SealedState;
use hookloom_engine::ports::{JobKeys, JobStart};
use hookloom_model::RequestId;
use hookloom_model::journal::Event;
use serde_json::{Map, Value};

use crate::refusal::Refusal;

/// The key of a job that may still come to nothing.
pub(crate) struct PendingKey {
    job_keys: Arc<dyn JobKeys>,
    id: RequestId,
}

/// Seals secret state into the start of its job, with a new key that is on disk when this returns.
pub(crate) async fn seal_into(
    start: &mut JobStart,
    job_keys: &Arc<dyn JobKeys>,
    state: &Map<String, Value>,
) -> Result<PendingKey, Refusal> {
    let pending = PendingKey {
        job_keys: Arc::clone(job_keys),
        id: start.request_id,
    };
    match hookloom_engine::seal_secret_state(job_keys.as_ref(), pending.id, state).await {
        Ok(SealedState { sealed, names }) => {
            start.secret_state = Some(sealed);
            if let Event::JobQueued { secret_state, .. } = &mut start.queued {
                *secret_state = names;
            }
            Ok(pending)
        }
        Err(error) => {
            pending.destroy().await;
            Err(Refusal::of_secret(&error))
        }
    }
}

impl PendingKey {
    /// The job did not come to be.
    pub async fn destroy(self) {
        if let Err(error) = self.job_keys.destroy(self.id).await {
            // Harmless: nothing is sealed with it, and the next start sweeps it.
            tracing::warn!(
                request_id = %self.id,
                %error,
                "the key of a job that did not begin stays until the next start"
            );
        }
    }
}
