//! Connections that only read. A read lives 5 s at most: an old snapshot keeps the log from being emptied.

use std::sync::Arc;
use std::time::{Duration, Instant};

use parking_lot::Mutex;
use rusqlite::Connection;
use tokio::sync::Semaphore;

use crate::error::Error;
use crate::traffic::{READ_WAIT_MS_MAX, Traffic};

/// A read ends with an error after this long.
pub(crate) const READ_MS_MAX: u64 = 5_000;
/// How many steps of SQLite's machine pass between two looks at the clock.
const STEPS_BETWEEN_LOOKS: i32 = 20_000;

/// A bounded number of connections, each used by one read at a time.
pub(crate) struct Readers {
    idle: Mutex<Vec<Reader>>,
    free: Arc<Semaphore>,
    traffic: Arc<Traffic>,
    read_ms_max: u64,
}

struct Reader {
    conn: Connection,
    limit: Arc<Mutex<Limit>>,
}

#[derive(Clone, Copy)]
struct Limit {
    ends: Instant,
    interrupts: u64,
}

impl Readers {
    pub(crate) fn new(
        connections: Vec<Connection>,
        traffic: Arc<Traffic>,
        read_ms_max: u64,
    ) -> Result<Self, Error> {
        let free = Arc::new(Semaphore::new(connections.len()));
        let idle = connections
            .into_iter()
            .map(|conn| Reader::new(conn, Arc::clone(&traffic)))
            .collect::<Result<_, _>>()?;
        Ok(Self {
            idle: Mutex::new(idle),
            free,
            traffic,
            read_ms_max,
        })
    }

    /// Runs the closure on a thread that may block, in one snapshot.
    pub(crate) async fn read<T, F>(self: &Arc<Self>, work: F) -> Result<T, Error>
    where
        T: Send + 'static,
        F: FnOnce(&Connection) -> Result<T, Error> + Send + 'static,
    {
        let free = Arc::clone(&self.free);
        let permit = free.acquire_owned().await.map_err(|_| Error::Stopped)?;
        let readers = Arc::clone(self);
        // The permit goes with the work: that goes on when the caller goes away, and still has the connection.
        let joined = tokio::task::spawn_blocking(move || {
            let result = readers.run(work);
            drop(permit);
            result
        })
        .await;
        joined.map_err(|error| Error::Internal {
            what: format!("a read panicked: {error}"),
        })?
    }

    fn run<T>(&self, work: impl FnOnce(&Connection) -> Result<T, Error>) -> Result<T, Error> {
        // Before its time begins: waiting is not its own doing.
        let _under_way = self.traffic.enter(Duration::from_millis(READ_WAIT_MS_MAX));
        let reader = self.idle.lock().pop().ok_or(Error::Internal {
            what: "more reads than readers".to_owned(),
        })?;
        *reader.limit.lock() = Limit {
            ends: Instant::now() + Duration::from_millis(self.read_ms_max),
            interrupts: self.traffic.interrupts(),
        };
        let reader = Returned {
            reader: Some(reader),
            to: &self.idle,
        };
        reader.snapshot(work)
    }
}

/// Gives the reader back, also when the read panics.
struct Returned<'a> {
    reader: Option<Reader>,
    to: &'a Mutex<Vec<Reader>>,
}

impl Returned<'_> {
    fn snapshot<T>(&self, work: impl FnOnce(&Connection) -> Result<T, Error>) -> Result<T, Error> {
        let Some(reader) = &self.reader else {
            return Err(Error::Stopped);
        };
        let tx = reader.conn.unchecked_transaction()?;
        work(&tx)
    }
}

impl Drop for Returned<'_> {
    fn drop(&mut self) {
        self.to.lock().extend(self.reader.take());
    }
}

impl Reader {
    fn new(mut conn: Connection, traffic: Arc<Traffic>) -> Result<Self, Error> {
        let limit = Arc::new(Mutex::new(Limit {
            ends: Instant::now(),
            interrupts: 0,
        }));
        let watched = Arc::clone(&limit);
        conn.progress_handler(
            STEPS_BETWEEN_LOOKS,
            Some(move || {
                let limit = *watched.lock();
                Instant::now() > limit.ends || limit.interrupts != traffic.interrupts()
            }),
        )?;
        Ok(Self { conn, limit })
    }
}
