//! What lies where in the packages for Linux, beside the programs, the menu's entry and the icons, which the bundler puts
//! into place itself. A file more is a line more here.

use std::fs;
use std::io::Write as _;
use std::path::{Path, PathBuf};

use flate2::write::GzEncoder;
use flate2::{Compression, GzBuilder};

use super::programs::Programs;
use super::{Error, write};

/// Where a file's content comes from.
#[derive(Debug, Clone, Copy, PartialEq, Eq)]
pub enum From {
    /// A file of the repository.
    File(&'static str),
    /// What a command of the program prints.
    Printed(&'static [&'static str]),
    /// The licences of others.
    Notices,
    /// The name of the family: what a program that looks for updates came as.
    Family,
    /// What changed, as Debian writes it: with who says so.
    Changes(&'static str),
}

/// For which families of packages.
#[derive(Debug, Clone, Copy, PartialEq, Eq)]
pub enum For {
    Both,
    Deb,
    Rpm,
}

/// Where a package says what it is.
pub const MARK: &str = "usr/share/hookloom/package";

/// A place below the root of the system, and what is put there. What ends with `.gz` is packed.
pub type Line = (For, &'static str, From);

/// All of them.
pub const FILES: &[Line] = &[
    (For::Both, MARK, From::Family),
    (
        For::Both,
        "usr/share/man/man1/hookloom.1.gz",
        From::File("src-tauri/packaging/hookloom.1"),
    ),
    (
        For::Both,
        "usr/share/man/man1/hookloom-app.1.gz",
        From::File("src-tauri/packaging/hookloom-app.1"),
    ),
    (
        For::Both,
        "usr/lib/systemd/user/hookloom.service",
        From::File("src-tauri/packaging/hookloom.service"),
    ),
    (
        For::Both,
        "usr/share/metainfo/dev.hookloom.workbench.metainfo.xml",
        From::File("src-tauri/packaging/dev.hookloom.workbench.metainfo.xml"),
    ),
    (
        For::Both,
        "usr/share/icons/hicolor/scalable/apps/hookloom-app.svg",
        From::File("icons/hookloom.svg"),
    ),
    (
        For::Both,
        "usr/share/bash-completion/completions/hookloom",
        From::Printed(&["completions", "bash"]),
    ),
    (
        For::Both,
        "usr/share/fish/vendor_completions.d/hookloom.fish",
        From::Printed(&["completions", "fish"]),
    ),
    (
        For::Deb,
        "usr/share/zsh/vendor-completions/_hookloom",
        From::Printed(&["completions", "zsh"]),
    ),
    (
        For::Rpm,
        "usr/share/zsh/site-functions/_hookloom",
        From::Printed(&["completions", "zsh"]),
    ),
    (
        For::Both,
        "usr/share/doc/hookloom/NEWS.md.gz",
        From::File("docs/CHANGELOG.md"),
    ),
    (
        For::Deb,
        "usr/share/doc/hookloom/changelog.gz",
        From::Changes("src-tauri/packaging/changelog"),
    ),
    (
        For::Deb,
        "usr/share/doc/hookloom/copyright",
        From::File("src-tauri/packaging/copyright"),
    ),
    (
        For::Deb,
        "usr/share/doc/hookloom/THIRD-PARTY.gz",
        From::Notices,
    ),
    (
        For::Rpm,
        "usr/share/licenses/hookloom/LICENSE",
        From::File("LICENSE"),
    ),
    (
        For::Rpm,
        "usr/share/licenses/hookloom/THIRD-PARTY.gz",
        From::Notices,
    ),
];

/// The staged files: where each lies now, and where it is to be.
pub struct Files {
    pub deb: Vec<(&'static str, PathBuf)>,
    pub rpm: Vec<(&'static str, PathBuf)>,
    /// For systems without places of their own for licences.
    pub notices: PathBuf,
}

/// Writes every file as the packages take it.
pub fn stage(
    root: &Path,
    stage: &Path,
    programs: &Programs,
    notices: &str,
    maintainer: &str,
) -> Result<Files, Error> {
    let mut files = Files {
        deb: Vec::new(),
        rpm: Vec::new(),
        notices: stage.join("THIRD-PARTY.txt"),
    };
    write(&files.notices, notices.as_bytes())?;
    if !cfg!(target_os = "linux") {
        return Ok(files);
    }
    for (line, family) in FILES
        .iter()
        .flat_map(|line| [(line, For::Deb), (line, For::Rpm)])
    {
        let (families, place, from) = line;
        if ![For::Both, family].contains(families) {
            continue;
        }
        let read = |name: &str| {
            let path = root.join(name);
            fs::read_to_string(&path).map_err(Error::file("read", &path))
        };
        let bytes = match from {
            From::File(name) => read(name)?.into_bytes(),
            From::Changes(name) => read(name)?.replace("MAINTAINER", maintainer).into_bytes(),
            From::Printed(arguments) => programs.output(arguments)?,
            From::Notices => notices.as_bytes().to_vec(),
            From::Family => format!("{}\n", family.name()).into_bytes(),
        };
        let staged = stage.join("files").join(family.name()).join(place);
        write(
            &staged,
            &if place.ends_with(".gz") {
                packed(&bytes)
            } else {
                bytes
            },
        )?;
        match family {
            For::Rpm => files.rpm.push((place, staged)),
            _ => files.deb.push((place, staged)),
        }
    }
    Ok(files)
}

impl For {
    /// The kind as manifests of releases name it.
    fn name(self) -> &'static str {
        match self {
            Self::Rpm => "rpm",
            Self::Deb | Self::Both => "deb",
        }
    }
}

/// As gzip, without a name or a time: the same content gives the same bytes.
fn packed(bytes: &[u8]) -> Vec<u8> {
    let mut packer: GzEncoder<Vec<u8>> = GzBuilder::new().write(Vec::new(), Compression::best());
    // Writing to memory does not fail.
    let _ = packer.write_all(bytes);
    packer.finish().unwrap_or_default()
}
