//! Takes jobs and runs each as a task of its own, event by event.

mod dispatcher;

pub(crate) use dispatcher::{Queue, start};
