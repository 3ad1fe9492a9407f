//! Tests that have a short form and a long one: how many cases there are, and running them on every core.
//!
//! `cargo xtask soak` asks for the long form by a variable; without it a test runs its short form.

use std::sync::atomic::{AtomicU64, Ordering};
use std::thread;
use std::time::{Duration, Instant};

/// How many cases the long form has.
const COUNT: &str = "HOOKLOOM_SOAK_COUNT";
/// The first case of the long form, so that a later run looks at other ones.
const FIRST: &str = "HOOKLOOM_SOAK_FIRST";
/// How often the long form says how far it is.
const REPORT_EVERY: Duration = Duration::from_secs(30);

/// Which cases a test looks at.
#[derive(Debug, Clone, Copy, PartialEq, Eq)]
pub struct Soak {
    /// The first case.
    pub first: u64,
    /// How many there are.
    pub count: u64,
    /// Whether this is the long form.
    pub is_long: bool,
}

impl Soak {
    /// What was asked for, or else this many cases.
    pub fn or_short(count: u64) -> Self {
        let given = number(COUNT);
        Self {
            first: number(FIRST).unwrap_or(0),
            count: given.unwrap_or(count),
            is_long: given.is_some(),
        }
    }

    /// Runs every case, on every core. A case says by a panic that something is wrong.
    ///
    /// # Panics
    /// When a case does.
    pub fn run(self, case: impl Fn(u64) + Sync) {
        let next = AtomicU64::new(0);
        let cores = thread::available_parallelism().map_or(1, usize::from);
        thread::scope(|scope| {
            for worker in 0..cores {
                let (next, case) = (&next, &case);
                scope.spawn(move || {
                    let mut reported = Instant::now();
                    loop {
                        let number = next.fetch_add(1, Ordering::Relaxed);
                        if number >= self.count {
                            return;
                        }
                        case(self.first + number);
                        if self.is_long && worker == 0 && reported.elapsed() >= REPORT_EVERY {
                            reported = Instant::now();
                            self.report(&format!("{number} of {} so far", self.count));
                        }
                    }
                });
            }
        });
    }

    /// Says something in the long form. A short form says nothing.
    pub fn report(self, figures: &str) {
        if self.is_long {
            eprintln!("{figures}");
        }
    }
}

fn number(name: &str) -> Option<u64> {
    let given = std::env::var(name).ok()?;
    let parsed = given.parse();
    Some(parsed.unwrap_or_else(|_| panic!("{name} is no number: {given}")))
}
