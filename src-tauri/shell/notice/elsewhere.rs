//! Notifications of macOS and Windows. They say the same; a click brings the app to the front, as the system does it.

use tauri::AppHandle;

use super::{Notice, Words};

/// Nothing has to be ready beforehand.
pub fn begin(_: &AppHandle) {}

/// Says it. What goes on no more stays in the system's own list.
pub fn tell(_: &AppHandle, notice: Notice) {
    let Some(Words { title, text, .. }) = notice.words else {
        return;
    };
    let said = notify_rust::Notification::new()
        .appname("Hookloom")
        .summary(&title)
        .body(&text)
        .show();
    if let Err(error) = said {
        tracing::info!(%error, about = ?notice.about, "a notification was not shown");
    }
}
