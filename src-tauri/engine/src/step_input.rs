//! What a step of a job found when it began, for somebody who looks at the job: read from the record, with the names that
//! the step uses. Nothing is opened, so a secret has no value here.

use std::sync::Arc;

use hookloom_model::JobId;
use hookloom_model::journal::{Event, JournalEntry};
use hookloom_template::Reference;
use serde_json::{Map, Value};

use crate::core::Core;
use crate::flow::{FlowError, LoadedFlow};
use crate::look::{JobLook, LOOK_BYTES_MAX, LookError};
use crate::ports::JournalError;
use crate::start::StartError;
use crate::state::JobState;

/// The values that a step found, before masking.
#[derive(Debug, Clone, Default, PartialEq)]
pub struct StepInput {
    /// By their first name, as a template would write it.
    pub values: Map<String, Value>,
    /// Memory that is too large to be read for a look.
    pub left_out: Vec<String>,
}

/// Why it cannot be told.
#[derive(Debug, thiserror::Error)]
pub enum StepInputError {
    /// The version that the job ran has no such step.
    #[error(transparent)]
    Step(#[from] StartError),
    /// The version that the job ran cannot be read any more.
    #[error("the flow's version cannot be read: {reason}")]
    Broken {
        /// What is wrong with it.
        reason: String,
    },
    /// The values cannot be read.
    #[error(transparent)]
    Look(#[from] LookError),
}

impl From<JournalError> for StepInputError {
    fn from(error: JournalError) -> Self {
        Self::Look(LookError::Journal(error))
    }
}

impl From<FlowError> for StepInputError {
    fn from(error: FlowError) -> Self {
        match error {
            FlowError::Journal(error) => error.into(),
            FlowError::Broken { reason } => Self::Broken { reason },
        }
    }
}

/// Reads what the last attempt of a step found; none if there was no attempt.
pub(crate) async fn read(
    core: &Core,
    job_id: JobId,
    step: &str,
) -> Result<Option<StepInput>, StepInputError> {
    let journal = Arc::clone(&core.ports.journal);
    let mut stored = journal.load(job_id).await?;
    let flow = core.flows.load(&core.ports, stored.flow_id, stored.version);
    let flow = flow.await?;
    let place = flow
        .plan
        .place(step)
        .ok_or_else(|| StartError::UnknownStep {
            step: step.to_owned(),
            known: flow.plan.steps.iter().map(|it| it.name.clone()).collect(),
        })?;
    let Some(began) = stored.entries.iter().rposition(|it| begins(it, step)) else {
        return Ok(None);
    };
    // What came later, a new value of a memory for one, it did not find.
    stored.entries.truncate(began);
    let runner = Arc::clone(&flow.runners[place]);
    let mut look = JobLook::of_record(journal, Arc::clone(&flow), Some(job_id), stored);
    let mut references = runner.references().to_vec();
    let mut left_out = Vec::new();
    if runner.reads_memory() {
        for name in memory_names(&flow, look.state()) {
            let reference = Reference {
                root: name.clone(),
                path: Vec::new(),
            };
            references.push(reference);
            if look.bytes_of(&references) > LOOK_BYTES_MAX {
                references.pop();
                left_out.push(name);
            }
        }
    }
    let scope = look.scope(&references).await?;
    let values = scope.names().filter_map(|name| {
        let value = scope.get(name)?;
        Some((name.to_owned(), Value::clone(value)))
    });
    Ok(Some(StepInput {
        values: values.collect(),
        left_out,
    }))
}

fn begins(entry: &JournalEntry, name: &str) -> bool {
    matches!(&entry.event, Event::StepStarted { step, .. } if step == name)
}

/// Everything that a step may ask for by name at that moment.
fn memory_names(flow: &LoadedFlow, state: &JobState) -> Vec<String> {
    let endpoints = flow.document.endpoints.iter();
    let mut names: Vec<String> = endpoints
        .flat_map(|it| [&it.header_memory, &it.body_memory, &it.query_memory])
        .flatten()
        .chain(state.memory.keys())
        .cloned()
        .collect();
    names.sort();
    names.dedup();
    names
}
