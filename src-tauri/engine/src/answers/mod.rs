//! What a job answers to the call that began it: who waits for it, and what the record says.

mod announcing;
mod recorded;
mod waiters;

pub(crate) use announcing::Announcing;
pub use recorded::{JobAnswer, JobRecord, Response, StepEnd, read, read_steps};
pub use waiters::{News, Wait, Waiters};
