//! A vault in memory, for tests: it can be locked, taken away and made to hang.

use std::collections::BTreeMap;
use std::sync::{Arc, mpsc};

use hookloom_sensitive::Sensitive;
use parking_lot::Mutex;

use crate::vault::{Vault, VaultError, VaultKind};

/// A vault in memory. Clones share what it holds.
#[derive(Clone, Default)]
pub struct MemoryVault {
    inner: Arc<Mutex<Inner>>,
}

#[derive(Default)]
struct Inner {
    items: BTreeMap<String, Sensitive<Vec<u8>>>,
    failure: Option<VaultError>,
    hang: Option<mpsc::Receiver<()>>,
    forgetful: bool,
}

impl MemoryVault {
    /// Every call fails like this, until it is told otherwise.
    pub fn fail_with(&self, failure: Option<VaultError>) {
        self.inner.lock().failure = failure;
    }

    /// A locked keychain without a display: what is there reads as if it were not, and nothing can be set.
    pub fn pretend_empty(&self, forgetful: bool) {
        self.inner.lock().forgetful = forgetful;
    }

    /// The next call blocks until the sender sends or is dropped.
    pub fn hang(&self) -> mpsc::Sender<()> {
        let (release, wait) = mpsc::channel();
        self.inner.lock().hang = Some(wait);
        release
    }

    /// The names of the items.
    pub fn items(&self) -> Vec<String> {
        self.inner.lock().items.keys().cloned().collect()
    }

    fn enter(&self) -> Result<(), VaultError> {
        let hang = self.inner.lock().hang.take();
        if let Some(wait) = hang {
            // Whether it is let go or forgotten: it goes on.
            let _ = wait.recv();
        }
        match &self.inner.lock().failure {
            Some(failure) => Err(failure.clone()),
            None => Ok(()),
        }
    }
}

impl Vault for MemoryVault {
    fn kind(&self) -> VaultKind {
        VaultKind::Memory
    }

    fn unlock(&mut self) -> Result<(), VaultError> {
        self.enter()
    }

    fn get(&mut self, item: &str) -> Result<Option<Sensitive<Vec<u8>>>, VaultError> {
        self.enter()?;
        let inner = self.inner.lock();
        Ok(inner.items.get(item).filter(|_| !inner.forgetful).cloned())
    }

    fn set(&mut self, item: &str, value: &[u8]) -> Result<(), VaultError> {
        self.enter()?;
        let mut inner = self.inner.lock();
        if inner.forgetful {
            return Err(VaultError::Locked {
                reason: "it pretends to be empty".to_owned(),
            });
        }
        inner
            .items
            .insert(item.to_owned(), Sensitive::new(value.to_vec()));
        Ok(())
    }

    fn delete(&mut self, item: &str) -> Result<(), VaultError> {
        self.enter()?;
        self.inner.lock().items.remove(item);
        Ok(())
    }
}
