//! Why nothing can be written at this moment, known before anybody tries; and the probe that finds out when it is
//! over, also when nobody writes. Does not know whether the queue is full: that is the writer's.

use std::sync::Arc;

use parking_lot::RwLock;

use crate::error::Error;
use crate::table::blobs;
use crate::tx::Tx;
use crate::writer_thread::Chore;

/// What the probe writes. More than a small request, so that one page that happens to be free is no sign of room.
const PROBE_BYTES: usize = 256 * 1024;
/// Where it lies until the next commit of the probe deletes it. No id of a request or a value looks like this.
const PROBE_ID: &str = "probe";

/// What is in the way of every write.
#[derive(Default)]
pub(crate) struct Trouble {
    now: RwLock<Option<Error>>,
}

impl Trouble {
    pub(crate) fn reason(&self) -> Option<String> {
        self.now.read().as_ref().map(Error::to_string)
    }

    fn is_known(&self) -> bool {
        self.now.read().is_some()
    }

    /// A write failed. Says so in the log once, however many fail for the same reason after it.
    pub(crate) fn failed(&self, error: &Error) {
        if !error.is_of_the_disk() {
            return;
        }
        let before = self.now.write().replace(error.clone());
        if before.is_none() {
            tracing::error!(%error, "nothing can be saved at the moment");
        }
    }

    /// Something was written and committed.
    pub(crate) fn is_over(&self) {
        if self.is_known() {
            *self.now.write() = None;
            tracing::info!("what comes can be saved again");
        }
    }
}

/// Writes and deletes some bytes while there is trouble: the commit of either ends it.
pub(crate) struct Probe {
    trouble: Arc<Trouble>,
    /// Whether the bytes may lie in the database.
    written: bool,
}

impl Probe {
    pub(crate) fn new(trouble: Arc<Trouble>) -> Self {
        Self {
            trouble,
            // An end in the midst of trouble may have left them.
            written: true,
        }
    }
}

impl Chore for Probe {
    fn is_due(&self) -> bool {
        self.written || self.trouble.is_known()
    }

    fn run(&mut self, tx: &Tx<'_>) -> Result<(), Error> {
        // First of all: room that the bytes have already would prove nothing.
        blobs::delete(tx, PROBE_ID)?;
        self.written = self.trouble.is_known();
        if self.written {
            blobs::put(tx, PROBE_ID, &[0; PROBE_BYTES])?;
        }
        Ok(())
    }

    fn ended(&mut self, saved: Result<(), Error>) {
        // What was not saved is there as it was before.
        self.written |= saved.is_err();
    }
}
