//! The guide for newcomers shows a change as blocks of `diff`, and names files and commands. Each place that a block
//! changes is looked for in its file: a guide that leads to lines which are no longer there is noticed here.

use std::fs;
use std::path::Path;

const PAGE: &str = "docs/CONTRIBUTING.md";
/// Spans that begin so name a file or a folder.
const PLACES: &[&str] = &["src-tauri/", "ui/", "docs/", "tests/", ".ci/", ".github/"];

type Source<'a> = &'a dyn Fn(&str) -> Option<String>;

/// Places, files and commands of the guide that are not there.
pub fn breaches(root: &Path) -> Vec<String> {
    let text = fs::read_to_string(root.join(PAGE)).unwrap_or_default();
    let mut breaches = changes(&text, &|path| fs::read_to_string(root.join(path)).ok());
    for (_, span) in spans(&text).filter(|(at, _)| at % 2 == 1) {
        let is_place = PLACES.iter().any(|start| span.starts_with(start));
        if is_place && !span.contains(' ') && !root.join(span).exists() {
            breaches.push(format!(
                "book: {PAGE} names `{span}`, and there is no such file"
            ));
        }
    }
    let makefile = fs::read_to_string(root.join("Makefile")).unwrap_or_default();
    let package = fs::read_to_string(root.join("ui/package.json")).unwrap_or_default();
    breaches.extend(commands(&text, &makefile, &package));
    breaches
}

/// One place that a block changes.
#[derive(Default)]
struct Hunk {
    path: String,
    before: Vec<String>,
    after: Vec<String>,
}

/// What the blocks of `diff` would change and does not stand in its file, once and in one piece. Whoever follows the
/// guide has made the change, so it may stand there as well.
fn changes(text: &str, source: Source<'_>) -> Vec<String> {
    let mut breaches = Vec::new();
    let hunks = hunks_of(text);
    if hunks.is_empty() {
        breaches.push(format!("book: {PAGE} shows no change as a block of `diff`"));
    }
    for Hunk {
        path,
        before,
        after,
    } in hunks
    {
        let Some(source) = source(&path) else {
            breaches.push(format!(
                "book: {PAGE} changes `{path}`, and there is no such file"
            ));
            continue;
        };
        let source: Vec<&str> = source.lines().collect();
        let times = |lines: &[String]| {
            let all = source.windows(lines.len().max(1));
            all.filter(|it| *it == lines).count()
        };
        let count = times(&before);
        // New lines alone belong to the file's end.
        if !before.is_empty() && count != 1 && times(&after) != 1 {
            breaches.push(format!(
                "book: {PAGE} changes these lines of `{path}`, which are there {count} times instead of once. If you \
                 changed that file, change the block in the guide, too:\n{}",
                before.join("\n")
            ));
        }
    }
    breaches
}

fn hunks_of(text: &str) -> Vec<Hunk> {
    let mut hunks: Vec<Hunk> = Vec::new();
    let mut is_diff = false;
    for line in text.lines() {
        if line.starts_with("```") {
            is_diff = line == "```diff";
        } else if is_diff {
            let path = match (line.strip_prefix("--- "), hunks.last()) {
                (None, Some(last)) if line == "@@" => Some(last.path.clone()),
                (path, _) => path.map(str::to_owned),
            };
            if let Some(path) = path {
                hunks.push(Hunk {
                    path,
                    ..Hunk::default()
                });
            } else if let Some(hunk) = hunks.last_mut() {
                let text = line.get(1..).unwrap_or_default().to_owned();
                if !line.starts_with('+') {
                    hunk.before.push(text.clone());
                }
                if !line.starts_with('-') {
                    hunk.after.push(text);
                }
            }
        }
    }
    hunks
}

/// Commands of the guide that the Makefile and the UI's package do not know.
fn commands(text: &str, makefile: &str, package: &str) -> Vec<String> {
    let of_blocks = text.lines().filter(|line| line.starts_with("make "));
    let of_spans = spans(text).filter(|(at, _)| at % 2 == 1);
    let mut breaches = Vec::new();
    for command in of_blocks.chain(of_spans.map(|(_, span)| span)) {
        let command = command.split(" #").next().unwrap_or_default();
        let is_there = if let Some(words) = command.split("make ").nth(1) {
            let targets = words.split_whitespace().filter(|word| !word.contains('='));
            targets.into_iter().all(|target| {
                makefile
                    .lines()
                    .any(|line| line.starts_with(&format!("{target}:")))
            })
        } else if let Some(script) = command.strip_prefix("npm --prefix ui run ") {
            let script = script.split(' ').next().unwrap_or_default();
            package.contains(&format!("\"{script}\": "))
        } else {
            true
        };
        if !is_there {
            breaches.push(format!(
                "book: {PAGE} speaks of `{command}`, and there is no such command"
            ));
        }
    }
    breaches
}

/// What stands between the marks of code in running text, each with its number: the odd ones are code.
fn spans(text: &str) -> impl Iterator<Item = (usize, &str)> {
    text.lines()
        .filter(|line| !line.starts_with("```"))
        .flat_map(|line| line.split('`').enumerate())
}

#[cfg(test)]
mod tests {
    use super::*;

    const SOURCE: &str = "fn a() {\n    one();\n    two();\n}\nfn b() {\n    one();\n}\n";

    fn found(block: &str) -> usize {
        let source = |path: &str| (path == "a.rs").then(|| SOURCE.to_owned());
        changes(&format!("```diff\n{block}\n```\n"), &source).len()
    }

    #[test]
    fn a_change_needs_its_lines_once_and_in_one_piece() {
        assert_eq!(
            found("--- a.rs\n     one();\n-    two();\n+    three();"),
            0
        );
        assert_eq!(
            found("--- a.rs\n     two();\n@@\n fn b() {\n+    three();"),
            0
        );
        assert_eq!(found("--- a.rs\n+fn c() {}"), 0, "at the end");
        assert_eq!(
            found("--- a.rs\n fn b() {\n-    three();\n+    one();"),
            0,
            "it was made"
        );
        assert_eq!(found("--- a.rs\n     one();"), 1, "twice there");
        assert_eq!(found("--- a.rs\n-    three();"), 1, "not there");
        assert_eq!(
            found("--- a.rs\n     two();\n fn b() {"),
            1,
            "not in one piece"
        );
        assert_eq!(found("--- b.rs\n     two();"), 1, "no such file");
        assert_eq!(found(""), 1, "no change at all");
    }

    #[test]
    fn a_command_that_is_not_there_is_told() {
        let check = |text: &str| {
            commands(
                text,
                "run: setup\ntest-dist: setup\n",
                r#"{"e2e": "playwright test"}"#,
            )
            .len()
        };
        assert_eq!(
            check("make run     # opens it\n`make X=y run test-dist`"),
            0
        );
        assert_eq!(check("`npm --prefix ui run e2e -- NAME`, `cargo test`"), 0);
        assert_eq!(check("make fly"), 1);
        assert_eq!(check("`A=b make fly` and `npm --prefix ui run fly`"), 2);
    }
}
