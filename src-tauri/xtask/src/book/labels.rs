//! Pages that lead through the workbench name its labels in bold letters. A label that was renamed is noticed here.

use std::collections::BTreeSet;
use std::fs;
use std::path::Path;

use serde_json::Value;

const TEXTS: &str = "ui/src/i18n/en";
/// Pages that name labels: these, and all below the folder.
const PAGES: &[&str] = &["docs/five-minutes.md"];
const FOLDER: &str = "docs/tasks";

/// Bold letters that are no label of the workbench.
pub fn breaches(root: &Path) -> Vec<String> {
    let mut labels = BTreeSet::new();
    for (_, text) in files(root, TEXTS, "json") {
        collect(
            &serde_json::from_str(&text).unwrap_or_default(),
            &mut labels,
        );
    }
    let mut pages = files(root, FOLDER, "md");
    for name in PAGES {
        pages.push((
            (*name).to_owned(),
            fs::read_to_string(root.join(name)).unwrap_or_default(),
        ));
    }
    let mut breaches = Vec::new();
    for (name, text) in pages {
        for label in bold(&text).filter(|label| !labels.contains(*label)) {
            breaches.push(format!(
                "book: {name} names **{label}**, and no text of the workbench is so"
            ));
        }
    }
    breaches
}

fn files(root: &Path, folder: &str, extension: &str) -> Vec<(String, String)> {
    let entries = fs::read_dir(root.join(folder))
        .into_iter()
        .flatten()
        .flatten();
    let files = entries.filter(|entry| entry.path().extension().is_some_and(|it| it == extension));
    files
        .filter_map(|entry| {
            let name = format!("{folder}/{}", entry.file_name().to_string_lossy());
            Some((name, fs::read_to_string(entry.path()).ok()?))
        })
        .collect()
}

fn collect(texts: &Value, labels: &mut BTreeSet<String>) {
    match texts {
        Value::String(text) => {
            labels.insert(text.clone());
        }
        Value::Object(parts) => parts.values().for_each(|part| collect(part, labels)),
        _ => {}
    }
}

fn bold(text: &str) -> impl Iterator<Item = &str> {
    text.lines()
        .flat_map(|line| line.split("**").skip(1).step_by(2))
}

#[cfg(test)]
mod tests {
    use super::*;

    #[test]
    fn labels_are_told_from_other_words() {
        let mut labels = BTreeSet::new();
        collect(&serde_json::json!({"a": {"b": "Send test…"}}), &mut labels);
        let named: Vec<&str> = bold("Press **Send test…**, then **Sent test**.").collect();
        assert_eq!(named, ["Send test…", "Sent test"]);
        assert!(labels.contains(named[0]) && !labels.contains(named[1]));
    }
}
