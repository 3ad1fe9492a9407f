//! Who calls, and what they may do.

mod scope;

pub use scope::Scope;
pub(crate) use scope::{CanManage, CanRead, CanRun};
