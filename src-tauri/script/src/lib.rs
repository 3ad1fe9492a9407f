//! JavaScript of flows, in worker processes: the protocol with them, their pool, their limits.
//!
//! The only user of QuickJS. Nothing here runs or even parses a script in the process that owns the data folder: that one
//! sends code and values through pipes, believes nothing that comes back, and kills a worker that is late or misbehaves.

mod frame;
mod limits;
mod message;
mod parent;
mod worker;

pub use limits::{
    LOG_BYTES_MAX, LOG_LINES_MAX, MEMORY_BYTES_MAX, RUNS_PER_WORKER_MAX, SAVED_BYTES_MAX,
    WORKERS_MAX,
};
pub use parent::{Limits, NoWorker, Program, Walls, Workers};
pub use worker::{WORKER_ARGUMENT, enter_sandbox, work_if_asked};
