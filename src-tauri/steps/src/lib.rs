//! What each kind of step does: one file per kind, and a registry.
//!
//! No I/O of its own: a step reaches the outside only through the ports in its attempt.

mod calling;
mod condition;
#[cfg(test)]
mod contract;
mod delay;
mod fail;
mod file;
mod form;
mod http;
mod llm;
mod produced;
mod registry;
mod remote;
mod respond;
mod script;
mod set;
#[cfg(test)]
mod simulation;
mod switch;
mod value;

pub use registry::Kinds;
