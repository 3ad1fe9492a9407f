//! The long forms of the durability tests: the same tests that run with the others, with more cases.
//!
//! Each command runs one test module in a release build and hands it the number of cases by a variable. What is tested
//! and why stands in `docs/durability.md`.

use std::path::Path;
use std::process::Command;

use clap::{Args, Subcommand};

/// Which promise is put to the long test.
#[derive(Debug, Clone, Copy, Subcommand)]
pub enum Soak {
    /// Kill the real server under load; what was answered with 2xx is there once, and its job ends
    Kills {
        /// Kills, in campaigns of a hundred with a database each
        #[arg(long, default_value_t = 10_000)]
        count: u64,
        #[command(flatten)]
        manner: Manner,
    },
    /// Cut the power at random moments; nothing that was answered is lost, nothing is damaged
    PowerLoss {
        /// Disk images that are opened again
        #[arg(long, default_value_t = 1_000_000)]
        count: u64,
        #[command(flatten)]
        manner: Manner,
    },
    /// Fail at every call that SQLite makes to the disk: once, as a full disk, as a broken one
    IoErrors {
        /// Lives of a store, each gone through call by call three times
        #[arg(long, default_value_t = 10)]
        count: u64,
        #[command(flatten)]
        manner: Manner,
    },
    /// Let the process die at named points of random kinds of steps, several times in a job
    CrashPoints {
        /// Jobs
        #[arg(long, default_value_t = 100_000)]
        count: u64,
        #[command(flatten)]
        manner: Manner,
    },
    /// Simulate the whole engine with virtual time, failing ports and a process that dies
    Simulation {
        /// Seeds
        #[arg(long, default_value_t = 1_000_000)]
        count: u64,
        #[command(flatten)]
        manner: Manner,
    },
    /// Compare schedules with an oracle that watches the clocks of twenty zones minute by minute
    Clocks {
        /// Years
        #[arg(long, default_value_t = 10)]
        count: u64,
        #[command(flatten)]
        manner: Manner,
    },
}

/// How a soak is run.
#[derive(Debug, Clone, Copy, Args)]
pub struct Manner {
    /// The first seed, so that another run looks at other cases
    #[arg(long, default_value_t = 0)]
    first: u64,
    /// Use the debug build, which the tests have made already
    #[arg(long)]
    debug: bool,
}

/// Why a soak did not pass.
#[derive(Debug, thiserror::Error)]
pub enum Error {
    #[error("cargo cannot be started")]
    Start(#[from] std::io::Error),
    #[error(
        "the test failed; the seed of the case stands above, and `--first SEED --count 1` plays it again"
    )]
    Failed,
}

/// Where a test lives, and how much of it is asked for.
struct Plan {
    package: &'static str,
    /// What tells cargo which binary has it.
    target: &'static [&'static str],
    /// The beginning of the names of its tests.
    tests: &'static str,
    count: u64,
    manner: Manner,
}

impl Soak {
    fn plan(self) -> Plan {
        let lib = |package, tests, count, manner| Plan {
            package,
            target: &["--lib"],
            tests,
            count,
            manner,
        };
        match self {
            Self::Kills { count, manner } => Plan {
                package: "hookloom-cli",
                target: &["--features", "ui", "--test", "it"],
                tests: "kills::",
                count,
                manner,
            },
            Self::PowerLoss { count, manner } => {
                lib("hookloom-store", "tests::disk::power_loss::", count, manner)
            }
            Self::IoErrors { count, manner } => {
                lib("hookloom-store", "tests::disk::io_errors::", count, manner)
            }
            Self::CrashPoints { count, manner } => {
                lib("hookloom-steps", "contract::crashes::", count, manner)
            }
            Self::Simulation { count, manner } => {
                lib("hookloom-steps", "simulation::runs::", count, manner)
            }
            Self::Clocks { count, manner } => {
                lib("hookloom-model", "timetable::oracle::", count, manner)
            }
        }
    }
}

/// Builds the tests, and runs them with as many cases as were asked for.
pub fn run(root: &Path, soak: Soak) -> Result<(), Error> {
    let plan = soak.plan();
    let mut cargo = Command::new("cargo");
    cargo
        .current_dir(root)
        .args(["test", "--package", plan.package]);
    if !plan.manner.debug {
        cargo.arg("--release");
    }
    cargo
        .args(plan.target)
        .args(["--", plan.tests, "--nocapture", "--test-threads", "1"])
        .env("HOOKLOOM_SOAK_COUNT", plan.count.to_string())
        .env("HOOKLOOM_SOAK_FIRST", plan.manner.first.to_string());
    match cargo.status()?.success() {
        true => Ok(()),
        false => Err(Error::Failed),
    }
}
