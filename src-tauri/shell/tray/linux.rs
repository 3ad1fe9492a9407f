//! The tray of Linux desktops, by their own protocol on the session bus: it needs no library, and says whether anybody
//! shows the icon.

use std::sync::atomic::Ordering;

use http::Method;
use ksni::menu::StandardItem;
use ksni::{Handle, MenuItem, OfflineReason, ToolTip, Tray, TrayMethods as _};
use parking_lot::Mutex;
use serde_json::json;
use tauri::{AppHandle, Manager as _};
use tokio::sync::OnceCell;

use super::paint::painted;
use super::{OPEN, QUIT, Receiving};
use crate::desk::Desk;
use crate::window;
use crate::workspace::Workspace;

const RECEIVING: &str = "/api/v1/receiving";

/// The icon, once it is made, and what it shows.
#[derive(Default)]
struct Shown {
    icon: OnceCell<Option<Handle<Icon>>>,
    receiving: Mutex<Receiving>,
}

struct Icon {
    app: AppHandle,
    receiving: Receiving,
    bright: Vec<ksni::Icon>,
    dim: Vec<ksni::Icon>,
}

/// Makes room for the icon, which comes with the first news.
pub fn begin(app: &AppHandle) {
    app.manage(Shown::default());
}

/// Shows how the receiver is.
pub async fn show(app: &AppHandle, receiving: Receiving) {
    let shown = app.state::<Shown>();
    // An open menu that is made anew loses the click that is on its way.
    if std::mem::replace(&mut *shown.receiving.lock(), receiving.clone()) == receiving {
        return;
    }
    let is_new = !shown.icon.initialized();
    let first = receiving.clone();
    let handle = shown.icon.get_or_init(|| make(app, first)).await;
    if let Some(handle) = handle
        && !is_new
    {
        let update = handle.update(|icon| icon.receiving = receiving);
        if update.await.is_none() {
            tracing::debug!("the tray ended");
        }
    }
}

async fn make(app: &AppHandle, receiving: Receiving) -> Option<Handle<Icon>> {
    let pixels = app.default_window_icon();
    let drawn = |is_bright| {
        let icon = pixels.and_then(|icon| drawn(icon, is_bright));
        icon.into_iter().collect()
    };
    let icon = Icon {
        app: app.clone(),
        receiving,
        bright: drawn(true),
        dim: drawn(false),
    };
    // Whoever has no tray says so at once; a panel that starts later is found then.
    set_seen(app, true);
    match icon.assume_sni_available(true).spawn().await {
        Ok(handle) => Some(handle),
        Err(error) => {
            tracing::info!(%error, "there is no tray here");
            set_seen(app, false);
            None
        }
    }
}

fn set_seen(app: &AppHandle, is_seen: bool) {
    app.state::<Desk>()
        .has_tray
        .store(is_seen, Ordering::Relaxed);
}

fn drawn(icon: &tauri::image::Image<'_>, is_bright: bool) -> Option<ksni::Icon> {
    Some(ksni::Icon {
        width: i32::try_from(icon.width()).ok()?,
        height: i32::try_from(icon.height()).ok()?,
        data: argb(painted(icon.rgba(), is_bright)),
    })
}

/// Colours as the protocol has them.
fn argb(mut pixels: Vec<u8>) -> Vec<u8> {
    for pixel in pixels.chunks_exact_mut(4) {
        pixel.rotate_right(1);
    }
    pixels
}

impl Icon {
    fn pause(&self, is_paused: bool) {
        let app = self.app.clone();
        tauri::async_runtime::spawn(async move {
            let workspace = app.state::<Workspace>();
            let body = json!({"is_paused": is_paused});
            workspace.ask(Method::PUT, RECEIVING, Some(body)).await;
        });
    }
}

impl Tray for Icon {
    fn id(&self) -> String {
        "hookloom".to_owned()
    }

    fn title(&self) -> String {
        "Hookloom".to_owned()
    }

    fn icon_pixmap(&self) -> Vec<ksni::Icon> {
        match self.receiving.is_bright() {
            true => self.bright.clone(),
            false => self.dim.clone(),
        }
    }

    fn tool_tip(&self) -> ToolTip {
        ToolTip {
            title: "Hookloom".to_owned(),
            description: self.receiving.words(),
            ..ToolTip::default()
        }
    }

    fn activate(&mut self, _x: i32, _y: i32) {
        window::show(&self.app, None);
    }

    fn menu(&self) -> Vec<MenuItem<Self>> {
        let item = |label: &str, act: fn(&mut Self)| -> MenuItem<Self> {
            StandardItem {
                label: label.to_owned(),
                activate: Box::new(act),
                ..StandardItem::default()
            }
            .into()
        };
        let words = StandardItem {
            label: self.receiving.words(),
            enabled: false,
            ..StandardItem::default()
        };
        let mut menu = vec![
            words.into(),
            MenuItem::Separator,
            item(OPEN, |icon| window::show(&icon.app, None)),
        ];
        match self.receiving.pause() {
            Some((label, true)) => menu.push(item(label, |icon| icon.pause(true))),
            Some((label, false)) => menu.push(item(label, |icon| icon.pause(false))),
            None => {}
        }
        menu.push(MenuItem::Separator);
        menu.push(item(QUIT, |icon| window::quit(&icon.app)));
        menu
    }

    fn watcher_online(&self) {
        set_seen(&self.app, true);
    }

    fn watcher_offline(&self, reason: OfflineReason) -> bool {
        tracing::info!(?reason, "nobody shows the tray");
        set_seen(&self.app, false);
        // A panel that comes back shows the icon again.
        true
    }
}

#[cfg(test)]
mod tests {
    use super::*;

    #[test]
    fn a_pixel_begins_with_how_much_is_seen_through_it() {
        let pixels = [200, 100, 0, 255, 1, 2, 3, 4];
        assert_eq!(argb(pixels.to_vec()), [255, 200, 100, 0, 4, 1, 2, 3]);
    }
}
