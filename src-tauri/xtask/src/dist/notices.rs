//! The licences of others, as their authors wrote them: a list of all parts, and every text once.

use std::collections::BTreeMap;
use std::fmt::Write as _;
use std::fs;
use std::path::Path;

use super::components::Component;

/// How files with licences begin.
const NAMES: &[&str] = &[
    "LICENSE",
    "LICENCE",
    "COPYING",
    "COPYRIGHT",
    "NOTICE",
    "UNLICENSE",
    "OFL",
];
/// A longer file is no licence.
const TEXT_BYTES_MAX: u64 = 256 * 1024;

const HEAD: &str = "Hookloom contains the software listed here. Its authors let everybody use it under the licences named.

";

/// The whole text.
pub fn text(components: &[Component]) -> String {
    let mut text = String::from(HEAD);
    let mut found: BTreeMap<String, Vec<String>> = BTreeMap::new();
    for it in components {
        let _ = writeln!(
            text,
            "{} {} ({}): {}",
            it.name, it.version, it.registry, it.license
        );
        for license in licenses(&it.folder) {
            found
                .entry(license)
                .or_default()
                .push(format!("{} {}", it.name, it.version));
        }
    }
    let mut texts: Vec<(String, Vec<String>)> = found.into_iter().collect();
    texts.sort_by(|(_, one), (_, other)| one.cmp(other));
    for (license, names) in texts {
        let line = "-".repeat(80);
        let _ = write!(
            text,
            "\n{line}\n{}\n{line}\n\n{license}\n",
            names.join(", ")
        );
    }
    text
}

/// The texts that lie in a package, and one folder deeper: crates that bring a library in C keep its licence beside it.
fn licenses(folder: &Path) -> Vec<String> {
    let mut texts = within(folder);
    let mut folders: Vec<_> = fs::read_dir(folder)
        .into_iter()
        .flatten()
        .flatten()
        .map(|it| it.path())
        .collect();
    folders.sort();
    for inner in folders
        .iter()
        .filter(|it| it.is_dir() && !it.ends_with("node_modules"))
    {
        texts.extend(within(inner));
    }
    texts
}

fn within(folder: &Path) -> Vec<String> {
    let entries = fs::read_dir(folder).into_iter().flatten().flatten();
    let mut paths: Vec<_> = entries
        .map(|it| it.path())
        .filter(|it| is_license(it))
        .collect();
    paths.sort();
    let texts = paths.iter().filter_map(|it| fs::read(it).ok());
    texts
        .map(|it| {
            String::from_utf8_lossy(&it)
                .replace("\r\n", "\n")
                .trim()
                .to_owned()
        })
        .collect()
}

fn is_license(path: &Path) -> bool {
    let name = path
        .file_name()
        .unwrap_or_default()
        .to_string_lossy()
        .to_uppercase();
    let is_text = !name.contains('.')
        || [".MD", ".TXT", ".HTML"].iter().any(|it| name.ends_with(it))
        || name.contains("-2.0");
    let small = path
        .metadata()
        .is_ok_and(|it| it.is_file() && it.len() <= TEXT_BYTES_MAX);
    small && is_text && NAMES.iter().any(|it| name.starts_with(it))
}

#[cfg(test)]
mod tests {
    use super::*;

    #[test]
    fn every_text_stands_once_below_the_names_of_those_who_use_it() {
        let folder = tempfile::tempdir().expect("a folder");
        let component = |name: &str| {
            let home = folder.path().join(name);
            fs::create_dir_all(home.join("c")).expect("folders");
            fs::write(home.join("LICENSE-MIT"), "Do as you like.\r\n").expect("written");
            fs::write(home.join("license.rs"), "no text").expect("written");
            fs::write(home.join("c/COPYING"), format!("Of the library in {name}."))
                .expect("written");
            Component {
                registry: "cargo",
                name: name.to_owned(),
                version: "1.0.0".to_owned(),
                license: "MIT".to_owned(),
                digest: None,
                folder: home,
                is_direct: true,
                uses: Vec::new(),
            }
        };
        let text = text(&[component("one"), component("two")]);
        assert!(
            text.contains("one 1.0.0 (cargo): MIT\ntwo 1.0.0 (cargo): MIT\n"),
            "{text}"
        );
        assert_eq!(text.matches("Do as you like.").count(), 1, "{text}");
        assert!(text.contains("one 1.0.0, two 1.0.0"), "{text}");
        assert!(text.contains("Of the library in two."), "{text}");
        assert!(!text.contains("no text"), "{text}");
    }
}
