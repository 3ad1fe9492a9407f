//! Whether systemd's journal reads our standard error, and the levels as it knows them.

use tracing::Level;

/// Whether standard error is the stream that the service manager says it made for us. A shell that inherited the
/// variable has another one.
#[cfg(target_os = "linux")]
pub(super) fn reads_standard_error() -> bool {
    let said = std::env::var("JOURNAL_STREAM").unwrap_or_default();
    let is = rustix::fs::fstat(std::io::stderr());
    is.is_ok_and(|is| is_named(&said, is.st_dev, is.st_ino))
}

#[cfg(not(target_os = "linux"))]
pub(super) fn reads_standard_error() -> bool {
    false
}

/// Whether the variable names this file: its device and its inode, in decimal.
#[cfg(target_os = "linux")]
fn is_named(said: &str, device: u64, inode: u64) -> bool {
    said == format!("{device}:{inode}")
}

/// What begins a line, so that the journal knows its level.
pub(super) fn priority(level: Level) -> &'static str {
    match level {
        Level::ERROR => "<3>",
        Level::WARN => "<4>",
        Level::INFO => "<6>",
        Level::DEBUG | Level::TRACE => "<7>",
    }
}

#[cfg(all(test, target_os = "linux"))]
mod tests {
    use super::*;

    #[test]
    fn only_the_stream_that_was_made_for_us_is_the_journal() {
        assert!(is_named("8:15001", 8, 15_001));
        for said in ["", "8", "8:15002", "9:15001", "8:15001:3"] {
            assert!(!is_named(said, 8, 15_001), "{said}");
        }
    }
}
