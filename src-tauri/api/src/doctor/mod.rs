//! What is wrong with a workspace, and what to do about it. Looks at things and mends nothing.

mod backup;
mod database;
mod examine;
mod finding;
mod public_url;
mod vault;

pub(crate) use examine::*;
pub use finding::{Diagnosis, Finding, FindingArea, FindingState};
