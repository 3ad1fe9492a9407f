//! How long things took, counted in buckets by whoever does them, on as many threads as there are. Knows no clock.

use std::sync::atomic::{AtomicU64, Ordering};
use std::time::Duration;

/// The upper bounds of the buckets, in microseconds. What took longer than the last is in a bucket of its own.
pub const BOUNDS_US: [u64; 16] = [
    500,
    1_000,
    2_500,
    5_000,
    10_000,
    25_000,
    50_000,
    100_000,
    250_000,
    500_000,
    1_000_000,
    2_500_000,
    5_000_000,
    10_000_000,
    30_000_000,
    300_000_000,
];
const BUCKETS: usize = BOUNDS_US.len() + 1;

/// Durations that are still being counted.
#[derive(Debug, Default)]
pub struct Histogram {
    counts: [AtomicU64; BUCKETS],
    sum_us: AtomicU64,
}

/// What was counted up to a moment.
#[derive(Debug, Clone, Copy, Default, PartialEq, Eq)]
pub struct HistogramLook {
    /// How many took at most each bound, and not the one before; the last one has what took longer than all of them.
    pub counts: [u64; BUCKETS],
    /// All of them together, in microseconds.
    pub sum_us: u64,
}

impl Histogram {
    /// One more.
    pub fn add(&self, took: Duration) {
        let took_us = u64::try_from(took.as_micros()).unwrap_or(u64::MAX);
        let bucket = BOUNDS_US.partition_point(|bound| *bound < took_us);
        self.counts[bucket].fetch_add(1, Ordering::Relaxed);
        self.sum_us.fetch_add(took_us, Ordering::Relaxed);
    }

    /// One more, of a time that the clock gave; a clock that went back took nothing.
    pub fn add_ms(&self, took_ms: i64) {
        self.add(Duration::from_millis(u64::try_from(took_ms).unwrap_or(0)));
    }

    /// What was counted so far.
    pub fn look(&self) -> HistogramLook {
        HistogramLook {
            counts: std::array::from_fn(|at| self.counts[at].load(Ordering::Relaxed)),
            sum_us: self.sum_us.load(Ordering::Relaxed),
        }
    }
}

#[cfg(test)]
mod tests {
    use proptest::prelude::*;

    use super::*;

    proptest! {
        #[test]
        fn each_is_counted_once_in_the_bucket_that_holds_it(given in proptest::collection::vec(0u64..400_000_000, 0..50)) {
            let histogram = Histogram::default();
            given.iter().for_each(|us| histogram.add(Duration::from_micros(*us)));
            let look = histogram.look();
            prop_assert_eq!(look.sum_us, given.iter().sum::<u64>());
            let mut lower = None;
            for (count, upper) in look.counts.iter().zip(BOUNDS_US.iter().copied().map(Some).chain([None])) {
                let here = given.iter().filter(|us| lower.is_none_or(|it| **us > it) && upper.is_none_or(|it| **us <= it));
                prop_assert_eq!(*count, here.count() as u64);
                lower = upper;
            }
        }
    }
}
