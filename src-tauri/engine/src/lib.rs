//! The durable executor: `decide` names the next steps, `apply` folds the journal, `deliver` sends webhook tasks.
//!
//! No SQL, no HTTP, no Tauri, no `tokio::time`: what it needs from outside are the traits of [`ports`].

mod core;
mod deliver;
mod engine;
mod executor;
mod flow;
pub mod ports;
mod secret_state;
mod start;

pub use core::{Options, Ports};
pub use engine::Engine;
pub use secret_state::{SealedState, seal_new as seal_secret_state};
pub use start::{StartError, StartJob, StartedJob};
