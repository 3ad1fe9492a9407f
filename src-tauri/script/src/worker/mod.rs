//! The worker process: locks itself in, then runs scripts that its parent sends. Knows no flow, no job and no secret
//! store; it reads one pipe and writes another.

mod interpreter;
mod json_text;
mod natives;
mod place;
#[cfg(target_os = "linux")]
#[path = "sandbox_linux.rs"]
mod sandbox;
#[cfg(not(target_os = "linux"))]
#[path = "sandbox_none.rs"]
mod sandbox;
mod serve;

pub use sandbox::enter as enter_sandbox;
pub use serve::{WORKER_ARGUMENT, work_if_asked};
