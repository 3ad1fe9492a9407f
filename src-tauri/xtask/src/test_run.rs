//! Runs tests of this repository with other numbers than `make test` gives them.
//!
//! A name that no test has passes with cargo: nothing fails. So the tests are listed first, and none is an error.

use std::io;
use std::path::Path;
use std::process::{Command, Stdio};

/// The selection of the Makefile (decision 0083): another one builds every dependency anew.
pub const EVERYTHING: [&str; 3] = [
    "--workspace",
    "--features",
    "hookloom-cli/ui,hookloom-app/embedded",
];

/// Which tests are run, and how.
pub struct TestRun {
    /// The package that has them; a debug build is that of all packages.
    pub package: &'static [&'static str],
    /// What tells cargo which binary has them.
    pub target: &'static [&'static str],
    /// A part of their names.
    pub tests: &'static str,
    /// Whether the debug build is used, which the other tests have made already. Release builds are many times faster, and
    /// so are what they are asked.
    pub is_debug: bool,
    /// More for the tests' own program.
    pub options: &'static [&'static str],
    /// How often, how long, how much.
    pub numbers: Vec<(&'static str, String)>,
}

/// Why tests did not pass.
#[derive(Debug, thiserror::Error)]
pub enum Error {
    #[error("cargo cannot be started")]
    Start(#[source] io::Error),
    #[error("the tests cannot be listed; what cargo said stands above")]
    List,
    #[error("no test is called `{tests}…`: was it renamed? Put its new name into xtask/src")]
    None { tests: &'static str },
    #[error(
        "a test failed; what it said stands above. Where that names a seed, `soak` plays it again with `--first SEED --count 1`"
    )]
    Failed,
}

impl TestRun {
    /// Runs them, and shows what they print.
    pub fn run(&self, root: &Path) -> Result<(), Error> {
        let mut listing = self.cargo(root);
        listing.arg("--list").stderr(Stdio::inherit());
        let listed = listing.output().map_err(Error::Start)?;
        if !listed.status.success() {
            return Err(Error::List);
        }
        if names(&String::from_utf8_lossy(&listed.stdout)) == 0 {
            return Err(Error::None { tests: self.tests });
        }
        let mut cargo = self.cargo(root);
        cargo
            .arg("--nocapture")
            .args(self.options)
            .envs(self.numbers.iter().map(|(name, value)| (name, value)));
        match cargo.status().map_err(Error::Start)?.success() {
            true => Ok(()),
            false => Err(Error::Failed),
        }
    }

    fn cargo(&self, root: &Path) -> Command {
        let mut cargo = Command::new("cargo");
        cargo.current_dir(root).arg("test");
        match self.is_debug {
            true => cargo.args(EVERYTHING),
            false => cargo.args(["--release", "--package"]).args(self.package),
        };
        cargo.args(self.target).args(["--", self.tests]);
        cargo
    }
}

/// How many tests a list of them has.
fn names(list: &str) -> usize {
    list.lines().filter(|line| line.ends_with(": test")).count()
}

#[cfg(test)]
mod tests {
    use super::*;

    #[test]
    fn tests_are_counted_and_benchmarks_are_not() {
        let list =
            "a::b: test\nc: benchmark\n\n1 test, 1 benchmark\n\nd: test\n1 test, 0 benchmarks\n";
        assert_eq!(names(list), 2);
        assert_eq!(names("0 tests, 0 benchmarks\n"), 0);
    }
}
