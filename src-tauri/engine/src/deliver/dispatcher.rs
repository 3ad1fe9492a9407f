//! Which deliveries are attempted now.

use std::sync::Arc;

use tokio::sync::{Notify, watch};
use tokio::task::JoinHandle;

use crate::core::Core;

/// Wakes the deliveries.
#[derive(Clone, Default)]
pub(crate) struct Nudge(Arc<Notify>);

impl Nudge {
    pub fn nudge(&self) {
        self.0.notify_one();
    }
}

/// Starts sending.
pub(crate) fn start(
    _core: Arc<Core>,
    mut stopping: watch::Receiver<bool>,
) -> (Nudge, JoinHandle<()>) {
    let nudge = Nudge::default();
    let task = tokio::spawn(async move {
        let _ = stopping.wait_for(|stop| *stop).await;
    });
    (nudge, task)
}
