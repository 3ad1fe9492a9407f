//! Starting a job by hand, from a script or by a schedule: with an input, and for some outputs only.

use std::sync::Arc;

use hookloom_model::body::take_secret_state;
use hookloom_model::journal::{Event, INLINE_BYTES_MAX, STEP_DATA_BYTES_MAX, ValueRef};
use hookloom_model::{FlowId, JobId, RequestId, TriggerKind, is_trial};
use indexmap::IndexMap;
use serde_json::{Map, Value};

use crate::core::Core;
use crate::flow::{FlowError, LoadedFlow};
use crate::handover::{Begun, Handover};
use crate::ports::{
    Accepted, Arrival, DueSchedule, InboxError, JobStart, JournalError, Origin, SecretError,
};
use crate::secret_state::{self, SealedState};

/// A job to start. Its input may hold secret state: it has no `Debug`.
#[derive(Clone)]
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
    /// How many jobs, one calling the next, led to this start.
    pub depth: u32,
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
    #[error(
        "the input has {bytes} bytes as JSON, more than input_bytes_max of {bytes_max}; give less"
    )]
    InputTooLarge {
        /// Its length as JSON text.
        bytes: usize,
        /// The limit.
        bytes_max: usize,
    },
    /// The input's secret state is not what it should be.
    #[error("the input cannot be taken: {reason}")]
    BadInput {
        /// What is wrong with it, and what to do.
        reason: String,
    },
    /// The version cannot be read or compiled.
    #[error("version {version} of the flow cannot run: {reason}; publish it again")]
    Flow {
        /// Which version.
        version: i64,
        /// Why not.
        reason: String,
    },
    /// The schedule is not due: somebody was quicker, or the flow is not live any more.
    #[error("nothing is due; nothing was started")]
    NotDue,
    /// The flow has no such step.
    #[error("the flow has no step `{step}`; it has {}", known_outputs(known))]
    UnknownStep {
        /// What was asked for.
        step: String,
        /// What there is.
        known: Vec<String>,
    },
    /// Secret state went with the end of the earlier job, and was not given again.
    #[error(
        "it came with secret state, which is gone since its end{}; give it again",
        named(names)
    )]
    SecretStateGone {
        /// The names that are missing; empty if nobody knows them any more.
        names: Vec<String>,
    },
    /// Only a job that has ended can be continued.
    #[error("job {job_id} has not ended; wait for its end, or cancel it")]
    NotEnded {
        /// Which job.
        job_id: JobId,
    },
    /// Every step of it ended well.
    #[error(
        "job {job_id} is complete, so there is nothing to continue; name the step to begin with, or replay it"
    )]
    NothingToContinue {
        /// Which job.
        job_id: JobId,
    },
    /// The record of the earlier job is damaged.
    #[error("the record of job {job_id} cannot be read: {reason}")]
    BadRecord {
        /// Which job.
        job_id: JobId,
        /// What is wrong with it.
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

/// What a job begins with beside its start.
pub(crate) struct Begin {
    pub request_id: RequestId,
    /// Secret state that is given with the start.
    pub secret_state: Map<String, Value>,
    pub taken_over: Vec<Event>,
    pub copies: Vec<(String, String)>,
    /// Values that lie apart.
    pub blobs: Vec<(String, Vec<u8>)>,
    pub schedule: Option<DueSchedule>,
}

impl Begin {
    pub fn new(core: &Core) -> Self {
        Self {
            request_id: core.new_request(),
            secret_state: Map::new(),
            taken_over: Vec::new(),
            copies: Vec::new(),
            blobs: Vec::new(),
            schedule: None,
        }
    }
}

/// Writes the job through the inbox.
pub(crate) async fn start(
    core: &Core,
    start: StartJob,
) -> Result<(StartedJob, Handover), StartError> {
    begin(core, start, Begin::new(core)).await
}

pub(crate) async fn load_flow(
    core: &Core,
    flow_id: FlowId,
    version: i64,
) -> Result<Arc<LoadedFlow>, StartError> {
    let flow = core.flows.load(&core.ports, flow_id, version).await;
    flow.map_err(|error| match error {
        FlowError::Journal(error) => StartError::Journal(error),
        FlowError::Broken { reason } => StartError::Flow { version, reason },
    })
}

/// The same, with what it takes over.
pub(crate) async fn begin(
    core: &Core,
    start: StartJob,
    mut begin: Begin,
) -> Result<(StartedJob, Handover), StartError> {
    say_that_it_tries(start.version, &mut begin.taken_over);
    let flow = load_flow(core, start.flow_id, start.version).await?;
    check_outputs(&flow, start.outputs.as_deref())?;
    let request_id = begin.request_id;
    let mut input = start.input;
    let mut put = match &mut input {
        Some(input) => take_state(input)?,
        None => Map::new(),
    };
    put.extend(begin.secret_state);
    secret_state::check_size(&put).map_err(|error| StartError::BadInput {
        reason: error.to_string(),
    })?;
    if let Some(input) = &mut input {
        mask_input(core, input, &put);
    }
    let (input, input_blob) = measured(request_id, input)?;
    let sealed = match put.is_empty() {
        true => None,
        false => Some(secret_state::seal_new(&*core.ports.job_keys, request_id, &put).await?),
    };
    let (secret_state, names) = match sealed {
        Some(SealedState { sealed, names }) => (Some(sealed), names),
        None => (None, Vec::new()),
    };
    let has_key = secret_state.is_some();
    let job = JobStart {
        request_id,
        flow_id: start.flow_id,
        version: start.version,
        at_ms: core.now_ms(),
        queued: Event::JobQueued {
            trigger: start.trigger,
            trigger_name: start.trigger_name,
            outputs: start.outputs,
            input,
            secret_state: names,
            depth: start.depth,
        },
        input_blob,
        secret_state,
        origin: Origin {
            taken_over: begin.taken_over,
            copies: begin.copies,
            blobs: begin.blobs,
            schedule: begin.schedule,
        },
    };
    let started = accept(core, job).await;
    let is_nothing_written = matches!(
        started,
        Err(StartError::NotDue
            | StartError::Inbox(InboxError::Unavailable { .. } | InboxError::FlowGone))
    );
    if has_key && is_nothing_written {
        // The key has no job. After any other failure the job may be there, and need it.
        let _ = core.ports.job_keys.destroy(request_id).await;
    }
    started
}

async fn accept(core: &Core, job: JobStart) -> Result<(StartedJob, Handover), StartError> {
    let request_id = job.request_id;
    let arrival = Arrival {
        record: None,
        idempotency_key: None,
        start: Some(job),
    };
    let begun = Begun::of(&arrival);
    match core.ports.inbox.accept(arrival).await? {
        Accepted::Started { job_id } => {
            let started = StartedJob { job_id, request_id };
            Ok((started, begun.saved_as(job_id)))
        }
        Accepted::Held | Accepted::Duplicate { .. } => Err(StartError::NotDue),
    }
}

/// Whatever starts a job of a version that was made for trials starts a trial: it sends nothing by itself.
fn say_that_it_tries(version: i64, events: &mut Vec<Event>) {
    let is_said = events
        .iter()
        .any(|event| matches!(event, Event::JobTries { .. }));
    if is_trial(version) && !is_said {
        let tries = Event::JobTries {
            send_tasks: false,
            headers: IndexMap::new(),
            query: IndexMap::new(),
        };
        events.insert(0, tries);
    }
}

fn check_outputs(flow: &LoadedFlow, outputs: Option<&[String]>) -> Result<(), StartError> {
    let known = || flow.document.outputs.iter().map(|output| &output.name);
    match outputs
        .into_iter()
        .flatten()
        .find(|asked| !known().any(|name| name == *asked))
    {
        None => Ok(()),
        Some(output) => Err(StartError::UnknownOutput {
            flow: flow.document.name.clone(),
            output: output.clone(),
            known: known().cloned().collect(),
        }),
    }
}

/// An input is recorded like a request's body: without the values of secrets, and of the secret state that comes along.
pub(crate) fn mask_input(core: &Core, input: &mut Value, put: &Map<String, Value>) {
    let masker = core.ports.secrets.masker();
    match put.is_empty() {
        true => masker.mask_json(input),
        false => masker
            .with_json(&Value::Object(put.clone()))
            .mask_json(input),
    };
}

fn take_state(input: &mut Value) -> Result<Map<String, Value>, StartError> {
    let taken = take_secret_state(input);
    let taken = taken.map_err(|error| StartError::BadInput {
        reason: error.to_string(),
    })?;
    if taken.state.is_some() || !taken.state_removed.is_empty() {
        let reason = "`_statePut` and `_stateRemove` are for the data of steps; put the values into the input itself";
        return Err(StartError::BadInput {
            reason: reason.to_owned(),
        });
    }
    Ok(taken.secret_state.unwrap_or_default())
}

/// The input as the journal keeps it: in place when small, else apart.
#[expect(clippy::type_complexity, reason = "a reference and what it refers to")]
fn measured(
    id: RequestId,
    input: Option<Value>,
) -> Result<(Option<ValueRef>, Option<(String, Vec<u8>)>), StartError> {
    let Some(input) = input else {
        return Ok((None, None));
    };
    let text = input.to_string();
    if text.len() > STEP_DATA_BYTES_MAX {
        return Err(StartError::InputTooLarge {
            bytes: text.len(),
            bytes_max: STEP_DATA_BYTES_MAX,
        });
    }
    if text.len() <= INLINE_BYTES_MAX {
        return Ok((Some(ValueRef::Inline(input)), None));
    }
    let key = format!("{id}/input");
    let bytes = u64::try_from(text.len()).unwrap_or(u64::MAX);
    Ok((
        Some(ValueRef::Blob {
            id: key.clone(),
            bytes,
        }),
        Some((key, text.into_bytes())),
    ))
}

fn known_outputs(known: &[String]) -> String {
    if known.is_empty() {
        "none".to_owned()
    } else {
        known.join(", ")
    }
}

fn named(names: &[String]) -> String {
    match names {
        [] => String::new(),
        names => format!(": {}", names.join(", ")),
    }
}
