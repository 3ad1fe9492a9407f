//! Tests over real sockets, with an inbox in memory.

pub(crate) mod fixtures;

mod answers;
mod bodies;
mod calls;
mod client;
mod credentials;
mod handshakes;
mod hostile;
mod idempotency;
mod jobs;
mod keys;
mod limits;
mod order;
mod origins;
mod own_answers;
mod panics;
mod ports;
mod records;
mod secret_state;
mod slow;
mod started;
mod streams;
mod tokens;
mod urls;
