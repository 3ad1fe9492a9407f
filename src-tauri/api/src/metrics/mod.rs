//! Numbers for a monitor, in the text format of Prometheus: what was counted since the start, what waits, what it takes.

mod exposition;
pub(crate) mod get;

pub use get::ProcessNumbers;
