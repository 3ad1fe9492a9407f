//! Operations on flows, a file each.

pub(crate) mod copy;
pub(crate) mod delete;
pub(crate) mod detail;
pub(crate) mod draft;
pub(crate) mod export;
pub(crate) mod get;
pub(crate) mod import;
pub(crate) mod list;
pub(crate) mod publish;
pub(crate) mod run;
pub(crate) mod set_state;
pub(crate) mod summary;
pub(crate) mod validate;

pub use detail::FlowDetail;
pub use summary::FlowSummary;
