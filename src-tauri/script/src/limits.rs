//! The limits of scripts, by name. Two of them, the length of the code and of a step's data, are the model's.

/// What the interpreter of one run may have in its heap; what goes over it is thrown as "out of memory".
pub const HEAP_BYTES_MAX: usize = 160 * 1024 * 1024;

/// What a worker process may have in all: the heap, and room for the texts that go in and out.
pub const MEMORY_BYTES_MAX: u64 = 256 * 1024 * 1024;

/// The interpreter's stack; deeper recursion is thrown as a `RangeError`.
pub const STACK_BYTES_MAX: usize = 1024 * 1024;

/// Lines that one attempt can log.
pub const LOG_LINES_MAX: usize = 200;

/// The text that one attempt can log, in all.
pub const LOG_BYTES_MAX: usize = 64 * 1024;

/// What one attempt can save into memory, as JSON, in all.
pub const SAVED_BYTES_MAX: usize = 10 * 1024 * 1024;

/// Lists and objects within one another in what a script gives back.
pub const DATA_DEPTH_MAX: usize = 100;

/// The message of an error that a script throws; one that is longer is left out.
pub const MESSAGE_BYTES_MAX: usize = 64 * 1024;

/// Values that go to the worker with the script, as JSON and in all; others are sent when it asks for them.
pub const EAGER_BYTES_MAX: usize = 64 * 1024;

/// One value that a script asks for.
pub const ANSWER_BYTES_MAX: usize = 32 * 1024 * 1024;

/// What is believed to be one frame of a worker: data, saved memory and logs fit.
pub const FRAME_BYTES_MAX: usize = 24 * 1024 * 1024;

/// Worker processes at a time, busy and idle.
pub const WORKERS_MAX: usize = 24;

/// A worker is replaced after this many runs, so that nothing adds up.
pub const RUNS_PER_WORKER_MAX: u32 = 1_000;

/// A worker that serves nobody for so long ends.
pub const IDLE_MS_MAX: u64 = 60_000;

/// How long a worker may take to start.
pub const START_MS_MAX: u64 = 10_000;

/// Between the deadline that the worker itself keeps and the moment in which it is killed.
pub const GRACE_MS: u64 = 100;

/// Looking for a syntax error takes no longer.
pub const CHECK_MS_MAX: u64 = 2_000;
