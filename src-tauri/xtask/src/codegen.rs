//! OpenAPI from the Rust operations, the TypeScript client from the OpenAPI, and the references of the book from both and
//! from the source. (The reference of the command line is written and checked by a test of `cli`, which alone knows it.)
//!
//! They are committed, so that a change of the API is seen in review; `--check` holds them fresh.

use std::fs;
use std::path::Path;
use std::process::Command;

use crate::test_run::EVERYTHING;

/// Why the generated files could not be made, or are stale.
#[derive(Debug, thiserror::Error)]
pub enum Error {
    #[error("{path} is stale: run `cargo xtask codegen` and commit what it writes")]
    Stale { path: String },
    #[error("cannot write {path}")]
    Write {
        path: String,
        source: std::io::Error,
    },
    #[error("the reference of the command line could not be written: its `cargo test` failed")]
    CommandLine,
    #[error("`npm run {script}` in ui failed; is ui/node_modules there? `make setup` installs it")]
    Npm { script: &'static str },
}

/// Writes, or with `check` compares, the OpenAPI description, the client and the references of the book.
pub fn run(root: &Path, check: bool) -> Result<(), Error> {
    let mut files = vec![("src-tauri/api/openapi.json", hookloom_api::openapi_json())];
    files.extend(crate::book::generated(root));
    for (name, fresh) in files {
        let path = root.join(name);
        if !check {
            fs::write(&path, fresh).map_err(|source| Error::Write {
                path: path.display().to_string(),
                source,
            })?;
        } else if fs::read_to_string(&path).ok().as_deref() != Some(fresh.as_str()) {
            return Err(Error::Stale {
                path: path.display().to_string(),
            });
        }
    }
    if check {
        return npm(root, "codegen:check");
    }
    command_line(root)?;
    npm(root, "codegen")
}

fn command_line(root: &Path) -> Result<(), Error> {
    let status = Command::new(env!("CARGO"))
        .args(["test", "--quiet"])
        .args(EVERYTHING)
        .args(["--bin", "hookloom", "reference"])
        .env("HOOKLOOM_WRITE_DOCS", "1")
        .current_dir(root)
        .status();
    match status {
        Ok(status) if status.success() => Ok(()),
        _ => Err(Error::CommandLine),
    }
}

fn npm(root: &Path, script: &'static str) -> Result<(), Error> {
    let program = if cfg!(windows) { "npm.cmd" } else { "npm" };
    let status = Command::new(program)
        .args(["run", "--silent", script])
        .current_dir(root.join("ui"))
        .status();
    match status {
        Ok(status) if status.success() => Ok(()),
        _ => Err(Error::Npm { script }),
    }
}
