//! Chores of this repository, as `cargo xtask NAME`.
//!
//! Nothing here ships: the product never depends on this crate.

#![expect(clippy::print_stdout, reason = "chores talk to a terminal")]

mod bench;
mod book;
mod codegen;
mod dist;
mod fixture;
mod fuzz;
mod gates;
mod release;
mod soak;
mod test_run;
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
    /// Check the rules of the house: arrows between crates, sizes, forbidden features and calls, what the book says
    Tidy,
    /// Write what is generated: the OpenAPI description, its TypeScript client, the book's references
    Codegen {
        /// Write nothing; fail if what is committed is stale
        #[arg(long)]
        check: bool,
    },
    /// Write the stored database of the release that is being made, which its tests and those of later releases upgrade
    FixtureDatabase,
    /// Pack the programs that were built, with all that belongs to them; `make dist` builds and packs
    Dist {
        /// The profile that they were built with
        #[arg(long, default_value = "release")]
        profile: String,
        /// Kinds of packages, such as `deb,appimage`, instead of those that this system makes by itself
        #[arg(long, value_delimiter = ',')]
        bundles: Vec<String>,
    },
    /// Write the manifest of a release beside its packages, and sign it with the key in HOOKLOOM_RELEASE_KEY
    Release {
        /// Where the packages lie
        #[arg(long, default_value = "target/dist")]
        folder: PathBuf,
        /// Where more is said about the release
        #[arg(long)]
        notes_url: Option<url::Url>,
    },
    /// Measure speed as ratios against bare peers, in a release build
    Bench {
        /// Requests of one measurement
        #[arg(long, default_value_t = 40_000)]
        requests: u32,
        /// Measurements of each kind, of which the median counts
        #[arg(long, default_value_t = 3)]
        rounds: u32,
        /// Jobs that the database holds when it is measured again; 0 leaves that out
        #[arg(long, default_value_t = 1_000_000)]
        jobs: u32,
        /// Only rates whose name has this in it, such as `HTTP step, 64`, and nothing else
        #[arg(long)]
        only: Option<String>,
    },
    /// Fuzz what reads strangers' bytes, each target for a while
    Fuzz {
        /// One target; all of them without it
        target: Option<String>,
        /// For each target
        #[arg(long, default_value_t = 60)]
        seconds: u32,
    },
    /// Hold slow connections of every kind at once against a release build, and measure who behaves meanwhile
    SlowClients {
        #[arg(long, default_value_t = 2_000)]
        connections: u32,
        #[arg(long, default_value_t = 60)]
        seconds: u32,
        /// Use the debug build, which the tests have made already
        #[arg(long)]
        debug: bool,
    },
    /// Try the properties of templates very often
    Templates {
        /// Of each property
        #[arg(long, default_value_t = 125_000)]
        cases: u32,
        /// Use the debug build, which the tests have made already
        #[arg(long)]
        debug: bool,
    },
    /// Run a durability test in its long form, in a release build; docs/durability.md says what each one shows
    #[command(subcommand)]
    Soak(soak::Soak),
    /// Serve as a peer of a measurement
    #[command(hide = true)]
    BenchPeer {
        peer: bench::Peer,
        #[arg(long)]
        sink: Option<std::net::SocketAddr>,
    },
}

fn main() -> ExitCode {
    match run(Arguments::parse().chore) {
        Ok(()) => ExitCode::SUCCESS,
        Err(error) => {
            eprintln!("{}", explain(&*error));
            ExitCode::FAILURE
        }
    }
}

fn run(chore: Chore) -> Result<(), Box<dyn std::error::Error>> {
    let root = &root();
    match chore {
        Chore::Tidy => tidy::report(root)?,
        Chore::Codegen { check } => codegen::run(root, check)?,
        Chore::FixtureDatabase => fixture::write(root)?,
        Chore::Dist { profile, bundles } => dist::run(root, &dist::Order { profile, bundles })?,
        Chore::Release { folder, notes_url } => {
            release::run(root, &release::Order { folder, notes_url })?;
        }
        Chore::Bench {
            requests,
            rounds,
            jobs,
            only,
        } => {
            let effort = bench::Effort {
                requests,
                rounds,
                jobs,
                only,
            };
            bench::run(root, &effort)?;
        }
        Chore::Fuzz { target, seconds } => fuzz::run(root, &fuzz::Effort { target, seconds })?,
        Chore::SlowClients {
            connections,
            seconds,
            debug,
        } => gates::slow_clients(connections, seconds, debug).run(root)?,
        Chore::Templates { cases, debug } => gates::templates(cases, debug).run(root)?,
        Chore::Soak(soak) => soak.test_run().run(root)?,
        Chore::BenchPeer { peer, sink } => bench::run_peer(peer, sink)?,
    }
    Ok(())
}

/// The error with what caused it.
fn explain(error: &dyn std::error::Error) -> String {
    let mut text = error.to_string();
    let mut cause = error.source();
    while let Some(inner) = cause {
        text = format!("{text}: {inner}");
        cause = inner.source();
    }
    text
}

/// The repository's root: two folders above this crate.
fn root() -> PathBuf {
    let manifest = PathBuf::from(env!("CARGO_MANIFEST_DIR"));
    manifest
        .ancestors()
        .nth(2)
        .map_or(manifest.clone(), std::path::Path::to_path_buf)
}
