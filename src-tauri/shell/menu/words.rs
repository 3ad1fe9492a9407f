//! The bar's words. They stand with all the others in the UI's files; until the page has said them in its language, they
//! are read from there.

use std::collections::HashMap;

use serde::Deserialize;

/// The page's own words about the window, among them the bar's.
const ENGLISH: &str = include_str!("../../../ui/src/i18n/en/desktop.json");

/// The words of menus and of entries, by the keys of the table.
#[derive(Debug, Clone, Default, PartialEq, Eq, Deserialize)]
pub struct Words {
    pub menus: HashMap<String, String>,
    pub items: HashMap<String, String>,
}

impl Words {
    /// As they are before a page has said others.
    pub fn english() -> Self {
        #[derive(Deserialize)]
        struct File {
            menu: Words,
        }
        // A test reads the file, which is a part of the program.
        serde_json::from_str(ENGLISH)
            .map(|file: File| file.menu)
            .unwrap_or_default()
    }

    pub fn menu<'a>(&'a self, key: &'a str) -> &'a str {
        self.menus.get(key).map_or(key, String::as_str)
    }

    pub fn item<'a>(&'a self, key: &'a str) -> &'a str {
        self.items.get(key).map_or(key, String::as_str)
    }
}

#[cfg(test)]
mod tests {
    use std::collections::HashSet;

    use super::super::table::{Entry, System, menus};
    use super::*;

    #[test]
    fn every_entry_has_words_and_no_words_are_without_an_entry() {
        let words = Words::english();
        let (mut of_menus, mut of_items) = (HashSet::new(), HashSet::new());
        for system in [System::Mac, System::Windows, System::Linux] {
            for menu in menus(system) {
                of_menus.insert(menu.text.to_owned());
                for entry in menu.entries_on(system) {
                    if let Entry::Item(_, text, _) = entry {
                        of_items.insert(text.to_owned());
                    }
                }
            }
        }
        assert_eq!(
            words.menus.keys().cloned().collect::<HashSet<_>>(),
            of_menus
        );
        assert_eq!(
            words.items.keys().cloned().collect::<HashSet<_>>(),
            of_items
        );
    }

    /// The letter behind `&` is pressed with Alt, or in the open menu.
    #[test]
    fn letters_for_the_keyboard_are_told_apart() {
        let words = Words::english();
        let letter = |text: &str| {
            let at = text.find('&')?;
            text[at + 1..]
                .chars()
                .next()
                .map(|it| it.to_ascii_lowercase())
        };
        for system in [System::Windows, System::Linux] {
            let bar: Vec<char> = menus(system)
                .map(|menu| letter(words.menu(menu.text)).expect("every menu has one"))
                .collect();
            assert_eq!(
                bar.iter().collect::<HashSet<_>>().len(),
                bar.len(),
                "{bar:?}"
            );
            for menu in menus(system) {
                let entries = menu.entries_on(system).filter_map(|entry| match entry {
                    Entry::Item(_, text, _) => letter(words.item(text)),
                    Entry::Line(_) => None,
                });
                let entries: Vec<char> = entries.collect();
                let told: HashSet<_> = entries.iter().collect();
                assert_eq!(told.len(), entries.len(), "{}: {entries:?}", menu.text);
            }
        }
    }
}
