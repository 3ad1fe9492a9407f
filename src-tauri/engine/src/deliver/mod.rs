//! Sends the deliveries of webhook tasks, attempt by attempt; times come from the outbox, never from memory.

mod attempt;
mod dispatcher;
mod judge;
mod message;
mod trial;

pub(crate) use dispatcher::{Nudge, start};
pub(crate) use trial::test;
pub use trial::{TaskTest, TaskTestError, TaskTested};
