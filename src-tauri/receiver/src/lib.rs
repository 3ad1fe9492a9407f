//! The public listener: requests come in, are checked, recorded and answered.
//!
//! A request passes `server` (sockets, timeouts), `first_head` (before HTTP has buffers for it), `router` (the whole
//! stack in one function), `extract::verified` (every check up to the body), and `accept` (the only handler). It runs no
//! flow, reads no file and knows no SQL: it hands what was checked to the engine's `Inbox` and answers once that is on disk.

mod accept;
mod answer;
mod body_read;
mod body_value;
mod call;
mod cors;
mod credentials;
mod extract;
mod finish;
mod first_head;
mod form;
#[cfg(feature = "fuzzing")]
pub mod fuzzing;
mod handshake;
mod header_key;
mod health;
mod idempotency;
mod job_answer;
mod jwt;
mod key;
mod limits;
mod linger;
mod multipart;
mod own_answer;
mod pause;
mod pieces;
mod probe;
mod rate;
mod received;
mod record;
mod refusal;
mod repeat;
mod router;
mod secret_state;
mod server;
mod shared;
mod shown;
mod signed;
mod source;
mod status_url;
mod stream;
#[cfg(test)]
mod tests;
mod turns;
mod unread;

pub use extract::endpoint_at;
pub use limits::Limits;
pub use pause::Pause;
pub use probe::Probes;
pub use refusal::REASON_CODES;
pub use server::{Receiver, ServeError};
pub use shared::Deps;
