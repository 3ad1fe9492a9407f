//! Looks at the alert rules for as long as the process owns the folder.

use std::sync::Arc;

use hookloom_engine::alerts::watch;
use hookloom_store::Store;
use tokio::sync::Notify;
use tokio_util::sync::CancellationToken;

use crate::clock::SystemClock;

/// Looks again and again until it is stopped.
pub(crate) async fn keep(store: Store, changed: Arc<Notify>, stopping: CancellationToken) {
    tokio::select! {
        () = watch(Arc::new(store), Arc::new(SystemClock), changed) => {}
        () = stopping.cancelled() => {}
    }
}
