//! What Windows starts at login, in the person's own part of the registry.

use std::io;

use windows_registry::CURRENT_USER;

use super::Login;

const RUN: &str = "Software\\Microsoft\\Windows\\CurrentVersion\\Run";

pub fn is_on(login: &Login) -> bool {
    let kept = CURRENT_USER
        .open(RUN)
        .and_then(|run| run.get_string(login.name()));
    kept.is_ok_and(|kept| kept == command(login))
}

pub fn set(login: &Login, is_on: bool) -> io::Result<()> {
    let run = CURRENT_USER.create(RUN).map_err(io::Error::other)?;
    let done = if is_on {
        run.set_string(login.name(), command(login))
    } else if run.get_string(login.name()).is_ok() {
        run.remove_value(login.name())
    } else {
        Ok(())
    };
    done.map_err(io::Error::other)
}

/// Paths there have no quotes; one that ends in a backslash must not swallow the quote behind it.
fn command(login: &Login) -> String {
    let quoted = |word: &String| format!("\"{}\"", word.trim_end_matches('\\'));
    login
        .words()
        .iter()
        .map(quoted)
        .collect::<Vec<_>>()
        .join(" ")
}
