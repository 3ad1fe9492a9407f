//! What a desktop has on its session bus: a tray that shows icons, and notifications. The tests look at what the app
//! says there, and click on it.

use std::collections::HashMap;
use std::sync::Arc;
use std::time::{Duration, Instant};

use parking_lot::Mutex;
use zbus::zvariant::{OwnedValue, Structure, Value};
use zbus::{Connection, Proxy, interface};

/// How long the app may take to say something.
const PATIENCE: Duration = Duration::from_secs(20);

/// A notification as the app asked for it.
#[derive(Debug, Clone)]
pub struct Said {
    pub id: u32,
    pub replaces: u32,
    pub title: String,
    pub text: String,
}

#[derive(Default)]
struct Seen {
    icons: Vec<String>,
    said: Vec<Said>,
}

/// A desktop with a tray and with notifications, until it is dropped.
pub struct Desktop {
    bus: Connection,
    seen: Arc<Mutex<Seen>>,
}

struct Watcher(Arc<Mutex<Seen>>);

#[interface(name = "org.kde.StatusNotifierWatcher")]
impl Watcher {
    fn register_status_notifier_item(
        &self,
        service: &str,
        #[zbus(header)] header: zbus::message::Header<'_>,
    ) {
        // An icon names itself by its path, or by its name on the bus.
        let sender = header.sender().map(ToString::to_string).unwrap_or_default();
        let name = if service.starts_with('/') {
            sender
        } else {
            service.to_owned()
        };
        self.0.lock().icons.push(name);
    }

    #[zbus(property)]
    fn is_status_notifier_host_registered(&self) -> bool {
        true
    }

    #[zbus(property)]
    fn protocol_version(&self) -> i32 {
        0
    }
}

struct Notifications(Arc<Mutex<Seen>>);

#[interface(name = "org.freedesktop.Notifications")]
impl Notifications {
    #[expect(clippy::too_many_arguments, reason = "the protocol has so many")]
    fn notify(
        &self,
        _app: &str,
        replaces: u32,
        _icon: &str,
        title: &str,
        text: &str,
        _actions: Vec<String>,
        _hints: HashMap<String, OwnedValue>,
        _expires: i32,
    ) -> u32 {
        let mut seen = self.0.lock();
        let id = match replaces {
            0 => u32::try_from(seen.said.len()).expect("few") + 1,
            id => id,
        };
        seen.said.push(Said {
            id,
            replaces,
            title: title.to_owned(),
            text: text.to_owned(),
        });
        id
    }

    fn get_capabilities(&self) -> Vec<String> {
        vec!["actions".to_owned(), "body-markup".to_owned()]
    }

    fn close_notification(&self, _id: u32) {}
}

impl Desktop {
    /// Takes the place of a desktop on the session bus.
    pub async fn begin() -> Self {
        let seen = Arc::default();
        let bus = zbus::connection::Builder::session()
            .and_then(|bus| bus.serve_at("/StatusNotifierWatcher", Watcher(Arc::clone(&seen))))
            .and_then(|bus| {
                let notifications = Notifications(Arc::clone(&seen));
                bus.serve_at("/org/freedesktop/Notifications", notifications)
            })
            .and_then(|bus| bus.name("org.kde.StatusNotifierWatcher"))
            .and_then(|bus| bus.name("org.freedesktop.Notifications"))
            .expect("a session bus");
        let bus = bus.build().await.expect("no other desktop on this bus");
        Self { bus, seen }
    }

    /// What the icon says of itself, once it says this.
    pub async fn sees_in_the_tray(&self, words: &str) {
        let begin = Instant::now();
        loop {
            let labels: Vec<String> = self.menu().await.into_iter().map(|(_, it)| it).collect();
            if labels.iter().any(|label| label.contains(words)) {
                return;
            }
            assert!(begin.elapsed() < PATIENCE, "no `{words}` in {labels:?}");
            tokio::time::sleep(Duration::from_millis(50)).await;
        }
    }

    /// Clicks an entry of the icon's menu.
    pub async fn choose(&self, label: &str) {
        self.sees_in_the_tray(label).await;
        let menu = self.menu().await;
        let entry = menu.iter().find(|(_, it)| it == label);
        let (id, _) = entry.unwrap_or_else(|| panic!("no `{label}` in {menu:?}"));
        let proxy = self.menu_proxy().await.expect("an icon");
        let event = (*id, "clicked", Value::from(0_i32), 0_u32);
        let clicked: zbus::Result<()> = proxy.call("Event", &event).await;
        // An app that ends for it may be gone before its answer.
        drop(clicked);
    }

    /// The newest notification with this in its title.
    pub async fn hears(&self, title: &str) -> Said {
        let begin = Instant::now();
        loop {
            let said = self.seen.lock().said.clone();
            if let Some(said) = said.iter().rev().find(|it| it.title.contains(title)) {
                return said.clone();
            }
            assert!(begin.elapsed() < PATIENCE, "no `{title}` in {said:?}");
            tokio::time::sleep(Duration::from_millis(50)).await;
        }
    }

    /// Clicks a notification.
    pub async fn click(&self, said: &Said) {
        let path = "/org/freedesktop/Notifications";
        let name = "org.freedesktop.Notifications";
        let signal = (said.id, "default");
        self.bus
            .emit_signal(None::<&str>, path, name, "ActionInvoked", &signal)
            .await
            .expect("said");
    }

    async fn menu_proxy(&self) -> Option<Proxy<'static>> {
        let name = self.seen.lock().icons.last().cloned()?;
        let proxy = Proxy::new(&self.bus, name, "/MenuBar", "com.canonical.dbusmenu");
        proxy.await.ok()
    }

    /// The entries of the icon's menu, with their numbers; none while there is no icon.
    async fn menu(&self) -> Vec<(i32, String)> {
        let Some(proxy) = self.menu_proxy().await else {
            return Vec::new();
        };
        type Entry = (i32, HashMap<String, OwnedValue>, Vec<OwnedValue>);
        let asked = (0_i32, -1_i32, Vec::<&str>::new());
        let layout: zbus::Result<(u32, Entry)> = proxy.call("GetLayout", &asked).await;
        let Ok((_, (_, _, entries))) = layout else {
            return Vec::new();
        };
        entries.iter().filter_map(|entry| entry_of(entry)).collect()
    }
}

fn entry_of(entry: &Value<'_>) -> Option<(i32, String)> {
    let entry: &Structure<'_> = entry.downcast_ref().ok()?;
    let id: i32 = entry.fields().first()?.downcast_ref().ok()?;
    let Value::Dict(properties) = entry.fields().get(1)? else {
        return None;
    };
    let label: String = properties.get(&"label").ok()??;
    Some((id, label))
}
