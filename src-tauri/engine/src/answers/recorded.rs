//! What a job's record says to its caller: the same for the call that waits, for its status URL, and for a repeat.
//!
//! Holds no HTTP: a response's parts are what the step left, and the receiver makes an answer of them.

use std::collections::HashMap;

use hookloom_model::journal::{Event, JournalEntry, ValueRef};
use hookloom_model::{JobId, JobStatus, RequestId, StepStatus};
use serde::Deserialize;
use serde_json::{Map, Value};

use crate::apply::fold;
use crate::ports::{Journal, JournalError, StoredJob};
use crate::state::JobState;

/// The kind of step whose data is the answer.
const RESPOND: &str = "respond";

/// What the record of a job says to its caller.
#[derive(Debug, Clone, PartialEq)]
pub struct JobRecord {
    /// The job.
    pub job_id: JobId,
    /// The call that began it.
    pub request_id: RequestId,
    /// When it ended, Unix milliseconds.
    pub ended_at_ms: Option<i64>,
    /// The answer, once there is one.
    pub answer: Option<JobAnswer>,
    /// How each step ended, in the order of the journal; only if it was asked for.
    pub steps: Vec<StepEnd>,
}

/// What the caller of a job gets.
#[derive(Debug, Clone, PartialEq)]
pub enum JobAnswer {
    /// What the first `respond` step left.
    Responded(Response),
    /// How the job ended, if no step responded.
    Ended {
        /// One of the final states.
        status: JobStatus,
        /// Outputs whose step succeeded, by name, in the document's order.
        outputs: Map<String, Value>,
    },
}

/// What a `respond` step left.
#[derive(Debug, Clone, PartialEq, Default, Deserialize)]
#[serde(default)]
pub struct Response {
    /// The HTTP status.
    pub status: Option<u16>,
    /// Names and values, in order.
    pub headers: Map<String, Value>,
    /// Text, or JSON.
    pub body: Value,
    /// A stored file that is the body instead.
    pub body_file: Option<String>,
}

/// How a step ended.
#[derive(Debug, Clone, PartialEq)]
pub struct StepEnd {
    /// The place in the journal.
    pub seq: u64,
    /// The step's name.
    pub step: String,
    /// Complete or failed.
    pub status: StepStatus,
    /// `success`, `error`, or the step's own.
    pub exit_code: String,
    /// The outputs that are its data, by name; none unless it succeeded.
    pub outputs: Map<String, Value>,
}

/// The parts of a flow document that matter here. Read as plain JSON, so that old versions stay readable.
#[derive(Deserialize, Default)]
#[serde(default)]
struct Outline {
    steps: Vec<OutlinedStep>,
    outputs: Vec<OutlinedOutput>,
}

#[derive(Deserialize)]
struct OutlinedStep {
    name: String,
    kind: String,
}

#[derive(Deserialize)]
struct OutlinedOutput {
    name: String,
    step: String,
}

/// Reads a job's answer.
///
/// # Errors
/// What the journal says. A record that is not legal is an internal error: the job is damaged.
pub async fn read(journal: &dyn Journal, job_id: JobId) -> Result<JobRecord, JournalError> {
    read_record(journal, job_id, false).await
}

/// Reads how each step of a job ended, and with what the job ended, whatever a step responded.
///
/// # Errors
/// As for [`read`].
pub async fn read_steps(journal: &dyn Journal, job_id: JobId) -> Result<JobRecord, JournalError> {
    read_record(journal, job_id, true).await
}

async fn read_record(
    journal: &dyn Journal,
    job_id: JobId,
    with_steps: bool,
) -> Result<JobRecord, JournalError> {
    let job = journal.load(job_id).await?;
    let text = journal.flow_version(job.flow_id, job.version).await?;
    let outline: Outline = serde_json::from_str(&text).map_err(internal)?;
    let state = fold(&job.entries).map_err(internal)?;
    let mut reader = Reader {
        journal,
        outline: &outline,
        state: &state,
        loaded: HashMap::new(),
    };
    let answer = reader.answer(&job, !with_steps).await?;
    Ok(JobRecord {
        job_id,
        request_id: job.request_id,
        ended_at_ms: state.ended.as_ref().map(|ended| ended.at_ms),
        answer,
        steps: match with_steps {
            true => reader.steps(&job.entries).await?,
            false => Vec::new(),
        },
    })
}

struct Reader<'j> {
    journal: &'j dyn Journal,
    outline: &'j Outline,
    state: &'j JobState,
    /// Values of steps that lie apart.
    loaded: HashMap<String, Value>,
}

impl Reader<'_> {
    async fn answer(
        &mut self,
        job: &StoredJob,
        with_responses: bool,
    ) -> Result<Option<JobAnswer>, JournalError> {
        if let Some(data) = self.response(&job.entries).filter(|_| with_responses) {
            let data = self.value(data).await?;
            let response = serde_json::from_value(data).map_err(internal)?;
            return Ok(Some(JobAnswer::Responded(response)));
        }
        let Some(ended) = &self.state.ended else {
            return Ok(None);
        };
        let (outline, state) = (self.outline, self.state);
        let asked = state
            .queued
            .as_ref()
            .and_then(|queued| queued.outputs.as_ref());
        let mut outputs = Map::new();
        for output in &outline.outputs {
            let is_asked = asked.is_none_or(|names| names.contains(&output.name));
            if is_asked && let Some(data) = data_of(state, &output.step) {
                outputs.insert(output.name.clone(), self.value(data).await?);
            }
        }
        Ok(Some(JobAnswer::Ended {
            status: ended.status,
            outputs,
        }))
    }

    /// The data of the first `respond` step that succeeded.
    fn response<'e>(&self, entries: &'e [JournalEntry]) -> Option<&'e ValueRef> {
        entries.iter().find_map(|entry| match &entry.event {
            Event::StepFinished {
                step,
                exit_code,
                data,
                ..
            } if exit_code == "success" && self.is_responder(step) => Some(data),
            _ => None,
        })
    }

    fn is_responder(&self, step: &str) -> bool {
        self.outline
            .steps
            .iter()
            .any(|known| known.kind == RESPOND && known.name == step)
    }

    async fn steps(&mut self, entries: &[JournalEntry]) -> Result<Vec<StepEnd>, JournalError> {
        let (outline, state) = (self.outline, self.state);
        let mut ends = Vec::new();
        for entry in entries {
            let Event::StepFinished {
                step, exit_code, ..
            } = &entry.event
            else {
                continue;
            };
            let mut outputs = Map::new();
            for output in outline.outputs.iter().filter(|output| output.step == *step) {
                if let Some(data) = data_of(state, step) {
                    outputs.insert(output.name.clone(), self.value(data).await?);
                }
            }
            ends.push(StepEnd {
                seq: entry.seq,
                step: step.clone(),
                status: self.state.step_status(step),
                exit_code: exit_code.clone(),
                outputs,
            });
        }
        Ok(ends)
    }

    async fn value(&mut self, value: &ValueRef) -> Result<Value, JournalError> {
        match value {
            ValueRef::Inline(value) => Ok(value.clone()),
            ValueRef::Blob { id, .. } => {
                if let Some(known) = self.loaded.get(id) {
                    return Ok(known.clone());
                }
                let text = self.journal.blob(id).await?;
                let value: Value = serde_json::from_slice(&text).map_err(internal)?;
                self.loaded.insert(id.clone(), value.clone());
                Ok(value)
            }
        }
    }
}

/// The data of a step that succeeded: one that ended by itself, with another exit code than `error`.
fn data_of<'s>(state: &'s JobState, step: &str) -> Option<&'s ValueRef> {
    let step = state.steps.get(step)?;
    let succeeded = step.status == StepStatus::Complete
        && step
            .exit_code
            .as_deref()
            .is_some_and(|code| code != "error");
    step.data.as_ref().filter(|_| succeeded)
}

fn internal(error: impl std::error::Error + Send + Sync + 'static) -> JournalError {
    JournalError::Internal(Box::new(error))
}
