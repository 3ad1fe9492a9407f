//! A job as a row of a list.

use serde::Serialize;
use utoipa::ToSchema;

use crate::parts::{Fault, JobStatus, Trigger};
use crate::time::At;

/// A job as a row of a list.
#[derive(Debug, Clone, Serialize, ToSchema)]
pub struct JobSummary {
    #[serde(flatten)]
    pub job: Job,
    pub deliveries: DeliveryCounts,
}

/// What lists and details have in common.
#[derive(Debug, Clone, Serialize, ToSchema)]
pub struct Job {
    pub id: i64,
    /// The call that began it, also for jobs that no inbound request began.
    pub request_id: String,
    /// The flow's name.
    pub flow: String,
    pub flow_title: String,
    /// The published version that it is pinned to.
    pub version: i64,
    pub status: JobStatus,
    pub trigger: Trigger,
    /// The endpoint, schedule or person behind the trigger.
    pub trigger_name: String,
    pub queued_at: At,
    pub started_at: Option<At>,
    pub ended_at: Option<At>,
    /// From its start to its end, or to now.
    pub duration_ms: Option<i64>,
    /// Until when it waits, if it does.
    pub waiting_until: Option<At>,
    pub error: Option<Fault>,
}

/// The deliveries of a job.
#[derive(Debug, Clone, Copy, PartialEq, Eq, Serialize, ToSchema)]
pub struct DeliveryCounts {
    pub total: u32,
    pub delivered: u32,
    pub failed: u32,
    /// Pending, sending or waiting.
    pub open: u32,
}
