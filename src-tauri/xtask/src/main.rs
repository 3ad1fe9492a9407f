//! Chores of this repository, as `cargo xtask NAME`.
//!
//! Nothing here ships: the product never depends on this crate.

mod codegen;
mod tidy;

use std::path::PathBuf;
use std::process::ExitCode;

use clap::{Parser, Subcommand};

/// Chores of the Hookloom repository.
#[derive(Parser)]
#[command(name = "cargo xtask", disable_version_flag = true)]
struct Arguments {
    #[command(subcommand)]
    chore: Chore,
}

#[derive(Subcommand)]
enum Chore {
    /// Check the rules of the house: arrows between crates, sizes, forbidden features and calls
    Tidy,
    /// Write the OpenAPI description and the TypeScript client that is generated from it
    Codegen {
        /// Write nothing; fail if what is committed is stale
        #[arg(long)]
        check: bool,
    },
}

fn main() -> ExitCode {
    let outcome = match Arguments::parse().chore {
        Chore::Tidy => tidy::report(&root()),
        Chore::Codegen { check } => codegen::run(&root(), check).map_err(|error| error.to_string()),
    };
    match outcome {
        Ok(()) => ExitCode::SUCCESS,
        Err(message) => {
            eprintln!("{message}");
            ExitCode::FAILURE
        }
    }
}

/// The repository's root: two folders above this crate.
fn root() -> PathBuf {
    let manifest = PathBuf::from(env!("CARGO_MANIFEST_DIR"));
    manifest.ancestors().nth(2).map_or(manifest.clone(), std::path::Path::to_path_buf)
}
