//! Packs the built programs for the system it runs on: deb, rpm and AppImage on Linux, dmg on macOS, msi and nsis on
//! Windows; with a list of all parts (SBOM), their licences, and checksums.
//!
//! It builds no program: `make dist` does, before. Everything is put together in `target/dist`.

mod bom;
mod bundler;
mod components;
mod deb;
mod layout;
mod notices;
mod programs;
mod rpm;
#[cfg(test)]
mod sound;

use std::env;
use std::fs;
use std::io;
use std::path::{Path, PathBuf};

use sha2::{Digest as _, Sha256};

use programs::Programs;

/// Who makes the packages, such as `Ada <ada@example.com>`.
const MAINTAINER: &str = "HOOKLOOM_MAINTAINER";

/// What to pack.
pub struct Order {
    /// The profile that the programs were built with.
    pub profile: String,
    /// Kinds of packages; without any, those that need nothing from the network.
    pub bundles: Vec<String>,
}

/// Why nothing was packed.
#[derive(Debug, thiserror::Error)]
pub enum Error {
    #[error("cargo cannot tell what the programs are made of")]
    Metadata(#[from] cargo_metadata::Error),
    #[error("{} is not there: `make dist` builds it, for another profile with PROFILE=NAME", path.display())]
    NotBuilt { path: PathBuf },
    #[error("cannot {what} {}", path.display())]
    File {
        what: &'static str,
        path: PathBuf,
        source: io::Error,
    },
    #[error("`{program}` cannot be started")]
    Start {
        program: &'static str,
        source: io::Error,
    },
    #[error("`{program}` failed; what it said stands above")]
    Failed { program: &'static str },
    #[error("no packages are made on this system")]
    System,
    #[error("{} says nothing that can be read", path.display())]
    Unreadable { path: PathBuf },
    #[error("the bundler ended without an error and made nothing")]
    Nothing,
}

impl Error {
    fn file(what: &'static str, path: &Path) -> impl FnOnce(io::Error) -> Self {
        let path = path.to_path_buf();
        move |source| Self::File { what, path, source }
    }
}

/// Packs, and prints what was made.
pub fn run(root: &Path, order: &Order) -> Result<(), Error> {
    let target = components::target_folder(root)?;
    let out = target.join("dist");
    let stage = out.join("stage");
    if out.exists() {
        fs::remove_dir_all(&out).map_err(Error::file("empty", &out))?;
    }
    fs::create_dir_all(&stage).map_err(Error::file("make", &stage))?;
    let programs = Programs::stage(&target, &order.profile, &stage)?;
    let components = components::list(root, &programs.triple)?;
    let notices = notices::text(&components);
    let maintainer = maintainer();
    let files = layout::stage(root, &stage, &programs, &notices, &maintainer)?;
    let bundles = bundler::kinds(&order.bundles)?;
    bundler::run(root, &stage, &programs, &files, &bundles)?;
    let mut made = bundler::collect(&stage, &out)?;
    for package in &made {
        match package.extension().and_then(|it| it.to_str()) {
            Some("deb") => deb::finish(package, &maintainer)?,
            Some("rpm") => rpm::finish(package)?,
            _ => {}
        }
    }
    let list = out.join(format!(
        "Hookloom_{}_{}.cdx.json",
        version(),
        programs.triple
    ));
    write(&list, bom::text(&components, version()).as_bytes())?;
    made.push(list);
    println!("\n{}", checksums(&out, &made)?.trim_end());
    fs::remove_dir_all(&stage).map_err(Error::file("remove", &stage))?;
    println!("\nIn {}", out.display());
    Ok(())
}

/// Who answers for a package, with an address: Debian wants one, and the project has none of its own.
fn maintainer() -> String {
    let given = env::var(MAINTAINER).ok().filter(|it| !it.is_empty());
    given.unwrap_or_else(|| "The Hookloom founders <>".to_owned())
}

/// Of the whole workspace.
fn version() -> &'static str {
    env!("CARGO_PKG_VERSION")
}

/// `SHA256SUMS`, as `sha256sum --check` reads it.
fn checksums(out: &Path, made: &[PathBuf]) -> Result<String, Error> {
    let mut lines = String::new();
    for file in made {
        let bytes = fs::read(file).map_err(Error::file("read", file))?;
        let name = file.file_name().unwrap_or_default().to_string_lossy();
        lines.push_str(&format!(
            "{}  {name}\n",
            hex::encode(Sha256::digest(&bytes))
        ));
    }
    write(&out.join("SHA256SUMS"), lines.as_bytes())?;
    Ok(lines)
}

/// Writes a file, with the folders above it.
fn write(path: &Path, bytes: &[u8]) -> Result<(), Error> {
    if let Some(folder) = path.parent() {
        fs::create_dir_all(folder).map_err(Error::file("make", folder))?;
    }
    fs::write(path, bytes).map_err(Error::file("write", path))
}
