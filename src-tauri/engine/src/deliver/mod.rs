//! Sends the deliveries of webhook tasks, attempt by attempt; times come from the outbox, never from memory.

mod attempt;
mod dispatcher;
mod judge;
mod message;
mod preview;
mod trial;

pub(crate) use dispatcher::{Nudge, start};
pub(crate) use preview::preview;
pub use preview::{TaskPreview, TaskPreviewed};
pub(crate) use trial::test;
pub use trial::{TaskTest, TaskTestError, TaskTested};
