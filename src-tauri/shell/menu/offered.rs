//! What the page offers now: its commands with their words and keys, as the palette shows them.

use std::collections::HashMap;

use serde::Deserialize;

use super::table::Does;
use super::words::Words;

/// What the page says of the bar.
#[derive(Debug, Default, Deserialize)]
pub struct Offer {
    /// In the language of the page.
    pub words: Words,
    /// What can be run now.
    pub commands: Vec<Offered>,
    /// The keys of commands that are offered elsewhere, by command.
    pub keys: HashMap<String, String>,
}

/// A command that can be run now.
#[derive(Debug, Clone, PartialEq, Eq, Deserialize)]
pub struct Offered {
    pub id: String,
    /// As the palette has it.
    pub label: String,
    /// Such as `mod+shift+K`; none: it has no key.
    pub key: Option<String>,
}

/// How an entry stands in the bar now.
#[derive(Debug, Clone, PartialEq, Eq)]
pub struct Shown {
    pub text: String,
    pub is_enabled: bool,
    pub key: Option<String>,
}

/// Commands whose words say what they would do now, so that the bar says the same.
const CHANGING: [&str; 3] = ["receiver.pause", "theme.toggle", "live.toggle"];

impl Offer {
    /// Before a page has said anything.
    pub fn none() -> Self {
        Self {
            words: Words::english(),
            ..Self::default()
        }
    }

    /// How the entry with these words stands.
    pub fn of(&self, text: &str, does: Does) -> Shown {
        let usual = self.words.item(text);
        let Some(command) = does.command() else {
            return Shown {
                text: usual.to_owned(),
                is_enabled: true,
                key: None,
            };
        };
        let offered = self.commands.iter().find(|it| it.id == command);
        let label = offered
            .filter(|_| CHANGING.contains(&command))
            // An ampersand would stand for the letter of the keyboard.
            .map(|it| it.label.replace('&', "&&"));
        let is_elsewhere = matches!(does, Does::Close | Does::Quit | Does::CommandAt(..));
        Shown {
            text: label.unwrap_or_else(|| usual.to_owned()),
            is_enabled: offered.is_some() || is_elsewhere,
            key: match offered {
                Some(offered) => offered.key.clone(),
                None => self.keys.get(command).cloned(),
            },
        }
    }
}

/// A key of the page in the words of the toolkit, such as `CmdOrCtrl+Shift+K`.
pub fn accelerator(key: &str) -> String {
    let (mut written, mut rest) = (String::new(), key);
    for (ours, theirs) in [
        ("mod+", "CmdOrCtrl+"),
        ("alt+", "Alt+"),
        ("shift+", "Shift+"),
    ] {
        if let Some(behind) = rest.strip_prefix(ours) {
            written.push_str(theirs);
            rest = behind;
        }
    }
    written + rest
}

#[cfg(test)]
mod tests {
    use super::*;

    fn offer() -> Offer {
        let command = |id: &str, label: &str, key: Option<&str>| Offered {
            id: id.to_owned(),
            label: label.to_owned(),
            key: key.map(str::to_owned),
        };
        Offer {
            words: Words::english(),
            commands: vec![
                command("room.jobs", "Go to Jobs", Some("alt+9")),
                command("receiver.pause", "Resume & receive", None),
            ],
            keys: HashMap::from([("app.quit".to_owned(), "mod+shift+Q".to_owned())]),
        }
    }

    #[test]
    fn an_entry_has_the_key_that_a_person_chose_and_can_be_chosen_while_it_is_offered() {
        let offer = offer();
        let jobs = offer.of("jobs", Does::Command("room.jobs"));
        assert_eq!(jobs.text, Words::english().item("jobs"));
        assert_eq!(
            (jobs.is_enabled, jobs.key.as_deref()),
            (true, Some("alt+9"))
        );
        let search = offer.of("find", Does::Command("editor.search"));
        assert_eq!((search.is_enabled, search.key), (false, None));
        // Found elsewhere, or the shell's own: always.
        assert!(
            offer
                .of("newFlow", Does::CommandAt("flows.create", "/flows"))
                .is_enabled
        );
        let quit = offer.of("quit", Does::Quit);
        assert_eq!(
            (quit.is_enabled, quit.key.as_deref()),
            (true, Some("mod+shift+Q"))
        );
        assert!(
            !Offer::none()
                .of("jobs", Does::Command("room.jobs"))
                .is_enabled
        );
    }

    #[test]
    fn what_pauses_or_resumes_says_which_as_the_palette_does() {
        let pause = offer().of("pause", Does::Command("receiver.pause"));
        assert_eq!(pause.text, "Resume && receive");
    }

    #[test]
    fn keys_are_written_as_the_toolkit_wants_them() {
        for (key, wanted) in [
            ("mod+shift+K", "CmdOrCtrl+Shift+K"),
            ("mod+,", "CmdOrCtrl+,"),
            ("alt+1", "Alt+1"),
            ("F2", "F2"),
            ("mod++", "CmdOrCtrl++"),
        ] {
            assert_eq!(accelerator(key), wanted);
        }
    }
}
