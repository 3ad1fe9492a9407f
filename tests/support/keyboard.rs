//! The keyboard of the test's display: its keys go through the window, with its menus, before the page hears them.

use std::process::Command;
use std::time::{Duration, Instant};

/// How long a window or a menu may take to be there.
const PATIENCE: Duration = Duration::from_secs(20);

/// The keyboard, at one window.
pub struct Keyboard {
    window: String,
}

impl Keyboard {
    /// Begins to type into the window with this title.
    pub fn at(title: &str) -> Self {
        let title = format!("^{title}$");
        let begin = Instant::now();
        let window = loop {
            let found = windows(&["--name", &title]);
            if let Some(window) = found.into_iter().next() {
                break window;
            }
            assert!(begin.elapsed() < PATIENCE, "no window is called {title}");
            std::thread::sleep(Duration::from_millis(50));
        };
        let keyboard = Self { window };
        keyboard.focus();
        keyboard
    }

    /// There is nobody who manages windows on that display.
    pub fn focus(&self) {
        run(&["windowfocus", "--sync", &self.window]);
    }

    /// Presses a key, such as `ctrl+comma`.
    pub fn press(&self, key: &str) {
        run(&["key", key]);
    }

    /// Opens a menu of the bar by its letter, and chooses an entry of it by its own.
    pub fn choose(&self, menu: char, entry: char) {
        let before = open().len();
        self.press(&format!("alt+{menu}"));
        let begin = Instant::now();
        while open().len() <= before {
            assert!(begin.elapsed() < PATIENCE, "Alt {menu} opens no menu");
            std::thread::sleep(Duration::from_millis(20));
        }
        self.press(&entry.to_string());
    }

    /// Whether a menu opens with this letter.
    pub fn has_menu(&self, menu: char) -> bool {
        let before = open().len();
        self.press(&format!("alt+{menu}"));
        let begin = Instant::now();
        while open().len() <= before {
            if begin.elapsed() > Duration::from_secs(1) {
                return false;
            }
            std::thread::sleep(Duration::from_millis(20));
        }
        self.press("Escape");
        true
    }
}

/// Every window that can be seen; an open menu is one.
fn open() -> Vec<String> {
    windows(&["--class", "hookloom-app"])
}

fn windows(wanted: &[&str]) -> Vec<String> {
    let output = Command::new("xdotool")
        .args(["search", "--onlyvisible"])
        .args(wanted)
        .output()
        .expect("xdotool runs (Debian: apt-get install xdotool)");
    let found = String::from_utf8_lossy(&output.stdout).into_owned();
    found.lines().map(str::to_owned).collect()
}

fn run(arguments: &[&str]) {
    let status = Command::new("xdotool").args(arguments).status();
    let status = status.expect("xdotool runs (Debian: apt-get install xdotool)");
    assert!(status.success(), "xdotool {arguments:?}: {status}");
}
