//! The flow document: what an analyst draws, a file holds, and a version freezes.

mod types;

pub use types::*;
