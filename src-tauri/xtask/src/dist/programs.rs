//! The two programs that were built: copied aside, so that packing changes nothing in cargo's own folder.

use std::fs;
use std::path::{Path, PathBuf};
use std::process::Command;

use super::Error;

/// The programs beside the other things to pack.
pub struct Programs {
    /// The command line, under the name that the bundler asks for.
    pub command_line: PathBuf,
    /// The window's, in the folder where the bundler looks for a release build.
    pub app: PathBuf,
    /// What they were built for.
    pub triple: String,
}

impl Programs {
    /// Copies the programs of a profile, and takes symbols off where the profile left them.
    pub fn stage(target: &Path, profile: &str, stage: &Path) -> Result<Self, Error> {
        let built = target.join(if profile == "dev" { "debug" } else { profile });
        let triple = host()?;
        let end = std::env::consts::EXE_SUFFIX;
        let programs = Self {
            command_line: stage.join(format!("hookloom-{triple}{end}")),
            app: stage.join("release").join(format!("hookloom-app{end}")),
            triple,
        };
        for (name, to) in [
            ("hookloom", &programs.command_line),
            ("hookloom-app", &programs.app),
        ] {
            let from = built.join(format!("{name}{end}"));
            if !from.is_file() {
                return Err(Error::NotBuilt { path: from });
            }
            let folder = to.parent().unwrap_or(stage);
            fs::create_dir_all(folder).map_err(Error::file("make", folder))?;
            fs::copy(&from, to).map_err(Error::file("copy", &from))?;
            // A release build has none. Others are ten times as large with theirs, and packing takes as much longer.
            if profile != "release" && cfg!(unix) {
                run("strip", Command::new("strip").arg(to))?;
            }
        }
        Ok(programs)
    }

    /// What a command of the program prints.
    pub fn output(&self, arguments: &[&str]) -> Result<Vec<u8>, Error> {
        let program = "hookloom";
        let output = Command::new(&self.command_line)
            .args(arguments)
            .output()
            .map_err(|source| Error::Start { program, source })?;
        match output.status.success() {
            true => Ok(output.stdout),
            false => Err(Error::Failed { program }),
        }
    }

    /// The oldest C library that both programs run with, such as `2.34`.
    pub fn c_library(&self) -> Result<Option<String>, Error> {
        let mut newest = None;
        for path in [&self.command_line, &self.app] {
            let bytes = fs::read(path).map_err(Error::file("read", path))?;
            newest = newest.max(newest_version(&bytes));
        }
        Ok(newest.map(|minor| format!("2.{minor}")))
    }
}

/// Runs a program to its end; what it prints is shown.
pub fn run(program: &'static str, command: &mut Command) -> Result<(), Error> {
    let status = command
        .status()
        .map_err(|source| Error::Start { program, source })?;
    match status.success() {
        true => Ok(()),
        false => Err(Error::Failed { program }),
    }
}

/// What this compiler builds for.
fn host() -> Result<String, Error> {
    let program = "rustc";
    let output = Command::new(program)
        .arg("-vV")
        .output()
        .map_err(|source| Error::Start { program, source })?;
    let said = String::from_utf8_lossy(&output.stdout).into_owned();
    let host = said.lines().find_map(|line| line.strip_prefix("host: "));
    host.map(str::to_owned).ok_or(Error::Failed { program })
}

/// The newest `GLIBC_2.N` that a program's symbols ask for. Its names stand in the file as they are.
fn newest_version(bytes: &[u8]) -> Option<u32> {
    const MARK: &[u8] = b"GLIBC_2.";
    let mut newest = None;
    for (at, _) in bytes
        .windows(MARK.len())
        .enumerate()
        .filter(|(_, it)| *it == MARK)
    {
        let digits = bytes[at + MARK.len()..]
            .iter()
            .take_while(|it| it.is_ascii_digit());
        let digits: String = digits.take(3).map(|it| char::from(*it)).collect();
        newest = newest.max(digits.parse().ok());
    }
    newest
}

#[cfg(test)]
mod tests {
    use super::*;

    #[test]
    fn the_newest_version_of_the_c_library_counts_as_a_number() {
        let file = b"\0GLIBC_2.9\0GLIBC_2.34\0GLIBC_2.2.5\0GLIBC_PRIVATE\0GLIBC_2.";
        assert_eq!(newest_version(file), Some(34));
        assert_eq!(newest_version(b"musl"), None);
    }
}
