//! Operations on jobs, a file each.

mod attempts;
pub(crate) mod detail;
pub(crate) mod get;
pub(crate) mod journal;
pub(crate) mod list;
mod memory;
mod shown;
pub(crate) mod summary;

pub use summary::JobSummary;
pub(crate) use summary::rows_by_id;
