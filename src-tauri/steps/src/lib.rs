//! What each kind of step does: one file per kind, and a registry.
//!
//! No I/O of its own: a step reaches the outside only through the ports in its attempt.

#[cfg(test)]
mod contract;
mod http;
mod produced;
mod registry;
mod set;

pub use registry::Kinds;
