//! The one thread that writes. It takes what waits, runs it in one transaction, and answers after the commit.
//!
//! An operation is a closure that may run twice: when one of a batch fails halfway, the batch is rolled back and
//! each operation runs again in a transaction of its own. So the usual case pays for no savepoints, and one
//! operation's failure is nobody else's. Does not know any table.

use std::collections::BTreeSet;
use std::panic::{AssertUnwindSafe, catch_unwind};
use std::sync::Arc;
use std::sync::mpsc::{Sender, channel};
use std::thread::{self, JoinHandle};

use parking_lot::{Mutex, RwLock};
use rusqlite::Connection;
use tokio::sync::{OwnedSemaphorePermit, Semaphore, broadcast, oneshot};

use crate::backup::CopyOrder;
use crate::change::{CHANGES_KEPT_MAX, Change};
use crate::checkpoint::Checkpoints;
use crate::error::Error;
use crate::table::counters::{self, Counts};
use crate::tally::Tally;
use crate::trouble::{Probe, Trouble};
use crate::tx::Tx;
use crate::writer_thread::{Chore, WriterThread};

/// Operations that may wait for the writer. Callers of [`Writer::write`] wait for room.
pub(crate) const QUEUE_OPERATIONS_MAX: usize = 4_096;
/// Inbound requests are refused beyond this, so that jobs under way still find room.
pub(crate) const QUEUE_ARRIVALS_MAX: usize = 3_072;
/// Bytes of inbound requests that may wait; a larger request waits alone.
pub(crate) const QUEUE_BYTES_MAX: usize = 64 * 1024 * 1024;

/// The handle of the thread.
pub(crate) struct Writer {
    queue: Sender<Queued>,
    room: Arc<Semaphore>,
    room_bytes: Arc<Semaphore>,
    shared: Arc<Shared>,
    thread: Option<JoinHandle<()>>,
}

/// What the thread tells the rest of the store.
pub(crate) struct Shared {
    pub(crate) changes: broadcast::Sender<Change>,
    pub(crate) counts: RwLock<Counts>,
    pub(crate) trouble: Arc<Trouble>,
    /// Minutes with a request that was not accepted: their count is not right any more.
    pub(crate) uncounted: Mutex<BTreeSet<i64>>,
    /// What was committed since the start.
    pub(crate) tally: Tally,
    /// A copy of the database that somebody waits for.
    copy_order: Mutex<Option<CopyOrder>>,
}

impl Shared {
    /// Asks for a copy. One that waits already is given up.
    pub(crate) fn order_copy(&self, order: CopyOrder) {
        *self.copy_order.lock() = Some(order);
    }

    pub(crate) fn take_copy_order(&self) -> Option<CopyOrder> {
        self.copy_order.lock().take()
    }
}

/// An operation that waits.
pub(crate) struct Queued {
    pub(crate) operation: Box<dyn Operation>,
    /// Whether a sender waits for its answer: those go first.
    pub(crate) is_arrival: bool,
    /// The place in the queue, free again once the thread takes the operation.
    _room: Option<Room>,
}

#[cfg(test)]
impl Queued {
    /// One that takes no room.
    pub(crate) fn of(operation: Box<dyn Operation>, is_arrival: bool) -> Self {
        Self {
            operation,
            is_arrival,
            _room: None,
        }
    }
}

struct Room {
    _place: OwnedSemaphorePermit,
    _bytes: Option<OwnedSemaphorePermit>,
}

/// A closure of any type of result.
pub(crate) trait Operation: Send {
    /// Runs it and keeps the result. Gives whether it succeeded.
    fn run(&mut self, tx: &Tx<'_>) -> bool;

    /// Why the last run failed, if it did.
    fn failure(&self) -> Option<&Error>;

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

    fn failure(&self) -> Option<&Error> {
        self.result.as_ref()?.as_ref().err()
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
        mut chores: Vec<Box<dyn Chore>>,
    ) -> Result<Self, Error> {
        let shared = Arc::new(Shared {
            changes: broadcast::channel(CHANGES_KEPT_MAX).0,
            counts: RwLock::new(counters::read(&conn)?),
            trouble: Arc::default(),
            uncounted: Mutex::default(),
            tally: Tally::default(),
            copy_order: Mutex::default(),
        });
        chores.push(Box::new(Probe::new(Arc::clone(&shared.trouble))));
        let (queue, waiting) = channel();
        let told = Arc::clone(&shared);
        let thread = thread::Builder::new()
            .name("store-writer".to_owned())
            .spawn(move || WriterThread::new(&conn, told, checkpoints, chores).run(&waiting))
            .map_err(|error| Error::Internal {
                what: format!("the writer's thread could not start: {error}"),
            })?;
        Ok(Self {
            queue,
            room: Arc::new(Semaphore::new(QUEUE_OPERATIONS_MAX)),
            room_bytes: Arc::new(Semaphore::new(QUEUE_BYTES_MAX)),
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
        let place = Arc::clone(&self.room)
            .acquire_owned()
            .await
            .map_err(|_| Error::Stopped)?;
        let room = Room {
            _place: place,
            _bytes: None,
        };
        self.send(name, work, room, false).await
    }

    /// The same for an inbound request: refused at once when too much waits already, and ahead of what no sender waits
    /// for. `bytes` is what the operation holds in memory.
    pub(crate) async fn write_or_refuse<T, F>(
        &self,
        name: &'static str,
        bytes: usize,
        work: F,
    ) -> Result<T, Error>
    where
        T: Send + 'static,
        F: Fn(&Tx<'_>) -> Result<T, Error> + Send + 'static,
    {
        let room = self.room_or_refuse(bytes)?;
        self.send(name, work, room, true).await
    }

    /// Why a request would be refused at this moment, or fail, whatever it is. Cheap, and writes nothing.
    pub(crate) fn unavailable(&self) -> Option<String> {
        let trouble = self.shared.trouble.reason();
        trouble.or_else(|| self.check_open().err().map(|error| error.to_string()))
    }

    /// How many operations the queue has room for.
    pub(crate) fn room(&self) -> usize {
        self.room.available_permits().min(QUEUE_OPERATIONS_MAX)
    }

    /// Whether there is a writer, and requests may wait for it.
    fn check_open(&self) -> Result<(), Error> {
        let is_gone = self.thread.as_ref().is_none_or(JoinHandle::is_finished);
        if is_gone || self.room.is_closed() {
            return Err(Error::Stopped);
        }
        if self.room.available_permits() <= QUEUE_OPERATIONS_MAX - QUEUE_ARRIVALS_MAX {
            return Err(too_many());
        }
        Ok(())
    }

    fn room_or_refuse(&self, bytes: usize) -> Result<Room, Error> {
        self.check_open()?;
        let place = Arc::clone(&self.room).try_acquire_owned();
        let bytes = u32::try_from(bytes.min(QUEUE_BYTES_MAX)).unwrap_or(u32::MAX);
        let room_bytes = Arc::clone(&self.room_bytes).try_acquire_many_owned(bytes);
        Ok(Room {
            _place: place.map_err(|_| too_many())?,
            _bytes: Some(room_bytes.map_err(|_| Error::QueueFull {
                limit_name: "QUEUE_BYTES_MAX",
                limit: QUEUE_BYTES_MAX,
            })?),
        })
    }

    async fn send<T, F>(
        &self,
        name: &'static str,
        work: F,
        room: Room,
        is_arrival: bool,
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
            is_arrival,
            _room: Some(room),
        };
        self.queue.send(queued).map_err(|_| Error::Stopped)?;
        answer.await.map_err(|_| Error::Stopped)?
    }
}

fn too_many() -> Error {
    Error::QueueFull {
        limit_name: "QUEUE_ARRIVALS_MAX",
        limit: QUEUE_ARRIVALS_MAX,
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
