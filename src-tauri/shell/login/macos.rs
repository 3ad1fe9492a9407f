//! Launch agents of macOS, in the person's own library.

use std::path::PathBuf;
use std::{env, fs, io};

use super::{Login, agent};

pub fn is_on(login: &Login) -> bool {
    let expected = agent::text(&login.name(), &login.words());
    path(login).is_some_and(|path| fs::read_to_string(path).is_ok_and(|text| text == expected))
}

pub fn set(login: &Login, is_on: bool) -> io::Result<()> {
    let path = path(login).ok_or_else(|| io::Error::other("HOME does not say where"))?;
    if !is_on {
        return match fs::remove_file(path) {
            Err(error) if error.kind() != io::ErrorKind::NotFound => Err(error),
            _ => Ok(()),
        };
    }
    if let Some(folder) = path.parent() {
        fs::create_dir_all(folder)?;
    }
    fs::write(path, agent::text(&login.name(), &login.words()))
}

fn path(login: &Login) -> Option<PathBuf> {
    let home = env::var_os("HOME").filter(|it| !it.is_empty())?;
    let name = format!("{}.plist", login.name());
    Some(PathBuf::from(home).join("Library/LaunchAgents").join(name))
}
