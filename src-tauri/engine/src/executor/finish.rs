//! What the end of a job brings: deliveries for the webhook tasks that its end matches, one for each output that a task
//! looks at.

use hookloom_model::document::{TaskEvent, TaskObject, WebhookTask};
use hookloom_model::{JobStatus, StepStatus};

use crate::core::Core;
use crate::flow::LoadedFlow;
use crate::ports::NewDelivery;
use crate::state::JobState;

/// Deliveries to insert with the end of the job; its state has ended, too.
pub(super) fn deliveries(core: &Core, flow: &LoadedFlow, state: &JobState) -> Vec<NewDelivery> {
    if state.trial.as_ref().is_some_and(|trial| !trial.send_tasks) {
        // Who tries a draft tells nobody of it unless they want to.
        return Vec::new();
    }
    let due_at_ms = core.now_ms();
    let tasks = flow.tasks.iter().map(|compiled| &compiled.task);
    let mut deliveries = Vec::new();
    for task in tasks.filter(|task| task.enabled) {
        let ends: Vec<Option<&str>> = match &task.object {
            TaskObject::AnyJob => {
                let succeeded = state.status() == JobStatus::Complete;
                matches_event(task.event, succeeded)
                    .then_some(None)
                    .into_iter()
                    .collect()
            }
            TaskObject::Outputs(outputs) => {
                let asked = outputs.iter().filter(|output| is_asked_for(state, output));
                let ended = asked
                    .filter(|output| matches_event(task.event, has_succeeded(flow, state, output)));
                ended.map(|output| Some(output.as_str())).collect()
            }
        };
        deliveries.extend(
            ends.into_iter()
                .map(|output| delivery(core, task, output, due_at_ms)),
        );
    }
    deliveries
}

fn delivery(core: &Core, task: &WebhookTask, output: Option<&str>, due_at_ms: i64) -> NewDelivery {
    NewDelivery {
        id: core.new_delivery(),
        task: task.name.clone(),
        event: task.event.as_str().to_owned(),
        output: output.map(str::to_owned),
        method: task.method.clone(),
        url: task.url.clone(),
        attempts_max: task.attempts_max(),
        validate_ssl: task.validate_ssl,
        due_at_ms,
    }
}

/// An output that nobody asked for has neither succeeded nor failed.
fn is_asked_for(state: &JobState, output: &str) -> bool {
    let asked = state
        .queued
        .as_ref()
        .and_then(|queued| queued.outputs.as_ref());
    asked.is_none_or(|asked| asked.iter().any(|name| name == output))
}

/// Whether the output's own step ended well, whatever became of the job.
fn has_succeeded(flow: &LoadedFlow, state: &JobState, output: &str) -> bool {
    let mut outputs = flow.document.outputs.iter();
    let step = outputs.find(|known| known.name == output);
    step.is_some_and(|output| state.step_status(&output.step) == StepStatus::Complete)
}

fn matches_event(event: TaskEvent, succeeded: bool) -> bool {
    match event {
        TaskEvent::JobSucceeded => succeeded,
        TaskEvent::JobFailed => !succeeded,
        TaskEvent::JobFinished => true,
    }
}
