//! The stored database of a release: the store makes it, by the test that compares it.

use std::path::Path;
use std::process::Command;

/// Why it was not written.
#[derive(Debug, thiserror::Error)]
pub enum Error {
    #[error("cargo could not be started")]
    Start { source: std::io::Error },
    #[error("the store's test of its stored database failed; what it says stands above")]
    Test,
}

/// Writes `tests/fixtures/database-format-N.sql`. Only before the release is out: from then on it never changes.
pub fn write(root: &Path) -> Result<(), Error> {
    let status = Command::new(env!("CARGO"))
        .args([
            "test",
            "-p",
            "hookloom-store",
            "--lib",
            "the_stored_database",
        ])
        .env("HOOKLOOM_WRITE_FIXTURE", "1")
        .current_dir(root)
        .status()
        .map_err(|source| Error::Start { source })?;
    match status.success() {
        true => Ok(()),
        false => Err(Error::Test),
    }
}
