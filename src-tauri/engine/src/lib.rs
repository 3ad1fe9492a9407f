//! The durable executor: `decide` names the next steps, `apply` folds the journal, `deliver` sends webhook tasks.
//!
//! No SQL, no HTTP, no Tauri, no `tokio::time`: what it needs from outside are the traits of [`ports`].

pub mod endpoints;
pub mod ports;
