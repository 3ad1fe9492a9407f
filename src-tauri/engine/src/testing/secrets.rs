//! Secrets and keys of jobs in memory, with a keychain that can be locked.

use std::collections::HashMap;
use std::sync::Arc;
use std::sync::atomic::{AtomicBool, Ordering};

use async_trait::async_trait;
use hookloom_model::RequestId;
use hookloom_sensitive::{Masker, SealKey, Sensitive};
use parking_lot::Mutex;

use crate::ports::{JobKeys, SecretError, Secrets};

/// [`Secrets`] in memory.
#[derive(Default)]
pub struct FakeSecrets {
    values: Mutex<HashMap<String, String>>,
    masker: Mutex<Arc<Masker>>,
    locked: AtomicBool,
}

impl FakeSecrets {
    /// Sets a secret.
    pub fn set(&self, name: &str, value: &str) {
        let mut values = self.values.lock();
        values.insert(name.to_owned(), value.to_owned());
        *self.masker.lock() = Arc::new(Masker::new(values.values().map(String::as_str)));
    }

    /// Locks or unlocks the keychain.
    pub fn lock(&self, locked: bool) {
        self.locked.store(locked, Ordering::Release);
    }

    fn check(&self, what: &str) -> Result<(), SecretError> {
        check_unlocked(&self.locked, what)
    }
}

fn check_unlocked(locked: &AtomicBool, what: &str) -> Result<(), SecretError> {
    if locked.load(Ordering::Acquire) {
        return Err(SecretError::Unavailable {
            what: what.to_owned(),
            reason: "the test's keychain is locked".to_owned(),
        });
    }
    Ok(())
}

#[async_trait]
impl Secrets for FakeSecrets {
    async fn read(&self, name: &str) -> Result<Arc<Sensitive<String>>, SecretError> {
        self.check(&format!("the secret `{name}`"))?;
        match self.values.lock().get(name) {
            Some(value) => Ok(Arc::new(Sensitive::new(value.clone()))),
            None => Err(SecretError::Missing {
                name: name.to_owned(),
            }),
        }
    }

    fn masker(&self) -> Arc<Masker> {
        Arc::clone(&self.masker.lock())
    }

    async fn workspace_key(&self) -> Result<SealKey, SecretError> {
        self.check("the workspace's key")?;
        Ok(SealKey::from_bytes([7; 32]))
    }
}

/// [`JobKeys`] in memory.
#[derive(Default)]
pub struct FakeJobKeys {
    keys: Mutex<HashMap<RequestId, SealKey>>,
    locked: AtomicBool,
}

impl FakeJobKeys {
    /// Locks or unlocks the keychain that keys are wrapped with.
    pub fn lock(&self, locked: bool) {
        self.locked.store(locked, Ordering::Release);
    }

    fn check(&self) -> Result<(), SecretError> {
        check_unlocked(&self.locked, "the key of the job")
    }

    /// Removes every key but these: what is done at each start.
    pub fn sweep(&self, keep: &[RequestId]) {
        self.keys.lock().retain(|id, _| keep.contains(id));
    }

    /// How many jobs have a key.
    pub fn count(&self) -> usize {
        self.keys.lock().len()
    }
}

#[async_trait]
impl JobKeys for FakeJobKeys {
    async fn create(&self, id: RequestId) -> Result<SealKey, SecretError> {
        self.check()?;
        let key = SealKey::generate();
        self.keys.lock().insert(id, key.clone());
        Ok(key)
    }

    async fn open(&self, id: RequestId) -> Result<SealKey, SecretError> {
        self.check()?;
        self.keys
            .lock()
            .get(&id)
            .cloned()
            .ok_or_else(|| SecretError::Damaged {
                what: "the key of the job".to_owned(),
                reason: "it is not there".to_owned(),
            })
    }

    async fn destroy(&self, id: RequestId) -> Result<(), SecretError> {
        self.keys.lock().remove(&id);
        Ok(())
    }
}
