//! The desktop window: the workbench's UI over the API of the same process.
//!
//! Everything that the window can do goes through the control API; nothing here knows flows, jobs or requests.

mod bridge;
mod display;
mod refusal;
mod window;

use std::net::SocketAddr;
use std::process::ExitCode;

use hookloom_runtime::{DataFolder, Options, Role, Running};
use tauri::{Manager as _, RunEvent};

/// The exit code of everything that is refused: no display, a folder that somebody owns, a newer database.
const EXIT_REFUSED: u8 = 4;

/// Where senders call, for tests and for two apps beside each other.
const RECEIVER_VARIABLE: &str = "HOOKLOOM_RECEIVER";
/// Where scripts call.
const CONTROL_VARIABLE: &str = "HOOKLOOM_CONTROL";

/// Opens the data folder and shows the window until it is closed.
pub fn run() -> ExitCode {
    display::prefer_plain_rendering();
    if let Some(reason) = display::missing() {
        return refusal::on_terminal(reason);
    }
    hookloom_runtime::init_logging();
    match tauri::async_runtime::block_on(open()) {
        Ok(running) => show(running),
        Err(error) => refusal::in_window(&error),
    }
}

async fn open() -> Result<Running, hookloom_runtime::Error> {
    let folder = DataFolder::resolve(None)?;
    let mut options = Options::new(folder, Role::App);
    if let Some(address) = address(RECEIVER_VARIABLE) {
        options = options.receiver(address);
    }
    if let Some(address) = address(CONTROL_VARIABLE) {
        options = options.control(address);
    }
    hookloom_runtime::open(options).await
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

fn show(running: Running) -> ExitCode {
    let app = tauri::Builder::default()
        .manage(bridge::Workspace::new(running))
        .invoke_handler(tauri::generate_handler![
            bridge::api,
            bridge::events,
            bridge::save_file
        ])
        .setup(|app| Ok(window::open(app.handle())?))
        .build(context());
    let app = match app {
        Ok(app) => app,
        Err(error) => {
            return refusal::on_terminal(&format!(
                "Hookloom cannot open its window: {error}.\nRun `hookloom serve` instead: it is the same workbench, in a browser."
            ));
        }
    };
    let code = app.run_return(|app, event| {
        if let RunEvent::Exit = event {
            // What runs is let finish, within a bound; the rest goes on at the next start.
            tauri::async_runtime::block_on(app.state::<bridge::Workspace>().stop());
        }
    });
    ExitCode::from(u8::try_from(code).unwrap_or(1))
}

/// The configuration and the UI, embedded once.
fn context() -> tauri::Context {
    tauri::generate_context!()
}
