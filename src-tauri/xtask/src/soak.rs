//! The long forms of the durability tests: the same tests that run with the others, with more cases.
//!
//! Each command runs one test module in a release build and hands it the number of cases by a variable. What is tested
//! and why stands in `docs/durability.md`.

use clap::{Args, Subcommand};

use crate::test_run::TestRun;

const STORE: &[&str] = &["hookloom-store"];
const STEPS: &[&str] = &["hookloom-steps"];

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

impl Soak {
    /// The test, with as many cases as were asked for.
    pub fn test_run(self) -> TestRun {
        const LIB: &[&str] = &["--lib"];
        let (package, target, tests, count, manner): (&[&str], _, _, _, _) = match self {
            Self::Kills { count, manner } => (
                &["hookloom-cli", "--features", "ui"],
                &["--test", "it"][..],
                "kills::",
                count,
                manner,
            ),
            Self::PowerLoss { count, manner } => {
                (STORE, LIB, "tests::disk::power_loss::", count, manner)
            }
            Self::IoErrors { count, manner } => {
                (STORE, LIB, "tests::disk::io_errors::", count, manner)
            }
            Self::CrashPoints { count, manner } => {
                (STEPS, LIB, "contract::crashes::", count, manner)
            }
            Self::Simulation { count, manner } => (STEPS, LIB, "simulation::runs::", count, manner),
            Self::Clocks { count, manner } => (
                &["hookloom-model"],
                LIB,
                "timetable::oracle::",
                count,
                manner,
            ),
        };
        TestRun {
            package,
            target,
            tests,
            is_debug: manner.debug,
            options: &["--test-threads", "1"],
            numbers: vec![
                ("HOOKLOOM_SOAK_COUNT", count.to_string()),
                ("HOOKLOOM_SOAK_FIRST", manner.first.to_string()),
            ],
        }
    }
}
