//! Operations on inbound requests, a file each.

mod body;
mod checks;
pub(crate) mod counted;
pub(crate) mod detail;
pub(crate) mod file;
pub(crate) mod get;
pub(crate) mod list;
pub(crate) mod raw;
pub(crate) mod replay;
pub(crate) mod summary;

pub(crate) use get::id_of;
pub use summary::RequestSummary;
pub(crate) use summary::rows_by_id;
