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

/// The wait that an answer asks for by `Retry-After`, as seconds or as a date; at most 24 h.
pub fn retry_after_ms(headers: &[(String, String)], now_ms: i64) -> Option<i64> {
    let value = headers.iter().find(|(name, _)| name == "retry-after");
    let value = value?.1.trim();
    let wait_ms = if !value.is_empty() && value.bytes().all(|byte| byte.is_ascii_digit()) {
        value
            .parse::<i64>()
            .unwrap_or(i64::MAX)
            .saturating_mul(1_000)
    } else {
        let date = jiff::fmt::rfc2822::parse(value).ok()?;
        date.timestamp().as_millisecond().saturating_sub(now_ms)
    };
    Some(wait_ms.clamp(0, RETRY_WAIT_MS_MAX))
}

#[cfg(test)]
mod tests {
    use super::*;
    use proptest::prelude::*;

    fn retry(attempts_max: u32, backoff: Backoff, delay_ms: i64) -> Retry {
        Retry {
            attempts_max,
            backoff,
            delay_ms,
        }
    }

    fn answer(value: &str) -> Vec<(String, String)> {
        vec![("retry-after".to_owned(), value.to_owned())]
    }

    #[test]
    fn exponential_waits_double_and_end_at_the_limit_of_attempts() {
        let retry = retry(4, Backoff::Exponential, 1_000);
        let waits: Vec<_> = (1..=4)
            .map(|failed| step_wait_ms(&retry, failed, None))
            .collect();
        assert_eq!(waits, [Some(1_000), Some(2_000), Some(4_000), None]);
    }

    #[test]
    fn retry_after_postpones_and_never_shortens() {
        let retry = retry(2, Backoff::Fixed, 5_000);
        assert_eq!(step_wait_ms(&retry, 1, Some(9_000)), Some(9_000));
        assert_eq!(step_wait_ms(&retry, 1, Some(1_000)), Some(5_000));
    }

    #[test]
    fn retry_after_is_read_as_seconds_and_as_a_date() {
        assert_eq!(retry_after_ms(&answer("120"), 0), Some(120_000));
        let at = "Sun, 06 Nov 1994 08:49:37 GMT";
        assert_eq!(retry_after_ms(&answer(at), 784_111_770_000), Some(7_000));
        assert_eq!(
            retry_after_ms(&answer(at), 1_784_111_770_000),
            Some(0),
            "a date that has passed"
        );
        assert_eq!(
            retry_after_ms(&answer("99999999999999999999"), 0),
            Some(RETRY_WAIT_MS_MAX)
        );
        for nonsense in ["", "-5", "soon", "1.5"] {
            assert_eq!(retry_after_ms(&answer(nonsense), 0), None, "{nonsense:?}");
        }
    }

    proptest! {
        #[test]
        fn no_wait_is_negative_or_longer_than_a_day(
            failed in 1_u32..1_000,
            delay_ms in 0_i64..i64::MAX,
            after in proptest::option::of(any::<i64>()),
        ) {
            let retry = retry(u32::MAX, Backoff::Exponential, delay_ms);
            let wait = step_wait_ms(&retry, failed, after).expect("attempts are left");
            prop_assert!((0..=RETRY_WAIT_MS_MAX).contains(&wait));
        }
    }
}
