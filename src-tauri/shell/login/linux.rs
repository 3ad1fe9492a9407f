//! Autostart files of Linux desktops, in the person's own configuration.

use std::path::PathBuf;
use std::{env, fs, io};

use super::{Login, entry};

pub fn is_on(login: &Login) -> bool {
    let expected = entry::text(&login.words());
    let Some(path) = path(login) else {
        return false;
    };
    // One that names a program of before is none: it is written anew.
    fs::read_to_string(path).is_ok_and(|text| Some(text) == expected)
}

pub fn set(login: &Login, is_on: bool) -> io::Result<()> {
    let nowhere = || io::Error::other("neither XDG_CONFIG_HOME nor HOME says where");
    let path = path(login).ok_or_else(nowhere)?;
    if !is_on {
        return match fs::remove_file(path) {
            Err(error) if error.kind() != io::ErrorKind::NotFound => Err(error),
            _ => Ok(()),
        };
    }
    let unnamed = || io::Error::other("the path of the program or of the folder has a line break");
    let text = entry::text(&login.words()).ok_or_else(unnamed)?;
    if let Some(folder) = path.parent() {
        fs::create_dir_all(folder)?;
    }
    fs::write(path, text)
}

fn path(login: &Login) -> Option<PathBuf> {
    let set = |name: &str| {
        env::var_os(name)
            .filter(|it| !it.is_empty())
            .map(PathBuf::from)
    };
    let config = set("XDG_CONFIG_HOME").or_else(|| Some(set("HOME")?.join(".config")))?;
    Some(
        config
            .join("autostart")
            .join(format!("{}.desktop", login.name())),
    )
}
