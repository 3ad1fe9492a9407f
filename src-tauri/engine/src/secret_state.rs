//! Secret state of a job: a JSON object sealed with the job's own key.
//!
//! Keeps no key: it is made, used and dropped.

use std::io::{self, Write};

use hookloom_model::RequestId;
use hookloom_model::request::secret_state_context;
use hookloom_sensitive::{SealKey, Sensitive};
use serde_json::{Map, Value};

use crate::ports::{JobKeys, SecretError};

/// A job's secret state is at most this long as JSON. Each of its values is looked for in everything that the job
/// records, in every spelling: many take memory and time.
pub const SECRET_STATE_BYTES_MAX: usize = 65_536;

/// More secret state than a job can have.
#[derive(Debug, Clone, Copy, PartialEq, Eq, thiserror::Error)]
#[error(
    "the secret state has {bytes} bytes as JSON, more than secret_state_bytes_max of {SECRET_STATE_BYTES_MAX}; keep \
     fewer or shorter values in it"
)]
pub struct SecretStateTooLarge {
    /// Its length as JSON text.
    pub bytes: usize,
}

/// Whether a job can have this secret state.
pub fn check_size(state: &Map<String, Value>) -> Result<(), SecretStateTooLarge> {
    let mut counted = Counted::default();
    // Counting has no way to fail.
    let _ = serde_json::to_writer(&mut counted, state);
    match counted.bytes {
        0..=SECRET_STATE_BYTES_MAX => Ok(()),
        bytes => Err(SecretStateTooLarge { bytes }),
    }
}

/// Counts what is written, and keeps no copy of it.
#[derive(Default)]
struct Counted {
    bytes: usize,
}

impl Write for Counted {
    fn write(&mut self, text: &[u8]) -> io::Result<usize> {
        self.bytes += text.len();
        Ok(text.len())
    }

    fn flush(&mut self) -> io::Result<()> {
        Ok(())
    }
}

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
