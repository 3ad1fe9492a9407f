//! Keeps what is seen outside of the window true: the tray, and notifications of alerts and of a newer release. Ends
//! with the data folder.

use futures::StreamExt as _;
use http::Method;
use tauri::{AppHandle, Manager as _};

use crate::memory::Memory;
use crate::notice;
use crate::tray;
use crate::window;
use crate::workspace::Workspace;
use crate::{EXIT_REFUSED, alerts, newer};

const STATUS: &str = "/api/v1/status";
const ALERTS: &str = "/api/v1/alerts";
const UPDATES: &str = "/api/v1/updates";

/// Begins to look, and to open the folder again when that is wanted.
pub fn begin(app: &AppHandle) {
    let watched = app.clone();
    tauri::async_runtime::spawn(async move { watch(&watched).await });
    let kept = app.clone();
    tauri::async_runtime::spawn(async move {
        if !kept.state::<Workspace>().keep_open().await {
            kept.exit(i32::from(EXIT_REFUSED));
        }
    });
}

async fn watch(app: &AppHandle) {
    let workspace = app.state::<Workspace>();
    let mut told = alerts::Told::default();
    // The stream ends when the folder is opened again, and once for all.
    while let Ok(mut events) = workspace.events().await {
        look_at_receiver(app).await;
        look_at_alerts(app, &mut told).await;
        look_at_releases(app).await;
        while let Some(message) = events.next().await {
            let has = |wanted: &str| message.tags.iter().any(|tag| tag == wanted);
            if has("status") {
                look_at_receiver(app).await;
            }
            if has("alerts") {
                look_at_alerts(app, &mut told).await;
            }
            if has("updates") {
                look_at_releases(app).await;
            }
        }
    }
}

async fn look_at_receiver(app: &AppHandle) {
    let workspace = app.state::<Workspace>();
    let status = workspace.ask(Method::GET, STATUS, None).await;
    if let Some(receiving) = status.as_ref().and_then(tray::Receiving::of_status) {
        tray::show(app, receiving).await;
    }
}

async fn look_at_alerts(app: &AppHandle, told: &mut alerts::Told) {
    let workspace = app.state::<Workspace>();
    let Some(page) = workspace.ask(Method::GET, ALERTS, None).await else {
        return;
    };
    // Who looks at the window sees them there.
    let is_wanted = app.state::<Memory>().kept().notifications && !window::is_in_front(app);
    if let Some(news) = told.look(alerts::read(&page), is_wanted) {
        notice::tell_of_alerts(app, news);
    }
}

async fn look_at_releases(app: &AppHandle) {
    let workspace = app.state::<Workspace>();
    let Some(updates) = workspace.ask(Method::GET, UPDATES, None).await else {
        return;
    };
    let memory = app.state::<Memory>();
    let kept = memory.kept();
    let Some(version) = newer::untold(&updates, kept.told_release.as_deref()) else {
        return;
    };
    // Who looks at the window sees the sign at the settings there.
    if kept.notifications && !window::is_in_front(app) {
        notice::tell_of_release(app, &version);
    }
    memory.change(|kept| kept.told_release = Some(version));
}
