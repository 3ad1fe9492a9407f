//! Starting a job by hand, from a script or by a schedule: with an input, and for some outputs only.

use hookloom_model::{FlowId, JobId, RequestId, TriggerKind};
use serde_json::Value;

use crate::core::Core;
use crate::ports::{Accepted, Arrival, InboxError, JobStart, JournalError, SecretError};

/// A job to start.
#[derive(Debug, Clone)]
pub struct StartJob {
    /// Whose job.
    pub flow_id: FlowId,
    /// The published version.
    pub version: i64,
    /// What starts it.
    pub trigger: TriggerKind,
    /// The person, token or schedule behind it.
    pub trigger_name: String,
    /// Becomes `trigger.body` and the default endpoint's body memory. It may carry `_secretStatePut`.
    pub input: Option<Value>,
    /// The outputs asked for; none means all.
    pub outputs: Option<Vec<String>>,
}

/// A job that is on disk.
#[derive(Debug, Clone, Copy, PartialEq, Eq)]
pub struct StartedJob {
    /// The job.
    pub job_id: JobId,
    /// The call that began it.
    pub request_id: RequestId,
}

/// Why no job was started.
#[derive(Debug, thiserror::Error)]
pub enum StartError {
    /// The flow has no such output.
    #[error(
        "the flow `{flow}` has no output `{output}`; it has {}",
        known_outputs(known)
    )]
    UnknownOutput {
        /// The flow's name.
        flow: String,
        /// What was asked for.
        output: String,
        /// What there is.
        known: Vec<String>,
    },
    /// The input is too long.
    #[error("the input has {bytes} bytes, more than input_bytes_max of {bytes_max}; give less")]
    InputTooLarge {
        /// Its length as JSON text.
        bytes: usize,
        /// The limit.
        bytes_max: usize,
    },
    /// The input's secret state is not what it should be.
    #[error("the input cannot be taken: {reason}")]
    BadInput {
        /// What is wrong with it.
        reason: String,
    },
    /// The version cannot be read or compiled.
    #[error("version {version} of the flow cannot run: {reason}")]
    Flow {
        /// Which version.
        version: i64,
        /// Why not.
        reason: String,
    },
    /// The journal failed.
    #[error(transparent)]
    Journal(#[from] JournalError),
    /// The inbox failed.
    #[error(transparent)]
    Inbox(#[from] InboxError),
    /// Secret state could not be sealed.
    #[error(transparent)]
    Secret(#[from] SecretError),
}

fn known_outputs(known: &[String]) -> String {
    if known.is_empty() {
        "none".to_owned()
    } else {
        known.join(", ")
    }
}

/// Writes the job through the inbox.
pub(crate) async fn start(core: &Core, start: StartJob) -> Result<StartedJob, StartError> {
    let request_id = core.new_request();
    let job = JobStart {
        request_id,
        flow_id: start.flow_id,
        version: start.version,
        at_ms: core.now_ms(),
        queued: hookloom_model::journal::Event::JobQueued {
            trigger: start.trigger,
            trigger_name: start.trigger_name,
            outputs: start.outputs,
            input: None,
            secret_state: Vec::new(),
        },
        input_blob: None,
        secret_state: None,
    };
    let arrival = Arrival {
        record: None,
        idempotency_key: None,
        start: Some(job),
    };
    match core.ports.inbox.accept(arrival).await? {
        Accepted::Started { job_id } => Ok(StartedJob { job_id, request_id }),
        Accepted::Held | Accepted::Duplicate { .. } => Err(InboxError::Unavailable {
            reason: "the job was not begun".to_owned(),
        }
        .into()),
    }
}
