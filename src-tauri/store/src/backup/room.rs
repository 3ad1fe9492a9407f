//! Whether a disk has room for what is about to be written.

use std::path::Path;

use crate::error::Error;

/// Left free beyond what is needed: requests come meanwhile.
const SPARE_BYTES: u64 = 32 * 1024 * 1024;

/// The room that this user may fill; none where the system does not say.
#[cfg(unix)]
pub fn free_bytes(folder: &Path) -> Option<u64> {
    let room = rustix::fs::statvfs(folder).ok()?;
    Some(room.f_bavail.saturating_mul(room.f_frsize))
}

/// Not asked for here: what does not fit is found out by writing it.
#[cfg(not(unix))]
pub fn free_bytes(_folder: &Path) -> Option<u64> {
    None
}

/// Refuses what would not fit, before the first byte of it is written.
pub(super) fn check(folder: &Path, bytes: u64, free: Option<u64>) -> Result<(), Error> {
    let needed_bytes = bytes.saturating_add(SPARE_BYTES);
    match free {
        Some(free) if free < needed_bytes => Err(Error::NoRoom {
            folder: folder.to_owned(),
            needed_bytes,
            free_bytes: free,
        }),
        _ => Ok(()),
    }
}

#[cfg(test)]
mod tests {
    use super::*;

    #[test]
    fn what_does_not_fit_is_refused_with_how_much_is_needed() {
        let folder = Path::new("/data/backups");
        assert!(check(folder, 1_000, None).is_ok());
        assert!(check(folder, 1_000, Some(1_000 + SPARE_BYTES)).is_ok());
        let refused = check(folder, 1_000, Some(999 + SPARE_BYTES)).expect_err("one byte short");
        let said = refused.to_string();
        assert!(said.contains("34 MB") && said.contains("33 MB"), "{said}");
    }

    #[cfg(unix)]
    #[test]
    fn a_disk_says_how_much_is_free() {
        assert!(free_bytes(&std::env::temp_dir()).is_some());
    }
}
