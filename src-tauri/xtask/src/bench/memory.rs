//! What a process holds in memory, as Linux tells it. Nothing elsewhere.

/// Resident memory.
#[derive(Debug, Clone, Copy)]
pub struct Memory {
    /// At this moment.
    pub now_bytes: u64,
    /// The most that it was since the process began.
    pub peak_bytes: u64,
}

impl Memory {
    /// Of a process; none where it cannot be told.
    pub fn of(pid: u32) -> Option<Self> {
        let status = std::fs::read_to_string(format!("/proc/{pid}/status")).ok()?;
        let bytes = |name: &str| {
            let line = status.lines().find_map(|line| line.strip_prefix(name))?;
            let kib: u64 = line.split_whitespace().next()?.parse().ok()?;
            Some(kib * 1024)
        };
        Some(Self {
            now_bytes: bytes("VmRSS:")?,
            peak_bytes: bytes("VmHWM:")?,
        })
    }
}
