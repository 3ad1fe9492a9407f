//! Asks a vault that may block for ever, and does not wait for ever.
//!
//! One thread owns the vault: calls that hang do not pile up, and while one hangs the others fail at once.

use std::panic::{AssertUnwindSafe, catch_unwind};
use std::sync::mpsc;
use std::time::{Duration, Instant};

use parking_lot::Mutex;
use tokio::sync::{oneshot, watch};

use crate::vault::{Vault, VaultError, VaultKind};

/// How long a vault may take to answer, unless set otherwise.
pub const DEFAULT_BOUND_MS: u64 = 5_000;

type Task = Box<dyn FnOnce(&mut dyn Vault) + Send>;

/// A vault with a bound on every answer.
pub(crate) struct Bounded {
    kind: VaultKind,
    tasks: mpsc::Sender<Task>,
    /// Since when the vault has been at work on one task.
    busy: watch::Receiver<Option<Instant>>,
    /// The beginning of the task that was last waited for in vain.
    given_up: Mutex<Option<Instant>>,
    bound: Duration,
}

impl Bounded {
    pub fn start(mut vault: Box<dyn Vault>, bound: Duration) -> std::io::Result<Self> {
        let (tasks, queue) = mpsc::channel::<Task>();
        let (report, busy) = watch::channel(None);
        let kind = vault.kind();
        std::thread::Builder::new()
            .name("vault".to_owned())
            .spawn(move || {
                for task in queue {
                    report.send_replace(Some(Instant::now()));
                    // A store's own panic must not take the vault away; its caller sees a failure.
                    if catch_unwind(AssertUnwindSafe(|| task(vault.as_mut()))).is_err() {
                        tracing::error!("the vault panicked; the call that it answered has failed");
                    }
                    report.send_replace(None);
                }
            })?;
        Ok(Self {
            kind,
            tasks,
            busy,
            given_up: Mutex::default(),
            bound,
        })
    }

    pub fn kind(&self) -> VaultKind {
        self.kind
    }

    /// Asks, and waits no longer than the bound.
    pub async fn call<T: Send + 'static>(
        &self,
        ask: impl FnOnce(&mut dyn Vault) -> Result<T, VaultError> + Send + 'static,
    ) -> Result<T, VaultError> {
        let busy_since = *self.busy.borrow();
        if let Some(since) = busy_since.filter(|_| busy_since == *self.given_up.lock()) {
            return Err(slow(since.elapsed()));
        }
        let (answer, answered) = oneshot::channel();
        let task: Task = Box::new(move |vault| {
            // Nobody waits any more: a value that was to be set must not be set behind the caller's back.
            if !answer.is_closed() {
                let _ = answer.send(ask(vault));
            }
        });
        let ended = || VaultError::Failed {
            reason: "its thread ended in the middle of the call".to_owned(),
        };
        self.tasks.send(task).map_err(|_| ended())?;
        match tokio::time::timeout(self.bound, answered).await {
            Ok(answer) => answer.map_err(|_| ended())?,
            Err(_) => {
                *self.given_up.lock() = *self.busy.borrow();
                Err(slow(self.bound))
            }
        }
    }

    /// Says when the vault has nothing to do any more.
    pub fn when_idle(&self) -> impl Future<Output = ()> + Send + 'static {
        let mut busy = self.busy.clone();
        async move {
            // The sender ends with the thread: then there is nothing to wait for.
            let _ = busy.wait_for(Option::is_none).await;
        }
    }
}

fn slow(waited: Duration) -> VaultError {
    VaultError::Slow {
        waited_ms: u64::try_from(waited.as_millis()).unwrap_or(u64::MAX),
    }
}

#[cfg(test)]
mod tests {
    use super::*;
    use crate::memory::MemoryVault;

    const BOUND: Duration = Duration::from_millis(500);

    #[tokio::test]
    async fn a_vault_that_hangs_is_slow_after_the_bound_and_then_at_once() {
        let memory = MemoryVault::default();
        let bounded = Bounded::start(Box::new(memory.clone()), BOUND).expect("a thread");
        let release = memory.hang();
        let began = Instant::now();
        let first = bounded.call(|vault| vault.get("a")).await;
        assert!(matches!(first, Err(VaultError::Slow { .. })));
        assert!(began.elapsed() < BOUND * 10, "{:?}", began.elapsed());
        let again = Instant::now();
        let second = bounded.call(|vault| vault.set("a", b"late")).await;
        assert!(matches!(second, Err(VaultError::Slow { .. })));
        assert!(again.elapsed() < BOUND, "{:?}", again.elapsed());
        release.send(()).expect("it still hangs");
        bounded.when_idle().await;
        let after = bounded
            .call(|vault| vault.get("a"))
            .await
            .expect("it answers again");
        assert!(after.is_none(), "what was given up is not done later");
    }

    #[tokio::test]
    async fn a_vault_that_panics_fails_one_call_only() {
        // Printing a backtrace may take longer than the other bound.
        let bound = Duration::from_secs(60);
        let bounded = Bounded::start(Box::new(MemoryVault::default()), bound).expect("a thread");
        let failed = bounded
            .call::<()>(|_| panic!("a store's own mistake"))
            .await;
        assert!(matches!(failed, Err(VaultError::Failed { .. })));
        bounded
            .call(|vault| vault.set("a", b"1"))
            .await
            .expect("it goes on");
    }
}
