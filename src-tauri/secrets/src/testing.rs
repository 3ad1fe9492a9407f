//! What tests of this crate share: names in memory, a clock that stands, and a custodian over both.

use std::path::Path;
use std::sync::Arc;
use std::sync::atomic::{AtomicBool, Ordering};

use async_trait::async_trait;
use hookloom_engine::ports::{Clock, JournalError, KnownSecret, KnownSecrets};
use hookloom_sensitive::Sensitive;
use parking_lot::Mutex;

use crate::custodian::{Custodian, Opening};
use crate::vault::Vault;

pub(crate) const NOW_MS: i64 = 1_795_306_812_431;

/// Names in memory.
#[derive(Default)]
pub(crate) struct Names {
    known: Mutex<Vec<KnownSecret>>,
    /// The database cannot be written.
    pub is_full: AtomicBool,
}

impl Names {
    pub fn of(names: &[&str]) -> Arc<Self> {
        let known = names.iter().map(|name| KnownSecret {
            name: (*name).to_owned(),
            created_at_ms: NOW_MS,
            updated_at_ms: NOW_MS,
            version: 1,
        });
        Arc::new(Self {
            known: Mutex::new(known.collect()),
            is_full: AtomicBool::new(false),
        })
    }
}

#[async_trait]
impl KnownSecrets for Names {
    async fn list(&self) -> Result<Vec<KnownSecret>, JournalError> {
        Ok(self.known.lock().clone())
    }

    async fn remember(&self, name: &str, at_ms: i64) -> Result<(), JournalError> {
        if self.is_full.load(Ordering::SeqCst) {
            let reason = "the disk is full".to_owned();
            return Err(JournalError::Unavailable { reason });
        }
        let mut known = self.known.lock();
        match known.iter_mut().find(|known| known.name == name) {
            Some(known) => {
                known.updated_at_ms = at_ms;
                known.version += 1;
            }
            None => known.push(KnownSecret {
                name: name.to_owned(),
                created_at_ms: at_ms,
                updated_at_ms: at_ms,
                version: 1,
            }),
        }
        Ok(())
    }

    async fn forget(&self, name: &str) -> Result<bool, JournalError> {
        let mut known = self.known.lock();
        let count = known.len();
        known.retain(|known| known.name != name);
        Ok(known.len() < count)
    }
}

struct StandingClock;

#[async_trait]
impl Clock for StandingClock {
    fn now_ms(&self) -> i64 {
        NOW_MS
    }

    async fn sleep_until_ms(&self, _at_ms: i64) {}
}

/// A custodian that waits `bound_ms` for its vault.
pub(crate) fn custodian(
    data_folder: &Path,
    vault: Box<dyn Vault>,
    known: Arc<Names>,
    bound_ms: u64,
) -> Arc<Custodian> {
    Custodian::open(Opening {
        data_folder: data_folder.to_owned(),
        vault,
        known,
        clock: Arc::new(StandingClock),
        bound_ms,
    })
    .expect("the folder can be written")
}

pub(crate) fn secret(text: &str) -> Sensitive<String> {
    Sensitive::new(text.to_owned())
}
