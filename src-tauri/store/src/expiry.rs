//! Rows that are over: idempotency keys after seven days, status URLs a day after their job. A little at a time, so that
//! no batch waits long.

use std::time::{Duration, Instant};

use crate::error::Error;
use crate::table::{idempotency_keys, status_urls};
use crate::tx::Tx;
use crate::writer_thread::Chore;

const ROWS_AT_ONCE_MAX: u32 = 1_000;
const EVERY: Duration = Duration::from_secs(60);

/// Deletes what expired.
pub(crate) struct DeleteExpired {
    next: Instant,
    /// Whether the last run found as many as it takes at once.
    more: bool,
}

impl Default for DeleteExpired {
    fn default() -> Self {
        Self {
            next: Instant::now() + EVERY,
            more: false,
        }
    }
}

impl Chore for DeleteExpired {
    fn is_due(&self) -> bool {
        self.more || Instant::now() >= self.next
    }

    fn run(&mut self, tx: &Tx<'_>) -> Result<(), Error> {
        let keys = idempotency_keys::delete_expired(tx, ROWS_AT_ONCE_MAX)?;
        let urls = status_urls::delete_expired(tx, ROWS_AT_ONCE_MAX)?;
        self.more = keys.max(urls) >= ROWS_AT_ONCE_MAX as usize;
        Ok(())
    }

    fn ended(&mut self, saved: Result<(), Error>) {
        self.more &= saved.is_ok();
        self.next = Instant::now() + EVERY;
    }
}
