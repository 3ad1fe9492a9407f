//! A secret store that went away, or that somebody locked, is looked for until it can be used again.

use std::sync::Arc;
use std::time::Duration;

use hookloom_secrets::Custodian;
use tokio_util::sync::CancellationToken;

/// Nobody who unlocks a keychain should have to tell Hookloom.
const EVERY: Duration = Duration::from_secs(10);

/// Looks, until it is stopped.
pub(crate) async fn keep(vault: Arc<Custodian>, stopping: CancellationToken) {
    let work = async {
        loop {
            tokio::time::sleep(EVERY).await;
            vault.look_again().await;
        }
    };
    tokio::select! {
        () = work => {}
        () = stopping.cancelled() => {}
    }
}
