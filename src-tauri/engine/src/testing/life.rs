//! One life of the process: until it ends by itself, or a port crashes it at a point that chance picks.

use std::sync::Arc;
use std::sync::atomic::{AtomicBool, Ordering};

use parking_lot::Mutex;
use tokio::sync::Notify;

use super::SplitMix;

/// How often ports go wrong, each in a thousand calls.
#[derive(Debug, Clone, Copy, Default, PartialEq, Eq)]
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

/// A point in the course of a job or a delivery that has a name.
#[derive(Debug, Clone, Copy, PartialEq, Eq)]
pub enum Point {
    /// The commit that accepts a request or begins a job.
    Accept,
    /// The commit that says that an attempt begins.
    Claim,
    /// The request to a receiver.
    Send,
    /// Its answer, on the way.
    Answer,
    /// The commit of what an attempt left, or of the end.
    Result,
    /// The end of a wait.
    Timer,
}

impl Point {
    /// Every point.
    pub const ALL: [Self; 6] = [
        Self::Accept,
        Self::Claim,
        Self::Send,
        Self::Answer,
        Self::Result,
        Self::Timer,
    ];
}

/// Where a process dies.
#[derive(Debug, Clone, Copy, PartialEq, Eq)]
pub struct Death {
    /// The point.
    pub point: Point,
    /// So many times it is passed unharmed.
    pub passed: u64,
    /// Whether what happens at the point has happened, and nobody hears of it.
    pub is_after: bool,
}

/// One life of the process. Ports of a life that has ended answer nothing any more, and change nothing.
pub struct Life {
    ended: AtomicBool,
    notify: Notify,
    random: Mutex<SplitMix>,
    faults: Faults,
    death: Mutex<Option<Death>>,
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
        Self::with(seed, faults, None)
    }

    /// A life that ends at a point, and has no other fault.
    pub fn until(seed: u64, death: Death) -> Arc<Self> {
        Self::with(seed, Faults::default(), Some(death))
    }

    fn with(seed: u64, faults: Faults, death: Option<Death>) -> Arc<Self> {
        Arc::new(Self {
            ended: AtomicBool::new(false),
            notify: Notify::new(),
            random: Mutex::new(SplitMix::new(seed)),
            faults,
            death: Mutex::new(death),
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

    /// A call begins, which is these points: it may be the last thing that happens.
    pub(super) async fn fate(&self, points: &[Point]) -> Fate {
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
        if let Some(death) = self.meets(points) {
            return match death.is_after {
                true => Fate::CrashAfter,
                false => self.die().await,
            };
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

    /// A point without an effect of its own is passed.
    pub(super) async fn pass(&self, point: Point) {
        if self.meets(&[point]).is_some() {
            self.die().await
        }
    }

    /// The death that waits at one of these points.
    fn meets(&self, points: &[Point]) -> Option<Death> {
        let mut waiting = self.death.lock();
        let death = waiting
            .as_mut()
            .filter(|death| points.contains(&death.point))?;
        if death.passed > 0 {
            death.passed -= 1;
            return None;
        }
        waiting.take()
    }

    /// The process is gone: nothing after this runs.
    pub(super) async fn die<T>(&self) -> T {
        self.crash();
        std::future::pending().await
    }
}
