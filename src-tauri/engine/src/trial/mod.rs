//! Trying a draft before it is published: as a durable job of its own version, or one step of it at once.

mod job;
mod step;

pub(crate) use job::start;
pub use job::{Pin, TrialJob};
pub use step::{StepTrial, StepTrialError, StepTried, TriedExchange};
pub(crate) use step::{TRIALS_MAX, try_step};
