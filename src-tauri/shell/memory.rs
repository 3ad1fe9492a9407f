//! What the app remembers of its window from one start to the next: where it stood, and what a person chose for it.

use hookloom_runtime::DataFolder;
use parking_lot::Mutex;
use serde::{Deserialize, Serialize};

use crate::placement::Placement;

/// What is kept. What is not there, or cannot be read, is as usual.
#[derive(Debug, Clone, PartialEq, Serialize, Deserialize)]
#[serde(default)]
pub struct Kept {
    pub placement: Option<Placement>,
    pub closing: Closing,
    /// Alerts are told on the desktop.
    pub notifications: bool,
    /// The window has a menu bar, where that is a choice.
    pub menu_bar: bool,
    /// The person was told once that a closed window goes on in the tray.
    pub was_told: bool,
    /// The newer release that was told of last: each is told of once.
    pub told_release: Option<String>,
}

impl Default for Kept {
    fn default() -> Self {
        Self {
            placement: None,
            closing: Closing::default(),
            notifications: true,
            menu_bar: false,
            was_told: false,
            told_release: None,
        }
    }
}

/// What closing the window does.
#[derive(Debug, Clone, Copy, Default, PartialEq, Eq, Serialize, Deserialize)]
#[serde(rename_all = "snake_case")]
pub enum Closing {
    /// With a tray, receiving goes on; without one, the person is asked.
    #[default]
    Ask,
    /// Receiving goes on.
    Keep,
    /// Hookloom ends.
    Quit,
}

/// What is kept, and where.
pub struct Memory {
    folder: DataFolder,
    kept: Mutex<Kept>,
}

impl Memory {
    /// Reads what was kept.
    pub fn of(folder: DataFolder) -> Self {
        let kept = hookloom_runtime::window_memory(&folder);
        let kept = kept.map(|text| read(&text)).unwrap_or_default();
        Self {
            folder,
            kept: Mutex::new(kept),
        }
    }

    /// The data folder whose window it is.
    pub fn folder(&self) -> &DataFolder {
        &self.folder
    }

    /// As it is now.
    pub fn kept(&self) -> Kept {
        self.kept.lock().clone()
    }

    /// Changes it, and keeps it for the next start. A window that cannot be remembered is no reason to stop.
    pub fn change(&self, change: impl FnOnce(&mut Kept)) {
        let mut kept = self.kept.lock();
        let before = kept.clone();
        change(&mut kept);
        if *kept == before {
            return;
        }
        let text = serde_json::to_string_pretty(&*kept).unwrap_or_default();
        if let Err(error) = hookloom_runtime::keep_window_memory(&self.folder, &text) {
            tracing::warn!(%error, "what was chosen for the window cannot be kept");
        }
    }
}

fn read(text: &str) -> Kept {
    serde_json::from_str(text).unwrap_or_else(|error| {
        tracing::warn!(%error, "what was kept of the window cannot be read: it is as usual");
        Kept::default()
    })
}

#[cfg(test)]
mod tests {
    use super::*;

    #[test]
    fn what_was_kept_comes_back_and_what_is_missing_or_damaged_is_as_usual() {
        let folder = tempfile::tempdir().expect("a folder");
        let folder = DataFolder::resolve(Some(folder.path().into())).expect("a path");
        let memory = Memory::of(folder.clone());
        assert_eq!(memory.kept(), Kept::default());
        memory.change(|kept| kept.closing = Closing::Quit);
        assert_eq!(Memory::of(folder).kept(), memory.kept());
        assert_eq!(read("{\"closing\": \"keep\"}").closing, Closing::Keep);
        assert!(read("{\"closing\": \"keep\", \"later\": 1}").notifications);
        for damaged in ["", "[", "{\"placement\": {\"x\": \"a\"}}", "null"] {
            assert_eq!(read(damaged), Kept::default(), "{damaged}");
        }
    }
}
