//! The one thread that writes. It takes what waits, runs it in one transaction, and answers after the commit.
//!
//! An operation is a closure that may run twice: when one of a batch fails halfway, the batch is rolled back and
//! each operation runs again in a transaction of its own. So the usual case pays for no savepoints, and one
//! operation's failure is nobody else's. Does not know any table.

use std::panic::{AssertUnwindSafe, catch_unwind};
use std::sync::Arc;
use std::sync::mpsc::{Receiver, RecvTimeoutError, Sender, TryRecvError, channel};
use std::thread::{self, JoinHandle};
use std::time::{Duration, Instant};

use parking_lot::RwLock;
use rusqlite::Connection;
use tokio::sync::{OwnedSemaphorePermit, Semaphore, broadcast, oneshot};

use crate::change::{CHANGES_KEPT_MAX, Change};
use crate::checkpoint::Checkpoints;
use crate::error::Error;
use crate::table::counters::{self, Counts};
use crate::tx::Tx;

/// Operations that may wait for the writer. Callers of [`Writer::write`] wait for room.
pub(crate) const QUEUE_OPERATIONS_MAX: usize = 4_096;
/// Inbound requests are refused beyond this, so that jobs under way still find room.
pub(crate) const QUEUE_ARRIVALS_MAX: usize = 3_072;
/// How many operations share a transaction at most.
const BATCH_OPERATIONS_MAX: usize = 512;
/// How often the writer looks for things to do when nobody asks.
const TICK: Duration = Duration::from_millis(200);

/// The handle of the thread.
pub(crate) struct Writer {
    queue: Sender<Queued>,
    room: Arc<Semaphore>,
    shared: Arc<Shared>,
    thread: Option<JoinHandle<()>>,
}

/// What the thread tells the rest of the store.
pub(crate) struct Shared {
    pub(crate) changes: broadcast::Sender<Change>,
    pub(crate) counts: RwLock<Counts>,
}

/// Work that the thread does by itself, between batches.
pub(crate) trait Chore: Send {
    /// Whether there is something to do. Cheap.
    fn is_due(&self) -> bool;

    /// Does a bounded piece of it.
    fn run(&mut self, tx: &Tx<'_>) -> Result<(), Error>;

    /// Told after the commit of `run`, or after its failure.
    fn ended(&mut self, saved: Result<(), Error>);
}

struct Queued {
    operation: Box<dyn Operation>,
    /// The place in the queue, free again once the thread takes the operation.
    _room: OwnedSemaphorePermit,
}

trait Operation: Send {
    /// Runs it and keeps the result. Gives whether it succeeded.
    fn run(&mut self, tx: &Tx<'_>) -> bool;

    /// Answers with the kept result, or with the error that kept it from being saved.
    fn answer(self: Box<Self>, saved: Result<(), Error>);
}

struct Pending<T, F> {
    name: &'static str,
    work: F,
    result: Option<Result<T, Error>>,
    caller: oneshot::Sender<Result<T, Error>>,
}

impl<T, F> Operation for Pending<T, F>
where
    T: Send,
    F: Fn(&Tx<'_>) -> Result<T, Error> + Send,
{
    fn run(&mut self, tx: &Tx<'_>) -> bool {
        let result = catch_unwind(AssertUnwindSafe(|| (self.work)(tx))).unwrap_or_else(|_| {
            Err(Error::Internal {
                what: format!("the write `{}` panicked", self.name),
            })
        });
        let ok = result.is_ok();
        self.result = Some(result);
        ok
    }

    fn answer(self: Box<Self>, saved: Result<(), Error>) {
        let result = match (saved, self.result) {
            (_, Some(Err(own))) => Err(own),
            (Err(error), _) => Err(error),
            (Ok(()), Some(result)) => result,
            (Ok(()), None) => Err(Error::Stopped),
        };
        // A caller that went away asked for a write, and it was done.
        drop(self.caller.send(result));
    }
}

impl Writer {
    pub(crate) fn start(
        conn: Connection,
        checkpoints: Checkpoints,
        chores: Vec<Box<dyn Chore>>,
    ) -> Result<Self, Error> {
        let shared = Arc::new(Shared {
            changes: broadcast::channel(CHANGES_KEPT_MAX).0,
            counts: RwLock::new(counters::read(&conn)?),
        });
        let (queue, waiting) = channel();
        let thread = WriterThread {
            conn,
            shared: Arc::clone(&shared),
            checkpoints,
            chores,
            chores_at: Instant::now() + TICK,
        };
        let thread = thread::Builder::new()
            .name("store-writer".to_owned())
            .spawn(move || thread.run(&waiting))
            .map_err(|error| Error::Internal {
                what: format!("the writer's thread could not start: {error}"),
            })?;
        Ok(Self {
            queue,
            room: Arc::new(Semaphore::new(QUEUE_OPERATIONS_MAX)),
            shared,
            thread: Some(thread),
        })
    }

    pub(crate) fn shared(&self) -> &Arc<Shared> {
        &self.shared
    }

    /// Runs the closure in a transaction and answers after its commit. Waits for room in the queue.
    pub(crate) async fn write<T, F>(&self, name: &'static str, work: F) -> Result<T, Error>
    where
        T: Send + 'static,
        F: Fn(&Tx<'_>) -> Result<T, Error> + Send + 'static,
    {
        let room = Arc::clone(&self.room)
            .acquire_owned()
            .await
            .map_err(|_| Error::Stopped)?;
        self.send(name, work, room).await
    }

    /// The same, refused at once when too much waits already.
    pub(crate) async fn write_or_refuse<T, F>(
        &self,
        name: &'static str,
        work: F,
    ) -> Result<T, Error>
    where
        T: Send + 'static,
        F: Fn(&Tx<'_>) -> Result<T, Error> + Send + 'static,
    {
        let full = Error::QueueFull {
            limit_name: "QUEUE_ARRIVALS_MAX",
            limit: QUEUE_ARRIVALS_MAX,
        };
        if self.room.available_permits() <= QUEUE_OPERATIONS_MAX - QUEUE_ARRIVALS_MAX {
            return Err(if self.room.is_closed() {
                Error::Stopped
            } else {
                full
            });
        }
        let room = Arc::clone(&self.room)
            .try_acquire_owned()
            .map_err(|_| full)?;
        self.send(name, work, room).await
    }

    async fn send<T, F>(
        &self,
        name: &'static str,
        work: F,
        room: OwnedSemaphorePermit,
    ) -> Result<T, Error>
    where
        T: Send + 'static,
        F: Fn(&Tx<'_>) -> Result<T, Error> + Send + 'static,
    {
        let (caller, answer) = oneshot::channel();
        let operation = Box::new(Pending {
            name,
            work,
            result: None,
            caller,
        });
        let queued = Queued {
            operation,
            _room: room,
        };
        self.queue.send(queued).map_err(|_| Error::Stopped)?;
        answer.await.map_err(|_| Error::Stopped)?
    }
}

impl Drop for Writer {
    /// Everything that waits is written, then the thread ends.
    fn drop(&mut self) {
        self.room.close();
        let (closed, _) = channel();
        self.queue = closed;
        if let Some(thread) = self.thread.take()
            && thread.join().is_err()
        {
            tracing::error!("the writer's thread had panicked");
        }
    }
}

struct WriterThread {
    conn: Connection,
    shared: Arc<Shared>,
    checkpoints: Checkpoints,
    chores: Vec<Box<dyn Chore>>,
    /// Not after every batch: each run of a chore is a commit.
    chores_at: Instant,
}

impl WriterThread {
    fn run(mut self, waiting: &Receiver<Queued>) {
        let mut batch = Vec::with_capacity(BATCH_OPERATIONS_MAX);
        loop {
            match waiting.recv_timeout(TICK) {
                Ok(first) => {
                    batch.push(first.operation);
                    take_waiting(waiting, &mut batch);
                    self.run_batch(&mut batch);
                }
                Err(RecvTimeoutError::Timeout) => {}
                Err(RecvTimeoutError::Disconnected) => break,
            }
            if Instant::now() >= self.chores_at {
                self.run_chores();
            }
            self.checkpoints.after_batch(&self.conn);
        }
        self.run_chores();
        self.checkpoints.at_end(&self.conn);
    }

    fn run_batch(&mut self, batch: &mut Vec<Box<dyn Operation>>) {
        match self.together(batch) {
            Together::Done(saved) => {
                for operation in batch.drain(..) {
                    operation.answer(saved.clone());
                }
            }
            Together::Undone => {
                for mut operation in batch.drain(..) {
                    let saved = self.alone(|tx| operation.run(tx));
                    operation.answer(saved);
                }
            }
        }
    }

    /// All in one transaction.
    fn together(&mut self, batch: &mut [Box<dyn Operation>]) -> Together {
        let tx = match begin(&self.conn, &self.shared) {
            Ok(tx) => tx,
            Err(error) => return Together::Done(Err(error)),
        };
        for operation in batch.iter_mut() {
            let mark = tx.mark();
            let changes = tx.total_changes();
            if operation.run(&tx) {
                continue;
            }
            if tx.total_changes() != changes || tx.is_autocommit() {
                // It left something behind, or SQLite gave the transaction up.
                roll_back(&self.conn);
                return Together::Undone;
            }
            tx.forget_since(&mark);
        }
        Together::Done(commit(&self.conn, tx, &self.shared))
    }

    /// One in a transaction of its own.
    fn alone(&self, run: impl FnOnce(&Tx<'_>) -> bool) -> Result<(), Error> {
        let tx = begin(&self.conn, &self.shared)?;
        if run(&tx) {
            return commit(&self.conn, tx, &self.shared);
        }
        roll_back(&self.conn);
        Ok(())
    }

    fn run_chores(&mut self) {
        let mut chores = std::mem::take(&mut self.chores);
        for chore in chores.iter_mut().filter(|chore| chore.is_due()) {
            let mut result = Ok(());
            let saved = self.alone(|tx| {
                result = chore.run(tx);
                result.is_ok()
            });
            let ended = result.and(saved);
            if let Err(error) = &ended {
                tracing::warn!(%error, "a chore of the store failed");
            }
            chore.ended(ended);
        }
        self.chores = chores;
        self.chores_at = Instant::now() + TICK;
    }
}

enum Together {
    /// The transaction ended: saved or not, every operation is answered.
    Done(Result<(), Error>),
    /// Rolled back because of one of them.
    Undone,
}

fn take_waiting(waiting: &Receiver<Queued>, batch: &mut Vec<Box<dyn Operation>>) {
    while batch.len() < BATCH_OPERATIONS_MAX {
        match waiting.try_recv() {
            Ok(next) => batch.push(next.operation),
            Err(TryRecvError::Empty | TryRecvError::Disconnected) => break,
        }
    }
}

fn begin<'c>(conn: &'c Connection, shared: &Shared) -> Result<Tx<'c>, Error> {
    conn.prepare_cached("BEGIN IMMEDIATE")?.execute([])?;
    Ok(Tx::new(conn, shared.changes.receiver_count() > 0))
}

fn commit(conn: &Connection, tx: Tx<'_>, shared: &Shared) -> Result<(), Error> {
    let committed = counters::add(conn, tx.counts())
        .and_then(|()| Ok(conn.prepare_cached("COMMIT")?.execute([])?));
    if let Err(error) = committed {
        tracing::error!(%error, "a transaction could not be committed");
        roll_back(conn);
        return Err(error);
    }
    let effects = tx.into_effects();
    let total = shared.counts.read().plus(effects.counts);
    *shared.counts.write() = total;
    if !effects.tags.is_empty() {
        // Nobody listens: nobody misses it.
        drop(shared.changes.send(Change { tags: effects.tags }));
    }
    Ok(())
}

fn roll_back(conn: &Connection) {
    if !conn.is_autocommit()
        && let Err(error) = conn.execute_batch("ROLLBACK")
    {
        tracing::error!(%error, "a transaction could not be rolled back");
    }
}
