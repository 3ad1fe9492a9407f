//! Operations on flows, a file each.

mod changed;
pub(crate) mod copy;
pub(crate) mod delete;
pub(crate) mod detail;
pub(crate) mod draft;
mod edited;
pub(crate) mod export;
pub(crate) mod get;
pub(crate) mod import;
mod layout;
pub(crate) mod list;
mod problems;
pub(crate) mod publish;
mod reading;
pub(crate) mod run;
pub(crate) mod schedules;
pub(crate) mod set_state;
pub(crate) mod summary;
pub(crate) mod test_task;
mod trial;
pub(crate) mod try_step;
pub(crate) mod validate;
pub(crate) mod versions;

pub(crate) use changed::publish_refused;
pub use detail::FlowDetail;
pub(crate) use edited::{Edit, edit};
pub(crate) use layout::Layout;
pub(crate) use problems::{Looked, Workspace};
pub(crate) use reading::{Drafts, secret_names_in};
pub(crate) use summary::{LastJob, WORKSPACE};
pub(crate) use test_task::tested;
