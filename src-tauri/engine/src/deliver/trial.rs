//! A test of a webhook task: one real message, made of sample values and marked as a test.
//!
//! Signed and guarded like every other, sent once, and recorded nowhere.

use std::sync::Arc;

use hookloom_model::document::FlowDocument;
use hookloom_model::journal::{RecordedError, SentRequest};
use hookloom_model::{DeliveryStatus, FlowId, JobId, JobStatus, TaskId};
use hookloom_template::{Reference, Scope};
use serde_json::{Map, Value};

use super::attempt::{exchange, nothing};
use super::message::Source;
use crate::core::Core;
use crate::flow::{CompiledTask, FlowError, LoadedFlow};
use crate::outgoing::Rendered;
use crate::ports::{AttemptResult, DeliveryRow, JournalError, StoredJob};
use crate::record;
use crate::state::{Ended, JobState};
use crate::values::{JobValues, Obstacle};

/// Tells the receiver that this message is about no job.
const TEST_HEADER: &str = "x-hookloom-test";
/// What a name stands for that nobody gave a value.
const SAMPLE_TEXT: &str = "sample";

/// A task to test.
#[derive(Debug, Clone)]
pub struct TaskTest {
    /// Whose task.
    pub flow_id: FlowId,
    /// The document that has the task: mostly the draft.
    pub document: FlowDocument,
    /// The task's name.
    pub task: String,
    /// Values of names that its templates use, such as `steps`; every name that is not in here gets a sample.
    pub sample: Map<String, Value>,
    /// The output that the message is about, for a task that looks at outputs; the first one if none is named.
    pub output: Option<String>,
}

/// What came of a test. Masked.
#[derive(Debug)]
pub struct TaskTested {
    /// Unix milliseconds.
    pub started_at_ms: i64,
    /// Unix milliseconds.
    pub ended_at_ms: i64,
    /// Whether the receiver took it.
    pub delivered: bool,
    /// What was sent; none if the message could not be made.
    pub sent: Option<SentRequest>,
    /// What came back, or why nothing did.
    pub result: AttemptResult,
}

/// Why nothing could be tested.
#[derive(Debug, thiserror::Error)]
pub enum TaskTestError {
    /// The document has no such task.
    #[error("the flow has no webhook task `{task}`")]
    UnknownTask {
        /// What was asked for.
        task: String,
    },
    /// The task does not compile.
    #[error("{reason}")]
    Broken {
        /// What is wrong, and where.
        reason: String,
    },
    /// The database failed.
    #[error(transparent)]
    Journal(#[from] JournalError),
}

/// Sends the message and gives what came of it.
pub(crate) async fn test(core: &Arc<Core>, test: TaskTest) -> Result<TaskTested, TaskTestError> {
    let flow =
        LoadedFlow::of_task(test.document.clone(), &test.task).map_err(|error| match error {
            FlowError::Journal(error) => TaskTestError::Journal(error),
            FlowError::Broken { reason } => TaskTestError::Broken { reason },
        })?;
    let flow = Arc::new(flow.ok_or_else(|| TaskTestError::UnknownTask {
        task: test.task.clone(),
    })?);
    let trial = Trial::new(core, &flow, test.flow_id, test.output.clone());
    let started_at_ms = core.now_ms();
    let mut values = JobValues::new(core, Arc::clone(&flow), trial.no_job());
    let task = &flow.tasks[0];
    let (delivered, sent, result) = match trial.message(task, &mut values, &test.sample).await {
        Ok(mut message) => {
            message.set_header(TEST_HEADER, "true");
            let sending = exchange(core, &trial.row, &task.task, message, &mut values);
            let (sent, result, verdict) = sending.await;
            let delivered = verdict.status == DeliveryStatus::Delivered;
            let error = verdict.error;
            (delivered, Some(sent), AttemptResult { error, ..result })
        }
        Err(Obstacle::Journal(error)) => return Err(error.into()),
        Err(Obstacle::Later(error) | Obstacle::Never(error)) => (
            false,
            None,
            failed(record::record_error(values.masker(), error)),
        ),
    };
    Ok(TaskTested {
        started_at_ms,
        ended_at_ms: core.now_ms(),
        delivered,
        sent,
        result,
    })
}

/// A message about no job: the stand-ins for what a real one is about.
pub(super) struct Trial<'a> {
    core: &'a Arc<Core>,
    flow: &'a LoadedFlow,
    pub row: DeliveryRow,
    pub state: JobState,
}

impl<'a> Trial<'a> {
    pub fn new(
        core: &'a Arc<Core>,
        flow: &'a LoadedFlow,
        flow_id: FlowId,
        output: Option<String>,
    ) -> Self {
        let task = &flow.tasks[0].task;
        let first = || task.object.outputs().first().cloned();
        let row = DeliveryRow {
            id: core.new_delivery(),
            job_id: JobId(0),
            flow_id,
            version: 0,
            task_id: TaskId(0),
            task: task.name.clone(),
            output: output.or_else(first),
            status: DeliveryStatus::Sending,
            attempts_counted: 0,
            attempts_total: 1,
            attempts_max: 1,
        };
        let at_ms = core.now_ms();
        let state = JobState {
            started_at_ms: Some(at_ms),
            ended: Some(Ended {
                at_ms,
                status: JobStatus::Complete,
                error: None,
            }),
            ..JobState::default()
        };
        Self {
            core,
            flow,
            row,
            state,
        }
    }

    /// A job that never was: the message is about none.
    pub fn no_job(&self) -> StoredJob {
        StoredJob {
            id: self.row.job_id,
            request_id: self.core.new_request(),
            flow_id: self.row.flow_id,
            version: self.row.version,
            entries: Vec::new(),
            request: None,
            secret_state: None,
        }
    }

    /// The message with the values that are given, and samples for what is not.
    pub async fn message(
        &self,
        task: &CompiledTask,
        values: &mut JobValues,
        given: &Map<String, Value>,
    ) -> Result<Rendered, Obstacle> {
        let (real, sampled): (Vec<Reference>, Vec<Reference>) = task
            .request
            .references()
            .iter()
            .cloned()
            .partition(|reference| matches!(reference.root.as_str(), "job" | "vars" | "secrets"));
        let mut scope = values.scope(&real, &self.state).await?;
        add_samples(&mut scope, &sampled, given);
        let source = Source {
            core: self.core,
            flow: self.flow,
            row: &self.row,
            state: &self.state,
        };
        let now_ms = self.core.now_ms();
        source
            .message_of(task, &scope, values.depth(&self.state), now_ms)
            .await
    }
}

fn failed(error: RecordedError) -> AttemptResult {
    AttemptResult {
        error: Some(error),
        ..nothing()
    }
}

/// Every name that the templates use has a value: the one that was given, else a sample.
fn add_samples(scope: &mut Scope, references: &[Reference], given: &Map<String, Value>) {
    let mut samples = Map::new();
    for reference in references {
        let root = samples.entry(reference.root.clone()).or_insert(Value::Null);
        put_sample(root, &reference.path);
    }
    for (root, mut value) in samples {
        if let Some(given) = given.get(&root) {
            merge(&mut value, given);
        }
        scope.insert(root, value);
    }
}

fn put_sample(value: &mut Value, path: &[String]) {
    let Some((name, rest)) = path.split_first() else {
        if value.is_null() {
            *value = Value::from(SAMPLE_TEXT);
        }
        return;
    };
    if !value.is_object() {
        *value = Value::Object(Map::new());
    }
    if let Value::Object(fields) = value {
        put_sample(fields.entry(name.clone()).or_insert(Value::Null), rest);
    }
}

fn merge(value: &mut Value, given: &Value) {
    match (value, given) {
        (Value::Object(fields), Value::Object(given)) => {
            for (name, given) in given {
                merge(fields.entry(name.clone()).or_insert(Value::Null), given);
            }
        }
        (value, given) => *value = given.clone(),
    }
}
