//! How deep a call is in a chain of jobs that call jobs: every call that a job makes says so, and one that is too deep is
//! refused, so that no chain goes on for ever.

/// The header that says it. Lower case.
pub const CALL_DEPTH_HEADER: &str = "x-hookloom-depth";

/// A call that is this deep in a chain of jobs that call jobs is refused.
pub const CALL_DEPTH_MAX: u32 = 16;

/// What the header's value says; a call without it, or with another value, comes from outside.
pub fn call_depth(value: Option<&str>) -> u32 {
    value.and_then(|value| value.parse().ok()).unwrap_or(0)
}
