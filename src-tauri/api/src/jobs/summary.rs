//! A job as a row of a list.

use hookloom_model::{JobId, is_trial};
use hookloom_store::{DeliveryCounts as StoredCounts, JobRow};
use serde::Serialize;
use utoipa::ToSchema;

use crate::error::Error;
use crate::masked::Masked;
use crate::parts::{Fault, JobStatus, Trigger};
use crate::state::ApiState;
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
    /// The published version that it is pinned to; below zero for a trial.
    pub version: i64,
    /// Whether it only tries a draft.
    pub trial: bool,
    pub status: JobStatus,
    pub trigger: Trigger,
    /// The endpoint, schedule or person behind the trigger.
    pub trigger_name: String,
    /// The earlier job that it runs again, or continues.
    pub replay_of: Option<i64>,
    /// The earlier request whose headers and body it has.
    pub replayed_request_id: Option<String>,
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
    pub total: u64,
    pub delivered: u64,
    pub failed: u64,
    /// Pending, sending or waiting.
    pub open: u64,
}

impl Job {
    /// A row as it is shown at a moment: the duration of what runs goes on.
    pub(crate) fn new(row: JobRow, now_ms: i64, masked: &Masked) -> Self {
        let JobRow {
            id,
            request_id,
            flow_id: _,
            flow,
            flow_title,
            version,
            status,
            trigger,
            trigger_name,
            queued_at_ms,
            started_at_ms,
            ended_at_ms,
            waiting_until_ms,
            error,
            next_seq: _,
            replay_of,
            replayed_request_id,
        } = row;
        Self {
            id: id.0,
            request_id: request_id.to_string(),
            flow_title: flow_title.unwrap_or_else(|| flow.clone()),
            flow,
            version,
            trial: is_trial(version),
            status: status.into(),
            trigger: trigger.into(),
            trigger_name,
            replay_of: replay_of.map(|id| id.0),
            replayed_request_id: replayed_request_id.map(|id| id.to_string()),
            queued_at: At::from_ms(queued_at_ms),
            started_at: started_at_ms.map(At::from_ms),
            ended_at: ended_at_ms.map(At::from_ms),
            duration_ms: started_at_ms
                .map(|started| (ended_at_ms.unwrap_or(now_ms) - started).max(0)),
            waiting_until: waiting_until_ms.map(At::from_ms),
            error: error.map(|(error, at_ms)| Fault::new(masked.error(error), at_ms)),
        }
    }
}

impl From<StoredCounts> for DeliveryCounts {
    fn from(counts: StoredCounts) -> Self {
        let StoredCounts {
            total,
            delivered,
            failed,
            open,
        } = counts;
        Self {
            total,
            delivered,
            failed,
            open,
        }
    }
}

/// Rows with the counts of their deliveries.
pub(crate) async fn summaries(
    state: &ApiState,
    rows: Vec<JobRow>,
) -> Result<Vec<JobSummary>, Error> {
    let ids = rows.iter().map(|row| row.id).collect();
    let mut counts = state.store.delivery_counts(ids).await?;
    let (now_ms, masked) = (state.clock.now_ms(), state.masked());
    let summary = |row: JobRow| {
        let deliveries = counts.remove(&row.id).unwrap_or_default().into();
        JobSummary {
            job: Job::new(row, now_ms, &masked),
            deliveries,
        }
    };
    Ok(rows.into_iter().map(summary).collect())
}

/// The rows of these jobs; one that is gone meanwhile is left out.
pub(crate) async fn rows_by_id(
    state: &ApiState,
    ids: impl IntoIterator<Item = JobId>,
) -> Result<Vec<JobSummary>, Error> {
    let mut rows = Vec::new();
    for id in ids {
        match state.store.job(id).await {
            Ok(row) => rows.push(row),
            Err(hookloom_store::Error::NotFound { .. }) => {}
            Err(error) => return Err(error.into()),
        }
    }
    summaries(state, rows).await
}
