//! One life of the process: until it ends by itself, or a port crashes it at a point that chance picks.

use std::sync::Arc;
use std::sync::atomic::{AtomicBool, Ordering};

use parking_lot::Mutex;
use tokio::sync::Notify;

use super::SplitMix;

/// How often ports go wrong, each in a thousand calls.
#[derive(Debug, Clone, Copy, Default)]
pub struct Faults {
    /// The process dies before the call has an effect.
    pub crash_before: u64,
    /// The process dies after the call had its effect, and before it is answered.
    pub crash_after: u64,
    /// The database cannot write now.
    pub unavailable: u64,
    /// The database fails after the call had its effect.
    pub failed_after: u64,
}

/// One life of the process. Ports of a life that has ended answer nothing any more, and change nothing.
pub struct Life {
    ended: AtomicBool,
    notify: Notify,
    random: Mutex<SplitMix>,
    faults: Faults,
}

/// What happens to a call.
pub(super) enum Fate {
    Fine,
    Unavailable,
    FailedAfter,
    CrashAfter,
}

impl Life {
    /// A life with these faults.
    pub fn new(seed: u64, faults: Faults) -> Arc<Self> {
        Arc::new(Self {
            ended: AtomicBool::new(false),
            notify: Notify::new(),
            random: Mutex::new(SplitMix::new(seed)),
            faults,
        })
    }

    /// Whether it has ended.
    pub fn has_ended(&self) -> bool {
        self.ended.load(Ordering::Acquire)
    }

    /// Returns when the life ends.
    pub async fn end(&self) {
        while !self.has_ended() {
            self.notify.notified().await;
        }
    }

    /// Ends it.
    pub fn crash(&self) {
        self.ended.store(true, Ordering::Release);
        self.notify.notify_one();
    }

    /// A call begins: it may be the last thing that happens.
    pub(super) async fn fate(&self) -> Fate {
        if self.has_ended() {
            std::future::pending::<()>().await;
        }
        // Others get some turns at every call, as they would with a real port.
        let turns = 1 + self.random.lock().below(3);
        for _ in 0..turns {
            tokio::task::yield_now().await;
        }
        if self.has_ended() {
            std::future::pending::<()>().await;
        }
        let fate = {
            let mut random = self.random.lock();
            if random.chance(self.faults.crash_before) {
                None
            } else if random.chance(self.faults.crash_after) {
                Some(Fate::CrashAfter)
            } else if random.chance(self.faults.unavailable) {
                Some(Fate::Unavailable)
            } else if random.chance(self.faults.failed_after) {
                Some(Fate::FailedAfter)
            } else {
                Some(Fate::Fine)
            }
        };
        match fate {
            Some(fate) => fate,
            None => self.die().await,
        }
    }

    /// The process is gone: nothing after this runs.
    pub(super) async fn die<T>(&self) -> T {
        self.crash();
        std::future::pending().await
    }
}
