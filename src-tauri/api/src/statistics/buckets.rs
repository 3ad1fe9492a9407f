//! Minutes gathered into the buckets of a span, and by flow and endpoint.

use std::collections::BTreeMap;

use hookloom_store::{Durations, RollupRow};

use super::shape::{Bucket, DurationShares, JobsByEnd, RequestsByVerdict};
use crate::named::named;
use crate::time::At;

const MINUTE_MS: i64 = 60_000;

named!(
    /// How much time the statistics are about: the last hour in minutes, or the last day in quarters of an hour.
    StatisticsSpan { Hour = "hour", Day = "day" }
);

/// A span that ends with the bucket of now.
#[derive(Debug, Clone, Copy, PartialEq, Eq)]
pub(super) struct Span {
    pub from_ms: i64,
    pub to_ms: i64,
    pub bucket_ms: i64,
}

impl Span {
    pub fn until(now_ms: i64, span: StatisticsSpan) -> Self {
        let (bucket_ms, count) = match span {
            StatisticsSpan::Hour => (MINUTE_MS, 60),
            StatisticsSpan::Day => (15 * MINUTE_MS, 96),
        };
        let to_ms = now_ms - now_ms.rem_euclid(bucket_ms) + bucket_ms;
        Self {
            from_ms: to_ms - count * bucket_ms,
            to_ms,
            bucket_ms,
        }
    }

    pub fn minutes(self) -> f64 {
        ((self.to_ms - self.from_ms) / MINUTE_MS) as f64
    }

    /// Every bucket, also those without anything.
    pub fn buckets(self, rows: &[RollupRow]) -> Vec<Bucket> {
        let mut sums: BTreeMap<i64, Sum> = BTreeMap::new();
        for row in rows {
            let offset = (row.key.minute_at_ms - self.from_ms).div_euclid(self.bucket_ms);
            sums.entry(offset).or_default().add(row);
        }
        let count = (self.to_ms - self.from_ms) / self.bucket_ms;
        (0..count)
            .map(|offset| {
                let sum = sums.remove(&offset).unwrap_or_default();
                Bucket {
                    at: At::from_ms(self.from_ms + offset * self.bucket_ms),
                    requests: sum.requests,
                    jobs: sum.jobs,
                    duration_ms: DurationShares::of(&sum.durations),
                }
            })
            .collect()
    }
}

/// Minutes that were added up.
#[derive(Debug, Clone, Default)]
pub(super) struct Sum {
    pub requests: RequestsByVerdict,
    pub jobs: JobsByEnd,
    pub durations: Durations,
}

impl Sum {
    pub fn add(&mut self, row: &RollupRow) {
        self.requests.add(row.requests);
        self.jobs.add(&row.jobs);
        self.durations.merge(&row.jobs.durations);
    }
}

#[cfg(test)]
mod tests {
    use super::*;

    #[test]
    fn a_span_is_whole_buckets_and_ends_with_the_one_of_now() {
        let now_ms = 1_795_306_812_345;
        let hour = Span::until(now_ms, StatisticsSpan::Hour);
        assert!(hour.from_ms <= now_ms && now_ms < hour.to_ms);
        assert_eq!(hour.buckets(&[]).len(), 60);
        assert_eq!(hour.from_ms % MINUTE_MS, 0);
        let day = Span::until(now_ms, StatisticsSpan::Day);
        assert_eq!(
            (day.to_ms - day.from_ms, day.bucket_ms),
            (86_400_000, 900_000)
        );
        assert_eq!(day.buckets(&[]).len(), 96);
        assert!(now_ms < day.to_ms && day.to_ms - now_ms <= day.bucket_ms);
    }
}
