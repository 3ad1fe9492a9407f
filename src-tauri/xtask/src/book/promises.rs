//! The page of promises names the tests that show each one; a test that is renamed or taken away is noticed here.

use std::fs;
use std::path::Path;

const PAGE: &str = "docs/promises.md";

/// Promises without a test, and tests that are not there.
pub fn breaches(root: &Path) -> Vec<String> {
    let text = fs::read_to_string(root.join(PAGE)).unwrap_or_default();
    let source = |path: &str| fs::read_to_string(root.join(path)).ok();
    breaches_of(&text, &source)
}

fn breaches_of(text: &str, source: &dyn Fn(&str) -> Option<String>) -> Vec<String> {
    let mut breaches = Vec::new();
    let rows = text
        .lines()
        .filter(|line| line.starts_with("| ") && !line.starts_with("| promise"));
    let mut rows_seen = 0;
    for row in rows {
        rows_seen += 1;
        let promise = row.split('|').nth(1).unwrap_or_default().trim();
        let tests = tests_of(row);
        if tests.is_empty() {
            breaches.push(format!("book: {PAGE} names no test for: {promise}"));
        }
        for (test, path) in tests {
            let is_there = source(path).is_some_and(|source| declares(&source, test));
            if !is_there {
                breaches.push(format!(
                    "book: {PAGE} names `{test}` in `{path}`, which has no such test"
                ));
            }
        }
    }
    if rows_seen == 0 {
        breaches.push(format!("book: {PAGE} holds no promise"));
    }
    breaches
}

/// Pairs of a test and its file, written as `` `test` in `file` ``.
fn tests_of(row: &str) -> Vec<(&str, &str)> {
    let parts: Vec<&str> = row.split('`').collect();
    let triples = parts.windows(3).filter(|it| it[1] == " in ");
    triples.map(|it| (it[0], it[2])).collect()
}

/// A Rust function, or a test of the UI by its title.
fn declares(source: &str, test: &str) -> bool {
    source.contains(&format!("fn {test}("))
        || source.contains(&format!("test('{test}'"))
        || source.contains(&format!("test(\"{test}\""))
}

#[cfg(test)]
mod tests {
    use super::*;

    #[test]
    fn a_promise_needs_a_test_that_is_there() {
        let source = |path: &str| (path == "a.rs").then(|| "fn it_holds() {}".to_owned());
        let check = |row: &str| breaches_of(row, &source).len();
        assert_eq!(check("| It holds | `it_holds` in `a.rs` |"), 0);
        assert_eq!(check("| It holds | `it_held` in `a.rs` |"), 1);
        assert_eq!(check("| It holds | `it_holds` in `b.rs` |"), 1);
        assert_eq!(check("| It holds | believe us |"), 1);
        assert_eq!(check("no table"), 1);
    }
}
