//! No wall of the operating system: on these systems a script is held by the interpreter, which has no functions for
//! files, network or processes, and by being in a process of its own that is killed in time.
//!
//! Compiled for macOS and Windows and never run there; Wine ran it. What is missing is said in the log of every start
//! of a worker.

use std::io;
use std::process::ExitCode;
use std::thread;

use crate::limits::STACK_BYTES_MAX;

/// What a thread needs beside the interpreter's own stack: our functions that it calls, and those of the system.
const STACK_BYTES_BESIDE: usize = 3 * 1024 * 1024;

/// What holds the worker.
pub struct Sandbox {
    /// Names for the log.
    pub walls: Vec<String>,
    /// Whether a wall is missing.
    pub is_open: bool,
}

/// Sets the limits that the system has.
///
/// # Errors
/// None here.
pub fn enter() -> io::Result<Sandbox> {
    Ok(Sandbox {
        walls: limits(),
        is_open: true,
    })
}

#[cfg(unix)]
fn limits() -> Vec<String> {
    use rustix::process::{Resource, Rlimit, setrlimit};
    let none = Rlimit {
        current: Some(0),
        maximum: Some(0),
    };
    let resources = [Resource::Core, Resource::Fsize, Resource::Nproc];
    let set = resources.map(|resource| setrlimit(resource, none).is_ok());
    set.contains(&true)
        .then(|| "rlimit".to_owned())
        .into_iter()
        .collect()
}

#[cfg(not(unix))]
fn limits() -> Vec<String> {
    Vec::new()
}

/// There is no such limit here.
pub(super) fn limit_processor_time(_timeout_ms: u64) {}

/// Does the work where the interpreter's whole stack fits. The first thread of a Windows program has 1 MiB, and ends the
/// process where a script has to get a `RangeError`.
pub(super) fn with_room(work: fn() -> ExitCode) -> ExitCode {
    let worker = thread::Builder::new().stack_size(STACK_BYTES_MAX + STACK_BYTES_BESIDE);
    match worker.spawn(work).map(thread::JoinHandle::join) {
        Ok(Ok(exit)) => exit,
        Ok(Err(_)) | Err(_) => ExitCode::FAILURE,
    }
}
