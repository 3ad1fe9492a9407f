//! Saying why there is no workbench: on the terminal, and in a small window for those who started us with a click.

use std::process::ExitCode;

use hookloom_runtime::{Error, WayBack};

use crate::EXIT_REFUSED;

const TITLE: &str = "Hookloom cannot start";
/// What the buttons say, each with its letter.
#[cfg(target_os = "linux")]
const CLOSE: &str = "_Close";
#[cfg(target_os = "linux")]
const RESTORE: &str = "_Restore the backup";

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
pub fn in_window(error: &Error) -> ExitCode {
    let text = format!("{error}\n\n{}", error.hint());
    // First: the window stays until somebody closes it.
    let code = on_terminal(&text);
    show_message(&text);
    code
}

/// Says it likewise, and where the newest backup would help, asks whether it is to be put back. Gives that backup if a
/// person wants it, and else how the program ends.
pub fn with_way_back(error: &Error) -> Result<&WayBack, ExitCode> {
    let Some(way_back) = error.way_back() else {
        return Err(in_window(error));
    };
    let code = on_terminal(&format!("{error}\n\n{}", error.hint()));
    let text = format!("{error}\n\n{}", way_back.in_words());
    match ask_for_restore(&text) {
        true => Ok(way_back),
        false => Err(code),
    }
}

/// The toolkit was begun when the display was asked, and a toolkit has one thread: this one.
#[cfg(target_os = "linux")]
fn show_message(text: &str) {
    run_message(text, &[(CLOSE, gtk::ResponseType::Close)]);
}

#[cfg(target_os = "linux")]
fn ask_for_restore(text: &str) -> bool {
    let buttons = [
        (CLOSE, gtk::ResponseType::Close),
        (RESTORE, gtk::ResponseType::Accept),
    ];
    run_message(text, &buttons) == gtk::ResponseType::Accept
}

/// Shows a message until somebody has answered it. The first button is what Enter and closing the window mean.
#[cfg(target_os = "linux")]
fn run_message(text: &str, buttons: &[(&str, gtk::ResponseType)]) -> gtk::ResponseType {
    use gtk::prelude::{DialogExt as _, GtkWindowExt as _, MessageDialogExt as _, WidgetExt as _};
    let window = gtk::MessageDialog::new(
        None::<&gtk::Window>,
        gtk::DialogFlags::empty(),
        gtk::MessageType::Error,
        gtk::ButtonsType::None,
        TITLE,
    );
    window.set_title(TITLE);
    window.set_secondary_text(Some(text));
    for (words, answer) in buttons {
        window.add_button(words, *answer);
    }
    if let Some((_, usual)) = buttons.first() {
        window.set_default_response(*usual);
    }
    let answer = window.run();
    // Nobody turns the toolkit's wheel for a while: the window would stay as a picture of itself.
    window.hide();
    while gtk::events_pending() {
        gtk::main_iteration();
    }
    answer
}

#[cfg(not(target_os = "linux"))]
fn show_message(text: &str) {
    message(text).show();
}

/// Yes and no are the buttons that every one of these systems has, so the text asks.
#[cfg(not(target_os = "linux"))]
fn ask_for_restore(text: &str) -> bool {
    let asked = message(&format!("{text}\n\nPut that backup back now?"));
    let answer = asked.set_buttons(rfd::MessageButtons::YesNo).show();
    answer == rfd::MessageDialogResult::Yes
}

#[cfg(not(target_os = "linux"))]
fn message(text: &str) -> rfd::MessageDialog {
    rfd::MessageDialog::new()
        .set_level(rfd::MessageLevel::Error)
        .set_title(TITLE)
        .set_description(text)
}
