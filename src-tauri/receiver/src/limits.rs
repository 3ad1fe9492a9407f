//! Every limit of the public listener, by name.

use ipnet::IpNet;

/// What the public listener puts up with. Endpoints add limits of their own in the flow document.
#[derive(Debug, Clone, PartialEq, Eq)]
pub struct Limits {
    /// Open connections; beyond it new ones wait in the system's backlog.
    pub connections_max: usize,
    /// From the first byte of a connection, or the end of the last answer on it, to the end of the next head.
    pub header_read_ms_max: u64,
    /// Header lines of one request.
    pub headers_max: usize,
    /// The head of one request, and the buffer of one connection.
    pub header_bytes_max: usize,
    /// A body that does not move for this long is given up.
    pub body_idle_ms_max: u64,
    /// A sender that takes nothing of its answer for this long is given up.
    pub answer_idle_ms_max: u64,
    /// A body that on average arrives slower than this is given up, and a sender that reads its answers slower.
    pub body_bytes_per_second_min: u64,
    /// A compressed body may grow by this much, once it has come to [`RATIO_FLOOR_BYTES`].
    pub body_ratio_max: u64,
    /// All bodies that are held in memory at one time.
    pub bodies_held_bytes_max: u64,
    /// All files of requests that were not accepted yet.
    pub files_arriving_bytes_max: u64,
    /// Requests of one source address (an IPv6 network of 64 bits) a minute.
    pub source_requests_per_minute_max: u32,
    /// Whether that counts for loopback too.
    pub limits_loopback: bool,
    /// Proxies that are believed when they name the address that called them, in `x-forwarded-for`.
    pub proxies_trusted: Vec<IpNet>,
    /// Source addresses that are remembered one by one; beyond it strangers share their counts.
    pub sources_max: usize,
    /// Calls that wait for their job at one time; each of them holds a connection.
    pub calls_waiting_max: usize,
    /// A sender that has closed its side gets its answer if that comes within this time; else it counts as gone.
    pub half_closed_ms_max: u64,
    /// How long a stop waits for requests that are being answered.
    pub drain_ms_max: u64,
}

impl Default for Limits {
    fn default() -> Self {
        Self {
            connections_max: 4_096,
            header_read_ms_max: 10_000,
            headers_max: 100,
            header_bytes_max: 64 * 1024,
            body_idle_ms_max: 10_000,
            answer_idle_ms_max: 10_000,
            body_bytes_per_second_min: 1_024,
            body_ratio_max: 100,
            bodies_held_bytes_max: 256 * 1024 * 1024,
            files_arriving_bytes_max: 4 * 1024 * 1024 * 1024,
            source_requests_per_minute_max: 1_200,
            limits_loopback: false,
            proxies_trusted: Vec::new(),
            sources_max: 65_536,
            calls_waiting_max: 2_048,
            half_closed_ms_max: 5_000,
            drain_ms_max: 10_000,
        }
    }
}

/// An idempotency key longer than this is refused.
pub(crate) const IDEMPOTENCY_KEY_BYTES_MAX: usize = 255;

/// The body of a rejected request is kept up to this size, so that strangers cannot fill the disk.
pub(crate) const REJECTED_BODY_BYTES_MAX: usize = 64 * 1024;

/// Path and headers of a rejected request are kept up to this size, for the same reason.
pub(crate) const REJECTED_HEAD_BYTES_MAX: usize = 8 * 1024;

/// What we ask a caller to wait when we cannot take a request, in seconds.
pub(crate) const UNAVAILABLE_RETRY_AFTER_S: u64 = 5;

/// Large bodies that are read into values at one time; others wait for their turn.
pub(crate) const LARGE_BODIES_AT_ONCE_MAX: usize = 2;

/// Up to here a body may grow as it likes.
pub(crate) const RATIO_FLOOR_BYTES: u64 = 1024 * 1024;

/// A body whose type says nothing is looked at up to this size; a longer one is bytes.
pub(crate) const GUESSED_BYTES_MAX: usize = 8 * 1024 * 1024;

/// Parts of a form, fields and files together.
pub(crate) const FORM_PARTS_MAX: usize = 10_000;

/// Files of one form.
pub(crate) const FORM_FILES_MAX: usize = 100;

/// A file's name and type are cut to this length.
pub(crate) const FILE_NAME_CHARS_MAX: usize = 255;

#[cfg(test)]
mod tests {
    #[test]
    fn every_limit_of_the_listener_stands_in_the_book() {
        let page = include_str!("../../../docs/receiving.md");
        let fields = include_str!("limits.rs").lines();
        let names = fields.filter_map(|line| line.strip_prefix("    pub ")?.split_once(':'));
        let names: Vec<&str> = names.map(|(name, _)| name).collect();
        assert!(names.len() >= 16, "{names:?}");
        for name in names {
            assert!(page.contains(&format!("`{name}`")), "{name}");
        }
    }
}
