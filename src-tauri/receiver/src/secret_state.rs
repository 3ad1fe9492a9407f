//! `_secretStatePut` of a body: sealed with a key of the job to come, before the job is on disk.

use std::sync::Arc;

use hookloom_engine::SealedState;
use hookloom_engine::ports::JobKeys;
use hookloom_model::RequestId;
use serde_json::{Map, Value};

use crate::refusal::Refusal;

/// The key of a job that may still come to nothing.
pub(crate) struct PendingKey {
    job_keys: Arc<dyn JobKeys>,
    id: RequestId,
}

/// Seals secret state with a new key, which is on disk when this returns.
pub(crate) async fn seal(
    job_keys: &Arc<dyn JobKeys>,
    id: RequestId,
    state: &Map<String, Value>,
) -> Result<(SealedState, PendingKey), Refusal> {
    let pending = PendingKey {
        job_keys: Arc::clone(job_keys),
        id,
    };
    match hookloom_engine::seal_secret_state(&**job_keys, id, state).await {
        Ok(sealed) => Ok((sealed, pending)),
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
