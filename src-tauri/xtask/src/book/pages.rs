//! Every code has a heading on its page, with a cause and a cure, and every such heading is a code.

use std::collections::BTreeMap;
use std::fs;
use std::path::Path;

use super::codes::{self, Found};

/// A cause or a cure that is shorter says nothing.
const CHARS_MIN: usize = 8;

/// What the pages say, by page and code.
type Explained = BTreeMap<(String, String), Section>;

/// What stands below a heading.
#[derive(Default)]
struct Section {
    has_cause: bool,
    has_cure: bool,
}

/// Codes without an explanation, explanations without a code, and those that say too little.
pub fn breaches(root: &Path) -> Vec<String> {
    let found = codes::find(root);
    let mut explained = Explained::new();
    for page in [
        "api",
        "documents",
        "jobs",
        "program",
        "requests",
        "signatures",
    ] {
        let path = root.join("docs/errors").join(format!("{page}.md"));
        read(
            page,
            &fs::read_to_string(path).unwrap_or_default(),
            &mut explained,
        );
    }
    compare(&found, &explained)
}

fn compare(found: &Found, explained: &Explained) -> Vec<String> {
    let mut breaches: Vec<String> = found.unreadable.iter().cloned().collect();
    for (key, place) in &found.codes {
        let (page, code) = key;
        match explained.get(key) {
            None => breaches.push(format!(
                "book: `{code}` of {place} has no heading in docs/errors/{page}.md: write `### `{code}``, a cause and a cure"
            )),
            Some(section) if !section.has_cause || !section.has_cure => breaches.push(format!(
                "book: `{code}` in docs/errors/{page}.md lacks its `- Cause: …` or its `- Cure: …`"
            )),
            Some(_) => {}
        }
    }
    for (page, code) in explained.keys() {
        if !found.codes.keys().any(|(_, known)| known == code) {
            breaches.push(format!(
                "book: docs/errors/{page}.md explains `{code}`, which nothing gives any more"
            ));
        }
    }
    breaches
}

fn read(page: &str, text: &str, explained: &mut Explained) {
    let mut code = None;
    for line in text.lines() {
        if line.starts_with('#') {
            let name = line
                .strip_prefix("### `")
                .and_then(|it| it.strip_suffix('`'));
            code = name.map(|name| (page.to_owned(), name.to_owned()));
            if let Some(key) = &code {
                explained.insert(key.clone(), Section::default());
            }
        }
        let Some(section) = code.as_ref().and_then(|key| explained.get_mut(key)) else {
            continue;
        };
        let says = |lead: &str| {
            let rest = line.strip_prefix(lead);
            rest.is_some_and(|rest| rest.trim().chars().count() >= CHARS_MIN)
        };
        section.has_cause |= says("- Cause: ");
        section.has_cure |= says("- Cure: ");
    }
}

#[cfg(test)]
mod tests {
    use super::*;

    #[test]
    fn what_is_not_explained_or_not_given_is_told() {
        let mut explained = Explained::new();
        let text = "### `one`\n- Cause: something happened.\n- Cure: undo it again.\n### `half`\n- Cause: something happened.\n### `old`\n- Cause: something.\n- Cure: something.\n";
        read("jobs", text, &mut explained);
        let mut found = Found::default();
        for code in ["one", "half", "new"] {
            let key = ("jobs".to_owned(), code.to_owned());
            found.codes.insert(key, "x.rs".to_owned());
        }
        let breaches = compare(&found, &explained);
        assert_eq!(breaches.len(), 3, "{breaches:#?}");
        for (breach, part) in breaches.iter().zip(["`half`", "`new`", "`old`"]) {
            assert!(breach.contains(part), "{breach}");
        }
    }

    #[test]
    fn the_program_gives_codes_of_every_page() {
        let found = codes::find(&crate::root());
        for (page, code) in [
            ("api", "draft_conflict"),
            ("documents", "bad_cron"),
            ("jobs", "task_disabled"),
            ("program", "newer_database"),
            ("requests", "wrong_key"),
            ("signatures", "stale"),
        ] {
            let key = (page.to_owned(), code.to_owned());
            assert!(found.codes.contains_key(&key), "{page} {code}");
        }
    }
}
