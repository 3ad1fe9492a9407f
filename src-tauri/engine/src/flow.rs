//! Published flows, compiled once per version.
//!
//! The cache is bounded and holds no state of jobs: a version never changes.

use std::sync::Arc;

use hookloom_model::document::{self, FlowDocument, WebhookTask};
use hookloom_model::{FlowId, Problem};
use indexmap::IndexMap;
use parking_lot::Mutex;

use crate::core::Ports;
use crate::outgoing::{RequestParts, RequestTemplate, RequestTemplateError};
use crate::plan::Plan;
use crate::ports::{JournalError, StepRunner};

/// Compiled versions that are kept.
const FLOWS_CACHED_MAX: usize = 64;

/// A flow version, ready to run.
pub(crate) struct LoadedFlow {
    pub document: FlowDocument,
    pub plan: Plan,
    /// By the step's place in the plan.
    pub runners: Vec<Arc<dyn StepRunner>>,
    pub tasks: Vec<CompiledTask>,
}

/// A webhook task, ready to send.
pub(crate) struct CompiledTask {
    pub task: WebhookTask,
    pub request: RequestTemplate,
}

/// Why a version cannot run.
#[derive(Debug, thiserror::Error)]
pub(crate) enum FlowError {
    #[error(transparent)]
    Journal(#[from] JournalError),
    #[error("{reason}")]
    Broken { reason: String },
}

impl LoadedFlow {
    pub fn task(&self, name: &str) -> Option<&CompiledTask> {
        self.tasks
            .iter()
            .find(|compiled| compiled.task.name == name)
    }

    /// A flow of which nothing runs from here: what its values depend on.
    pub fn to_look_at(document: FlowDocument) -> Self {
        Self {
            plan: Plan::new(&document),
            runners: Vec::new(),
            tasks: Vec::new(),
            document,
        }
    }

    /// A flow of which one task is looked at. Its steps need not be ready to run.
    pub fn of_task(document: FlowDocument, task: &str) -> Result<Option<Self>, FlowError> {
        let mut tasks = document.webhook_tasks.iter();
        let Some(task) = tasks.find(|known| known.name == task) else {
            return Ok(None);
        };
        let compiled = compile_task(&document, task).map_err(|error| FlowError::Broken {
            reason: format!("the webhook task `{}`: {error}", task.name),
        })?;
        Ok(Some(Self {
            tasks: vec![compiled],
            ..Self::to_look_at(document)
        }))
    }

    fn compile(ports: &Ports, document: FlowDocument) -> Result<Self, FlowError> {
        let runners = document.steps.iter().map(|step| {
            ports
                .step_kinds
                .prepare(&document, step)
                .map_err(|problem| FlowError::Broken {
                    reason: format!("the step `{}`: {}", step.name, problem.message),
                })
        });
        let runners = runners.collect::<Result<Vec<_>, _>>()?;
        let tasks = document.webhook_tasks.iter().map(|task| {
            compile_task(&document, task).map_err(|error| FlowError::Broken {
                reason: format!("the webhook task `{}`: {error}", task.name),
            })
        });
        let tasks = tasks.collect::<Result<Vec<_>, _>>()?;
        Ok(Self {
            plan: Plan::new(&document),
            runners,
            tasks,
            document,
        })
    }
}

fn compile_task(
    flow: &FlowDocument,
    task: &WebhookTask,
) -> Result<CompiledTask, RequestTemplateError> {
    let request = RequestTemplate::compile(&RequestParts {
        method: &task.method,
        url: &task.url,
        headers: &task.headers,
        body: task.body.as_deref(),
        is_task: true,
        inner_destinations: &flow.inner_destinations,
    })?;
    Ok(CompiledTask {
        task: task.clone(),
        request,
    })
}

/// The compiled versions that were used last.
#[derive(Default)]
pub(crate) struct FlowCache {
    /// The least recently used first.
    versions: Mutex<IndexMap<(FlowId, i64), Arc<LoadedFlow>>>,
}

impl FlowCache {
    pub async fn load(
        &self,
        ports: &Ports,
        flow_id: FlowId,
        version: i64,
    ) -> Result<Arc<LoadedFlow>, FlowError> {
        if let Some(flow) = self.cached((flow_id, version)) {
            return Ok(flow);
        }
        let text = ports.journal.flow_version(flow_id, version).await?;
        let document = document::parse(&text).into_document();
        let document = document.map_err(|problems| FlowError::Broken {
            reason: first_problem(&problems),
        })?;
        let flow = Arc::new(LoadedFlow::compile(ports, document)?);
        let mut versions = self.versions.lock();
        if versions.len() >= FLOWS_CACHED_MAX {
            versions.shift_remove_index(0);
        }
        versions.insert((flow_id, version), Arc::clone(&flow));
        Ok(flow)
    }

    fn cached(&self, key: (FlowId, i64)) -> Option<Arc<LoadedFlow>> {
        let mut versions = self.versions.lock();
        let at = versions.get_index_of(&key)?;
        let last = versions.len() - 1;
        versions.move_index(at, last);
        versions.get(&key).cloned()
    }
}

fn first_problem(problems: &[Problem]) -> String {
    let error = problems.iter().find(|problem| problem.blocks_publish());
    match error.or(problems.first()) {
        Some(problem) => format!("{} (at {})", problem.message, problem.place),
        None => "the document cannot be read".to_owned(),
    }
}
