//! Requests of our own to our own receiver: over its real socket, signed as the endpoint wants it.

mod credentials;
mod original;
mod outgoing;
pub(crate) mod send;
