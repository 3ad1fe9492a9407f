//! What stands in the menu bar, in one table: the words' key in `desktop.json`, and what an entry does. A command is
//! named as the palette has it, and the palette knows its key: nothing here says a second time what is said there.

/// For which systems a part is.
#[derive(Debug, Clone, Copy, PartialEq, Eq)]
pub enum On {
    Every,
    Mac,
    /// Where the bar is the window's.
    Others,
}

/// A system, as far as menus differ.
#[derive(Debug, Clone, Copy, PartialEq, Eq)]
pub enum System {
    Mac,
    Windows,
    Linux,
}

impl System {
    /// The one that this is.
    pub const HERE: Self = if cfg!(target_os = "macos") {
        Self::Mac
    } else if cfg!(windows) {
        Self::Windows
    } else {
        Self::Linux
    };
}

impl On {
    pub fn includes(self, system: System) -> bool {
        match self {
            Self::Every => true,
            Self::Mac => system == System::Mac,
            Self::Others => system != System::Mac,
        }
    }
}

/// What an entry does.
#[derive(Debug, Clone, Copy, PartialEq, Eq)]
pub enum Does {
    /// Runs a command of the page while the page offers it.
    Command(&'static str),
    /// The same; a page that does not offer it first opens the one that does.
    CommandAt(&'static str, &'static str),
    /// Closes the window, or ends the app: also when its page does not answer. Shown with that command's key.
    Close,
    Quit,
    /// Something of the system's own.
    Role(Role),
}

impl Does {
    /// The command of the palette.
    pub fn command(self) -> Option<&'static str> {
        match self {
            Self::Command(id) | Self::CommandAt(id, _) => Some(id),
            Self::Close => Some("app.close"),
            Self::Quit => Some("app.quit"),
            Self::Role(_) => None,
        }
    }
}

/// What the system does by itself: with what is chosen in a field, with the window, with the app.
#[derive(Debug, Clone, Copy, PartialEq, Eq)]
pub enum Role {
    About,
    Services,
    Hide,
    HideOthers,
    ShowAll,
    Undo,
    Redo,
    Cut,
    Copy,
    Paste,
    SelectAll,
    FullScreen,
    Minimize,
    Maximize,
    BringAllToFront,
}

impl Role {
    /// The key that a page's fields have for it, where the system does not show it by itself.
    pub fn key(self) -> Option<&'static str> {
        Some(match self {
            Self::Undo => "mod+Z",
            Self::Redo => "mod+shift+Z",
            Self::Cut => "mod+X",
            Self::Copy => "mod+C",
            Self::Paste => "mod+V",
            Self::SelectAll => "mod+A",
            _ => return None,
        })
    }
}

/// A part of a menu.
#[derive(Debug, Clone, Copy, PartialEq, Eq)]
pub enum Entry {
    Line(On),
    Item(On, &'static str, Does),
}

/// A menu of the bar.
#[derive(Debug, Clone, Copy)]
pub struct Submenu {
    pub on: On,
    pub text: &'static str,
    pub entries: &'static [Entry],
}

impl Submenu {
    /// What it shows on a system.
    pub fn entries_on(&self, system: System) -> impl Iterator<Item = Entry> + use<'_> {
        self.entries.iter().copied().filter(move |entry| {
            let (Entry::Line(on) | Entry::Item(on, ..)) = entry;
            on.includes(system)
        })
    }
}

/// What the bar shows on a system.
pub fn menus(system: System) -> impl Iterator<Item = &'static Submenu> {
    BAR.iter().filter(move |menu| menu.on.includes(system))
}

use Does::{Close, Command, CommandAt, Quit};
use Entry::{Item, Line};
use On::{Every, Mac, Others};

const BAR: &[Submenu] = &[
    Submenu {
        on: Mac,
        text: "app",
        entries: &[
            Item(Mac, "about", Does::Role(Role::About)),
            Line(Mac),
            Item(Mac, "settings", Command("app.settings")),
            Line(Mac),
            Item(Mac, "services", Does::Role(Role::Services)),
            Line(Mac),
            Item(Mac, "hide", Does::Role(Role::Hide)),
            Item(Mac, "hideOthers", Does::Role(Role::HideOthers)),
            Item(Mac, "showAll", Does::Role(Role::ShowAll)),
            Line(Mac),
            Item(Mac, "quit", Quit),
        ],
    },
    Submenu {
        on: Every,
        text: "file",
        entries: &[
            Item(Every, "newFlow", CommandAt("flows.create", "/flows")),
            Item(Every, "importFlow", CommandAt("flows.import", "/flows")),
            Item(
                Every,
                "importAll",
                CommandAt("exchange.import", "/settings"),
            ),
            Line(Every),
            Item(Every, "pause", Command("receiver.pause")),
            Item(Every, "copyAddress", Command("receiver.copy")),
            Line(Every),
            Item(Every, "backup", CommandAt("backup.make", "/settings")),
            Line(Others),
            Item(Others, "settings", Command("app.settings")),
            Line(Every),
            Item(Every, "close", Close),
            Item(Others, "quit", Quit),
        ],
    },
    Submenu {
        on: Every,
        text: "edit",
        entries: &[
            Item(Every, "undo", Does::Role(Role::Undo)),
            Item(Every, "redo", Does::Role(Role::Redo)),
            Line(Every),
            Item(Every, "cut", Does::Role(Role::Cut)),
            Item(Every, "copy", Does::Role(Role::Copy)),
            Item(Every, "paste", Does::Role(Role::Paste)),
            Item(Every, "selectAll", Does::Role(Role::SelectAll)),
            Line(Every),
            Item(Every, "find", Command("editor.search")),
        ],
    },
    Submenu {
        on: Every,
        text: "view",
        entries: &[
            Item(Every, "palette", Command("palette.open")),
            Line(Every),
            Item(Every, "fit", Command("editor.fit")),
            Item(Every, "live", Command("live.toggle")),
            Item(Every, "theme", Command("theme.toggle")),
            Line(Every),
            Item(Mac, "fullScreen", Does::Role(Role::FullScreen)),
            Item(Others, "menuBar", Command("app.menuBar")),
        ],
    },
    Submenu {
        on: Every,
        text: "go",
        entries: &[
            Item(Every, "home", Command("room.home")),
            Item(Every, "flows", Command("room.flows")),
            Item(Every, "endpoints", Command("room.endpoints")),
            Item(Every, "requests", Command("room.requests")),
            Item(Every, "jobs", Command("room.jobs")),
            Item(Every, "deliveries", Command("room.deliveries")),
            Line(Every),
            Item(Every, "secrets", Command("room.secrets")),
            Item(Every, "variables", Command("room.variables")),
            Line(Every),
            Item(Every, "settingsRoom", Command("room.settings")),
        ],
    },
    Submenu {
        on: Mac,
        text: "window",
        entries: &[
            Item(Mac, "minimize", Does::Role(Role::Minimize)),
            Item(Mac, "maximize", Does::Role(Role::Maximize)),
            Line(Mac),
            Item(Mac, "bringAllToFront", Does::Role(Role::BringAllToFront)),
        ],
    },
    Submenu {
        on: Every,
        text: "help",
        entries: &[
            Item(Every, "shortcuts", CommandAt("shortcuts.show", "/settings")),
            Item(Every, "doctor", CommandAt("doctor", "/settings")),
            Line(Others),
            Item(Others, "about", Does::Role(Role::About)),
        ],
    },
];

#[cfg(test)]
mod tests {
    use std::collections::HashSet;

    use super::*;
    use crate::page::Page;

    const SYSTEMS: [System; 3] = [System::Mac, System::Windows, System::Linux];

    fn items(system: System) -> Vec<(&'static str, Does)> {
        let entries = menus(system).flat_map(|menu| menu.entries_on(system));
        let items = entries.filter_map(|entry| match entry {
            Item(_, text, does) => Some((text, does)),
            Line(_) => None,
        });
        items.collect()
    }

    #[test]
    fn a_mac_has_the_menus_that_its_users_know_and_others_have_no_empty_ones() {
        let names = |system| menus(system).map(|menu| menu.text).collect::<Vec<_>>();
        assert_eq!(
            names(System::Mac),
            ["app", "file", "edit", "view", "go", "window", "help"]
        );
        for system in [System::Windows, System::Linux] {
            assert_eq!(names(system), ["file", "edit", "view", "go", "help"]);
        }
        let app = menus(System::Mac).next().expect("a menu of the app");
        let texts: Vec<&str> = app
            .entries_on(System::Mac)
            .filter_map(|entry| match entry {
                Item(_, text, _) => Some(text),
                Line(_) => None,
            })
            .collect();
        assert_eq!(texts.first(), Some(&"about"));
        assert_eq!(texts.last(), Some(&"quit"));
        for text in ["settings", "hide"] {
            assert!(texts.contains(&text), "{text}");
        }
    }

    #[test]
    fn every_system_can_edit_close_quit_and_say_what_it_is_each_once() {
        for system in SYSTEMS {
            let items = items(system);
            let does: HashSet<String> = items.iter().map(|(_, it)| format!("{it:?}")).collect();
            assert_eq!(
                does.len(),
                items.len(),
                "{system:?}: something is there twice"
            );
            for wanted in [
                Close,
                Quit,
                Command("app.settings"),
                Does::Role(Role::About),
                Does::Role(Role::Undo),
                Does::Role(Role::Redo),
                Does::Role(Role::Cut),
                Does::Role(Role::Copy),
                Does::Role(Role::Paste),
                Does::Role(Role::SelectAll),
            ] {
                assert!(
                    items.iter().any(|(_, it)| *it == wanted),
                    "{system:?}: {wanted:?}"
                );
            }
        }
    }

    #[test]
    fn lines_stand_between_entries_and_never_beside_one_another() {
        for system in SYSTEMS {
            for menu in menus(system) {
                let is_line: Vec<bool> = menu
                    .entries_on(system)
                    .map(|entry| matches!(entry, Line(_)))
                    .collect();
                assert!(!is_line[0] && !is_line[is_line.len() - 1], "{}", menu.text);
                assert!(
                    !is_line.windows(2).any(|it| it == [true, true]),
                    "{}",
                    menu.text
                );
            }
        }
    }

    #[test]
    fn a_page_that_an_entry_opens_is_one_that_a_link_may_open() {
        for (_, does) in items(System::Linux) {
            if let CommandAt(_, address) = does {
                assert_eq!(Page::of_address(address).expect(address).address(), address);
            }
        }
    }
}
