//! Operations for whoever writes an expression: what it gives, and which names there are. Nothing runs, nothing is
//! recorded, and no secret is read.

pub(crate) mod names;
pub(crate) mod preview;
mod site;
mod subject;
mod walk;

pub(crate) use subject::{job_of_flow, last_job_with_data};
