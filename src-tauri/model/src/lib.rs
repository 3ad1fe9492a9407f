//! The nouns of Hookloom: typed ids, the flow document, problems, journal events, statuses.
//!
//! No I/O, no async, no clock: ids take the time and the randomness that they are made of.

pub mod body;
mod call_depth;
pub mod document;
pub mod exchange;
pub mod ids;
pub mod journal;
pub mod problem;
pub mod request;
pub mod status;
mod timetable;

pub use call_depth::{CALL_DEPTH_HEADER, CALL_DEPTH_MAX, call_depth};
pub use ids::{
    DeliveryId, FileId, FlowId, JobId, OutputId, RequestId, StepExecutionId, TaskId, is_trial,
};
pub use problem::{Problem, Severity};
pub use status::{DeliveryStatus, FlowState, JobStatus, StepStatus, TriggerKind, Verdict};
pub use timetable::{Timetable, TimetableError};
