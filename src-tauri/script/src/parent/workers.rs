//! The pool: a worker serves one flow, a bounded number of them lives, one is always ready for a flow that has none.

use std::hash::{BuildHasher as _, RandomState};
use std::sync::atomic::{AtomicBool, Ordering};
use std::sync::{Arc, Weak};
use std::time::Duration;

use async_trait::async_trait;
use hookloom_engine::ports::{
    ScriptEnd, ScriptFault, ScriptFaultKind, ScriptOutcome, ScriptRun, Scripts,
};
use indexmap::IndexMap;
use parking_lot::Mutex;
use tokio::sync::{OwnedSemaphorePermit, Semaphore};
use tokio::time::{Instant, timeout_at};

use super::exchange;
use super::process::{StartError, Worker};
use super::program::Program;
use super::shelf::Shelf;
use super::turns::Turns;
use crate::frame::FrameError;
use crate::limits::{
    CHECK_MS_MAX, GRACE_MS, IDLE_MS_MAX, MEMORY_BYTES_MAX, RUNS_PER_WORKER_MAX, WORKERS_MAX,
};

/// Codes whose check is remembered.
const CHECKED_MAX: usize = 5_000;

/// The key of workers that look for syntax errors: no flow has it.
const NO_FLOW: &str = "";

/// The limits of a pool.
#[derive(Debug, Clone)]
pub struct Limits {
    /// Processes, busy and idle.
    pub workers_max: usize,
    /// Runs at the same time; others wait. Less than `workers_max`. One flow has at most half of what the others leave.
    pub runs_max: usize,
    /// How long a worker waits for its flow.
    pub idle_ms_max: u64,
}

impl Default for Limits {
    fn default() -> Self {
        let cores = std::thread::available_parallelism().map_or(2, usize::from);
        Self {
            workers_max: WORKERS_MAX,
            runs_max: (2 * cores).clamp(4, WORKERS_MAX - 8),
            idle_ms_max: IDLE_MS_MAX,
        }
    }
}

/// What holds a worker.
#[derive(Debug, Clone, PartialEq, Eq)]
pub struct Walls {
    /// Names of them, such as `seccomp`.
    pub names: Vec<String>,
    /// Whether one that Hookloom knows is missing.
    pub is_open: bool,
}

/// No worker can be started.
#[derive(Debug, thiserror::Error)]
#[error(transparent)]
pub struct NoWorker(#[from] StartError);

/// The worker processes of this program. Clones are handles of the same ones; with the last one they end.
#[derive(Clone)]
pub struct Workers(Arc<Pool>);

struct Pool {
    program: Program,
    limits: Limits,
    /// Runs at the same time.
    turns: Turns,
    /// Processes.
    places: Arc<Semaphore>,
    shelf: Mutex<Shelf>,
    is_spare_coming: AtomicBool,
    is_swept: AtomicBool,
    has_told_walls: AtomicBool,
    /// By the code's hashes: a check costs a round trip, and lists of flows check every draft.
    checked: Mutex<IndexMap<[u64; 2], Option<String>>>,
    hashers: [RandomState; 2],
}

impl Workers {
    /// A pool that starts nothing before it is needed.
    pub fn new(program: Program, limits: Limits) -> Self {
        Self(Arc::new(Pool {
            turns: Turns::new(limits.runs_max),
            places: Arc::new(Semaphore::new(limits.workers_max.max(limits.runs_max + 1))),
            program,
            limits,
            shelf: Mutex::default(),
            is_spare_coming: AtomicBool::default(),
            is_swept: AtomicBool::default(),
            has_told_walls: AtomicBool::default(),
            checked: Mutex::default(),
            hashers: Default::default(),
        }))
    }

    /// What holds the workers of this system: starts one and asks it.
    ///
    /// # Errors
    /// No worker can be started, so no script can run.
    pub async fn walls(&self) -> Result<Walls, NoWorker> {
        let worker = self.start().await?;
        let walls = Walls {
            names: worker.walls.clone(),
            is_open: worker.is_open,
        };
        self.put_back(NO_FLOW, worker);
        Ok(walls)
    }

    async fn with_worker(&self, run: ScriptRun<'_>) -> ScriptEnd {
        let begun = Instant::now();
        let time = Duration::from_millis(u64::try_from(run.timeout_ms).unwrap_or(0));
        let deadline = begun + time;
        let Ok(_turn) = timeout_at(deadline, self.0.turns.take(run.flow)).await else {
            return failed(waited_too_long(run.timeout_ms));
        };
        let worker = timeout_at(deadline, self.worker(run.flow)).await;
        let mut worker = match worker {
            Ok(Ok(worker)) => worker,
            Ok(Err(error)) => return failed(unavailable(&error)),
            Err(_) => return failed(waited_too_long(run.timeout_ms)),
        };
        let left = deadline.saturating_duration_since(Instant::now());
        let left_ms = u64::try_from(left.as_millis()).unwrap_or(u64::MAX).max(1);
        let killed_at = deadline + Duration::from_millis(GRACE_MS);
        // Its own timer: whatever the worker does, this ends on time.
        let ended = timeout_at(killed_at, exchange::run(&mut worker, run, left_ms)).await;
        match ended {
            Ok(Ok(end)) => {
                if !is_worn(&end) {
                    self.put_back(run.flow, worker);
                }
                end
            }
            Ok(Err(error)) => failed(died(&mut worker, &error).await),
            Err(_) => {
                worker.kill();
                failed(exchange::timeout(run.timeout_ms))
            }
        }
    }

    async fn worker(&self, flow: &str) -> Result<Worker, StartError> {
        self.sweep_from_now_on();
        let ready = self.0.shelf.lock().take(flow);
        let worker = match ready {
            Some(worker) => worker,
            None => self.start().await?,
        };
        self.bring_spare();
        Ok(worker)
    }

    async fn start(&self) -> Result<Worker, StartError> {
        let worker = Worker::start(&self.0.program, self.place().await).await?;
        if !self.0.has_told_walls.swap(true, Ordering::Relaxed) {
            let walls = worker.walls.join(", ");
            if worker.is_open {
                tracing::warn!(%walls, "scripts run without every wall that Hookloom knows: this system does not have them");
            } else {
                tracing::debug!(%walls, "scripts run behind walls");
            }
        }
        Ok(worker)
    }

    /// A place for a process. There is one: less runs than processes are possible, and whoever waits on the shelf goes.
    async fn place(&self) -> OwnedSemaphorePermit {
        loop {
            if let Ok(place) = Arc::clone(&self.0.places).try_acquire_owned() {
                return place;
            }
            let oldest = self.0.shelf.lock().take_oldest();
            if oldest.is_none() {
                tokio::time::sleep(Duration::from_millis(1)).await;
            }
        }
    }

    fn put_back(&self, flow: &str, mut worker: Worker) {
        worker.runs += 1;
        if worker.runs < RUNS_PER_WORKER_MAX {
            self.0.shelf.lock().put(flow, worker);
        }
    }

    /// Starts the worker that serves the next flow without one, unless it is there.
    fn bring_spare(&self) {
        if self.0.shelf.lock().has_spare() || self.0.is_spare_coming.swap(true, Ordering::AcqRel) {
            return;
        }
        let workers = self.clone();
        tokio::spawn(async move {
            // Only a free place: nobody is sent away for a spare.
            if let Ok(place) = Arc::clone(&workers.0.places).try_acquire_owned() {
                match Worker::start(&workers.0.program, place).await {
                    Ok(worker) => workers.0.shelf.lock().put_spare(worker),
                    Err(error) => tracing::warn!(%error, "no script worker is ready beforehand"),
                }
            }
            workers.0.is_spare_coming.store(false, Ordering::Release);
        });
    }

    fn sweep_from_now_on(&self) {
        if !self.0.is_swept.swap(true, Ordering::AcqRel) {
            tokio::spawn(sweep(Arc::downgrade(&self.0)));
        }
    }

    async fn look(&self, code: &str) -> Result<Option<String>, ScriptFault> {
        let deadline = Instant::now() + Duration::from_millis(2 * CHECK_MS_MAX);
        let looking = async {
            let _turn = self.0.turns.take(NO_FLOW).await;
            let mut worker = self
                .worker(NO_FLOW)
                .await
                .map_err(|error| unavailable(&error))?;
            match exchange::check(&mut worker, code, CHECK_MS_MAX).await {
                Ok(found) => {
                    self.put_back(NO_FLOW, worker);
                    Ok(found)
                }
                Err(error) => Err(died(&mut worker, &error).await),
            }
        };
        timeout_at(deadline, looking).await.unwrap_or_else(|_| {
            let message = format!("the code could not be read within {CHECK_MS_MAX} ms");
            Err(ScriptFault::new(ScriptFaultKind::Timeout, message))
        })
    }
}

#[async_trait]
impl Scripts for Workers {
    async fn run(&self, run: ScriptRun<'_>) -> ScriptEnd {
        self.with_worker(run).await
    }

    async fn check(&self, code: &str) -> Result<Option<ScriptFault>, ScriptFault> {
        let key = self.0.hashers.each_ref().map(|it| it.hash_one(code));
        let known = self.0.checked.lock().get(&key).cloned();
        let found = match known {
            Some(found) => found,
            None => {
                let found = self.look(code).await?;
                let mut checked = self.0.checked.lock();
                if checked.len() >= CHECKED_MAX {
                    checked.shift_remove_index(0);
                }
                checked.insert(key, found.clone());
                found
            }
        };
        Ok(found.map(|message| ScriptFault::new(ScriptFaultKind::Syntax, message)))
    }

    fn expect_runs(&self) {
        self.sweep_from_now_on();
        self.bring_spare();
    }
}

/// Ends workers that nobody wants any more, while the pool is there.
async fn sweep(pool: Weak<Pool>) {
    loop {
        let Some(idle_ms_max) = pool.upgrade().map(|pool| pool.limits.idle_ms_max) else {
            return;
        };
        tokio::time::sleep(Duration::from_millis(idle_ms_max / 4 + 1)).await;
        let Some(pool) = pool.upgrade() else {
            return;
        };
        let unwanted = pool
            .shelf
            .lock()
            .take_unwanted(Duration::from_millis(idle_ms_max));
        drop(unwanted);
    }
}

/// Whether a run left its worker in a state that the next one should not meet.
fn is_worn(end: &ScriptEnd) -> bool {
    matches!(&end.outcome, ScriptOutcome::Failed(fault)
        if matches!(fault.kind, ScriptFaultKind::Memory | ScriptFaultKind::Timeout))
}

fn failed(fault: ScriptFault) -> ScriptEnd {
    ScriptEnd {
        outcome: ScriptOutcome::Failed(fault),
        memory: IndexMap::new(),
        logs: Vec::new(),
    }
}

fn unavailable(error: &StartError) -> ScriptFault {
    ScriptFault::new(ScriptFaultKind::Unavailable, error.to_string())
}

fn waited_too_long(timeout_ms: i64) -> ScriptFault {
    ScriptFault::new(
        ScriptFaultKind::Timeout,
        format!(
            "the script did not get to run within the step's timeout_ms of {timeout_ms}: as many scripts were running as may at \
             a time, in all (runs_max) or of one flow (half of what others leave)"
        ),
    )
}

/// The fault of a worker that ended under its run, or that said what no worker of ours says. It is killed.
async fn died(worker: &mut Worker, error: &FrameError) -> ScriptFault {
    let how = match error {
        FrameError::Closed | FrameError::Pipe(_) => match worker.exit_status().await {
            Some(status) => format!("it ended ({status})"),
            None => "it closed its pipe".to_owned(),
        },
        other => {
            tracing::warn!(error = %other, "a script worker was killed for what it sent");
            other.to_string()
        }
    };
    worker.kill();
    ScriptFault::new(
        ScriptFaultKind::WorkerDied,
        format!(
            "the script's worker process is gone: {how}. It was killed from outside, or it wanted more memory than \
             script_memory_bytes_max of {MEMORY_BYTES_MAX}"
        ),
    )
}
