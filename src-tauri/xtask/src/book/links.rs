//! Links lead somewhere, every page is in the table of contents, and commands in running text exist.

use std::collections::{BTreeMap, BTreeSet};
use std::fs;
use std::path::{Component, Path, PathBuf};

/// Pages outside of `docs/` that are looked at too. They may link into the book; the book stays within itself, because
/// its site has nothing else.
const OUTSIDE: &[&str] = &["README.md", "src-tauri/ARCHITECTURE.md"];
const CONTENTS: &str = "docs/SUMMARY.md";

/// Links that lead nowhere, pages that nobody finds, commands that are not there.
pub fn breaches(root: &Path) -> Vec<String> {
    let pages = pages(root);
    let mut breaches = Vec::new();
    for (name, text) in &pages {
        for target in links(text) {
            if let Some(why) = broken(root, &pages, name, &target) {
                breaches.push(format!("book: {name} links to `{target}`, {why}"));
            }
        }
    }
    breaches.extend(not_listed(&pages));
    breaches.extend(unknown_commands(root, &pages));
    breaches
}

fn pages(root: &Path) -> BTreeMap<String, String> {
    let mut paths: Vec<PathBuf> = OUTSIDE.iter().map(PathBuf::from).collect();
    let mut folders = vec![PathBuf::from("docs")];
    while let Some(folder) = folders.pop() {
        for entry in fs::read_dir(root.join(&folder))
            .into_iter()
            .flatten()
            .flatten()
        {
            let path = folder.join(entry.file_name());
            if root.join(&path).is_dir() {
                folders.push(path);
            } else if path.extension().is_some_and(|it| it == "md") {
                paths.push(path);
            }
        }
    }
    let read = |path: PathBuf| {
        let text = fs::read_to_string(root.join(&path)).ok()?;
        Some((slashes(&path), text))
    };
    paths.into_iter().filter_map(read).collect()
}

fn broken(
    root: &Path,
    pages: &BTreeMap<String, String>,
    from: &str,
    target: &str,
) -> Option<&'static str> {
    if target.contains("://") || target.starts_with("mailto:") {
        return None;
    }
    let (path, anchor) = target.split_once('#').unwrap_or((target, ""));
    let folder = Path::new(from).parent().unwrap_or(Path::new(""));
    let to = if path.is_empty() {
        from.to_owned()
    } else {
        slashes(&normal(&folder.join(path)))
    };
    if from.starts_with("docs/") && !to.starts_with("docs/") {
        return Some("which is outside of the book");
    }
    match pages.get(&to) {
        None if root.join(&to).exists() => None,
        None => Some("and there is no such file"),
        Some(text) if !anchor.is_empty() && !anchors(text).contains(anchor) => {
            Some("and that page has no such heading")
        }
        Some(_) => None,
    }
}

/// Pages of the book that its table of contents does not name.
fn not_listed(pages: &BTreeMap<String, String>) -> Vec<String> {
    let empty = String::new();
    let contents = pages.get(CONTENTS).unwrap_or(&empty);
    let listed: BTreeSet<String> = links(contents).map(|link| format!("docs/{link}")).collect();
    let of_the_book = pages
        .keys()
        .filter(|name| name.starts_with("docs/") && *name != CONTENTS);
    let lost = of_the_book.filter(|name| !listed.contains(*name));
    lost.map(|name| format!("book: {name} is not in {CONTENTS}"))
        .collect()
}

/// `` `hookloom …` `` and `` `make …` `` in running text that the program and the Makefile do not know.
fn unknown_commands(root: &Path, pages: &BTreeMap<String, String>) -> Vec<String> {
    let reference = pages
        .get("docs/reference/cli.md")
        .cloned()
        .unwrap_or_default();
    let commands: BTreeSet<&str> = reference
        .lines()
        .filter_map(|line| line.strip_prefix("## "))
        .collect();
    let makefile = fs::read_to_string(root.join("Makefile")).unwrap_or_default();
    let mut breaches = Vec::new();
    for (name, text) in pages {
        for span in spans(text) {
            let mut words = span.split_whitespace();
            let is_known = match (words.next(), words.next()) {
                (Some("make"), Some(target)) if span.split(' ').count() == 2 => makefile
                    .lines()
                    .any(|line| line.starts_with(&format!("{target}:"))),
                (Some("hookloom"), Some(first)) if is_word(first) => {
                    let two = words
                        .next()
                        .map(|second| format!("hookloom {first} {second}"));
                    let one = format!("hookloom {first}");
                    let has_parts = commands.iter().any(|it| it.starts_with(&format!("{one} ")));
                    let is_two = two.is_none_or(|two| {
                        !has_parts
                            || commands.contains(two.as_str())
                            || commands.iter().any(|it| it.starts_with(&format!("{two} ")))
                    });
                    first == "help" || (commands.contains(one.as_str()) || has_parts) && is_two
                }
                _ => true,
            };
            if !is_known {
                breaches.push(format!(
                    "book: {name} speaks of `{span}`, and there is no such command"
                ));
            }
        }
    }
    breaches
}

fn is_word(text: &str) -> bool {
    text.starts_with(|c: char| c.is_ascii_lowercase())
        && text.chars().all(|c| c.is_ascii_lowercase() || c == '-')
}

/// The text outside of fenced blocks.
fn prose(text: &str) -> impl Iterator<Item = &str> {
    let mut is_code = false;
    text.lines().filter(move |line| {
        let is_fence = line.trim_start().starts_with("```");
        is_code ^= is_fence;
        !is_code && !is_fence
    })
}

fn spans(text: &str) -> impl Iterator<Item = &str> {
    prose(text).flat_map(|line| line.split('`').skip(1).step_by(2))
}

/// Targets of Markdown links.
fn links(text: &str) -> impl Iterator<Item = String> {
    prose(text).flat_map(|line| {
        let without_code: String = line.split('`').step_by(2).collect::<Vec<_>>().join("`");
        let parts: Vec<String> = without_code
            .split("](")
            .skip(1)
            .map(|rest| rest.split(')').next().unwrap_or_default().to_owned())
            .collect();
        parts
    })
}

/// What can stand behind `#`, as sites make it of headings.
fn anchors(text: &str) -> BTreeSet<String> {
    let headings = prose(text).filter(|line| line.starts_with('#'));
    headings
        .map(|line| slug(line.trim_start_matches('#').trim()))
        .collect()
}

fn slug(heading: &str) -> String {
    let kept = heading
        .chars()
        .filter(|c| c.is_alphanumeric() || matches!(c, ' ' | '-' | '_'));
    kept.map(|c| {
        if c == ' ' {
            '-'
        } else {
            c.to_ascii_lowercase()
        }
    })
    .collect()
}

/// Without `..` and `.`.
fn normal(path: &Path) -> PathBuf {
    let mut normal = PathBuf::new();
    for part in path.components() {
        match part {
            Component::ParentDir => {
                normal.pop();
            }
            Component::CurDir => {}
            other => normal.push(other),
        }
    }
    normal
}

fn slashes(path: &Path) -> String {
    path.to_string_lossy().replace('\\', "/")
}

#[cfg(test)]
mod tests {
    use super::*;

    #[test]
    fn what_leads_nowhere_is_told() {
        let pages = BTreeMap::from([
            (
                "docs/a.md".to_owned(),
                "# A `b` c\n```\n[no](x.md)\n```\n".to_owned(),
            ),
            ("docs/x/b.md".to_owned(), "[a](../a.md#a-b-c)".to_owned()),
        ]);
        let why = |from: &str, target: &str| broken(Path::new("/nowhere"), &pages, from, target);
        assert_eq!(why("docs/x/b.md", "../a.md#a-b-c"), None);
        assert_eq!(why("docs/a.md", "https://x.example/#y"), None);
        assert!(why("docs/x/b.md", "../a.md#a-c").is_some());
        assert!(why("docs/x/b.md", "a.md").is_some());
        assert!(why("docs/a.md", "../README.md").is_some());
        assert_eq!(not_listed(&pages).len(), 2);
        assert_eq!(links(&pages["docs/a.md"]).count(), 0);
    }

    #[test]
    fn a_command_that_is_not_there_is_told() {
        let pages = BTreeMap::from([
            (
                "docs/reference/cli.md".to_owned(),
                "## hookloom flow list\n## hookloom run\n".to_owned(),
            ),
            (
                "docs/a.md".to_owned(),
                "`hookloom flow list`, `hookloom run NAME`, `hookloom flow paint`, `hookloom fly`"
                    .to_owned(),
            ),
        ]);
        let breaches = unknown_commands(Path::new("/nowhere"), &pages);
        assert_eq!(breaches.len(), 2, "{breaches:#?}");
    }
}
