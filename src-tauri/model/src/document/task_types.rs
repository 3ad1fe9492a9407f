//! When a webhook task sends its message, and about what.

/// Which end of a job sends the message.
#[derive(Debug, Clone, Copy, PartialEq, Eq)]
pub enum TaskEvent {
    JobSucceeded,
    /// Failed, timed out or canceled.
    JobFailed,
    /// Either.
    JobFinished,
}

impl TaskEvent {
    /// The name in the document.
    pub fn as_str(self) -> &'static str {
        match self {
            Self::JobSucceeded => "job_succeeded",
            Self::JobFailed => "job_failed",
            Self::JobFinished => "job_finished",
        }
    }
}

/// What the event looks at.
#[derive(Debug, Clone, PartialEq, Eq)]
pub enum TaskObject {
    /// The job as a whole: one delivery.
    AnyJob,
    /// Named outputs: one delivery for each.
    Outputs(Vec<String>),
}

impl TaskObject {
    /// The outputs that it names; none for the job as a whole.
    pub fn outputs(&self) -> &[String] {
        match self {
            Self::AnyJob => &[],
            Self::Outputs(outputs) => outputs,
        }
    }
}
