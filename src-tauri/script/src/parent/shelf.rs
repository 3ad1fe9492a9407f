//! Workers that wait: each for the flow that it served before, and one that served nobody yet. Starts and kills nobody.

use std::time::{Duration, Instant};

use super::process::Worker;

/// Workers that wait.
#[derive(Default)]
pub(super) struct Shelf {
    /// The longest waiting first.
    idle: Vec<Idle>,
    spare: Option<Worker>,
}

struct Idle {
    flow: String,
    since: Instant,
    worker: Worker,
}

impl Shelf {
    /// The worker that served this flow last, else one that served nobody.
    pub fn take(&mut self, flow: &str) -> Option<Worker> {
        while let Some(at) = self.idle.iter().rposition(|idle| idle.flow == flow) {
            let mut idle = self.idle.remove(at);
            if idle.worker.is_alive() {
                return Some(idle.worker);
            }
        }
        let spare = self.spare.take();
        spare.and_then(|mut worker| worker.is_alive().then_some(worker))
    }

    pub fn put(&mut self, flow: &str, worker: Worker) {
        self.idle.push(Idle {
            flow: flow.to_owned(),
            since: Instant::now(),
            worker,
        });
    }

    pub fn put_spare(&mut self, worker: Worker) {
        self.spare = Some(worker);
    }

    pub fn has_spare(&self) -> bool {
        self.spare.is_some()
    }

    /// The worker that waits longest; dropping it makes room for another.
    pub fn take_oldest(&mut self) -> Option<Worker> {
        if self.idle.is_empty() {
            return self.spare.take();
        }
        Some(self.idle.remove(0).worker)
    }

    /// Workers that nobody wanted for so long, and dead ones.
    pub fn take_unwanted(&mut self, after: Duration) -> Vec<Worker> {
        let mut unwanted = Vec::new();
        for mut idle in std::mem::take(&mut self.idle) {
            if idle.since.elapsed() < after && idle.worker.is_alive() {
                self.idle.push(idle);
            } else {
                unwanted.push(idle.worker);
            }
        }
        unwanted
    }
}
