//! Notifications of Linux desktops, on the session bus: a click opens the page, and a newer one takes an older one's
//! place.

use std::collections::HashMap;

use futures::StreamExt as _;
use tauri::{AppHandle, Manager as _};
use tokio::sync::mpsc::{UnboundedReceiver, UnboundedSender, unbounded_channel};
use zbus::zvariant::Value;

use super::{About, Notice, Words};
use crate::desk::{Ask, Desk};
use crate::markup::escaped;
use crate::page::Page;
use crate::window;

/// What a notification is called whose whole face is clicked.
const CLICK: &str = "default";
/// The desktop decides how long it stays.
const AS_USUAL: i32 = -1;

struct Teller(UnboundedSender<Notice>);

#[zbus::proxy(
    interface = "org.freedesktop.Notifications",
    default_service = "org.freedesktop.Notifications",
    default_path = "/org/freedesktop/Notifications"
)]
trait Notifications {
    #[expect(clippy::too_many_arguments, reason = "the protocol has so many")]
    fn notify(
        &self,
        app_name: &str,
        replaces_id: u32,
        app_icon: &str,
        summary: &str,
        body: &str,
        actions: &[&str],
        hints: HashMap<&str, Value<'_>>,
        expire_timeout: i32,
    ) -> zbus::Result<u32>;

    fn close_notification(&self, id: u32) -> zbus::Result<()>;

    fn get_capabilities(&self) -> zbus::Result<Vec<String>>;

    #[zbus(signal)]
    fn action_invoked(&self, id: u32, action_key: String) -> zbus::Result<()>;

    #[zbus(signal)]
    fn activation_token(&self, id: u32, activation_token: String) -> zbus::Result<()>;
}

/// Makes room for what will be said.
pub fn begin(app: &AppHandle) {
    let (teller, notices) = unbounded_channel();
    app.manage(Teller(teller));
    let app = app.clone();
    tauri::async_runtime::spawn(async move {
        if let Err(error) = tell_all(&app, notices).await {
            tracing::info!(%error, "there are no notifications here");
        }
    });
}

/// Says it, if there is a desktop that shows it.
pub fn tell(app: &AppHandle, notice: Notice) {
    if app.state::<Teller>().0.send(notice).is_err() {
        tracing::debug!("a notification was not shown: there is nobody to show it");
    }
}

/// What is shown of one matter.
struct Shown {
    id: u32,
    page: Option<Page>,
}

async fn tell_all(app: &AppHandle, mut notices: UnboundedReceiver<Notice>) -> zbus::Result<()> {
    // Nothing is asked of the bus before there is something to say.
    let Some(mut next) = notices.recv().await else {
        return Ok(());
    };
    let bus = zbus::Connection::session().await?;
    let desktop = NotificationsProxy::new(&bus).await?;
    let mut clicks = desktop.receive_action_invoked().await?;
    let mut tokens = desktop.receive_activation_token().await?;
    let mut shown: HashMap<About, Shown> = HashMap::new();
    let mut startup_id: Option<(u32, String)> = None;
    loop {
        if let Err(error) = tell_one(&desktop, next, &mut shown).await {
            tracing::info!(%error, "a notification was not shown");
        }
        next = loop {
            tokio::select! {
                notice = notices.recv() => match notice {
                    Some(notice) => break notice,
                    None => return Ok(()),
                },
                Some(token) = tokens.next() => {
                    if let Ok(it) = token.args() {
                        startup_id = Some((it.id, it.activation_token.clone()));
                    }
                }
                Some(click) = clicks.next() => {
                    let id = click.args().map(|it| it.id).unwrap_or_default();
                    let token = startup_id.take().filter(|(of, _)| *of == id);
                    if let Some(shown) = shown.values().find(|it| it.id == id) {
                        open(app, shown.page.as_ref(), token.map(|(_, token)| token));
                    }
                }
            }
        };
    }
}

async fn tell_one(
    desktop: &NotificationsProxy<'_>,
    Notice { about, words }: Notice,
    shown: &mut HashMap<About, Shown>,
) -> zbus::Result<()> {
    let before = shown.remove(&about);
    let Some(words) = words else {
        return match before {
            Some(Shown { id, .. }) => desktop.close_notification(id).await,
            None => Ok(()),
        };
    };
    let Words {
        title,
        text,
        page,
        is_urgent,
    } = words;
    let can = desktop.get_capabilities().await?;
    let text = match can.iter().any(|it| it == "body-markup") {
        true => escaped(&text),
        false => text,
    };
    let hints = HashMap::from([
        ("urgency", Value::from(if is_urgent { 2_u8 } else { 1_u8 })),
        ("desktop-entry", Value::from("hookloom")),
    ]);
    let replaced = before.map_or(0, |it| it.id);
    let actions = [CLICK, "Open"];
    let id = desktop
        .notify(
            "Hookloom", replaced, "hookloom", &title, &text, &actions, hints, AS_USUAL,
        )
        .await?;
    shown.insert(about, Shown { id, page });
    Ok(())
}

fn open(app: &AppHandle, page: Option<&Page>, startup_id: Option<String>) {
    if let Some(page) = page {
        app.state::<Desk>().ask(Ask::from(page));
    }
    window::show(app, startup_id.as_deref());
}
