//! The two commands of the window: one call of the control API, and the stream of live updates.

use std::collections::BTreeMap;
use std::sync::Arc;

use hookloom_runtime::Running;
use serde::Serialize;
use tauri::State;
use tauri::ipc::Channel;
use tokio::sync::RwLock;

/// The open data folder, until the app ends.
pub struct Workspace(RwLock<Option<Arc<Running>>>);

impl Workspace {
    /// Takes the open folder into the app's keeping.
    pub fn new(running: Running) -> Self {
        Self(RwLock::new(Some(Arc::new(running))))
    }

    /// Drains and closes the folder. Later calls are refused.
    pub async fn stop(&self) {
        if let Some(running) = self.0.write().await.take() {
            running.stop().await;
        }
    }

    async fn running(&self) -> Result<Arc<Running>, Refused> {
        self.0.read().await.clone().ok_or(Refused { message: "Hookloom is closing".to_owned() })
    }
}

/// An answer of the control API.
#[derive(Serialize)]
pub struct Answer {
    status: u16,
    headers: BTreeMap<&'static str, &'static str>,
    body: String,
}

/// A call that got no answer at all.
#[derive(Debug, Serialize)]
pub struct Refused {
    message: String,
}

/// One call of the control API, as the owner: `path` is absolute, with its query.
#[tauri::command]
pub async fn api(
    workspace: State<'_, Workspace>,
    method: String,
    path: String,
    body: Option<String>,
) -> Result<Answer, Refused> {
    let method = method.parse().map_err(|_| Refused { message: format!("`{method}` is no HTTP method") })?;
    let running = workspace.running().await?;
    let reply = running.call(method, &path, body).await.map_err(|error| Refused { message: error.to_string() })?;
    Ok(Answer {
        status: reply.status,
        headers: BTreeMap::from([("content-type", "application/json")]),
        body: reply.body,
    })
}

/// Live updates, until the window that asked is gone.
#[tauri::command]
pub async fn events(
    workspace: State<'_, Workspace>,
    channel: Channel<serde_json::Value>,
) -> Result<(), Refused> {
    let mut events = workspace.running().await?.events();
    tauri::async_runtime::spawn(async move {
        while let Some(event) = events.next().await {
            if channel.send(event).is_err() {
                break;
            }
        }
    });
    Ok(())
}
