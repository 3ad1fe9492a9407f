//! The two commands of the window: one call of the control API, and the stream of live updates.

use std::collections::BTreeMap;

use futures::StreamExt as _;
use hookloom_runtime::Running;
use serde::Serialize;
use serde_json::Value;
use tauri::State;
use tauri::ipc::Channel;
use tokio::sync::{RwLock, RwLockReadGuard};

/// The open data folder, until the app ends.
pub struct Workspace(RwLock<Option<Running>>);

impl Workspace {
    /// Takes the open folder into the app's keeping.
    pub fn new(running: Running) -> Self {
        Self(RwLock::new(Some(running)))
    }

    /// Drains and closes the folder. Later calls are refused.
    pub async fn stop(&self) {
        if let Some(running) = self.0.write().await.take() {
            running.stop().await;
        }
    }

    /// Holds the folder open for the length of a call: it closes once every call has its answer.
    async fn running(&self) -> Result<RwLockReadGuard<'_, Running>, Refused> {
        let open = self.0.read().await;
        RwLockReadGuard::try_map(open, Option::as_ref).map_err(|_| Refused {
            message: "Hookloom is closing".to_owned(),
        })
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
    let method = method.parse().map_err(|_| Refused {
        message: format!("`{method}` is no HTTP method"),
    })?;
    let running = workspace.running().await?;
    let reply = running
        .call(method, &path, body)
        .await
        .map_err(|error| Refused {
            message: error.to_string(),
        })?;
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
    channel: Channel<Value>,
) -> Result<(), Refused> {
    let mut events = workspace.running().await?.events();
    tauri::async_runtime::spawn(async move {
        while let Some(event) = events.next().await {
            let Ok(event) = serde_json::to_value(event) else {
                continue;
            };
            if channel.send(event).is_err() {
                break;
            }
        }
    });
    Ok(())
}
