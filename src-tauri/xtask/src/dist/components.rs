//! Everything of others that is inside the programs: crates, and packages of the UI. What only builds or tests is not.

use std::collections::{BTreeMap, BTreeSet};
use std::fs;
use std::path::{Path, PathBuf};

use base64::Engine as _;
use base64::engine::general_purpose::STANDARD;
use cargo_metadata::{
    CargoOpt, DependencyKind, Metadata, MetadataCommand, NodeDep, Package, PackageId,
};
use serde_json::Value;

use super::Error;

/// The packages of ours that are shipped.
const SHIPPED: &[&str] = &["hookloom-app", "hookloom-cli"];

/// A part that somebody else wrote.
#[derive(Debug, Clone, PartialEq, Eq, PartialOrd, Ord)]
pub struct Component {
    /// `cargo` or `npm`.
    pub registry: &'static str,
    pub name: String,
    pub version: String,
    /// An SPDX expression; empty if the package says none.
    pub license: String,
    /// The algorithm's name and the digest in hexadecimal digits, as the lock file has it.
    pub digest: Option<(&'static str, String)>,
    /// Where its files are.
    pub folder: PathBuf,
    /// Whether code of ours uses it.
    pub is_direct: bool,
    /// The package URLs of what it uses itself, as far as that is known.
    pub uses: Vec<String>,
}

impl Component {
    /// The name that is the same for everybody.
    pub fn url(&self) -> String {
        url(self.registry, &self.name, &self.version)
    }
}

fn url(registry: &str, name: &str, version: &str) -> String {
    format!("pkg:{registry}/{}@{version}", name.replace('@', "%40"))
}

/// Where cargo builds into.
pub fn target_folder(root: &Path) -> Result<PathBuf, Error> {
    let metadata = MetadataCommand::new()
        .manifest_path(root.join("Cargo.toml"))
        .no_deps()
        .exec()?;
    Ok(metadata.target_directory.into_std_path_buf())
}

/// All of them, sorted.
pub fn list(root: &Path, triple: &str) -> Result<Vec<Component>, Error> {
    let mut components = crates(root, triple)?;
    components.extend(packages(root)?);
    components.sort();
    components.dedup_by_key(|it| it.url());
    Ok(components)
}

fn crates(root: &Path, triple: &str) -> Result<Vec<Component>, Error> {
    let metadata = MetadataCommand::new()
        .manifest_path(root.join("Cargo.toml"))
        .features(CargoOpt::AllFeatures)
        .other_options(
            ["--locked", "--offline", "--filter-platform", triple]
                .map(str::to_owned)
                .to_vec(),
        )
        .exec()?;
    let lock = root.join("Cargo.lock");
    let lock = fs::read_to_string(&lock).map_err(Error::file("read", &lock))?;
    let digests = digests(&lock);
    let arrows = arrows(&metadata);
    let by_id: BTreeMap<&PackageId, &Package> =
        metadata.packages.iter().map(|it| (&it.id, it)).collect();
    let reached = shipped(&metadata, &arrows);
    let is_ours = |id: &PackageId| by_id.get(id).is_some_and(|it| it.source.is_none());
    let ours = reached.iter().filter(|id| is_ours(id));
    let direct: BTreeSet<&PackageId> = ours.flat_map(|id| arrows[*id].iter().copied()).collect();
    let component = |id: &&PackageId| {
        let package = by_id.get(*id).filter(|it| it.source.is_some())?;
        let version = package.version.to_string();
        let used = arrows.get(*id).into_iter().flatten();
        let used = used.filter_map(|id| by_id.get(id));
        Some(Component {
            registry: "cargo",
            name: package.name.to_string(),
            digest: digests
                .get(&(package.name.to_string(), version.clone()))
                .map(|it| ("SHA-256", it.clone())),
            version,
            license: expression(package.license.as_deref().unwrap_or_default()),
            folder: package
                .manifest_path
                .parent()
                .map(|it| it.as_std_path().to_path_buf())
                .unwrap_or_default(),
            is_direct: direct.contains(*id),
            uses: used
                .map(|it| url("cargo", &it.name, &it.version.to_string()))
                .collect(),
        })
    };
    Ok(reached.iter().filter_map(component).collect())
}

/// Old packages write a slash where others write `OR`.
fn expression(license: &str) -> String {
    let words: Vec<&str> = license.split('/').map(str::trim).collect();
    words.join(" OR ")
}

/// Who uses whom in the program itself.
type Arrows<'a> = BTreeMap<&'a PackageId, Vec<&'a PackageId>>;

fn arrows(metadata: &Metadata) -> Arrows<'_> {
    // What the compiler runs to make code is not in the program.
    let makers = metadata
        .packages
        .iter()
        .filter(|it| it.targets.iter().any(|it| it.is_proc_macro()));
    let makers: BTreeSet<&PackageId> = makers.map(|it| &it.id).collect();
    let used = |node: &&'_ NodeDep| {
        let mut kinds = node.dep_kinds.iter();
        kinds.any(|it| it.kind == DependencyKind::Normal) && !makers.contains(&node.pkg)
    };
    let nodes = metadata.resolve.iter().flat_map(|it| &it.nodes);
    nodes
        .map(|node| {
            (
                &node.id,
                node.deps.iter().filter(used).map(|it| &it.pkg).collect(),
            )
        })
        .collect()
}

/// What the shipped packages reach.
fn shipped<'a>(metadata: &'a Metadata, arrows: &Arrows<'a>) -> BTreeSet<&'a PackageId> {
    let ours = metadata.workspace_packages().into_iter();
    let mut open: Vec<&PackageId> = ours
        .filter(|it| SHIPPED.contains(&it.name.as_str()))
        .map(|it| &it.id)
        .collect();
    let mut reached = BTreeSet::new();
    while let Some(id) = open.pop() {
        if reached.insert(id) {
            open.extend(arrows.get(id).into_iter().flatten());
        }
    }
    reached
}

/// The digests of Cargo.lock by name and version.
fn digests(lock: &str) -> BTreeMap<(String, String), String> {
    let value = |block: &str, key: &str| {
        let start = format!("{key} = \"");
        let line = block.lines().find_map(|line| line.strip_prefix(&start))?;
        Some(line.trim_end_matches('"').to_owned())
    };
    let blocks = lock.split("[[package]]").skip(1);
    blocks
        .filter_map(|it| {
            Some((
                (value(it, "name")?, value(it, "version")?),
                value(it, "checksum")?,
            ))
        })
        .collect()
}

/// The packages of the UI, from its lock file.
fn packages(root: &Path) -> Result<Vec<Component>, Error> {
    let path = root.join("ui/package-lock.json");
    let text = fs::read_to_string(&path).map_err(Error::file("read", &path))?;
    let lock: Value =
        serde_json::from_str(&text).map_err(|_| Error::Unreadable { path: path.clone() })?;
    let listed = lock["packages"]
        .as_object()
        .ok_or(Error::Unreadable { path })?;
    let shipped = listed
        .iter()
        .filter(|(place, it)| !place.is_empty() && it["dev"] != true);
    let component = |(place, package): (&String, &Value)| {
        let (_, name) = place.rsplit_once("node_modules/")?;
        let text = |key: &str| package[key].as_str().unwrap_or_default().to_owned();
        Some(Component {
            registry: "npm",
            name: name.to_owned(),
            version: text("version"),
            license: text("license"),
            digest: digest(&text("integrity")),
            folder: root.join("ui").join(place),
            is_direct: true,
            uses: Vec::new(),
        })
    };
    Ok(shipped.filter_map(component).collect())
}

/// `sha512-` and base64, in the words of the list.
fn digest(integrity: &str) -> Option<(&'static str, String)> {
    let bytes = STANDARD.decode(integrity.strip_prefix("sha512-")?).ok()?;
    Some(("SHA-512", hex::encode(bytes)))
}

#[cfg(test)]
mod tests {
    use super::*;

    #[test]
    fn names_are_as_everybody_writes_them() {
        assert_eq!(
            url("npm", "@mantine/core", "9.7.3"),
            "pkg:npm/%40mantine/core@9.7.3"
        );
        assert_eq!(digest("sha512-AP8="), Some(("SHA-512", "00ff".to_owned())));
        assert_eq!(digest("sha1-AP8="), None);
        assert_eq!(expression("MIT/Apache-2.0"), "MIT OR Apache-2.0");
        assert_eq!(expression("MIT / Apache-2.0"), "MIT OR Apache-2.0");
    }

    #[test]
    fn what_is_shipped_is_listed_and_what_only_builds_or_tests_is_not() {
        let root = crate::root();
        let components = list(&root, &triple()).expect("it can be listed");
        let has = |name: &str| components.iter().any(|it| it.name == name);
        for name in [
            "tokio",
            "tauri",
            "rusqlite",
            "rquickjs-sys",
            "react",
            "@mantine/core",
        ] {
            assert!(has(name), "{name}");
        }
        for name in [
            "proptest",
            "insta",
            "serde_derive",
            "tauri-build",
            "vite",
            "vitest",
            "hookloom-model",
        ] {
            assert!(!has(name), "{name}");
        }
        for it in &components {
            assert!(!it.license.is_empty(), "{} says no licence", it.url());
            assert!(it.digest.is_some(), "{} has no digest", it.url());
        }
    }

    fn triple() -> String {
        let output = std::process::Command::new("rustc")
            .arg("-vV")
            .output()
            .expect("rustc runs");
        let said = String::from_utf8(output.stdout).expect("UTF-8");
        said.lines()
            .find_map(|it| it.strip_prefix("host: "))
            .expect("a host")
            .to_owned()
    }
}
