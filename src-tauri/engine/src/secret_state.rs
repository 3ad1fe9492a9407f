//! Secret state of a job: a JSON object sealed with the job's own key.
//!
//! Keeps no key: it is made, used and dropped.

use hookloom_model::RequestId;
use hookloom_model::request::secret_state_context;
use hookloom_sensitive::{SealKey, Sensitive};
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
    let key = keys.create(id).await?;
    Ok(SealedState {
        sealed: seal(&key, id, state),
        names: state.keys().cloned().collect(),
    })
}

/// Seals changed state with the job's key, which is made when the job had none.
pub(crate) async fn seal_again(
    keys: &dyn JobKeys,
    id: RequestId,
    state: &Map<String, Value>,
    is_new: bool,
) -> Result<Vec<u8>, SecretError> {
    let key = if is_new {
        keys.create(id).await?
    } else {
        keys.open(id).await?
    };
    Ok(seal(&key, id, state))
}

fn seal(key: &SealKey, id: RequestId, state: &Map<String, Value>) -> Vec<u8> {
    let mut plain = Vec::new();
    // Writing a JSON value into memory has no way to fail.
    if serde_json::to_writer(&mut plain, state).is_err() {
        plain.clear();
    }
    let plain = Sensitive::new(plain);
    key.seal(plain.expose(), &secret_state_context(id))
}
