//! Saying something to a person who started this program with a click and reads no terminal: by a notification of the
//! desktop, else in a small window of whatever program there is that shows one.

#[cfg(target_os = "linux")]
use std::{
    collections::HashMap,
    process::{Command, Stdio},
    time::Duration,
};

/// A desktop that takes longer shows nothing.
#[cfg(target_os = "linux")]
const PATIENCE: Duration = Duration::from_secs(5);
#[cfg(target_os = "linux")]
const URGENT: u8 = 2;
/// It stays until somebody has seen it.
#[cfg(target_os = "linux")]
const UNTIL_CLOSED: i32 = 0;

/// Says it, if there is anybody who could see it.
#[cfg(target_os = "linux")]
pub async fn tell(title: &str, text: &str) {
    let set = |name: &str| std::env::var_os(name).is_some_and(|value| !value.is_empty());
    if !set("DISPLAY") && !set("WAYLAND_DISPLAY") {
        return;
    }
    let text = plain(text);
    match tokio::time::timeout(PATIENCE, notify(title, &text)).await {
        Ok(Ok(())) => {}
        _ => in_window(title, &text),
    }
}

/// Nowhere else does a program end before it can say why.
#[cfg(not(target_os = "linux"))]
pub async fn tell(_title: &str, _text: &str) {}

/// Some desktops read notifications as markup, others show it as it is: without its signs both show the same.
#[cfg(target_os = "linux")]
fn plain(text: &str) -> String {
    text.replace(['<', '>', '&'], " ")
}

#[cfg(target_os = "linux")]
async fn notify(title: &str, text: &str) -> zbus::Result<()> {
    const NAME: &str = "org.freedesktop.Notifications";
    let bus = zbus::Connection::session().await?;
    let hints = HashMap::from([("urgency", zbus::zvariant::Value::from(URGENT))]);
    let actions: [&str; 0] = [];
    let said = (
        "Hookloom",
        0_u32,
        "hookloom-app",
        title,
        text,
        actions.as_slice(),
        hints,
        UNTIL_CLOSED,
    );
    let path = "/org/freedesktop/Notifications";
    bus.call_method(Some(NAME), path, Some(NAME), "Notify", &said)
        .await?;
    Ok(())
}

/// The window stays when this process has ended, until somebody closes it.
#[cfg(target_os = "linux")]
fn in_window(title: &str, text: &str) {
    let whole = format!("{title}\n\n{text}");
    let shown_by: [(&str, &[&str]); 3] = [
        (
            "zenity",
            &["--error", "--no-markup", "--title", title, "--text", text],
        ),
        ("kdialog", &["--title", title, "--error", text]),
        ("xmessage", &["-center", &whole]),
    ];
    for (program, arguments) in shown_by {
        let mut command = Command::new(program);
        command.args(arguments);
        command.stdin(Stdio::null()).stdout(Stdio::null());
        if command.stderr(Stdio::null()).spawn().is_ok() {
            return;
        }
    }
}
