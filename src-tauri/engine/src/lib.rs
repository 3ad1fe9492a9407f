//! The durable executor: `decide` names the next steps, `apply` folds the journal, `deliver` sends webhook tasks.
//!
//! No SQL, no HTTP, no Tauri, no `tokio::time`: what it needs from outside are the traits of [`ports`].

pub mod alerts;
pub mod answers;
pub mod apply;
#[cfg(test)]
mod behaviour;
mod core;
pub mod decide;
#[cfg(test)]
mod decide_tests;
mod deliver;
pub mod endpoints;
mod engine;
mod executor;
mod flow;
mod handover;
pub mod histogram;
mod look;
pub mod outgoing;
pub mod plan;
pub mod ports;
pub mod record;
mod replay;
pub mod retry;
mod schedule;
mod script_problems;
mod secret_state;
mod start;
pub mod state;
mod step_input;
#[cfg(any(test, feature = "testing"))]
pub mod testing;
mod trial;
mod values;

pub use core::{Options, Ports};
pub use deliver::{TaskPreview, TaskPreviewed, TaskTest, TaskTestError, TaskTested};
pub use engine::Engine;
pub use executor::CancelError;
pub use handover::{Begun, Handover};
pub use look::{JobLook, LOOK_BYTES_MAX, LookError};
pub use replay::{Continue, Replay, Replayed, SECRET_STATE_DROPPED};
pub use script_problems::script_problems;
pub use secret_state::{
    SECRET_STATE_BYTES_MAX, SealedState, SecretStateTooLarge, check_size as check_secret_state,
    seal_new as seal_secret_state,
};
pub use start::{StartError, StartJob, StartedJob};
pub use step_input::{StepInput, StepInputError};
pub use trial::{Pin, StepTrial, StepTrialError, StepTried, TrialJob, TriedExchange};
