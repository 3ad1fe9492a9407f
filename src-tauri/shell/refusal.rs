//! Saying why there is no workbench: on the terminal, and in a small window for those who started us with a click.

use std::process::ExitCode;

use crate::EXIT_REFUSED;

const TITLE: &str = "Hookloom cannot start";

/// Says it on the terminal alone.
#[expect(clippy::print_stderr, reason = "the terminal is all there is")]
pub fn on_terminal(reason: &str) -> ExitCode {
    eprintln!("{reason}");
    ExitCode::from(EXIT_REFUSED)
}

/// Says on the terminal what was asked for.
#[expect(clippy::print_stdout, reason = "somebody asked for it")]
pub fn said(text: &str) -> ExitCode {
    println!("{text}");
    ExitCode::SUCCESS
}

/// Says it on the terminal and in a message window.
pub fn in_window(error: &hookloom_runtime::Error) -> ExitCode {
    let text = format!("{error}\n\n{}", error.hint());
    // First: the window stays until somebody closes it.
    let code = on_terminal(&text);
    show_message(&text);
    code
}

/// The toolkit was begun when the display was asked, and a toolkit has one thread: this one.
#[cfg(target_os = "linux")]
fn show_message(text: &str) {
    use gtk::prelude::{DialogExt as _, GtkWindowExt as _, MessageDialogExt as _};
    let window = gtk::MessageDialog::new(
        None::<&gtk::Window>,
        gtk::DialogFlags::empty(),
        gtk::MessageType::Error,
        gtk::ButtonsType::Close,
        TITLE,
    );
    window.set_title(TITLE);
    window.set_secondary_text(Some(text));
    window.run();
}

#[cfg(not(target_os = "linux"))]
fn show_message(text: &str) {
    rfd::MessageDialog::new()
        .set_level(rfd::MessageLevel::Error)
        .set_title(TITLE)
        .set_description(text)
        .show();
}
