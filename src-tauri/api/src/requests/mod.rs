//! Operations on inbound requests, a file each.

pub(crate) mod counted;
pub(crate) mod detail;
pub(crate) mod get;
pub(crate) mod list;
pub(crate) mod summary;

pub use summary::RequestSummary;
