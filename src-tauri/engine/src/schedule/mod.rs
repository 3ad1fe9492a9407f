//! Schedules: which times are due, and the jobs that begin then.

mod dispatcher;
mod due;

pub(crate) use dispatcher::{Changed, start};
