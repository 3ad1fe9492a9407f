//! The commands of the window: one call of the control API, the stream of live updates, a file that somebody saves, and
//! the window's own settings.

use std::collections::BTreeMap;
use std::sync::atomic::Ordering;

use base64::Engine as _;
use base64::engine::general_purpose::STANDARD as BASE64;
use futures::StreamExt as _;
use serde::{Deserialize, Serialize};
use serde_json::Value;
use tauri::ipc::Channel;
use tauri::{AppHandle, Manager as _, State};

use crate::desk::{Ask, Desk};
use crate::login::Login;
use crate::memory::{Closing, Memory};
use crate::menu;
use crate::window;
use crate::workspace::{NotAsked, Workspace};

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

impl From<NotAsked> for Refused {
    fn from(error: NotAsked) -> Self {
        Self {
            message: error.to_string(),
        }
    }
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
    let reply = workspace.call(method, &path, body).await?;
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

/// Live updates, until the window that asked is gone. `null` ends them: the folder is being opened again, or closed.
#[tauri::command]
pub async fn events(
    workspace: State<'_, Workspace>,
    channel: Channel<Value>,
) -> Result<(), Refused> {
    let mut events = workspace.events().await?;
    tauri::async_runtime::spawn(async move {
        while let Some(event) = events.next().await {
            let Ok(event) = serde_json::to_value(event) else {
                continue;
            };
            if channel.send(event).is_err() {
                return;
            }
        }
        // Whoever asked is gone, or asks again.
        drop(channel.send(Value::Null));
    });
    Ok(())
}

/// What the shell asks of the page from now on, and what it asked before.
#[tauri::command]
pub fn asks(desk: State<'_, Desk>, channel: Channel<Ask>) {
    desk.connect(channel);
}

/// What a person chose for the window.
#[derive(Debug, Serialize)]
pub struct WindowSettings {
    closing: Closing,
    notifications: bool,
    /// The app starts at login, without its window.
    at_login: bool,
    /// The window has a menu bar; none where every app has one.
    menu_bar: Option<bool>,
    /// Whether there is a tray that a closed window goes to.
    has_tray: bool,
}

/// What a person chooses for the window; what is not there stays.
#[derive(Debug, Deserialize)]
pub struct WindowChange {
    closing: Option<Closing>,
    notifications: Option<bool>,
    at_login: Option<bool>,
    menu_bar: Option<bool>,
}

/// How the window behaves.
#[tauri::command]
pub fn window_settings(desk: State<'_, Desk>, memory: State<'_, Memory>) -> WindowSettings {
    let kept = memory.kept();
    WindowSettings {
        closing: kept.closing,
        notifications: kept.notifications,
        at_login: Login::of(memory.folder()).is_ok_and(|login| login.is_on()),
        menu_bar: menu::IS_A_CHOICE.then_some(kept.menu_bar),
        has_tray: desk.has_tray.load(Ordering::Relaxed),
    }
}

/// Changes how the window behaves.
#[tauri::command]
pub fn change_window_settings(
    app: AppHandle,
    desk: State<'_, Desk>,
    memory: State<'_, Memory>,
    change: WindowChange,
) -> Result<WindowSettings, Refused> {
    let WindowChange {
        closing,
        notifications,
        at_login,
        menu_bar,
    } = change;
    if let Some(at_login) = at_login {
        let set = Login::of(memory.folder()).and_then(|login| login.set(at_login));
        set.map_err(|error| Refused {
            message: format!("Starting at login cannot be changed: {error}"),
        })?;
    }
    memory.change(|kept| {
        kept.closing = closing.unwrap_or(kept.closing);
        kept.notifications = notifications.unwrap_or(kept.notifications);
        kept.menu_bar = menu_bar.unwrap_or(kept.menu_bar);
    });
    menu::show(&app);
    Ok(window_settings(desk, memory))
}

/// What the page's commands are called now, which of them can be run, and their keys: the menu bar shows the same.
#[tauri::command]
pub fn offer_commands(app: AppHandle, offer: menu::Offer) {
    menu::offer(&app, offer);
}

/// The person's answer to what closing the window shall do; none: it stays open.
#[tauri::command]
pub fn close_window(app: AppHandle, is_kept: Option<bool>, is_always: bool) {
    match is_kept {
        Some(is_kept) => window::close_as_answered(&app, is_kept, is_always),
        None => app.state::<Desk>().answered(),
    }
}

/// Closes the window as its own button does.
#[tauri::command]
pub fn ask_to_close(app: AppHandle) {
    window::close(&app);
}

/// Ends the app, by its own button.
#[tauri::command]
pub fn quit(app: AppHandle) {
    window::quit(&app);
}
