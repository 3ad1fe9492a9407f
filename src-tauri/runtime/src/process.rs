//! What the system says of this process. Linux tells it in `/proc`; elsewhere nobody is asked.

use hookloom_api::ProcessNumbers;

/// What a monitor wants to know of the process itself.
#[cfg(target_os = "linux")]
pub(crate) fn numbers() -> ProcessNumbers {
    use std::fs;

    let status = fs::read_to_string("/proc/self/status").unwrap_or_default();
    let resident = status.lines().find_map(|line| line.strip_prefix("VmRSS:"));
    let resident_kb = resident.and_then(|it| it.trim().trim_end_matches(" kB").parse::<u64>().ok());
    let open_files = fs::read_dir("/proc/self/fd").map(|it| it.count());
    ProcessNumbers {
        resident_bytes: resident_kb.map(|kb| kb * 1_024),
        // The listing itself has one open.
        open_files: open_files
            .ok()
            .and_then(|it| u64::try_from(it.saturating_sub(1)).ok()),
        started_at_s: started_at_s(),
        ..ProcessNumbers::default()
    }
}

#[cfg(not(target_os = "linux"))]
pub(crate) fn numbers() -> ProcessNumbers {
    ProcessNumbers::default()
}

/// The unit of times in `/proc`, a part of the kernel's interface.
#[cfg(target_os = "linux")]
const TICKS_PER_SECOND: u64 = 100;

/// The boot's time plus what the system says of this process, in its ticks.
#[cfg(target_os = "linux")]
fn started_at_s() -> Option<u64> {
    use std::fs;

    let stat = fs::read_to_string("/proc/self/stat").ok()?;
    // The name of the program may hold anything; what follows its bracket is numbers.
    let (_, numbers) = stat.rsplit_once(')')?;
    let ticks: u64 = numbers.split_ascii_whitespace().nth(19)?.parse().ok()?;
    let boot = fs::read_to_string("/proc/stat").ok()?;
    let boot = boot.lines().find_map(|line| line.strip_prefix("btime "))?;
    let boot: u64 = boot.trim().parse().ok()?;
    Some(boot + ticks / TICKS_PER_SECOND)
}

#[cfg(all(test, target_os = "linux"))]
mod tests {
    use std::time::{SystemTime, UNIX_EPOCH};

    use super::*;

    #[test]
    fn the_system_knows_this_process() {
        let numbers = numbers();
        assert!(numbers.resident_bytes.is_some_and(|it| it > 1_000_000));
        assert!(numbers.open_files.is_some_and(|it| it >= 3));
        let now_s = SystemTime::now()
            .duration_since(UNIX_EPOCH)
            .expect("now")
            .as_secs();
        let age_s = numbers.started_at_s.map(|it| now_s.saturating_sub(it));
        assert!(age_s.is_some_and(|it| it < 24 * 3_600), "{age_s:?}");
    }
}
