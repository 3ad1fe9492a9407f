//! What the end of a job brings: deliveries for the webhook tasks that its end matches.

use hookloom_model::JobStatus;
use hookloom_model::document::{TaskEvent, TaskObject, WebhookTask};

use crate::core::Core;
use crate::flow::LoadedFlow;
use crate::ports::NewDelivery;

/// Deliveries to insert with the end of the job.
pub(super) fn deliveries(core: &Core, flow: &LoadedFlow, status: JobStatus) -> Vec<NewDelivery> {
    let due_at_ms = core.now_ms();
    let tasks = flow.tasks.iter().map(|compiled| &compiled.task);
    tasks
        .filter(|task| task.enabled && matches_end(task, status))
        .map(|task| NewDelivery {
            id: core.new_delivery(),
            task: task.name.clone(),
            event: task.event.as_str().to_owned(),
            output: None,
            method: task.method.clone(),
            url: task.url.clone(),
            attempts_max: task.attempts_max(),
            validate_ssl: task.validate_ssl,
            due_at_ms,
        })
        .collect()
}

fn matches_end(task: &WebhookTask, status: JobStatus) -> bool {
    // Validation refuses tasks for outputs until they can be sent one by one.
    let is_for_job = matches!(task.object, TaskObject::AnyJob);
    is_for_job
        && match task.event {
            TaskEvent::JobSucceeded => status == JobStatus::Complete,
            TaskEvent::JobFailed => status.is_final() && status != JobStatus::Complete,
            TaskEvent::JobFinished => status.is_final(),
        }
}
