//! Takes jobs and runs each as a task of its own, event by event.

mod attempt;
mod batch;
mod cancel;
mod dispatcher;
mod finish;
mod job;
mod open;
mod settle;
mod states;
mod triggered;

pub(crate) use attempt::{Ended, Prepared, failed};
pub use cancel::CancelError;
pub(crate) use dispatcher::{Queue, start};
pub(crate) use states::take as take_states;
pub(crate) use triggered::triggered_by;
