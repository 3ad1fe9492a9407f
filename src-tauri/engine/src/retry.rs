//! When something that failed is tried again: steps by their backoff, and `Retry-After` for steps and deliveries.

use hookloom_model::document::{Backoff, Retry};

/// No wait between attempts is longer.
pub const RETRY_WAIT_MS_MAX: i64 = 24 * 60 * 60 * 1_000;

/// The wait after the given number of failed attempts, or none if the limit is reached. `Retry-After`
/// postpones and never shortens.
pub fn step_wait_ms(retry: &Retry, failed: u32, retry_after_ms: Option<i64>) -> Option<i64> {
    if failed >= retry.attempts_max {
        return None;
    }
    let factor = match retry.backoff {
        Backoff::Fixed => 1,
        Backoff::Exponential => 1_i64 << failed.saturating_sub(1).min(40),
    };
    let wait_ms = retry.delay_ms.saturating_mul(factor);
    Some(
        wait_ms
            .max(retry_after_ms.unwrap_or(0))
            .clamp(0, RETRY_WAIT_MS_MAX),
    )
}
