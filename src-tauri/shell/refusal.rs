//! Saying why there is no workbench: on the terminal, and in a small window for those who started us with a click.

use std::process::ExitCode;

use tauri_plugin_dialog::{DialogExt as _, MessageDialogKind};

use crate::EXIT_REFUSED;

/// Says it on the terminal alone.
#[expect(clippy::print_stderr, reason = "the terminal is all there is")]
pub fn on_terminal(reason: &str) -> ExitCode {
    eprintln!("{reason}");
    ExitCode::from(EXIT_REFUSED)
}

/// Says it on the terminal and in a message window.
pub fn in_window(error: &hookloom_runtime::Error) -> ExitCode {
    let text = format!("{error}\n\n{}", error.hint());
    let shown = text.clone();
    let app = tauri::Builder::default()
        .plugin(tauri_plugin_dialog::init())
        .setup(move |app| {
            let handle = app.handle().clone();
            app.dialog()
                .message(shown)
                .title("Hookloom cannot start")
                .kind(MessageDialogKind::Error)
                .show(move |_| handle.exit(i32::from(EXIT_REFUSED)));
            Ok(())
        })
        .build(crate::context());
    if let Ok(app) = app {
        app.run_return(|_, _| {});
    }
    on_terminal(&text)
}
