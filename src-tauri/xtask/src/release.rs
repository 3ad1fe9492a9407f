//! Writes the manifest that programs read when they are asked to look for updates, beside the packages that it tells of,
//! and signs it where a key is given.
//!
//! It signs with the crate `minisign` and not with the tool of that name: it is locked like everything else, runs on each
//! system, and the tests sign with the same. What it reads and writes are the tool's own formats.

use std::env;
use std::fs;
use std::io::{self, Cursor};
use std::path::{Path, PathBuf};

use base64::Engine as _;
use base64::engine::general_purpose::STANDARD;
use hookloom_update::{MANIFEST_NAME, Manifest, Package, SIGNATURE_ENDING, TrustedKey};
use jiff::Timestamp;
use minisign::{PublicKey, SecretKey, SecretKeyBox};
use semver::Version;
use sha2::{Digest as _, Sha256};
use url::Url;

/// The text of the secret key's file, as `minisign -G` makes it.
const KEY: &str = "HOOKLOOM_RELEASE_KEY";
/// Its password; a key without one has none.
const PASSWORD: &str = "HOOKLOOM_RELEASE_KEY_PASSWORD";
/// The public key that programs are built with.
const TRUSTED: &str = "HOOKLOOM_UPDATE_KEY";
const CHANGELOG: &str = "docs/CHANGELOG.md";
/// The heading of what has no version yet.
const UNRELEASED: &str = "Not released yet";

/// What files of packages end with, and what that makes them.
const KINDS: &[(&str, &str, &str)] = &[
    (".deb", "deb", "linux"),
    (".rpm", "rpm", "linux"),
    (".AppImage", "appimage", "linux"),
    (".dmg", "dmg", "macos"),
    (".msi", "msi", "windows"),
    ("-setup.exe", "nsis", "windows"),
];
/// How packages name processors, and how Rust does.
const PROCESSORS: &[(&str, &str)] = &[
    ("amd64", "x86_64"),
    ("x86_64", "x86_64"),
    ("x64", "x86_64"),
    ("arm64", "aarch64"),
    ("aarch64", "aarch64"),
];

/// What to tell of.
pub struct Order {
    /// Where the packages lie.
    pub folder: PathBuf,
    /// Where more is said about the release.
    pub notes_url: Option<Url>,
}

/// Why there is no manifest.
#[derive(Debug, thiserror::Error)]
pub enum Error {
    #[error("cannot {what} {}", path.display())]
    File {
        what: &'static str,
        path: PathBuf,
        source: io::Error,
    },
    #[error("{} has no packages; `make dist` makes them", path.display())]
    NoPackages { path: PathBuf },
    #[error("`{name}` does not say which processor it is for")]
    Processor { name: String },
    #[error(
        "{CHANGELOG} says nothing of {version}: give it the heading `## {version} (DATE)`, or entries below `## {UNRELEASED}`"
    )]
    NoNotes { version: Version },
    #[error("the version of the workspace is none")]
    Version(#[from] semver::Error),
    #[error("`{KEY}` holds no key that `{PASSWORD}` opens")]
    Key(#[source] minisign::PError),
    #[error("`{KEY}` holds no secret key of minisign: it is the whole text of its file")]
    NoKey,
    #[error("the key in `{KEY}` has a password, and `{PASSWORD}` is not set")]
    PasswordMissing,
    #[error("the manifest cannot be signed")]
    Sign(#[from] minisign::PError),
    #[error(
        "the key in `{KEY}` is not the one that programs are built to trust (`{TRUSTED}`): its public key is {made}"
    )]
    OtherKey { made: String },
    #[error("what was written cannot be read again")]
    Unreadable(#[from] hookloom_update::Error),
}

/// Who signs.
struct Signer {
    secret: SecretKey,
    public: TrustedKey,
}

/// Writes the manifest, signs it where a key is given, and reads both again as programs will.
pub fn run(root: &Path, order: &Order) -> Result<(), Error> {
    let folder = root.join(&order.folder);
    let signer = signer(|name| env::var(name).ok())?;
    let manifest = manifest(root, &folder, order.notes_url.clone())?;
    let text = manifest.text();
    let path = folder.join(MANIFEST_NAME);
    write(&path, text.as_bytes())?;
    println!("{}", path.display());
    let beside = folder.join(format!("{MANIFEST_NAME}{SIGNATURE_ENDING}"));
    let Some(signer) = signer else {
        // One of an earlier run belongs to another manifest.
        drop(fs::remove_file(&beside));
        println!("Not signed: {KEY} is not set. Programs believe nothing of it.");
        return Ok(());
    };
    let signature = signer.sign(&manifest.version, &text)?;
    Manifest::verified(text.as_bytes(), signature.as_bytes(), &signer.public)?;
    write(&beside, signature.as_bytes())?;
    println!("{}", beside.display());
    println!("Signed; the public key is {}", signer.public.text());
    Ok(())
}

fn manifest(root: &Path, folder: &Path, notes_url: Option<Url>) -> Result<Manifest, Error> {
    let version = Version::parse(env!("CARGO_PKG_VERSION"))?;
    let changelog = root.join(CHANGELOG);
    let changes = fs::read_to_string(&changelog).map_err(file("read", &changelog))?;
    let Some(notes) = notes(&changes, &version.to_string()) else {
        return Err(Error::NoNotes { version });
    };
    let manifest = Manifest {
        notes: Some(notes),
        version,
        released_at_ms: Timestamp::now().as_millisecond(),
        notes_url,
        packages: packages(folder)?,
    };
    // What programs would refuse is no manifest.
    Ok(Manifest::parse(manifest.text().as_bytes())?)
}

fn packages(folder: &Path) -> Result<Vec<Package>, Error> {
    let entries = fs::read_dir(folder).map_err(file("read", folder))?;
    let mut paths: Vec<PathBuf> = entries.flatten().map(|entry| entry.path()).collect();
    paths.sort();
    let mut packages = Vec::new();
    for path in paths {
        let name = path
            .file_name()
            .unwrap_or_default()
            .to_string_lossy()
            .into_owned();
        let Some((_, kind, os)) = KINDS.iter().find(|(end, ..)| name.ends_with(end)) else {
            continue;
        };
        let bytes = fs::read(&path).map_err(file("read", &path))?;
        packages.push(Package {
            kind: (*kind).to_owned(),
            os: (*os).to_owned(),
            arch: processor(&name)?.to_owned(),
            url: None,
            bytes: bytes.len() as u64,
            sha256: Sha256::digest(&bytes).into(),
            file: name,
        });
    }
    match packages.is_empty() {
        true => Err(Error::NoPackages {
            path: folder.to_owned(),
        }),
        false => Ok(packages),
    }
}

/// What stands in the name of a package. `x86_64` holds a separator of others.
fn processor(name: &str) -> Result<&'static str, Error> {
    let words = name.replace("x86_64", "amd64");
    let mut words = words.split(['_', '-', '.']);
    let known = words.find_map(|word| PROCESSORS.iter().find(|(named, _)| *named == word));
    known
        .map(|(_, rust)| *rust)
        .ok_or_else(|| Error::Processor {
            name: name.to_owned(),
        })
}

/// What the page of changes says of a version, or of what is not released yet.
fn notes(changes: &str, version: &str) -> Option<String> {
    let part = |heading: &str| {
        let mut lines = changes.lines();
        lines.find(|line| {
            let after = line
                .strip_prefix("## ")
                .and_then(|title| title.strip_prefix(heading));
            // Behind it stands the date, however it is set off; a longer version is another one.
            after.is_some_and(|after| after.is_empty() || after.starts_with([' ', ',', ':']))
        })?;
        let lines = lines.take_while(|line| !line.starts_with("## "));
        let text = lines.collect::<Vec<_>>().join("\n");
        Some(text.trim().to_owned()).filter(|text| !text.is_empty())
    };
    part(version).or_else(|| part(UNRELEASED))
}

/// The key in the environment, and that it is the one that programs trust.
fn signer(variable: impl Fn(&str) -> Option<String>) -> Result<Option<Signer>, Error> {
    let given = |name| variable(name).filter(|text| !text.trim().is_empty());
    let Some(text) = given(KEY) else {
        return Ok(None);
    };
    let secret = match given(PASSWORD) {
        Some(password) => SecretKeyBox::from_string(text.trim())
            .and_then(|boxed| boxed.into_secret_key(Some(password)))
            .map_err(Error::Key)?,
        None => open_key(&text)?,
    };
    let made = PublicKey::from_secret_key(&secret)?.to_base64();
    let public = TrustedKey::parse(&made)?;
    if let Some(trusted) = given(TRUSTED)
        && TrustedKey::parse(&trusted)? != public
    {
        return Err(Error::OtherKey { made });
    }
    Ok(Some(Signer { secret, public }))
}

/// A key without a password. The tool writes no checksum into those, for which the crate would not take them: what is
/// signed is read again, which shows that the key is whole.
fn open_key(text: &str) -> Result<SecretKey, Error> {
    let line = text.trim().lines().nth(1).unwrap_or_default();
    let bytes = STANDARD.decode(line.trim()).map_err(|_| Error::NoKey)?;
    let secret = SecretKey::from_bytes(&bytes).map_err(|_| Error::NoKey)?;
    match secret.is_encrypted() {
        true => Err(Error::PasswordMissing),
        false => Ok(secret),
    }
}

impl Signer {
    fn sign(&self, version: &Version, text: &str) -> Result<String, Error> {
        let comment = format!("Hookloom {version}, {MANIFEST_NAME}");
        let signed = minisign::sign(None, &self.secret, Cursor::new(text), Some(&comment), None);
        Ok(signed?.into_string())
    }
}

fn write(path: &Path, bytes: &[u8]) -> Result<(), Error> {
    fs::write(path, bytes).map_err(file("write", path))
}

fn file(what: &'static str, path: &Path) -> impl FnOnce(io::Error) -> Error {
    let path = path.to_path_buf();
    move |source| Error::File { what, path, source }
}

#[cfg(test)]
mod tests {
    use minisign::KeyPair;

    use super::*;

    const CHANGES: &str = "# What changed\n\n## Not released yet\n\n- Soon.\n\n## 0.2.0 (2026-11-23)\n\n- Faster.\n\n## 0.1.0\n\n- First.\n";

    #[test]
    fn notes_are_those_of_the_version_or_of_what_is_not_released() {
        assert_eq!(notes(CHANGES, "0.2.0").as_deref(), Some("- Faster."));
        assert_eq!(notes(CHANGES, "0.1.0").as_deref(), Some("- First."));
        assert_eq!(notes(CHANGES, "0.3.0").as_deref(), Some("- Soon."));
        assert_eq!(notes(CHANGES, "0.1").as_deref(), Some("- Soon."));
        let with_a_comma = CHANGES.replace("0.2.0 (2026-11-23)", "0.2.0, 2026-11-23");
        assert_eq!(notes(&with_a_comma, "0.2.0").as_deref(), Some("- Faster."));
        assert_eq!(notes("# What changed\n\n## 0.3.0\n", "0.3.0"), None);
    }

    #[test]
    fn every_package_that_is_made_says_what_it_is() {
        let folder = tempfile::tempdir().expect("a folder");
        for name in [
            "Hookloom_0.1.0_amd64.deb",
            "Hookloom-0.1.0-1.aarch64.rpm",
            "Hookloom_0.1.0_arm64.AppImage",
            "Hookloom_0.1.0_x64.dmg",
            "Hookloom_0.1.0_x64_en-US.msi",
            "Hookloom_0.1.0_x64-setup.exe",
            "Hookloom_0.1.0_x86_64-unknown-linux-gnu.cdx.json",
            "SHA256SUMS",
        ] {
            fs::write(folder.path().join(name), name).expect("a file");
        }
        let packages = packages(folder.path()).expect("packages");
        let told: Vec<_> = packages
            .iter()
            .map(|it| (&*it.kind, &*it.os, &*it.arch))
            .collect();
        assert_eq!(
            told,
            [
                ("rpm", "linux", "aarch64"),
                ("deb", "linux", "x86_64"),
                ("appimage", "linux", "aarch64"),
                ("nsis", "windows", "x86_64"),
                ("dmg", "macos", "x86_64"),
                ("msi", "windows", "x86_64"),
            ]
        );
        assert_eq!(packages[1].bytes, "Hookloom_0.1.0_amd64.deb".len() as u64);
        fs::write(folder.path().join("Hookloom.deb"), "which?").expect("a file");
        assert!(super::packages(folder.path()).is_err());
    }

    #[test]
    fn the_key_signs_what_programs_believe_and_another_than_theirs_is_refused() {
        let (pair, other) = (pair(), pair());
        let key = pair.sk.to_box(None).expect("a key").into_string();
        let with = |trusted: Option<String>| {
            signer(|name| match name {
                KEY => Some(key.clone()),
                TRUSTED => trusted.clone(),
                _ => None,
            })
        };
        let signer = with(Some(pair.pk.to_base64()))
            .expect("a key")
            .expect("it is given");
        let version = Version::new(0, 1, 0);
        let manifest = Manifest {
            version: version.clone(),
            released_at_ms: 0,
            notes: None,
            notes_url: None,
            packages: Vec::new(),
        };
        let text = manifest.text();
        let signature = signer.sign(&version, &text).expect("a signature");
        let read = Manifest::verified(text.as_bytes(), signature.as_bytes(), &signer.public);
        assert_eq!(read, Ok(manifest));
        assert!(matches!(
            with(Some(other.pk.to_base64())),
            Err(Error::OtherKey { .. })
        ));
        assert!(super::signer(|_| None).expect("nothing is wrong").is_none());
        let nonsense = super::signer(|name| (name == KEY).then(|| "nonsense".to_owned()));
        assert!(matches!(nonsense, Err(Error::NoKey)));
    }

    /// As `minisign -G -W` of the tool writes it, without a checksum.
    #[test]
    fn a_key_that_the_tool_made_without_a_password_signs() {
        const TOOLS: &str = "untrusted comment: minisign encrypted secret key\nRWQAAEIyAAAAAAAAAAAAAAAAAAAAAAAAAAAAAAAAAAAAAAAAAAAAAAAAAAAAAAAAAAAAAAAACG1f6hKXi8CSw1tZ8OGixf+/2yKc3fLN7e91KiKgpFmILRqBuEGKtl9arOsCSuzfXhwUc8uH9MGcUcO4uejvJTf+y2grdaafAAAAAAAAAAAAAAAAAAAAAAAAAAAAAAAAAAAAAAAAAAA=\n";
        let signer = signer(|name| (name == KEY).then(|| TOOLS.to_owned()));
        let signer = signer.expect("a key").expect("it is given");
        let version = Version::new(0, 1, 0);
        let signature = signer.sign(&version, "{}").expect("a signature");
        let read = Manifest::verified(b"{}", signature.as_bytes(), &signer.public);
        let kind = read.expect_err("it is no manifest").kind();
        assert_eq!(kind, hookloom_update::Kind::ManifestInvalid, "it is signed");
    }

    /// Opening it takes a gigabyte and seconds, on purpose: only that nobody is asked on a terminal is tried here.
    #[test]
    fn a_key_with_a_password_is_not_taken_without_it() {
        const LOCKED: &str = "untrusted comment: minisign encrypted secret key\nRWRTY0IybBsjB+my2XqhtURtpJF9m8juio+BxQXde20C4XPh/zUAAAACAAAAAAAAAEAAAAAA8thbw2NrUbv2Qyp36vbrXi7Ec8/Or9XocXS2sfUZoZKajq6VIx4BHJxuinkQEIZdvYknMByDCFrnEuI0T9xNPpkhm0/EQ+VV7Ns92oSOaxFSntx7Lrb/yjuaPuzxWebPK6OxfhOqns8=\n";
        let refused = signer(|name| (name == KEY).then(|| LOCKED.to_owned()));
        assert!(matches!(refused, Err(Error::PasswordMissing)));
    }

    fn pair() -> KeyPair {
        KeyPair::generate_unencrypted_keypair().expect("a key")
    }
}
