//! The main window: made when it is first needed, hidden when it is closed, and back where it stood.

use tauri::{
    AppHandle, LogicalSize, Manager as _, PhysicalPosition, WebviewUrl, WebviewWindow,
    WebviewWindowBuilder, WindowEvent,
};

use crate::desk::{Ask, Desk, OnClose};
use crate::memory::{Closing, Memory};
use crate::menu;
use crate::notice;
use crate::placement::{HEIGHT_MIN, Opening, Placement, Screen, WIDTH_MIN};

const LABEL: &str = "main";

/// The window, once it was made.
pub fn of(app: &AppHandle) -> Option<WebviewWindow> {
    app.get_webview_window(LABEL)
}

/// Brings the window to the front, wherever it is. `startup_id` is what the desktop gave to whoever asked for it.
pub fn show(app: &AppHandle, startup_id: Option<&str>) {
    if let Err(error) = try_show(app, startup_id) {
        tracing::error!(%error, "the window cannot be shown");
    }
}

fn try_show(app: &AppHandle, startup_id: Option<&str>) -> tauri::Result<()> {
    let window = match of(app) {
        Some(window) => window,
        None => open(app)?,
    };
    if window.is_minimized()? {
        window.unminimize()?;
    }
    window.show()?;
    use_startup_id(app, startup_id);
    window.set_focus()
}

/// A desktop lets a window come to the front for a reason that it gave itself.
#[cfg(target_os = "linux")]
fn use_startup_id(app: &AppHandle, startup_id: Option<&str>) {
    use gtk::prelude::GtkWindowExt as _;
    let Some(startup_id) = startup_id.map(str::to_owned) else {
        return;
    };
    let handle = app.clone();
    // The toolkit has one thread.
    let run = app.run_on_main_thread(move || {
        let window = of(&handle);
        if let Some(window) = window.and_then(|window| window.gtk_window().ok()) {
            window.set_startup_id(&startup_id);
        }
    });
    drop(run);
}

#[cfg(not(target_os = "linux"))]
fn use_startup_id(_: &AppHandle, _: Option<&str>) {}

/// Makes the window. It shows our own pages and goes nowhere else.
fn open(app: &AppHandle) -> tauri::Result<WebviewWindow> {
    let kept = app.state::<Memory>().kept().placement;
    let opening = Opening::of(kept, &screens(app));
    let window = WebviewWindowBuilder::new(app, LABEL, WebviewUrl::default())
        .title("Hookloom")
        .inner_size(opening.width, opening.height)
        .min_inner_size(WIDTH_MIN, HEIGHT_MIN)
        .maximized(opening.is_maximized)
        .zoom_hotkeys_enabled(true)
        .visible(false)
        .on_navigation(|url| {
            let own = url.scheme() == "tauri" || matches!(url.host_str(), Some("tauri.localhost"));
            own || (cfg!(debug_assertions) && url.host_str() == Some("127.0.0.1"))
        })
        .build()?;
    if let Some((x, y)) = opening.position {
        window.set_position(PhysicalPosition::new(x, y))?;
    }
    let handle = app.clone();
    window.on_window_event(move |event| on_event(&handle, event));
    menu::show(app);
    Ok(window)
}

fn screens(app: &AppHandle) -> Vec<Screen> {
    let monitors = app.available_monitors().unwrap_or_default();
    let screens = monitors.iter().map(|monitor| {
        let area = monitor.work_area();
        Screen {
            x: area.position.x,
            y: area.position.y,
            width: area.size.width,
            height: area.size.height,
            scale: monitor.scale_factor(),
        }
    });
    screens.collect()
}

fn on_event(app: &AppHandle, event: &WindowEvent) {
    match event {
        WindowEvent::CloseRequested { api, .. } => {
            api.prevent_close();
            close(app);
        }
        WindowEvent::Focused(false) => remember(app),
        _ => {}
    }
}

/// What closing the window does, by its button or by a key.
pub fn close(app: &AppHandle) {
    let (desk, memory) = (app.state::<Desk>(), app.state::<Memory>());
    let kept = memory.kept();
    match desk.on_close(kept.closing, kept.was_told) {
        OnClose::Hide => hide(app),
        OnClose::HideAndTell => {
            hide(app);
            memory.change(|kept| kept.was_told = true);
            notice::tell_of_the_tray(app);
        }
        OnClose::Ask => desk.ask(Ask::Close),
        OnClose::Quit => quit(app),
    }
}

/// The person's answer to what closing shall do, this time or always.
pub fn close_as_answered(app: &AppHandle, is_kept: bool, is_always: bool) {
    app.state::<Desk>().answered();
    if is_always {
        let closing = if is_kept {
            Closing::Keep
        } else {
            Closing::Quit
        };
        app.state::<Memory>().change(|kept| kept.closing = closing);
    }
    if is_kept {
        hide(app);
    } else {
        quit(app);
    }
}

fn hide(app: &AppHandle) {
    remember(app);
    app.state::<Desk>().answered();
    if let Some(window) = of(app)
        && let Err(error) = window.hide()
    {
        tracing::error!(%error, "the window cannot be hidden");
    }
}

/// Ends the app. What runs is let finish, within a bound; the rest goes on at the next start.
pub fn quit(app: &AppHandle) {
    hide(app);
    app.exit(0);
}

/// Whether a person looks at the window now.
pub fn is_in_front(app: &AppHandle) -> bool {
    let window = of(app);
    window.is_some_and(|window| {
        window.is_visible().unwrap_or(false) && window.is_focused().unwrap_or(false)
    })
}

/// Keeps where the window stands, while it can be seen there.
fn remember(app: &AppHandle) {
    let Some(window) = of(app) else {
        return;
    };
    match placement_of(&window) {
        Ok(Some(placement)) => app.state::<Memory>().change(|kept| {
            kept.placement = Some(match (kept.placement, placement.is_maximized) {
                // Where it goes back to is where it was before.
                (Some(before), true) => Placement {
                    is_maximized: true,
                    ..before
                },
                _ => placement,
            });
        }),
        Ok(None) => {}
        Err(error) => tracing::debug!(%error, "it is not known where the window stands"),
    }
}

fn placement_of(window: &WebviewWindow) -> tauri::Result<Option<Placement>> {
    if !window.is_visible()? || window.is_minimized()? {
        return Ok(None);
    }
    let PhysicalPosition { x, y } = window.outer_position()?;
    let size: LogicalSize<f64> = window.inner_size()?.to_logical(window.scale_factor()?);
    Ok(Some(Placement {
        x,
        y,
        width: size.width,
        height: size.height,
        is_maximized: window.is_maximized()?,
    }))
}
