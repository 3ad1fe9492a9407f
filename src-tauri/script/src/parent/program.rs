//! Which program is started to be a worker.

use std::path::{Path, PathBuf};

use tokio::process::Command;

use crate::worker::WORKER_ARGUMENT;

/// A program whose `main` begins with [`crate::work_if_asked`].
#[derive(Debug, Clone, PartialEq, Eq)]
pub struct Program(PathBuf);

impl Program {
    /// The program at a path.
    pub fn at(path: impl Into<PathBuf>) -> Self {
        Self(path.into())
    }

    /// The program that runs here. On Linux also when its file was replaced or deleted meanwhile: the link in `/proc`
    /// leads to what runs, not to what lies there now.
    ///
    /// # Errors
    /// The system does not say which program runs.
    pub fn this() -> std::io::Result<Self> {
        let link = Path::new("/proc/self/exe");
        if cfg!(target_os = "linux") && link.exists() {
            return Ok(Self::at(link));
        }
        std::env::current_exe().map(Self)
    }

    /// A worker's command line, with nothing of our environment but what the loader needs to find libraries.
    pub(super) fn command(&self) -> Command {
        let mut command = Command::new(&self.0);
        command.arg(WORKER_ARGUMENT).env_clear();
        // Dates of scripts are in UTC, whatever the machine's zone; and nobody looks for a file of zones.
        command.env("TZ", "UTC0");
        for name in ["LD_LIBRARY_PATH", "SystemRoot"] {
            if let Some(value) = std::env::var_os(name) {
                command.env(name, value);
            }
        }
        command
    }
}
