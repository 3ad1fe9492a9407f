//! Schedules: which times are due, and the jobs that begin then.

mod dispatcher;
mod due;
#[cfg(test)]
mod years;

pub(crate) use dispatcher::{Changed, start};
