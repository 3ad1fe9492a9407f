//! `hookloom app`: opens the window, and says why where it cannot be opened.
//!
//! The window's program is linked with the libraries that draw it. Where one of them is missing, the system's loader
//! ends that program before it could say anything of its own; this one needs none of them.

use std::ffi::OsString;
use std::io::IsTerminal as _;
use std::path::{Path, PathBuf};
use std::process::{Command, Output, Stdio};

use clap::Args;

use crate::desktop;
use crate::exit::Exit;
use crate::failure::Failure;

const PROGRAM: &str = "hookloom-app";
const TITLE: &str = "Hookloom cannot open its window";
const INSTEAD: &str = "run `hookloom serve`: it is the same workbench, in a browser.";
/// How the package is called that brings what draws the window, and with it everything that it needs itself.
const LIBRARIES: &str = "Install WebKitGTK 4.1 (Debian and Ubuntu: `sudo apt install libwebkit2gtk-4.1-0`; \
    Fedora: `sudo dnf install webkit2gtk4.1`; openSUSE: `sudo zypper install libwebkit2gtk-4_1-0`)";
/// What the loader says before a library's name: that of GNU, and musl's.
const BEFORE_NAME: [&str; 2] = [
    "error while loading shared libraries: ",
    "Error loading shared library ",
];

/// What to open.
#[derive(Debug, Args)]
pub struct Arguments {
    /// Open a page, such as /jobs/17 or /settings
    #[arg(long, value_name = "PAGE")]
    page: Option<String>,
    /// Start without showing the window, as at login
    #[arg(long)]
    hidden: bool,
    /// A link such as hookloom://jobs/17: opens that page, and changes nothing
    link: Option<String>,
}

/// Becomes the window's program. Returns only if that cannot be.
pub async fn run(arguments: Arguments, data: Option<PathBuf>) -> Result<Exit, Failure> {
    let opened = program().and_then(|app| open(&app, arguments.words(data)));
    if let Err(failure) = &opened
        && !std::io::stderr().is_terminal()
    {
        // Started with a click: nobody reads what is printed.
        let hint = failure.hint.as_deref().unwrap_or_default();
        desktop::tell(TITLE, &format!("{}\n{hint}", failure.message)).await;
    }
    opened
}

impl Arguments {
    /// As the window's program reads them.
    fn words(self, data: Option<PathBuf>) -> Vec<OsString> {
        let Self { page, hidden, link } = self;
        let mut words = Vec::new();
        let options = [
            ("--data", data.map(PathBuf::into_os_string)),
            ("--page", page.map(OsString::from)),
        ];
        for (name, value) in options {
            if let Some(value) = value {
                words.extend([OsString::from(name), value]);
            }
        }
        if hidden {
            words.push("--hidden".into());
        }
        words.extend(link.map(OsString::from));
        words
    }
}

/// The window's program, which every package puts beside this one.
fn program() -> Result<PathBuf, Failure> {
    let here = std::env::current_exe()
        .map_err(|error| Failure::internal(format!("This program cannot be found: {error}.")))?;
    let app = here.with_file_name(format!("{PROGRAM}{}", std::env::consts::EXE_SUFFIX));
    match app.is_file() {
        true => Ok(app),
        false => Err(Failure::new(
            Exit::Refused,
            "app_not_installed",
            format!("{TITLE}: there is no {}.", app.display()),
        )
        .with_hint(format!("Install a package that has it, or {INSTEAD}"))),
    }
}

fn open(app: &Path, words: Vec<OsString>) -> Result<Exit, Failure> {
    // Found out first: who has become another program says nothing more.
    let tried = Command::new(app)
        .arg("--version")
        .stdin(Stdio::null())
        .output()
        .map_err(|error| refused(&error.to_string()))?;
    if !tried.status.success() {
        return Err(unloadable(&tried));
    }
    let mut command = Command::new(app);
    command.args(words);
    become_it(command).map_err(|error| refused(&error.to_string()))
}

/// Takes this process's place: signals, the exit code and the desktop's own accounts go by the process.
#[cfg(unix)]
fn become_it(mut command: Command) -> std::io::Result<Exit> {
    use std::os::unix::process::CommandExt as _;
    Err(command.exec())
}

#[cfg(not(unix))]
fn become_it(mut command: Command) -> std::io::Result<Exit> {
    command.spawn().map(|_| Exit::Ok)
}

fn unloadable(tried: &Output) -> Failure {
    let said = String::from_utf8_lossy(&tried.stderr);
    match missing_library(&said) {
        Some(name) => Failure::new(
            Exit::Refused,
            "app_library_missing",
            format!("{TITLE}: the library {name}, which draws it, is missing on this system."),
        )
        .with_hint(format!("{LIBRARIES}, or {INSTEAD}")),
        None => refused(said.trim()),
    }
}

fn refused(why: &str) -> Failure {
    let why = why.trim_end_matches('.');
    Failure::new(
        Exit::Refused,
        "app_unusable",
        format!("{TITLE}: its program cannot be started here. The system says: {why}."),
    )
    .with_hint(format!(
        "Update this system's packages or install Hookloom's again, or {INSTEAD}"
    ))
}

/// The library that the loader did not find, if that is what it says.
fn missing_library(said: &str) -> Option<&str> {
    let after = BEFORE_NAME
        .iter()
        .find_map(|mark| Some(said.split_once(mark)?.1))?;
    let (name, rest) = after.split_once(": ")?;
    // The same words begin what it says of a library that is damaged.
    let is_missing = ["No such file", "cannot open shared object file: No such"]
        .iter()
        .any(|it| rest.starts_with(it));
    is_missing.then_some(name)
}

#[cfg(test)]
mod tests {
    use super::*;

    #[test]
    fn the_loader_s_words_name_the_library_that_is_missing() {
        let name = "libwebkit2gtk-4.1.so.0";
        for said in [
            "/usr/bin/hookloom-app: error while loading shared libraries: libwebkit2gtk-4.1.so.0: cannot open shared object file: No such file or directory\n",
            "Error loading shared library libwebkit2gtk-4.1.so.0: No such file or directory (needed by /usr/bin/hookloom-app)\n",
        ] {
            assert_eq!(missing_library(said), Some(name), "{said}");
        }
        for said in [
            "",
            "/usr/bin/hookloom-app: error while loading shared libraries: libwebkit2gtk-4.1.so.0: invalid ELF header",
            "/usr/bin/hookloom-app: error while loading shared libraries: libwebkit2gtk-4.1.so.0: cannot open shared object file: Permission denied",
            "/usr/bin/hookloom-app: /lib/libc.so.6: version `GLIBC_2.99' not found (required by /usr/bin/hookloom-app)",
        ] {
            assert_eq!(missing_library(said), None, "{said}");
        }
    }

    #[test]
    fn what_the_window_is_asked_for_is_passed_on_whole() {
        let arguments = Arguments {
            page: Some("/jobs/17".to_owned()),
            hidden: true,
            link: Some("hookloom://jobs".to_owned()),
        };
        let words = arguments.words(Some("/a b".into()));
        assert_eq!(
            words,
            [
                "--data",
                "/a b",
                "--page",
                "/jobs/17",
                "--hidden",
                "hookloom://jobs"
            ]
        );
    }
}
