//! The desktop window: the workbench's UI over the API of the same process.
//!
//! Everything that the window can do goes through the control API; nothing here knows flows, jobs or requests.

mod alerts;
mod bridge;
mod desk;
mod display;
mod findings;
mod login;
mod markup;
mod memory;
mod menu;
mod newer;
mod notice;
mod only;
mod page;
mod placement;
mod refusal;
mod start;
mod tray;
mod watch;
mod window;
mod workspace;

use std::io;
use std::net::SocketAddr;
use std::process::ExitCode;

use hookloom_runtime::{DataFolder, Options, Role, UpdateSource};
use tauri::{AppHandle, Manager as _, RunEvent};

use crate::desk::{Ask, Desk};
use crate::login::Login;
use crate::memory::Memory;
use crate::only::{Only, Opened};
use crate::start::{Asked, Start};
use crate::workspace::Workspace;

/// The exit code of everything that is refused: no display, a folder that somebody owns, a newer database.
const EXIT_REFUSED: u8 = 4;
/// Of a start that cannot be understood.
const EXIT_USAGE: u8 = 2;

/// Where senders call, for tests and for two apps beside each other.
const RECEIVER_VARIABLE: &str = "HOOKLOOM_RECEIVER";
/// Where scripts call.
const CONTROL_VARIABLE: &str = "HOOKLOOM_CONTROL";

/// Opens the data folder and shows the window, until the app is told to end.
pub fn run() -> ExitCode {
    let start = match Asked::of(std::env::args_os().skip(1)) {
        Asked::Window(start) => start,
        Asked::Help => return refusal::said(start::USAGE),
        Asked::Version => return refusal::said(env!("CARGO_PKG_VERSION")),
        Asked::Unclear(why) => {
            let _ = refusal::on_terminal(&format!("{why}\n\n{}", start::USAGE));
            return ExitCode::from(EXIT_USAGE);
        }
    };
    display::prefer_plain_rendering();
    if let Some(reason) = display::missing() {
        return refusal::on_terminal(reason);
    }
    hookloom_runtime::init_logging();
    // From the first moment on: a signal during the start must still close the folder in order.
    let told = tauri::async_runtime::block_on(async { hookloom_runtime::stop_signal() });
    let folder = match DataFolder::resolve(start.data.clone()) {
        Ok(folder) => folder,
        Err(error) => return refusal::in_window(&error),
    };
    match opened(&folder, &start) {
        Ok(Opened::First(only)) => show(*only, folder, start, told),
        Ok(Opened::ThereAlready) => ExitCode::SUCCESS,
        Err(code) => code,
    }
}

/// Opens the folder, or rings at the app that has it. Where the database cannot be opened, a person may have the newest
/// backup put back, and the folder is opened with that.
fn opened(folder: &DataFolder, start: &Start) -> Result<Opened, ExitCode> {
    loop {
        let opened = only::open(options(folder, start), folder, start);
        let error = match tauri::async_runtime::block_on(opened) {
            Ok(opened) => return Ok(opened),
            Err(error) => error,
        };
        let way_back = refusal::with_way_back(&error)?;
        hookloom_runtime::restore_backup(folder, way_back.path())
            .map_err(|error| refusal::in_window(&error))?;
    }
}

fn options(folder: &DataFolder, start: &Start) -> Options {
    let mut options = Options::new(folder.clone(), Role::App).examining(findings::look);
    if let Some(source) = &start.updates {
        options = options.updates_from(UpdateSource::clone(source));
    }
    if let Some(address) = address(RECEIVER_VARIABLE) {
        options = options.receiver(address);
    }
    if let Some(address) = address(CONTROL_VARIABLE) {
        options = options.control(address);
    }
    options
}

fn address(variable: &str) -> Option<SocketAddr> {
    let text = std::env::var(variable).ok()?;
    match text.parse() {
        Ok(address) => Some(address),
        Err(_) => {
            tracing::warn!(
                variable,
                "not an address such as 127.0.0.1:4747: the default is used"
            );
            None
        }
    }
}

fn show(
    only: Only,
    folder: DataFolder,
    start: Start,
    told: io::Result<impl Future<Output = ()> + Send + 'static>,
) -> ExitCode {
    let Only {
        running,
        bell,
        rings,
    } = only;
    let desk = Desk::default();
    desk.ask_for(&start);
    let app = tauri::Builder::default()
        .manage(Workspace::new(running))
        .manage(Memory::of(folder))
        .manage(desk)
        .invoke_handler(tauri::generate_handler![
            bridge::api,
            bridge::ask_to_close,
            bridge::asks,
            bridge::change_window_settings,
            bridge::close_window,
            bridge::events,
            bridge::offer_commands,
            bridge::quit,
            bridge::save_file,
            bridge::window_settings
        ])
        // Ours has the same roles, and the page's commands.
        .enable_macos_default_menu(false)
        .on_menu_event(|app, event| menu::act(app, &event))
        .setup(move |app| {
            let app = app.handle();
            menu::begin(app);
            renew_login(app);
            tray::begin(app);
            notice::begin(app);
            watch::begin(app);
            only::answer(app, rings);
            end_when_told(app, told);
            if !start.is_hidden {
                window::show(app, None);
            }
            Ok(())
        })
        .build(context());
    let app = match app {
        Ok(app) => app,
        Err(error) => {
            return refusal::on_terminal(&format!(
                "Hookloom cannot open its window: {error}.\nRun `hookloom serve` instead: it is the same workbench, in a browser."
            ));
        }
    };
    let handle = app.handle().clone();
    // The next start finds a free folder or a window that answers, never one that is about to go.
    let mut bell = Some(bell);
    let code = app.run_return(move |app, event| on_run(app, event, || drop(bell.take())));
    match handle.state::<Workspace>().lost() {
        Some(error) => refusal::in_window(&error),
        None => ExitCode::from(u8::try_from(code).unwrap_or(1)),
    }
}

fn on_run(app: &AppHandle, event: RunEvent, at_end: impl FnOnce()) {
    match event {
        // Without a window there is still a receiver.
        RunEvent::ExitRequested {
            code: None, api, ..
        } => api.prevent_exit(),
        RunEvent::Exit => {
            at_end();
            // What runs is let finish, within a bound; the rest goes on at the next start.
            tauri::async_runtime::block_on(app.state::<Workspace>().stop());
        }
        #[cfg(target_os = "macos")]
        RunEvent::Reopen { .. } => window::show(app, None),
        #[cfg(target_os = "macos")]
        RunEvent::Opened { urls } => {
            for url in urls {
                match page::Page::of_link(url.as_str()) {
                    Ok(page) => app.state::<Desk>().ask(Ask::from(&page)),
                    Err(refused) => app.state::<Desk>().ask(Ask::Say {
                        message: refused.to_string(),
                    }),
                }
            }
            window::show(app, None);
        }
        _ => {}
    }
}

/// What starts at login is written as this version writes it.
fn renew_login(app: &AppHandle) {
    let renewed = Login::of(app.state::<Memory>().folder()).and_then(|login| login.renew());
    if let Err(error) = renewed {
        tracing::warn!(%error, "what starts at login cannot be written anew");
    }
}

/// A desktop that ends the session sends a signal: accepted work is written before the process goes.
fn end_when_told(app: &AppHandle, told: io::Result<impl Future<Output = ()> + Send + 'static>) {
    let app = app.clone();
    match told {
        Ok(told) => {
            tauri::async_runtime::spawn(async move {
                told.await;
                window::quit(&app);
            });
        }
        Err(error) => tracing::warn!(%error, "signals to stop cannot be received"),
    }
}

impl Desk {
    /// What the window was started for.
    fn ask_for(&self, start: &Start) {
        if let Some(page) = &start.page {
            self.ask(Ask::from(page));
        }
        if let Some(message) = &start.refused {
            self.ask(Ask::Say {
                message: message.clone(),
            });
        }
    }
}

/// The configuration and the UI, embedded once.
fn context() -> tauri::Context {
    tauri::generate_context!()
}
