//! Saying why there is no workbench: on the terminal, and in a small window for those who started us with a click.

use std::process::ExitCode;

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
    // First: the window stays until somebody closes it.
    let code = on_terminal(&text);
    rfd::MessageDialog::new()
        .set_level(rfd::MessageLevel::Error)
        .set_title("Hookloom cannot start")
        .set_description(&text)
        .show();
    code
}
