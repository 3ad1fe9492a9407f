//! The shapes of the statistics.

use hookloom_store::{Durations, JobCounts, RequestCounts};
use serde::Serialize;
use utoipa::ToSchema;

use super::buckets::StatisticsSpan;
use crate::flows::LastJob;
use crate::time::At;

/// What happened in a span. Trials do not count.
#[derive(Debug, Serialize, ToSchema)]
pub struct Statistics {
    pub span: StatisticsSpan,
    pub from: At,
    /// The end of the last bucket, which may lie ahead.
    pub to: At,
    pub bucket_ms: i64,
    /// The whole span, in order, without gaps.
    pub buckets: Vec<Bucket>,
    pub flows: Vec<FlowStatistics>,
    pub endpoints: Vec<EndpointStatistics>,
}

/// What happened in a part of the span.
#[derive(Debug, Serialize, ToSchema)]
pub struct Bucket {
    /// Its begin.
    pub at: At,
    pub requests: RequestsByVerdict,
    /// By their end.
    pub jobs: JobsByEnd,
    /// Null if no job ended.
    pub duration_ms: Option<DurationShares>,
}

/// What happened to a flow.
#[derive(Debug, Serialize, ToSchema)]
pub struct FlowStatistics {
    /// The flow's name.
    pub flow: String,
    pub jobs: JobsByEnd,
    /// The job that began last, also before the span.
    pub last_job: Option<LastJob>,
    /// Of the jobs that ended and were not canceled, the share that is complete; null if there are none.
    pub success_share: Option<f64>,
    /// Null if no job ended.
    pub duration_ms: Option<DurationShares>,
}

/// What happened to an endpoint.
#[derive(Debug, Serialize, ToSchema)]
pub struct EndpointStatistics {
    /// The name of its flow.
    pub flow: String,
    /// Its name.
    pub endpoint: String,
    pub requests: RequestsByVerdict,
    /// Requests a minute over the span.
    pub per_minute: f64,
    /// Of the jobs that its requests began and that ended, 95 of 100 took no longer; null if there are none.
    pub p95_ms: Option<u64>,
    /// Also before the span.
    pub last_request_at: Option<At>,
}

/// Requests by what became of them.
#[derive(Debug, Clone, Copy, Default, Serialize, ToSchema)]
pub struct RequestsByVerdict {
    pub accepted: u64,
    pub rejected: u64,
    pub duplicate: u64,
    pub held: u64,
}

impl RequestsByVerdict {
    pub(super) fn add(&mut self, counts: RequestCounts) {
        let RequestCounts {
            accepted,
            rejected,
            duplicate,
            held,
        } = counts;
        self.accepted += accepted;
        self.rejected += rejected;
        self.duplicate += duplicate;
        self.held += held;
    }

    pub(super) fn all(self) -> u64 {
        self.accepted + self.rejected + self.duplicate + self.held
    }
}

/// Jobs by how they ended.
#[derive(Debug, Clone, Copy, Default, Serialize, ToSchema)]
pub struct JobsByEnd {
    pub complete: u64,
    pub failed: u64,
    pub canceled: u64,
    pub timed_out: u64,
}

impl JobsByEnd {
    pub(super) fn add(&mut self, counts: &JobCounts) {
        let JobCounts {
            complete,
            failed,
            canceled,
            timed_out,
            durations: _,
        } = counts;
        self.complete += complete;
        self.failed += failed;
        self.canceled += canceled;
        self.timed_out += timed_out;
    }

    /// Canceled ones say nothing of how well things go.
    pub(super) fn success_share(self) -> Option<f64> {
        let judged = self.complete + self.failed + self.timed_out;
        (judged > 0).then(|| self.complete as f64 / judged as f64)
    }
}

/// How long jobs took from their first step to their end, right to a twentieth.
#[derive(Debug, Clone, Copy, Serialize, ToSchema)]
pub struct DurationShares {
    /// Half took no longer.
    pub p50: u64,
    /// 95 of 100 took no longer.
    pub p95: u64,
}

impl DurationShares {
    pub(super) fn of(durations: &Durations) -> Option<Self> {
        Some(Self {
            p50: durations.quantile(0.5)?,
            p95: durations.quantile(0.95)?,
        })
    }
}
