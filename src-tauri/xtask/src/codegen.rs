//! OpenAPI from the Rust operations, and the TypeScript client from the OpenAPI.
//!
//! Both are committed, so that a change of the API is seen in review; `--check` holds them fresh.

use std::fs;
use std::path::Path;
use std::process::Command;

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
    #[error("`npm run {script}` in ui failed; is ui/node_modules there? `make setup` installs it")]
    Npm { script: &'static str },
}

/// Writes, or with `check` compares, the OpenAPI description and the client.
pub fn run(root: &Path, check: bool) -> Result<(), Error> {
    let path = root.join("src-tauri/api/openapi.json");
    let fresh = hookloom_api::openapi_json();
    if check {
        if fs::read_to_string(&path).ok().as_deref() != Some(fresh.as_str()) {
            return Err(Error::Stale {
                path: path.display().to_string(),
            });
        }
        return npm(root, "codegen:check");
    }
    fs::write(&path, fresh).map_err(|source| Error::Write {
        path: path.display().to_string(),
        source,
    })?;
    npm(root, "codegen")
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
