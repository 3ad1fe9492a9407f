//! Schedules of live flows, and until when each of them is done.

use async_trait::async_trait;
use hookloom_model::FlowId;

use super::journal::JournalError;

/// Schedules on disk. A job that one begins is written by the inbox, together with the time that it is for.
#[async_trait]
pub trait Schedules: Send + Sync {
    /// Every schedule of a live flow that is switched on.
    async fn live(&self) -> Result<Vec<LiveSchedule>, JournalError>;

    /// Times begin nothing any more, or after the clock was set back begin something again. Changes nothing if
    /// somebody moved the schedule on meanwhile.
    async fn pass(&self, pass: PassedSchedule) -> Result<(), JournalError>;
}

/// A schedule that can begin jobs now.
#[derive(Debug, Clone, PartialEq, Eq)]
pub struct LiveSchedule {
    /// Whose schedule.
    pub flow_id: FlowId,
    /// The published version, whose document says the rest.
    pub version: i64,
    /// Its name.
    pub name: String,
    /// Times up to this one are done, Unix milliseconds.
    pub done_until_ms: i64,
}

/// Times of a schedule that pass without a job.
#[derive(Debug, Clone, PartialEq, Eq)]
pub struct PassedSchedule {
    /// Whose schedule.
    pub flow_id: FlowId,
    /// Its name.
    pub name: String,
    /// Until when it was done.
    pub from_ms: i64,
    /// Until when it is done now.
    pub until_ms: i64,
    /// How many times were missed.
    pub missed: u64,
    /// Now, Unix milliseconds.
    pub at_ms: i64,
}
