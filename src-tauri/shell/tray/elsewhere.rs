//! The tray of macOS and Windows, as the toolkit of the window has it.

use std::sync::atomic::Ordering;

use http::Method;
use serde_json::json;
use tauri::image::Image;
use tauri::menu::{Menu, MenuBuilder, MenuItemBuilder};
use tauri::tray::{MouseButton, MouseButtonState, TrayIconBuilder, TrayIconEvent};
use tauri::{AppHandle, Manager as _, Wry};

use super::paint::painted;
use super::{OPEN, QUIT, Receiving};
use crate::desk::Desk;
use crate::window;
use crate::workspace::Workspace;

const RECEIVING: &str = "/api/v1/receiving";
const ID: &str = "hookloom";

/// Puts the icon into the tray.
pub fn begin(app: &AppHandle) {
    let made = menu(app, &Receiving::Unknown).and_then(|menu| {
        let mut icon = TrayIconBuilder::with_id(ID)
            .tooltip("Hookloom")
            .menu(&menu)
            .show_menu_on_left_click(cfg!(target_os = "macos"))
            .on_menu_event(|app, event| act(app, event.id().as_ref()))
            .on_tray_icon_event(|icon, event| {
                let is_click = matches!(
                    event,
                    TrayIconEvent::Click {
                        button: MouseButton::Left,
                        button_state: MouseButtonState::Up,
                        ..
                    }
                );
                if is_click && !cfg!(target_os = "macos") {
                    window::show(icon.app_handle(), None);
                }
            });
        if let Some(pixels) = app.default_window_icon() {
            icon = icon.icon(pixels.clone());
        }
        icon.build(app)
    });
    if let Err(error) = &made {
        tracing::info!(%error, "there is no tray here");
    }
    let is_seen = made.is_ok();
    app.state::<Desk>()
        .has_tray
        .store(is_seen, Ordering::Relaxed);
}

/// Shows how the receiver is.
pub async fn show(app: &AppHandle, receiving: Receiving) {
    let Some(icon) = app.tray_by_id(ID) else {
        return;
    };
    let painted = app.default_window_icon().map(|pixels| {
        let (width, height) = (pixels.width(), pixels.height());
        Image::new_owned(painted(pixels.rgba(), receiving.is_bright()), width, height)
    });
    let shown = menu(app, &receiving).and_then(|menu| {
        icon.set_icon(painted)?;
        icon.set_menu(Some(menu))?;
        icon.set_tooltip(Some(receiving.words()))
    });
    if let Err(error) = shown {
        tracing::warn!(%error, "the tray cannot be changed");
    }
}

fn menu(app: &AppHandle, receiving: &Receiving) -> tauri::Result<Menu<Wry>> {
    let words = MenuItemBuilder::new(receiving.words())
        .enabled(false)
        .build(app)?;
    let mut menu = MenuBuilder::new(app)
        .item(&words)
        .separator()
        .text("open", OPEN);
    if let Some((label, is_pause)) = receiving.pause() {
        menu = menu.text(if is_pause { "pause" } else { "resume" }, label);
    }
    menu.separator().text("quit", QUIT).build()
}

fn act(app: &AppHandle, id: &str) {
    match id {
        "open" => window::show(app, None),
        "pause" => pause(app, true),
        "resume" => pause(app, false),
        "quit" => window::quit(app),
        _ => {}
    }
}

fn pause(app: &AppHandle, is_paused: bool) {
    let app = app.clone();
    tauri::async_runtime::spawn(async move {
        let workspace = app.state::<Workspace>();
        let body = json!({"is_paused": is_paused});
        workspace.ask(Method::PUT, RECEIVING, Some(body)).await;
    });
}
