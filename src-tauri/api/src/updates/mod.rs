//! Updates: what runs here, what the newest release is when somebody asks, and downloading it. Nothing is installed.

mod begun;
mod check;
mod daily;
mod download;
mod get;
mod looked;
mod refusal;
mod releases;
mod shape;

pub(crate) use check::*;
pub use daily::look_for_updates_if_due;
pub(crate) use download::*;
pub(crate) use get::*;
pub(crate) use looked::DAILY;
pub use releases::Releases;
