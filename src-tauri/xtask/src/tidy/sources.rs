//! Rules about the text of our sources: module headers, banned calls, names that say nothing.

use std::fs;
use std::path::Path;

/// Path prefix, text that may not stand below it, and what to use instead.
const BANNED: &[(&str, &str, &str)] = &[
    (
        "src-tauri/engine/src",
        "tokio::time",
        "the Clock port: time is passed in",
    ),
    (
        "src-tauri/engine/src",
        "SystemTime",
        "the Clock port: time is passed in",
    ),
    (
        "src-tauri/model/src",
        "SystemTime",
        "a time that is passed in",
    ),
    (
        "src-tauri/signature/src",
        "SystemTime",
        "a time that is passed in",
    ),
    (
        "src-tauri/store/src",
        "SystemTime",
        "a time that is passed in",
    ),
    ("src-tauri/receiver/src", "SystemTime", "the Clock port"),
    (
        "src-tauri/receiver/src",
        "axum::serve",
        "our own connection loop: axum::serve has no header timeout",
    ),
    (
        "src-tauri/api/src",
        "axum::serve",
        "our own connection loop: axum::serve has no header timeout",
    ),
    (
        "src-tauri/api/src",
        "CorsLayer",
        "no CORS on the control listener",
    ),
    (
        "ui/src",
        "dangerouslySetInnerHTML",
        "React elements: no untrusted HTML",
    ),
    ("ui/src", "@ts-ignore", "a type that fits"),
];

/// Names that say nothing about what a type does.
const EMPTY_NAMES: &[&str] = &["Manager", "Service", "Helper", "Util", "Processor"];

/// Breaches of the rules about text.
pub fn breaches(root: &Path) -> Vec<String> {
    let mut breaches = Vec::new();
    each_file(root, &["rs", "ts", "tsx"], &mut |path| {
        let Ok(text) = fs::read_to_string(path) else {
            return;
        };
        let name = shown(root, path);
        for (prefix, banned, instead) in BANNED {
            if name.starts_with(prefix) && code_lines(&text).any(|line| line.contains(banned)) {
                breaches.push(format!("sources: {name} uses {banned}; use {instead}"));
            }
        }
        if name.ends_with(".rs") {
            rust_rules(&name, &text, &mut breaches);
        }
    });
    breaches
}

fn rust_rules(name: &str, text: &str, breaches: &mut Vec<String>) {
    if !text.starts_with("//!") {
        breaches.push(format!(
            "sources: {name} does not begin with `//!` and what it is for"
        ));
    }
    if name.ends_with("mod.rs") && code_lines(text).any(|line| line.trim_start().starts_with("fn "))
    {
        breaches.push(format!(
            "sources: {name} holds logic; a mod.rs only names its parts"
        ));
    }
    for line in code_lines(text) {
        let declared = line
            .trim_start()
            .trim_start_matches("pub ")
            .trim_start_matches("(crate) ");
        let Some(rest) = declared
            .strip_prefix("struct ")
            .or_else(|| declared.strip_prefix("trait "))
        else {
            continue;
        };
        let declared: String = rest.chars().take_while(|c| c.is_alphanumeric()).collect();
        if EMPTY_NAMES.iter().any(|empty| declared.ends_with(empty)) {
            breaches.push(format!(
                "sources: {name} names a type `{declared}`: say what it does"
            ));
        }
    }
}

fn code_lines(text: &str) -> impl Iterator<Item = &str> {
    text.lines()
        .filter(|line| !line.trim_start().starts_with("//"))
}

/// Calls `visit` with each of our own source files that has one of the extensions.
pub fn each_file(root: &Path, extensions: &[&str], visit: &mut dyn FnMut(&Path)) {
    for folder in ["src-tauri", "tests", "ui/src", "ui/e2e"] {
        walk(&root.join(folder), extensions, visit);
    }
}

fn walk(folder: &Path, extensions: &[&str], visit: &mut dyn FnMut(&Path)) {
    let Ok(entries) = fs::read_dir(folder) else {
        return;
    };
    let mut paths: Vec<_> = entries.flatten().map(|entry| entry.path()).collect();
    paths.sort();
    for path in paths {
        let name = path
            .file_name()
            .map(|n| n.to_string_lossy().into_owned())
            .unwrap_or_default();
        if path.is_dir() {
            // Generated code is checked for freshness, not for taste; the tidy chore itself names what it bans.
            if !["generated", "gen", "node_modules", "target", "tidy"].contains(&name.as_str()) {
                walk(&path, extensions, visit);
            }
        } else if path
            .extension()
            .is_some_and(|e| extensions.iter().any(|x| e == *x))
        {
            visit(&path);
        }
    }
}

/// The path below the root, with forward slashes.
pub fn shown(root: &Path, path: &Path) -> String {
    path.strip_prefix(root)
        .unwrap_or(path)
        .to_string_lossy()
        .replace('\\', "/")
}
