//! What this installation is: its version, and the package that it came as.

use std::env::consts::{ARCH, OS};
use std::fs::File;
use std::io::Read as _;
use std::path::Path;

use semver::Version;

use crate::error::{Error, Kind};

/// The kinds that are known here, for those who name one.
pub const PACKAGE_KINDS: &[&str] = &["deb", "rpm", "appimage", "dmg", "msi", "nsis"];
/// Where each package says what it is, beside `bin`.
const MARK: &str = "share/hookloom/package";
/// No kind is longer.
const MARK_BYTES_MAX: u64 = 64;

/// What runs here.
#[derive(Debug, Clone, PartialEq, Eq)]
pub struct Installed {
    pub version: Version,
    /// Nobody knows how a program came here that lies in no package's place.
    pub kind: Option<&'static str>,
    pub os: &'static str,
    pub arch: &'static str,
}

impl Installed {
    /// What the running program is.
    ///
    /// # Errors
    /// Its own version is none, which is our fault.
    pub fn this() -> Result<Self, semver::Error> {
        let program = std::env::current_exe().ok();
        Ok(Self {
            version: Version::parse(env!("CARGO_PKG_VERSION"))?,
            kind: program.as_deref().and_then(kind_of),
            os: OS,
            arch: ARCH,
        })
    }

    /// The kind that is wanted, else the one that this installation came as.
    ///
    /// # Errors
    /// Neither is known.
    pub(crate) fn kind_or<'a>(&self, wanted: Option<&'a str>) -> Result<&'a str, Error>
    where
        'static: 'a,
    {
        wanted.or(self.kind).ok_or_else(|| {
            Error::new(
                Kind::PackageUnknown,
                "This installation came from no package, so nobody can say which one should follow it",
                format!(
                    "Name the kind, with `--kind` or in the settings: {}. A build from the source is updated as it was built.",
                    PACKAGE_KINDS.join(", ")
                ),
            )
        })
    }
}

/// What the package says that a program came with.
fn kind_of(program: &Path) -> Option<&'static str> {
    if OS == "macos" {
        let is_in_app = program.to_string_lossy().contains(".app/Contents/MacOS/");
        return is_in_app.then_some("dmg");
    }
    let mark = program.parent()?.parent()?.join(MARK);
    let mut text = String::new();
    let mut file = File::open(mark).ok()?.take(MARK_BYTES_MAX);
    file.read_to_string(&mut text).ok()?;
    let kinds = PACKAGE_KINDS.iter().copied();
    kinds.into_iter().find(|kind| *kind == text.trim())
}

/// The one command that installs a package; none where a person opens the file.
pub fn install_command(kind: &str, file: &Path) -> Option<String> {
    let file = shell_word(&file.display().to_string());
    match kind {
        "deb" => Some(format!("sudo apt install {file}")),
        "rpm" => Some(format!("sudo dnf install {file}")),
        "appimage" => Some(format!("chmod +x {file}")),
        "dmg" => Some(format!("open {file}")),
        "msi" => Some(format!("msiexec /i {file}")),
        _ => None,
    }
}

/// A path as one word of a shell.
fn shell_word(path: &str) -> String {
    let is_plain = |b: u8| b.is_ascii_alphanumeric() || b"/._-+~:\\".contains(&b);
    if path.bytes().all(is_plain) {
        return path.to_owned();
    }
    if OS == "windows" {
        return format!("\"{path}\"");
    }
    format!("'{}'", path.replace('\'', "'\\''"))
}

#[cfg(test)]
mod tests {
    use super::*;

    #[cfg(target_os = "linux")]
    #[test]
    fn a_package_says_what_it_is_beside_its_programs() {
        use std::fs;

        let root = tempfile::tempdir().expect("a folder");
        let program = root.path().join("usr/bin/hookloom");
        assert_eq!(kind_of(&program), None);
        let mark = root.path().join("usr").join(MARK);
        fs::create_dir_all(mark.parent().expect("a folder")).expect("a folder");
        for (text, kind) in [
            ("deb\n", Some("deb")),
            ("rpm", Some("rpm")),
            ("appimage\n", Some("appimage")),
            ("", None),
            ("something else", None),
            ("../deb", None),
        ] {
            fs::write(&mark, text).expect("a file");
            assert_eq!(kind_of(&program), kind, "{text}");
        }
    }

    #[test]
    fn who_came_from_no_package_names_the_kind() {
        let mut installed = Installed::this().expect("a version");
        installed.kind = None;
        let refused = installed.kind_or(None).expect_err("nobody knows");
        assert_eq!(refused.kind(), Kind::PackageUnknown);
        assert_eq!(installed.kind_or(Some("rpm")), Ok("rpm"));
        installed.kind = Some("deb");
        assert_eq!(installed.kind_or(None), Ok("deb"));
        assert_eq!(installed.kind_or(Some("rpm")), Ok("rpm"));
    }

    #[cfg(unix)]
    #[test]
    fn the_command_that_installs_takes_the_path_as_one_word() {
        let command = |kind, path: &str| install_command(kind, Path::new(path));
        assert_eq!(
            command("deb", "/data/a_0.2.0_amd64.deb").as_deref(),
            Some("sudo apt install /data/a_0.2.0_amd64.deb")
        );
        assert_eq!(
            command("rpm", "/it's/my data/a.rpm").as_deref(),
            Some("sudo dnf install '/it'\\''s/my data/a.rpm'")
        );
        assert_eq!(command("nsis", "/data/setup.exe"), None);
    }
}
