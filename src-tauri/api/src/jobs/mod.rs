//! Operations on jobs, a file each.

pub(crate) mod detail;
pub(crate) mod get;
pub(crate) mod journal;
pub(crate) mod list;
pub(crate) mod summary;

pub use summary::JobSummary;
