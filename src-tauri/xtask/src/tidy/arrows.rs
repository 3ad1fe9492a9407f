//! Who may use whom. A new crate gets a line in `MAY_USE`; a new arrow needs a decision record.

use cargo_metadata::{DependencyKind, Metadata};

/// Crate, and the crates of ours that it may use.
const MAY_USE: &[(&str, &[&str])] = &[
    ("sensitive", &[]),
    ("signature", &[]),
    ("template", &["sensitive"]),
    ("model", &["sensitive", "signature", "template"]),
    ("engine", &["model", "sensitive", "signature", "template"]),
    (
        "steps",
        &["engine", "model", "sensitive", "signature", "template"],
    ),
    ("outbound", &["engine", "model", "sensitive"]),
    ("store", &["engine", "model", "sensitive"]),
    ("script", &["engine", "model", "template"]),
    ("update", &["engine"]),
    ("secrets", &["engine", "model", "sensitive"]),
    (
        "receiver",
        &["engine", "model", "sensitive", "signature", "template"],
    ),
    (
        "api",
        &[
            "engine",
            "model",
            "secrets",
            "sensitive",
            "signature",
            "store",
            "template",
            "update",
        ],
    ),
    (
        "runtime",
        &[
            "api",
            "engine",
            "model",
            "outbound",
            "receiver",
            "script",
            "secrets",
            "sensitive",
            "signature",
            "steps",
            "store",
            "template",
            "update",
        ],
    ),
    (
        "cli",
        &["api", "model", "runtime", "sensitive", "signature"],
    ),
    ("app", &["api", "model", "runtime", "sensitive"]),
    ("xtask", &["api", "model", "template", "update"]),
];

/// Package from outside, and the crates of ours that may use it in the product.
const ONLY_IN: &[(&str, &[&str])] = &[
    ("tauri", &["app"]),
    ("rusqlite", &["store"]),
    ("reqwest", &["outbound", "xtask"]),
    ("rquickjs", &["script"]),
    ("keyring", &["secrets"]),
    ("keyring-core", &["secrets"]),
    ("axum", &["api", "receiver", "runtime", "xtask"]),
    ("minijinja", &["template"]),
    ("hmac", &["signature"]),
    ("clap", &["cli", "xtask"]),
    ("minisign-verify", &["update"]),
    ("minisign", &["xtask"]),
];

/// Arrows that are drawn but not allowed. Tests of a crate may use what they like.
pub fn breaches(metadata: &Metadata) -> Vec<String> {
    let mut breaches = Vec::new();
    for package in metadata.workspace_packages() {
        let from = short(&package.name);
        let Some((_, allowed)) = MAY_USE.iter().find(|(name, _)| *name == from) else {
            breaches.push(format!(
                "arrows: crate `{from}` has no line in MAY_USE of the tidy chore"
            ));
            continue;
        };
        for dependency in package
            .dependencies
            .iter()
            .filter(|d| d.kind == DependencyKind::Normal)
        {
            let to = short(&dependency.name);
            if dependency.path.is_some() && !allowed.contains(&to) {
                breaches.push(format!(
                    "arrows: {from} may not use {to} (see src-tauri/ARCHITECTURE.md)"
                ));
            }
            if let Some((_, users)) = ONLY_IN.iter().find(|(name, _)| *name == dependency.name)
                && !users.contains(&from)
            {
                breaches.push(format!(
                    "arrows: {} belongs to {} alone, {from} uses it",
                    dependency.name,
                    users.join(", ")
                ));
            }
        }
    }
    breaches
}

fn short(name: &str) -> &str {
    name.strip_prefix("hookloom-").unwrap_or(name)
}
