//! The side of the process that owns the data folder: starts workers, talks to them, kills them in time.

mod exchange;
mod process;
mod program;
mod shelf;
mod turns;
mod workers;

pub use program::Program;
pub use workers::{Limits, NoWorker, Walls, Workers};
