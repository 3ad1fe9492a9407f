//! Operations on jobs, a file each.

mod attempts;
pub(crate) mod cancel;
pub(crate) mod continued;
pub(crate) mod detail;
pub(crate) mod expanded;
pub(crate) mod get;
pub(crate) mod input;
pub(crate) mod journal;
pub(crate) mod list;
mod memory;
pub(crate) mod replay;
mod shown;
pub(crate) mod summary;

pub(crate) use shown::Shown;
pub use summary::JobSummary;
pub(crate) use summary::rows_by_id;
