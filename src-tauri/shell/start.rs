//! What the app is started with.

use std::ffi::OsString;
use std::path::PathBuf;

use hookloom_runtime::UpdateSource;

use crate::page::{Page, is_link};

/// What `--help` says, and a start that cannot be understood.
pub const USAGE: &str = "\
Usage: hookloom-app [OPTIONS] [LINK]

Opens the window of Hookloom. Where it is open already, that window comes to the front.

  LINK           a link such as hookloom://jobs/17: opens that page, and changes nothing
  --page PAGE    opens a page, such as /jobs/17 or /settings
  --data DIR     the data folder; each has a window of its own
  --hidden       starts without showing the window, as at login
  --updates-from URL, --updates-key KEY
                 a mirror of your own for releases, and the key that signs them; until it ends
  --help         says this
  --version      says which release this is

Without a screen run `hookloom serve`: it is the same workbench, in a browser.";

/// What is wanted.
#[derive(Debug, PartialEq)]
pub enum Asked {
    Window(Start),
    Help,
    Version,
    /// It cannot be understood: why.
    Unclear(String),
}

/// How the window opens.
#[derive(Debug, Default, PartialEq)]
pub struct Start {
    /// None: where everybody looks.
    pub data: Option<PathBuf>,
    /// None: wherever the window is.
    pub page: Option<Page>,
    /// Why a link is not opened, for the person.
    pub refused: Option<String>,
    pub is_hidden: bool,
    /// None: where this program was built to ask. Said on the command line or not at all: whose signature is believed
    /// decides what is installed.
    pub updates: Option<Box<UpdateSource>>,
}

impl Asked {
    /// Reads the arguments, without the program's name.
    pub fn of(arguments: impl IntoIterator<Item = OsString>) -> Self {
        let mut start = Start::default();
        let (mut from, mut key) = (None, None);
        let mut arguments = arguments.into_iter();
        while let Some(argument) = arguments.next() {
            let Some(text) = argument.to_str() else {
                return Self::Unclear("An argument is no text.".to_owned());
            };
            match text {
                "--help" | "-h" => return Self::Help,
                "--version" | "-V" => return Self::Version,
                "--hidden" => start.is_hidden = true,
                "--data" | "--page" | "--updates-from" | "--updates-key" => {
                    let Some(value) = arguments.next() else {
                        return Self::Unclear(format!("`{text}` needs a value."));
                    };
                    let words = value.to_string_lossy().into_owned();
                    match text {
                        "--data" => start.data = Some(PathBuf::from(value)),
                        "--updates-from" => from = Some(words),
                        "--updates-key" => key = Some(words),
                        _ => match Page::of_address(&words) {
                            Ok(page) => start.page = Some(page),
                            Err(_) => {
                                return Self::Unclear(format!("`{words}` is no page of Hookloom."));
                            }
                        },
                    }
                }
                // How macOS starts an app from the Finder.
                _ if text.starts_with("-psn_") => {}
                _ if is_link(text) => match Page::of_link(text) {
                    Ok(page) => start.page = Some(page),
                    Err(refused) => start.refused = Some(refused.to_string()),
                },
                _ => return Self::Unclear(format!("`{text}` is not known.")),
            }
        }
        start.updates = match (from, key) {
            (None, None) => None,
            (from, key) => {
                match UpdateSource::parse(&from.unwrap_or_default(), &key.unwrap_or_default()) {
                    Ok(source) => Some(Box::new(source)),
                    Err(error) => return Self::Unclear(format!("{error}. {}", error.hint())),
                }
            }
        };
        Self::Window(start)
    }
}

#[cfg(test)]
mod tests {
    use super::*;

    fn asked(arguments: &[&str]) -> Asked {
        Asked::of(arguments.iter().map(OsString::from))
    }

    #[test]
    fn a_start_is_read_from_its_arguments() {
        assert_eq!(asked(&[]), Asked::Window(Start::default()));
        assert_eq!(asked(&["--help", "--nonsense"]), Asked::Help);
        let start = Start {
            data: Some("/a b".into()),
            page: Some(Page::of_address("/jobs/17").expect("a page")),
            refused: None,
            is_hidden: true,
            updates: None,
        };
        let arguments = [
            "--hidden", "--data", "/a b", "-psn_0_1", "--page", "jobs/17",
        ];
        assert_eq!(asked(&arguments), Asked::Window(start));
    }

    #[test]
    fn a_mirror_is_said_whole_or_not_at_all() {
        /// Of minisign's own documentation.
        const KEY: &str = "RWQf6LRCGA9i53mlYecO4IzT51TGPpvWucNSCh1CBM0QTaLn73Y7GFO3";
        const URL: &str = "https://mirror.example/release.json";
        let Asked::Window(start) = asked(&["--updates-from", URL, "--updates-key", KEY]) else {
            panic!("both are sound");
        };
        assert_eq!(start.updates.expect("it is said").url().as_str(), URL);
        for arguments in [
            &["--updates-from", URL][..],
            &["--updates-key", KEY],
            &[
                "--updates-from",
                "http://mirror.example/a",
                "--updates-key",
                KEY,
            ],
            &["--updates-from", URL, "--updates-key", "x"],
        ] {
            assert!(
                matches!(asked(arguments), Asked::Unclear(_)),
                "{arguments:?}"
            );
        }
    }

    #[test]
    fn a_bad_link_opens_the_window_that_says_so_and_a_bad_option_does_not() {
        let Asked::Window(start) = asked(&["hookloom://jobs/17/cancel"]) else {
            panic!("a link opens the window");
        };
        assert!(start.page.is_none() && start.refused.is_some());
        for arguments in [
            &["--page"][..],
            &["--page", "/compare"],
            &["--page", "https://example.com"],
            &["--nonsense"],
            &["https://example.com"],
        ] {
            assert!(
                matches!(asked(arguments), Asked::Unclear(_)),
                "{arguments:?}"
            );
        }
    }
}
