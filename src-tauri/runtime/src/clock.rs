//! The real clock and the real randomness. The only place that asks the system for the time.

use std::time::{Duration, SystemTime, UNIX_EPOCH};

use async_trait::async_trait;
use hookloom_engine::ports::{Clock, Entropy};

/// Wall time is looked at again after this long: a monotonic timer stands still while a laptop sleeps.
const WALL_TIME_CHECK_MS: u64 = 15_000;

/// Now, Unix milliseconds.
pub fn now_ms() -> i64 {
    SystemClock.now_ms()
}

/// The system's clock.
#[derive(Debug, Clone, Copy, Default)]
pub struct SystemClock;

#[async_trait]
impl Clock for SystemClock {
    fn now_ms(&self) -> i64 {
        let since = SystemTime::now().duration_since(UNIX_EPOCH);
        // A clock before 1970 is a broken one; the first moment keeps everything in order.
        since.map_or(0, |it| i64::try_from(it.as_millis()).unwrap_or(i64::MAX))
    }

    async fn sleep_until_ms(&self, at_ms: i64) {
        loop {
            let Ok(left_ms @ 1..) = u64::try_from(at_ms.saturating_sub(self.now_ms())) else {
                return;
            };
            tokio::time::sleep(Duration::from_millis(left_ms.min(WALL_TIME_CHECK_MS))).await;
        }
    }
}

/// The system's randomness.
#[derive(Debug, Clone, Copy, Default)]
pub struct SystemEntropy;

impl Entropy for SystemEntropy {
    fn fill(&self, bytes: &mut [u8]) {
        getrandom::fill(bytes)
            .expect("the operating system gives randomness, or nothing here is safe");
    }
}

#[cfg(test)]
mod tests {
    use super::*;

    #[tokio::test]
    async fn a_sleep_ends_when_wall_time_has_come() {
        let clock = SystemClock;
        let due_at_ms = clock.now_ms() + 30;
        clock.sleep_until_ms(due_at_ms).await;
        assert!(clock.now_ms() >= due_at_ms);
    }

    #[tokio::test]
    async fn a_time_in_the_past_is_not_waited_for() {
        SystemClock.sleep_until_ms(0).await;
        SystemClock.sleep_until_ms(i64::MIN).await;
    }
}
