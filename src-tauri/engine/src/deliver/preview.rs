//! A look at the message of a webhook task: made and signed like every other, and not sent.
//!
//! With the values of a job, as far as that has come; without one every name has a sample.

use std::sync::Arc;

use hookloom_model::document::FlowDocument;
use hookloom_model::journal::{RecordedError, SentRequest};
use hookloom_model::{FlowId, JobId};
use serde_json::Map;

use super::message::Source;
use super::trial::{TaskTestError, Trial};
use crate::apply::fold;
use crate::core::Core;
use crate::flow::{FlowError, LoadedFlow};
use crate::outgoing::Rendered;
use crate::ports::DeliveryRow;
use crate::record;
use crate::state::JobState;
use crate::values::{JobValues, Obstacle};

/// A task to look at.
#[derive(Debug, Clone)]
pub struct TaskPreview {
    /// Whose task.
    pub flow_id: FlowId,
    /// The document that has the task.
    pub document: FlowDocument,
    /// The task's name.
    pub task: String,
    /// The job whose values are taken; none is samples.
    pub job_id: Option<JobId>,
}

/// What would be sent. Masked.
#[derive(Debug)]
pub struct TaskPreviewed {
    /// The message; none if it could not be made.
    pub message: Option<SentRequest>,
    /// The text that the signature is over; none where nothing is signed, or no one text.
    pub signed_content: Option<String>,
    /// The headers that are the signature; they are among those of the message, too.
    pub signature: Vec<(String, String)>,
    /// Why the message could not be made.
    pub error: Option<RecordedError>,
}

/// Makes the message, and gives what it is.
pub(crate) async fn preview(
    core: &Arc<Core>,
    preview: TaskPreview,
) -> Result<TaskPreviewed, TaskTestError> {
    let TaskPreview {
        flow_id,
        document,
        task,
        job_id,
    } = preview;
    let flow = LoadedFlow::of_task(document, &task).map_err(|error| match error {
        FlowError::Journal(error) => TaskTestError::Journal(error),
        FlowError::Broken { reason } => TaskTestError::Broken { reason },
    })?;
    let flow = Arc::new(flow.ok_or(TaskTestError::UnknownTask { task })?);
    let trial = Trial::new(core, &flow, flow_id, None);
    let looked = match job_id {
        None => {
            let no_job = trial.no_job();
            let mut values = JobValues::new(core, Arc::clone(&flow), no_job);
            let made = trial
                .message(&flow.tasks[0], &mut values, &Map::new())
                .await;
            let look = Look {
                core,
                flow: &flow,
                row: &trial.row,
                state: &trial.state,
            };
            look.at(made, &mut values).await
        }
        Some(id) => {
            let mut job = core.ports.journal.load(id).await?;
            let state = fold(&job.entries).map_err(|error| TaskTestError::Broken {
                reason: format!("the journal of job {id} cannot be followed: {error}"),
            })?;
            job.entries = Vec::new();
            let row = DeliveryRow {
                job_id: id,
                version: job.version,
                ..trial.row
            };
            let mut values = JobValues::new(core, Arc::clone(&flow), job);
            let look = Look {
                core,
                flow: &flow,
                row: &row,
                state: &state,
            };
            let source = look.source();
            let made = source.message(&flow.tasks[0], &mut values, core.now_ms());
            let made = made.await;
            look.at(made, &mut values).await
        }
    };
    match looked {
        Err(Obstacle::Journal(error)) => Err(error.into()),
        Err(Obstacle::Later(error) | Obstacle::Never(error)) => Ok(TaskPreviewed {
            message: None,
            signed_content: None,
            signature: Vec::new(),
            error: Some(error),
        }),
        Ok(previewed) => Ok(previewed),
    }
}

/// What the message is about.
struct Look<'a> {
    core: &'a Arc<Core>,
    flow: &'a LoadedFlow,
    row: &'a DeliveryRow,
    state: &'a JobState,
}

impl<'a> Look<'a> {
    fn source(&self) -> Source<'a> {
        Source {
            core: self.core,
            flow: self.flow,
            row: self.row,
            state: self.state,
        }
    }

    /// What was made, masked.
    async fn at(
        &self,
        made: Result<Rendered, Obstacle>,
        values: &mut JobValues,
    ) -> Result<TaskPreviewed, Obstacle> {
        let mut message = match made {
            Ok(message) => message,
            Err(Obstacle::Journal(error)) => return Err(Obstacle::Journal(error)),
            Err(Obstacle::Later(error) | Obstacle::Never(error)) => {
                return Err(Obstacle::Never(record::record_error(
                    values.masker(),
                    error,
                )));
            }
        };
        let task = &self.flow.tasks[0].task;
        // Signed anew at a time that is known here, so that the text and the signature belong together.
        let at_ms = self.core.now_ms();
        let source = self.source();
        let signature = source.signature(task, &message, at_ms).await?;
        for (name, value) in &signature {
            message.set_header(name, value.clone());
        }
        let content = source.signed_content(task, &message, at_ms);
        let masker = values.masker();
        Ok(TaskPreviewed {
            signed_content: content.map(|content| record::record_body(masker, &content).0),
            signature: record::record_headers(masker, signature),
            message: Some(record::record_sent(masker, message.sent())),
            error: None,
        })
    }
}
