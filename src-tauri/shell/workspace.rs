//! The open data folder in the app's keeping: opened again for a restore, and closed once.

use futures::Stream;
use hookloom_runtime::{Error, EventMessage, RawReply, Running};
use http::Method;
use parking_lot::Mutex;
use serde_json::Value;
use tokio::sync::{RwLock, RwLockReadGuard};

/// The open data folder, until the app ends.
pub struct Workspace {
    running: RwLock<Option<Running>>,
    /// Why it could not be opened again.
    lost: Mutex<Option<Error>>,
}

/// The folder is not open any more.
#[derive(Debug, thiserror::Error)]
pub enum NotAsked {
    #[error("Hookloom is closing")]
    Closing,
    #[error("{0}")]
    Failed(#[from] Error),
}

impl Workspace {
    /// Takes the open folder into the app's keeping.
    pub fn new(running: Running) -> Self {
        Self {
            running: RwLock::new(Some(running)),
            lost: Mutex::default(),
        }
    }

    /// Drains and closes the folder. Later calls are refused.
    pub async fn stop(&self) {
        if let Some(running) = self.running.write().await.take() {
            running.stop().await;
        }
    }

    /// Why the folder could not be opened again, once.
    pub fn lost(&self) -> Option<Error> {
        self.lost.lock().take()
    }

    /// One call of the control API; `path` is absolute, with its query. The folder stays open until it has its answer.
    pub async fn call(
        &self,
        method: Method,
        path: &str,
        body: Option<String>,
    ) -> Result<RawReply, NotAsked> {
        let running = self.running().await?;
        Ok(running.call_raw(method, path, body).await?)
    }

    /// What a call of the shell itself gets, where it succeeds.
    pub async fn ask(&self, method: Method, path: &str, body: Option<Value>) -> Option<Value> {
        let body = body.map(|body| body.to_string());
        let reply = self.call(method, path, body).await;
        match reply {
            Ok(reply) if reply.status < 300 => serde_json::from_slice(&reply.body).ok(),
            Ok(RawReply { status, .. }) => {
                tracing::warn!(path, status, "the window's own call was refused");
                None
            }
            Err(error) => {
                tracing::debug!(path, %error, "the window's own call got no answer");
                None
            }
        }
    }

    /// What changes from now on, until the folder is closed.
    pub async fn events(
        &self,
    ) -> Result<impl Stream<Item = EventMessage> + Send + Unpin + use<>, NotAsked> {
        Ok(self.running().await?.events())
    }

    /// Opens the folder again whenever that is wanted: a restore waits for it. Ends with the folder; false if it could
    /// not be opened again.
    pub async fn keep_open(&self) -> bool {
        loop {
            let Ok(wanted) = self.running().await.map(|it| it.restart_wanted()) else {
                return true;
            };
            wanted.await;
            let mut place = self.running.write().await;
            let Some(running) = place.take() else {
                return true;
            };
            match running.reopen().await {
                Ok(running) => *place = Some(running),
                Err(error) => {
                    tracing::error!(%error, "the data folder could not be opened again");
                    *self.lost.lock() = Some(error);
                    return false;
                }
            }
        }
    }

    async fn running(&self) -> Result<RwLockReadGuard<'_, Running>, NotAsked> {
        let open = self.running.read().await;
        RwLockReadGuard::try_map(open, Option::as_ref).map_err(|_| NotAsked::Closing)
    }
}
