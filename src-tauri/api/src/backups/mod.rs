//! Backups of the workspace: which ones there are, making one, and putting one back.

mod delete;
mod get;
mod make;
mod restore;
mod schedule;
mod shape;

pub(crate) use delete::*;
pub(crate) use get::*;
pub(crate) use make::*;
pub(crate) use restore::*;
pub(crate) use schedule::*;
pub use shape::Backup;
