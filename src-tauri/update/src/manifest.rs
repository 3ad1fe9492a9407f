//! What a release says of itself. Nothing of it is read before its signature was checked.

use jiff::Timestamp;
use minisign_verify::Signature;
use semver::Version;
use serde::Deserialize;
use serde_json::{Value, json};
use url::Url;

use crate::error::{Error, Kind};
use crate::source::{TrustedKey, URL_CHARS_MAX, is_fit};

/// The format that is written and read. What is added to it later may be left unread; what changes makes another one.
pub const FORMAT: &str = "hookloom.release/1";
/// The usual name of its file.
pub const MANIFEST_NAME: &str = "release.json";
/// What the name of its signature ends with beside that.
pub const SIGNATURE_ENDING: &str = ".minisig";
/// The longest manifest.
pub const MANIFEST_BYTES_MAX: u64 = 256 * 1024;
/// The longest notes.
const NOTES_BYTES_MAX: usize = 64 * 1024;
/// A release has a few packages for each system.
const PACKAGES_MAX: usize = 100;
/// The largest package.
const PACKAGE_BYTES_MAX: u64 = 2 * 1024 * 1024 * 1024;
/// The longest name of a file.
const NAME_CHARS_MAX: usize = 200;
/// The longest kind, system or processor.
const WORD_CHARS_MAX: usize = 40;

/// A release.
#[derive(Debug, Clone, PartialEq)]
pub struct Manifest {
    pub version: Version,
    /// When the manifest was made, Unix milliseconds. It orders manifests: an older one never follows a newer.
    pub released_at_ms: i64,
    /// What changed, as text.
    pub notes: Option<String>,
    /// Where more is said about it.
    pub notes_url: Option<Url>,
    pub packages: Vec<Package>,
}

/// One file of a release.
#[derive(Debug, Clone, PartialEq, Eq)]
pub struct Package {
    /// `deb`, `rpm`, `appimage`, `dmg`, `msi`, `nsis`, or one that this program does not know.
    pub kind: String,
    /// As Rust names them: `linux`, `macos`, `windows`.
    pub os: String,
    /// As Rust names them: `x86_64`, `aarch64`.
    pub arch: String,
    /// The name of the file. Without a URL it lies beside the manifest.
    pub file: String,
    pub url: Option<Url>,
    pub bytes: u64,
    pub sha256: [u8; 32],
}

impl Manifest {
    /// Reads a manifest that the key signed. Only what passes here is believed.
    ///
    /// # Errors
    /// It is none, another key signed it, it was changed, or it says what cannot be.
    pub fn verified(bytes: &[u8], signature: &[u8], key: &TrustedKey) -> Result<Self, Error> {
        check_signature(bytes, signature, key)?;
        Self::parse(bytes)
    }

    /// Reads a manifest whose signature was checked before.
    ///
    /// # Errors
    /// It says what cannot be, or is of another format.
    pub fn parse(bytes: &[u8]) -> Result<Self, Error> {
        let value: Value = serde_json::from_slice(bytes)
            .map_err(|error| invalid(format!("it is no JSON ({error})")))?;
        match value["format"].as_str() {
            Some(FORMAT) => {}
            Some(format) if format.starts_with("hookloom.release/") => {
                return Err(Error::new(
                    Kind::ManifestNewer,
                    format!(
                        "The manifest has the format `{format}`, and this version reads `{FORMAT}`"
                    ),
                    "Download the newer version by hand, from where this one came from.",
                ));
            }
            _ => return Err(invalid(format!("its `format` is not `{FORMAT}`"))),
        }
        let written: Written =
            serde_json::from_value(value).map_err(|error| invalid(error.to_string()))?;
        written.checked()
    }

    /// The manifest as it is published, with a line break at its end.
    pub fn text(&self) -> String {
        let packages = self.packages.iter().map(|it| {
            let mut package = json!({
                "kind": it.kind, "os": it.os, "arch": it.arch, "file": it.file,
                "bytes": it.bytes, "sha256": hex::encode(it.sha256),
            });
            if let Some(url) = &it.url {
                package["url"] = json!(url.as_str());
            }
            package
        });
        let mut manifest = json!({
            "format": FORMAT,
            "version": self.version.to_string(),
            "released_at": released_at(self.released_at_ms),
            "packages": packages.collect::<Vec<_>>(),
        });
        if let Some(notes) = &self.notes {
            manifest["notes"] = json!(notes);
        }
        if let Some(url) = &self.notes_url {
            manifest["notes_url"] = json!(url.as_str());
        }
        format!("{manifest:#}\n")
    }

    /// The package of a kind for a system and a processor.
    pub fn package(&self, kind: &str, os: &str, arch: &str) -> Option<&Package> {
        self.packages
            .iter()
            .find(|it| it.kind == kind && it.os == os && it.arch == arch)
    }
}

impl Package {
    /// Where its file lies, for a manifest that was asked for there.
    pub(crate) fn address(&self, manifest: &Url) -> Result<Url, Error> {
        match &self.url {
            Some(url) => Ok(url.clone()),
            None => manifest
                .join(&self.file)
                .map_err(|error| invalid(format!("`{}` leads nowhere ({error})", self.file))),
        }
    }
}

/// Only so that a page of HTML is called what it is: nothing is believed of what begins rightly.
pub(crate) fn looks_like_one(bytes: &[u8]) -> Result<(), Error> {
    if bytes.trim_ascii_start().first() == Some(&b'{') {
        return Ok(());
    }
    Err(Error::new(
        Kind::NotAManifest,
        "What came from there is no manifest of a release",
        "Open the address in a browser: a page for signing in to the network, or one that says that nothing is there, may answer instead.",
    ))
}

fn check_signature(bytes: &[u8], signature: &[u8], key: &TrustedKey) -> Result<(), Error> {
    use minisign_verify::Error as Cause;
    let decoded = std::str::from_utf8(signature).map(Signature::decode);
    let Ok(Ok(signature)) = decoded else {
        return Err(Error::new(
            Kind::SignatureUnreadable,
            "What lies beside the manifest is no signature of minisign",
            "Nothing was believed. Try again later; if it stays so, tell whoever makes the releases.",
        ));
    };
    key.key().verify(bytes, &signature, false).map_err(|cause| match cause {
        Cause::UnexpectedKeyId => Error::new(
            Kind::KeyWrong,
            "Another key than the one that is trusted here signed the manifest",
            "Nothing was believed. If the releases have a new key, their makers tell it over another way: compare it there, and install that version by hand.",
        ),
        _ => Error::new(
            Kind::SignatureWrong,
            "The signature does not fit the manifest: it was changed after it was signed, or the signature belongs to another one",
            "Nothing was believed. Try again in some minutes, because a release may just be published; if it stays so, tell whoever makes the releases.",
        ),
    })
}

/// A time as manifests write it.
fn released_at(at_ms: i64) -> String {
    let moment = Timestamp::from_millisecond(at_ms).unwrap_or(Timestamp::UNIX_EPOCH);
    format!("{moment:.3}")
}

fn invalid(why: impl std::fmt::Display) -> Error {
    Error::new(
        Kind::ManifestInvalid,
        format!("The manifest is signed and cannot be used: {why}"),
        "Tell whoever makes the releases; nothing was changed.",
    )
}

/// As it stands in the file. What is not known is left unread, so that releases may say more later.
#[derive(Deserialize)]
struct Written {
    version: String,
    released_at: String,
    #[serde(default)]
    notes: Option<String>,
    #[serde(default)]
    notes_url: Option<String>,
    packages: Vec<WrittenPackage>,
}

#[derive(Deserialize)]
struct WrittenPackage {
    kind: String,
    os: String,
    arch: String,
    file: String,
    #[serde(default)]
    url: Option<String>,
    bytes: u64,
    sha256: String,
}

impl Written {
    fn checked(self) -> Result<Manifest, Error> {
        let version = Version::parse(&self.version)
            .map_err(|error| invalid(format!("`version` is none ({error})")))?;
        let released_at: Timestamp = self
            .released_at
            .parse()
            .map_err(|error| invalid(format!("`released_at` is no time ({error})")))?;
        if self
            .notes
            .as_ref()
            .is_some_and(|it| it.len() > NOTES_BYTES_MAX)
        {
            return Err(invalid(format!(
                "`notes` are longer than {NOTES_BYTES_MAX} bytes"
            )));
        }
        if self.packages.len() > PACKAGES_MAX {
            return Err(invalid(format!("it has more than {PACKAGES_MAX} packages")));
        }
        let packages = self.packages.into_iter().map(WrittenPackage::checked);
        Ok(Manifest {
            version,
            released_at_ms: released_at.as_millisecond(),
            notes: self.notes,
            notes_url: self.notes_url.as_deref().map(address).transpose()?,
            packages: packages.collect::<Result<_, _>>()?,
        })
    }
}

impl WrittenPackage {
    fn checked(self) -> Result<Package, Error> {
        for word in [&self.kind, &self.os, &self.arch] {
            let is_word = !word.is_empty()
                && word.len() <= WORD_CHARS_MAX
                && word.bytes().all(|b| b.is_ascii_alphanumeric() || b == b'_');
            if !is_word {
                return Err(invalid(format!("`{}` is no word", word.escape_debug())));
            }
        }
        if !is_plain_name(&self.file) {
            let name = self.file.escape_debug();
            return Err(invalid(format!("`{name}` is no plain name of a file")));
        }
        if self.bytes == 0 || self.bytes > PACKAGE_BYTES_MAX {
            let Self { file, bytes, .. } = &self;
            return Err(invalid(format!("`{file}` cannot have {bytes} bytes")));
        }
        let mut sha256 = [0; 32];
        hex::decode_to_slice(&self.sha256, &mut sha256)
            .map_err(|_| invalid(format!("the `sha256` of `{}` is none", self.file)))?;
        Ok(Package {
            url: self.url.as_deref().map(address).transpose()?,
            kind: self.kind,
            os: self.os,
            arch: self.arch,
            file: self.file,
            bytes: self.bytes,
            sha256,
        })
    }
}

fn address(text: &str) -> Result<Url, Error> {
    let url = Url::parse(text)
        .ok()
        .filter(|_| text.len() <= URL_CHARS_MAX);
    url.filter(|url| url.has_host() && is_fit(url))
        .ok_or_else(|| invalid(format!("`{}` is no https:// URL", text.escape_debug())))
}

/// Whether it names a file in a folder, on every system, and nothing else: no path, nothing hidden, nothing that a shell
/// or a terminal would take for something else.
fn is_plain_name(name: &str) -> bool {
    let is_plain = |b: u8| b.is_ascii_alphanumeric() || b"._-+~".contains(&b);
    !name.is_empty()
        && name.len() <= NAME_CHARS_MAX
        && name.bytes().all(is_plain)
        && name.as_bytes()[0].is_ascii_alphanumeric()
        && !name.ends_with('.')
}

#[cfg(test)]
mod tests {
    use proptest::prelude::*;

    use super::*;
    use crate::tests::{Maker, manifest, package};

    #[test]
    fn what_is_written_is_read_again() {
        let written = manifest("0.2.0", vec![package("deb", b"a package")]);
        assert_eq!(Manifest::parse(written.text().as_bytes()), Ok(written));
    }

    #[test]
    fn what_is_added_later_is_left_unread_and_another_format_is_told() {
        let text = manifest("0.2.0", vec![package("deb", b"a package")]).text();
        let mut value: Value = serde_json::from_str(&text).expect("JSON");
        value["severity"] = json!("high");
        value["packages"][0]["delta"] = json!({"from": "0.1.0"});
        assert!(Manifest::parse(value.to_string().as_bytes()).is_ok());
        value["format"] = json!("hookloom.release/2");
        let refused = Manifest::parse(value.to_string().as_bytes()).expect_err("newer");
        assert_eq!(refused.kind(), Kind::ManifestNewer);
    }

    /// What a manifest with one thing in another way is refused for.
    #[test]
    fn what_cannot_be_is_refused_though_it_is_signed() {
        let text = manifest("0.2.0", vec![package("deb", b"a package")]).text();
        let many = vec![
            json!({"kind": "deb", "os": "linux", "arch": "a", "file": "a", "bytes": 1, "sha256": "00".repeat(32)});
            101
        ];
        let changes = [
            ("/format", json!("other/1")),
            ("/format", json!(null)),
            ("/version", json!("newest")),
            ("/released_at", json!("yesterday")),
            ("/notes_url", json!("http://releases.example/")),
            ("/notes_url", json!("javascript:alert(1)")),
            ("/notes", json!("x".repeat(NOTES_BYTES_MAX + 1))),
            ("/packages", json!(many)),
            ("/packages/0/file", json!("../../etc/passwd")),
            ("/packages/0/file", json!("/etc/passwd")),
            ("/packages/0/file", json!(".bashrc")),
            ("/packages/0/file", json!("a b.deb")),
            ("/packages/0/file", json!("a;b.deb")),
            ("/packages/0/file", json!("c:\\a.msi")),
            ("/packages/0/file", json!("-rf.deb")),
            ("/packages/0/file", json!("")),
            ("/packages/0/kind", json!("deb rpm")),
            ("/packages/0/bytes", json!(0)),
            ("/packages/0/bytes", json!(-1)),
            ("/packages/0/bytes", json!(PACKAGE_BYTES_MAX + 1)),
            ("/packages/0/sha256", json!("00")),
            ("/packages/0/sha256", json!("z".repeat(64))),
            ("/packages/0/url", json!("http://releases.example/a.deb")),
        ];
        for (place, changed) in changes {
            let mut value: Value = serde_json::from_str(&text).expect("JSON");
            if place == "/notes_url" {
                value["notes_url"] = json!("");
            }
            if place == "/packages/0/url" {
                value["packages"][0]["url"] = json!("");
            }
            *value.pointer_mut(place).expect(place) = changed.clone();
            let refused = Manifest::parse(value.to_string().as_bytes()).expect_err(place);
            assert_eq!(refused.kind(), Kind::ManifestInvalid, "{place} {changed}");
        }
    }

    #[test]
    fn only_what_the_key_signed_is_read() {
        let (maker, other) = (Maker::new(), Maker::new());
        let bytes = manifest("0.2.0", vec![package("deb", b"a package")]).text();
        let bytes = bytes.as_bytes();
        let signature = maker.sign(bytes);
        let kind = |bytes: &[u8], signature: &str, key: &TrustedKey| {
            let read = Manifest::verified(bytes, signature.as_bytes(), key);
            read.err().map(|error| error.kind())
        };
        assert_eq!(kind(bytes, &signature, &maker.key()), None);
        assert_eq!(kind(bytes, &signature, &other.key()), Some(Kind::KeyWrong));
        assert_eq!(
            kind(bytes, "", &maker.key()),
            Some(Kind::SignatureUnreadable)
        );
        assert_eq!(
            kind(bytes, "<html>", &maker.key()),
            Some(Kind::SignatureUnreadable)
        );
        let page = b"<!doctype html><title>Sign in</title>";
        let told = looks_like_one(page).map_err(|error| error.kind());
        assert_eq!(told, Err(Kind::NotAManifest));
        // Signed and no manifest: the signature is not all that is looked at.
        let list = b"{\"files\": []}";
        assert_eq!(
            kind(list, &maker.sign(list), &maker.key()),
            Some(Kind::ManifestInvalid)
        );
        // The key's number is not what is believed: whoever made another key with that number is not let in.
        let forged = other.posing_as(&maker).sign(bytes);
        assert_eq!(
            kind(bytes, &forged, &maker.key()),
            Some(Kind::SignatureWrong)
        );
    }

    proptest! {
        #[test]
        fn one_bit_anywhere_is_enough(place in any::<prop::sample::Index>(), bit in 0..8u32) {
            let maker = Maker::new();
            let mut bytes = manifest("0.2.0", vec![package("deb", b"a package")]).text().into_bytes();
            let signature = maker.sign(&bytes);
            let place = place.index(bytes.len());
            bytes[place] ^= 1 << bit;
            prop_assert!(Manifest::verified(&bytes, signature.as_bytes(), &maker.key()).is_err());
        }

        #[test]
        fn a_changed_signature_does_not_pass(place in any::<prop::sample::Index>(), bit in 0..8u32) {
            let maker = Maker::new();
            let bytes = manifest("0.2.0", vec![package("deb", b"a package")]).text().into_bytes();
            let good = maker.sign(&bytes).into_bytes();
            // The first line is a comment that nothing protects.
            let begin = good.iter().position(|b| *b == b'\n').expect("a line") + 1;
            // So is the line break at the end.
            let end = good.len() - 1;
            let mut signature = good.clone();
            let place = begin + place.index(end - begin);
            signature[place] ^= 1 << bit;
            prop_assert!(Manifest::verified(&bytes, &signature, &maker.key()).is_err());
        }

        #[test]
        fn nothing_that_comes_is_a_panic(bytes in prop::collection::vec(any::<u8>(), 0..400), signature in ".{0,300}") {
            let _ = Manifest::parse(&bytes);
            let maker = Maker::new();
            let mut braced = b"{".to_vec();
            braced.extend(&bytes);
            prop_assert!(Manifest::verified(&braced, &bytes, &maker.key()).is_err());
            prop_assert!(Manifest::verified(&braced, signature.as_bytes(), &maker.key()).is_err());
        }

        #[test]
        fn a_name_of_a_file_never_leads_out_of_its_folder(name in "[ -~]{0,30}") {
            if is_plain_name(&name) {
                let joined = std::path::Path::new("/folder").join(&name);
                prop_assert_eq!(joined.parent(), Some(std::path::Path::new("/folder")));
                prop_assert_eq!(joined.file_name().and_then(|it| it.to_str()), Some(name.as_str()));
            }
        }
    }
}
