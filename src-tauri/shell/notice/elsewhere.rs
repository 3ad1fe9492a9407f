//! Notifications of macOS and Windows. They say the same; a click brings the app to the front, as the system does it.

use tauri::AppHandle;

use super::{Notice, Words};

/// Nothing has to be ready beforehand.
pub fn begin(_: &AppHandle) {}

/// Says it. What goes on no more stays in the system's own list.
pub fn tell(app: &AppHandle, notice: Notice) {
    let Some(Words { title, text, .. }) = notice.words else {
        return;
    };
    let mut said = notify_rust::Notification::new();
    said.appname("Hookloom").summary(&title).body(&text);
    name_sender(app, &mut said);
    if let Err(error) = said.show() {
        tracing::info!(%error, about = ?notice.about, "a notification was not shown");
    }
}

/// Windows says whose notification it is by a name that installers register; without one it is PowerShell's. What was
/// built to be looked at is not installed.
#[cfg(windows)]
fn name_sender(app: &AppHandle, notification: &mut notify_rust::Notification) {
    if !cfg!(debug_assertions) {
        notification.app_id(&app.config().identifier);
    }
}

#[cfg(not(windows))]
fn name_sender(_: &AppHandle, _: &mut notify_rust::Notification) {}
