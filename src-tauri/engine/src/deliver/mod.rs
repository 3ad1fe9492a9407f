//! Sends the deliveries of webhook tasks, attempt by attempt; times come from the outbox, never from memory.

mod dispatcher;

pub(crate) use dispatcher::{Nudge, start};
