//! The commands of the window: one call of the control API, the stream of live updates, and a file that somebody saves.

use std::collections::BTreeMap;

use base64::Engine as _;
use base64::engine::general_purpose::STANDARD as BASE64;
use futures::StreamExt as _;
use hookloom_runtime::Running;
use serde::Serialize;
use serde_json::Value;
use tauri::ipc::Channel;
use tauri::{AppHandle, Manager as _, State};
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
    headers: BTreeMap<&'static str, String>,
    body: String,
    /// What is no text comes in Base64.
    is_base64: bool,
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
        .call_raw(method, &path, body)
        .await
        .map_err(|error| Refused {
            message: error.to_string(),
        })?;
    let (body, is_base64) = match String::from_utf8(reply.body) {
        Ok(text) => (text, false),
        Err(bytes) => (BASE64.encode(bytes.as_bytes()), true),
    };
    Ok(Answer {
        status: reply.status,
        headers: BTreeMap::from([("content-type", reply.content_type)]),
        body,
        is_base64,
    })
}

/// Saves a file among the person's downloads, under a name that nothing there has yet. Gives its path.
#[tauri::command]
pub async fn save_file(app: AppHandle, name: String, base64: String) -> Result<String, Refused> {
    let refused = |message: String| Refused { message };
    let content = BASE64
        .decode(base64)
        .map_err(|error| refused(format!("the file came damaged from the window: {error}")))?;
    let folder = app.path().download_dir().or_else(|_| app.path().home_dir());
    let folder = folder.map_err(|error| refused(format!("there is no folder for it: {error}")))?;
    let saving = move || hookloom_runtime::save_file(&folder, &name, &content);
    let saved = tauri::async_runtime::spawn_blocking(saving).await;
    let saved = saved.map_err(|error| refused(error.to_string()))?;
    let path = saved.map_err(|error| refused(error.to_string()))?;
    Ok(path.display().to_string())
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
