//! The main window.

use tauri::{AppHandle, WebviewUrl, WebviewWindowBuilder};

/// Opens the main window. It shows our own pages and goes nowhere else.
pub fn open(app: &AppHandle) -> tauri::Result<()> {
    WebviewWindowBuilder::new(app, "main", WebviewUrl::default())
        .title("Hookloom")
        .inner_size(1280.0, 800.0)
        .min_inner_size(900.0, 600.0)
        .on_navigation(|url| {
            let own = url.scheme() == "tauri" || matches!(url.host_str(), Some("tauri.localhost"));
            own || (cfg!(debug_assertions) && url.host_str() == Some("127.0.0.1"))
        })
        .build()
        .map(|_| ())
}
