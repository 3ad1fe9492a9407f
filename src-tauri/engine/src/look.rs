//! The values of a job as templates would see them, for somebody who writes one: nothing runs, nothing is opened, and a
//! secret has no value here.

use std::sync::Arc;

use hookloom_model::document::FlowDocument;
use hookloom_model::journal::{Event, JournalEntry, RecordedError, ValueRef};
use hookloom_model::{FlowId, JobId, RequestId, StepStatus};
use hookloom_sensitive::MASK;
use hookloom_template::{Reference, Scope};
use serde_json::{Map, Value};

use crate::apply::fold_sound;
use crate::flow::LoadedFlow;
use crate::ports::{Journal, JournalError, StoredJob};
use crate::state::JobState;
use crate::values::{JobValues, Obstacle};

/// Values that lie apart and are loaded for one look, in bytes of their JSON text.
pub const LOOK_BYTES_MAX: u64 = 16 * 1024 * 1024;

/// The values of a job, or of a flow that has none yet.
pub struct JobLook {
    job: Option<JobId>,
    values: JobValues,
    state: JobState,
    secret_state: Map<String, Value>,
}

/// Why values cannot be shown.
#[derive(Debug, thiserror::Error)]
pub enum LookError {
    /// More than one look loads.
    #[error(
        "the values that it names have {bytes} bytes, more than look_bytes_max of {LOOK_BYTES_MAX}; name a part of them"
    )]
    TooLarge {
        /// How many there are.
        bytes: u64,
    },
    /// They cannot be read.
    #[error("{}", .0.message)]
    Values(RecordedError),
    /// The database failed.
    #[error(transparent)]
    Journal(#[from] JournalError),
}

impl JobLook {
    /// Opens a job's record with the names of a document: mostly not the one that the job ran.
    pub async fn open(
        journal: Arc<dyn Journal>,
        flow_id: FlowId,
        document: FlowDocument,
        job: Option<JobId>,
    ) -> Result<Self, LookError> {
        let stored = match job {
            Some(id) => journal.load(id).await?,
            None => nothing(flow_id),
        };
        let flow = Arc::new(LoadedFlow::to_look_at(document));
        Ok(Self::of_record(journal, flow, job, stored))
    }

    /// Looks at a record, or at the beginning of one.
    pub(crate) fn of_record(
        journal: Arc<dyn Journal>,
        flow: Arc<LoadedFlow>,
        job: Option<JobId>,
        stored: StoredJob,
    ) -> Self {
        let secret_state = secret_state_of(&stored.entries);
        // Also of a damaged record the beginning is worth seeing.
        let state = fold_sound(&stored.entries);
        let values = JobValues::to_look_at(journal, flow, stored, secret_state.clone());
        Self {
            job,
            values,
            state,
            secret_state,
        }
    }

    /// The job that is looked at.
    pub fn job(&self) -> Option<JobId> {
        self.job
    }

    /// Its state.
    pub fn state(&self) -> &JobState {
        &self.state
    }

    /// The names of the secret state that it ever had, each with a mask.
    pub fn secret_state(&self) -> &Map<String, Value> {
        &self.secret_state
    }

    /// The values of these names, but for secrets. Without a job there are variables only.
    pub async fn scope(&mut self, references: &[Reference]) -> Result<Scope, LookError> {
        let is_there = |name: &&Reference| match name.root.as_str() {
            "secrets" => false,
            "vars" => true,
            _ => self.job.is_some(),
        };
        let wanted: Vec<Reference> = references.iter().filter(is_there).cloned().collect();
        let bytes = self.bytes_of(&wanted);
        if bytes > LOOK_BYTES_MAX {
            return Err(LookError::TooLarge { bytes });
        }
        let scope = self.values.scope(&wanted, &self.state).await;
        scope.map_err(|obstacle| match obstacle {
            Obstacle::Journal(error) => LookError::Journal(error),
            Obstacle::Later(error) | Obstacle::Never(error) => LookError::Values(error),
        })
    }

    /// How much of what lies apart would be loaded for these names.
    pub fn bytes_of(&self, references: &[Reference]) -> u64 {
        let steps = self.state.steps.iter().filter(|(name, step)| {
            matches!(step.status, StepStatus::Complete | StepStatus::Failed)
                && references.iter().any(|used| is_data_of(used, name))
        });
        let data = steps.filter_map(|(_, step)| step.data.as_ref());
        let memory = self.state.memory.iter();
        let memory = memory.filter(|(name, _)| references.iter().any(|used| used.root == **name));
        data.chain(memory.map(|(_, value)| value))
            .map(apart_bytes)
            .sum()
    }
}

fn is_data_of(used: &Reference, step: &str) -> bool {
    let is_step = used.path.first().is_none_or(|name| name == step);
    let is_data = used.path.get(1).is_none_or(|part| part == "data");
    used.root == "steps" && is_step && is_data
}

fn apart_bytes(value: &ValueRef) -> u64 {
    match value {
        ValueRef::Inline(_) => 0,
        ValueRef::Blob { bytes, .. } => *bytes,
    }
}

/// A job that never was.
fn nothing(flow_id: FlowId) -> StoredJob {
    StoredJob {
        id: JobId(0),
        request_id: RequestId::new(0, [0; 10]),
        flow_id,
        version: 0,
        entries: Vec::new(),
        request: None,
        secret_state: None,
    }
}

/// Names only: the values go with the job's end, and are nobody's to see before.
fn secret_state_of(entries: &[JournalEntry]) -> Map<String, Value> {
    let names = entries.iter().flat_map(|entry| match &entry.event {
        Event::JobQueued { secret_state, .. } => secret_state.as_slice(),
        Event::StepFinished {
            secret_state_put, ..
        } => secret_state_put.as_slice(),
        _ => &[],
    });
    names
        .map(|name| (name.clone(), Value::from(MASK)))
        .collect()
}
