//! Time and randomness, passed in so that a simulation can own both.

use async_trait::async_trait;

/// Wall time and waiting for it.
#[async_trait]
pub trait Clock: Send + Sync {
    /// Now, Unix milliseconds.
    fn now_ms(&self) -> i64;

    /// Returns once `now_ms()` is at least `at_ms`. Compares wall time at least every 15 s, because monotonic
    /// timers stand still while a laptop sleeps.
    async fn sleep_until_ms(&self, at_ms: i64);
}

/// Random bytes for ids and jitter. Not for keys.
pub trait Entropy: Send + Sync {
    /// Fills the buffer.
    fn fill(&self, bytes: &mut [u8]);
}
