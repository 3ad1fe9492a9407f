//! Names of ours for things that were called otherwise, or not at all.

use std::collections::BTreeSet;

use hookloom_template::RESERVED_NAMES;

use crate::document::{NAME_CHARS_MAX, is_address_name, is_plain_name};

/// The names that are given in one document.
#[derive(Debug, Default)]
pub(super) struct Given(BTreeSet<String>);

impl Given {
    /// A name of a step, a secret or a variable, like the text, that was not given before.
    pub(super) fn plain(&mut self, like: &str, otherwise: &str) -> String {
        self.free(&plain(like, otherwise))
    }

    /// The same for a flow or an endpoint.
    pub(super) fn address(&mut self, like: &str, otherwise: &str) -> String {
        let name = match is_address_name(like) {
            true => like.to_owned(),
            false => plain(like, otherwise),
        };
        self.free(&name)
    }

    fn free(&mut self, name: &str) -> String {
        let mut free = name.to_owned();
        let mut number = 2_u32;
        while !self.0.insert(free.clone()) {
            free = numbered(name, number);
            number += 1;
        }
        free
    }
}

/// A name with a number behind it, within its length. The name is one of ours: ASCII.
fn numbered(name: &str, number: u32) -> String {
    let end = format!("_{number}");
    let room = NAME_CHARS_MAX - end.len();
    let begin: String = name.chars().take(room).collect();
    format!("{begin}{end}")
}

/// A name with letters, digits and `_`.
pub(super) fn plain(like: &str, otherwise: &str) -> String {
    if is_plain_name(like) && !RESERVED_NAMES.contains(&like) {
        return like.to_owned();
    }
    let mut name = String::new();
    for c in like.chars() {
        match c.is_ascii_alphanumeric() {
            true => name.push(c.to_ascii_lowercase()),
            false if !name.is_empty() && !name.ends_with('_') => name.push('_'),
            false => {}
        }
        if name.len() >= NAME_CHARS_MAX - 1 {
            break;
        }
    }
    let name = name.trim_end_matches('_');
    let name = match name.bytes().next() {
        None => otherwise.to_owned(),
        Some(first) if first.is_ascii_digit() => format!("_{name}"),
        Some(_) => name.to_owned(),
    };
    match RESERVED_NAMES.contains(&name.as_str()) {
        true => format!("{name}_1"),
        false => name,
    }
}

#[cfg(test)]
mod tests {
    use proptest::prelude::*;

    use super::*;

    #[test]
    fn names_are_like_what_they_come_from() {
        let mut given = Given::default();
        assert_eq!(given.plain("X-Api-Key", "it"), "x_api_key");
        assert_eq!(given.plain("x api key", "it"), "x_api_key_2");
        assert_eq!(given.plain("404", "it"), "_404");
        assert_eq!(given.plain("…", "it"), "it");
        assert_eq!(
            given.address("redeploy-webhook", "hook"),
            "redeploy-webhook"
        );
        assert_eq!(given.address("a/b", "hook"), "a_b");
    }

    proptest! {
        #[test]
        fn every_name_that_is_given_is_one_and_is_given_once(texts in prop::collection::vec(".{0,80}", 1..20)) {
            let mut given = Given::default();
            let names: Vec<String> = texts.iter().map(|text| given.plain(text, "it")).collect();
            let all: BTreeSet<&String> = names.iter().collect();
            prop_assert_eq!(all.len(), names.len());
            for name in &names {
                prop_assert!(is_plain_name(name) && !RESERVED_NAMES.contains(&name.as_str()), "{}", name);
            }
        }
    }
}
