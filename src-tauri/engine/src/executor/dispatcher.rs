//! Which jobs run now: a bounded queue, a bounded number of places, and the times of those that wait.
//!
//! Holds nothing of a job that the journal does not hold too: its id, a time, and of a job that was just accepted its
//! record, so that it need not be read back. What does not fit in here is found in the journal again.

use std::collections::{BTreeSet, HashMap, VecDeque};
use std::sync::Arc;
use std::sync::atomic::{AtomicBool, Ordering};

use hookloom_model::JobId;
use tokio::sync::{Notify, OwnedSemaphorePermit, Semaphore, mpsc, oneshot, watch};
use tokio::task::{AbortHandle, JoinError, JoinHandle, JoinSet};

use super::cancel::{Cancel, CancelError, cancel_job};
use super::open::run_job;
use crate::core::{Core, stopped};
use crate::deliver::Nudge;
use crate::handover::Handover;
use crate::ports::JournalError;

/// Ids that one look into the journal brings.
const BACKLOG_MAX: u32 = 256;
/// The wait before the journal is asked again after it failed, or a job is tried again after its task failed.
const AGAIN_MS: i64 = 1_000;
/// How often the journal is read although nobody asked: a job whose handing over was lost waits no longer.
const LOOK_EVERY_MS: i64 = 60_000;

/// Memory for the records of jobs that wait for a place; a job beyond it waits by its id alone.
const WAITING_BYTES_MAX: usize = 32 * 1024 * 1024;

/// Cancels that wait for the dispatcher; whoever comes then waits for room.
const CANCELS_MAX: usize = 64;

/// Where new jobs are handed over.
#[derive(Clone)]
pub(crate) struct Queue {
    sender: mpsc::Sender<Queued>,
    /// Bytes that are free for records of jobs that wait here.
    room: Arc<Semaphore>,
    cancels: mpsc::Sender<Cancel>,
    missed: Arc<Missed>,
}

/// A job that waits for a place.
struct Queued {
    job: Handover,
    _room: Option<OwnedSemaphorePermit>,
}

/// Whether the journal holds jobs that the queue had no room for.
struct Missed {
    flag: AtomicBool,
    wake: Notify,
}

impl Queue {
    /// Never waits and never loses: a job that finds no room is found in the journal.
    pub fn push(&self, job: Handover) {
        let bytes = u32::try_from(job.size_bytes()).unwrap_or(u32::MAX);
        let room = Arc::clone(&self.room).try_acquire_many_owned(bytes);
        let queued = match room {
            Ok(room) => Queued {
                job,
                _room: Some(room),
            },
            // Its id takes next to nothing; its record is read when it has a place.
            Err(_) => Queued {
                job: Handover::by_id(job.job_id),
                _room: None,
            },
        };
        if self.sender.try_send(queued).is_err() {
            self.look();
        }
    }

    /// Returns once the job's end is on disk.
    pub async fn cancel(&self, id: JobId, by: String) -> Result<(), CancelError> {
        let (answer, answered) = oneshot::channel();
        let cancel = Cancel { id, by, answer };
        let stopping = || JournalError::Unavailable {
            reason: "Hookloom is stopping".to_owned(),
        };
        self.cancels.send(cancel).await.map_err(|_| stopping())?;
        answered.await.map_err(|_| stopping())?
    }

    /// Makes the executor read the journal.
    pub fn look(&self) {
        self.missed.flag.store(true, Ordering::Release);
        self.missed.wake.notify_one();
    }
}

/// What a job's task leaves behind.
#[derive(Debug, Clone, Copy, PartialEq, Eq)]
pub(super) enum Left {
    /// Nothing: the job has ended, or nothing can be done for it before the next start.
    Nothing,
    /// The job goes on then.
    Until(i64),
}

/// Starts the executor. It begins with what the journal holds unfinished.
pub(crate) fn start(
    core: Arc<Core>,
    deliveries: Nudge,
    stopping: watch::Receiver<bool>,
) -> (Queue, JoinHandle<()>) {
    let (sender, queue) = mpsc::channel(core.options.queue_max.max(1));
    let (cancels, to_cancel) = mpsc::channel(CANCELS_MAX);
    let missed = Arc::new(Missed {
        flag: AtomicBool::new(true),
        wake: Notify::new(),
    });
    let dispatcher = Dispatcher {
        core,
        deliveries,
        stopping,
        queue,
        to_cancel,
        missed: Arc::clone(&missed),
        running: JoinSet::new(),
        ids: HashMap::new(),
        in_flight: HashMap::new(),
        cancels: HashMap::new(),
        timers: BTreeSet::new(),
        waiting: HashMap::new(),
        backlog: VecDeque::new(),
        read_after: None,
        read_at_ms: 0,
        look_at_ms: 0,
        backlog_first: false,
    };
    let queue = Queue {
        sender,
        room: Arc::new(Semaphore::new(WAITING_BYTES_MAX)),
        cancels,
        missed,
    };
    (queue, tokio::spawn(dispatcher.run()))
}

struct Dispatcher {
    core: Arc<Core>,
    deliveries: Nudge,
    stopping: watch::Receiver<bool>,
    queue: mpsc::Receiver<Queued>,
    to_cancel: mpsc::Receiver<Cancel>,
    missed: Arc<Missed>,
    running: JoinSet<Left>,
    ids: HashMap<tokio::task::Id, JobId>,
    /// Jobs with a task.
    in_flight: HashMap<JobId, Flight>,
    /// Cancels that wait for the end of the job's task.
    cancels: HashMap<JobId, Vec<Cancel>>,
    timers: BTreeSet<(i64, JobId)>,
    waiting: HashMap<JobId, i64>,
    /// Ids that were read from the journal and have no task yet.
    backlog: VecDeque<JobId>,
    /// Where the next look into the journal begins; none when it was read to its end.
    read_after: Option<JobId>,
    /// When the journal may be asked again.
    read_at_ms: i64,
    /// When the journal is read although nobody asked.
    look_at_ms: i64,
    /// Whether the journal's jobs have the next turn, so that neither side starves the other.
    backlog_first: bool,
}

/// A job's task.
struct Flight {
    task: AbortHandle,
    /// Whether somebody handed the job over again meanwhile.
    again: bool,
    /// Whether the task ends the job, and is not to be ended itself.
    is_cancel: bool,
}

impl Dispatcher {
    async fn run(mut self) {
        loop {
            self.fill().await;
            let has_room = self.has_room();
            let next_ms = self.next_look_ms();
            let clock = Arc::clone(&self.core.ports.clock);
            tokio::select! {
                biased;
                () = stopped(&mut self.stopping) => break,
                Some(cancel) = self.to_cancel.recv() => self.cancel(cancel),
                Some(done) = self.running.join_next_with_id(), if !self.running.is_empty() => self.done(done),
                Some(job) = self.queue.recv(), if has_room => self.begin(job.job),
                () = self.missed.wake.notified(), if has_room => {}
                () = clock.sleep_until_ms(next_ms), if has_room => {}
            }
        }
        self.drain().await;
    }

    fn has_room(&self) -> bool {
        self.running.len() < self.core.options.jobs_max
    }

    /// Gives free places to jobs: waits that are over first, then new jobs and the journal's in turn.
    async fn fill(&mut self) {
        while let Some(done) = self.running.try_join_next_with_id() {
            self.done(done);
        }
        let now_ms = self.core.now_ms();
        if now_ms >= self.look_at_ms {
            self.look_at_ms = now_ms.saturating_add(LOOK_EVERY_MS);
            self.missed.flag.store(true, Ordering::Release);
        }
        while self.has_room() {
            if let Some(id) = self.due() {
                self.begin(Handover::by_id(id));
                continue;
            }
            self.backlog_first = !self.backlog_first;
            self.read_backlog().await;
            let next = if self.backlog_first {
                self.next_of_journal().or_else(|| self.next_of_queue())
            } else {
                self.next_of_queue().or_else(|| self.next_of_journal())
            };
            match next {
                Some(job) => self.begin(job),
                None if self.is_reading() => {}
                None => return,
            }
        }
    }

    fn next_of_journal(&mut self) -> Option<Handover> {
        self.backlog.pop_front().map(Handover::by_id)
    }

    fn next_of_queue(&mut self) -> Option<Handover> {
        self.queue.try_recv().ok().map(|queued| queued.job)
    }

    fn due(&mut self) -> Option<JobId> {
        let &(at_ms, id) = self.timers.first()?;
        (at_ms <= self.core.now_ms()).then_some(id)
    }

    /// Whether more of the journal is to be read now.
    fn is_reading(&self) -> bool {
        let wants = self.read_after.is_some() || self.missed.flag.load(Ordering::Acquire);
        wants && self.core.now_ms() >= self.read_at_ms
    }

    async fn read_backlog(&mut self) {
        if !self.backlog.is_empty() || !self.is_reading() {
            return;
        }
        let after = match self.read_after {
            Some(after) => after,
            None => {
                self.missed.flag.store(false, Ordering::Release);
                JobId(0)
            }
        };
        match self.core.ports.journal.unfinished(after, BACKLOG_MAX).await {
            Ok(ids) => {
                self.read_after = ids.last().copied();
                let known =
                    |id: &JobId| self.in_flight.contains_key(id) || self.waiting.contains_key(id);
                self.backlog = ids.into_iter().filter(|id| !known(id)).collect();
            }
            Err(error) => {
                tracing::warn!(%error, "the unfinished jobs cannot be read now");
                self.missed.flag.store(true, Ordering::Release);
                self.read_at_ms = self.core.now_ms().saturating_add(AGAIN_MS);
            }
        }
    }

    /// When there is something to do although nothing else happens.
    fn next_look_ms(&self) -> i64 {
        let timer = self.timers.first().map(|(at_ms, _)| *at_ms);
        let reads = self.read_after.is_some() || self.missed.flag.load(Ordering::Acquire);
        let read = reads.then_some(self.read_at_ms);
        timer
            .into_iter()
            .chain(read)
            .fold(self.look_at_ms, i64::min)
    }

    fn begin(&mut self, job: Handover) {
        let id = job.job_id;
        if let Some(flight) = self.in_flight.get_mut(&id) {
            flight.again = true;
            return;
        }
        self.forget_wait(id);
        // Made where it stays: the runtime moves a task's future a few times, and this one is large.
        let task = self.running.spawn(Box::pin(run_job(
            Arc::clone(&self.core),
            self.deliveries.clone(),
            job,
            self.stopping.clone(),
        )));
        self.take_off(id, task, false);
    }

    /// A job is canceled without a place of its own: it runs nothing. A task that it has is ended first, wherever it
    /// is; what it had not recorded is as after a crash.
    fn cancel(&mut self, cancel: Cancel) {
        let id = cancel.id;
        match self.in_flight.get(&id) {
            Some(flight) => {
                if !flight.is_cancel {
                    flight.task.abort();
                }
                self.cancels.entry(id).or_default().push(cancel);
            }
            None => self.end(id, vec![cancel]),
        }
    }

    fn end(&mut self, id: JobId, cancels: Vec<Cancel>) {
        self.forget_wait(id);
        let (core, deliveries) = (Arc::clone(&self.core), self.deliveries.clone());
        let task = self
            .running
            .spawn(cancel_job(core, deliveries, id, cancels));
        self.take_off(id, task, true);
    }

    fn forget_wait(&mut self, id: JobId) {
        if let Some(at_ms) = self.waiting.remove(&id) {
            self.timers.remove(&(at_ms, id));
        }
    }

    fn take_off(&mut self, id: JobId, task: AbortHandle, is_cancel: bool) {
        self.ids.insert(task.id(), id);
        let flight = Flight {
            task,
            again: false,
            is_cancel,
        };
        self.in_flight.insert(id, flight);
    }

    fn done(&mut self, done: Result<(tokio::task::Id, Left), JoinError>) {
        let (task, left) = match done {
            Ok((task, left)) => (task, left),
            Err(error) => {
                // The record knows that an attempt was under way: the job goes on as after a crash.
                if !error.is_cancelled() {
                    tracing::error!(%error, "the task of a job ended badly");
                }
                (
                    error.id(),
                    Left::Until(self.core.now_ms().saturating_add(AGAIN_MS)),
                )
            }
        };
        let Some(id) = self.ids.remove(&task) else {
            return;
        };
        let again = self
            .in_flight
            .remove(&id)
            .is_some_and(|flight| flight.again);
        if let Some(cancels) = self.cancels.remove(&id) {
            self.end(id, cancels);
            return;
        }
        match left {
            Left::Until(at_ms) if !again => {
                self.waiting.insert(id, at_ms);
                self.timers.insert((at_ms, id));
            }
            _ if again => self.begin(Handover::by_id(id)),
            _ => {}
        }
    }

    /// Waits for running attempts, up to the bound; what is left goes on at the next start.
    async fn drain(&mut self) {
        let cut_off = self.core.drain(&mut self.running).await;
        if cut_off > 0 {
            tracing::warn!(
                jobs = cut_off,
                "attempts are cut off and go on at the next start"
            );
        }
    }
}
