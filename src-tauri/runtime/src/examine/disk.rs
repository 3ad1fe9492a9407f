//! The disk of the data folder: whether it takes what is written, and how much room it has.

use std::fs::{self, File};
use std::io::{self, Write as _};
use std::path::Path;
use std::time::SystemTime;

use hookloom_api::{Finding, FindingArea};

/// Below this much room Hookloom will soon refuse requests.
const FREE_BYTES_WRONG: u64 = 200_000_000;
/// Below this much room somebody should make some.
const FREE_BYTES_NOTICE: u64 = 2_000_000_000;
/// What is written to try it.
const PROBE_FILE: &str = ".hookloom-doctor-probe";
const PROBE_BYTES: usize = 4_096;

/// Writes a file as the database would, takes it away again, and gives the time that the disk put on it.
pub(super) fn probe(folder: &Path) -> io::Result<SystemTime> {
    let path = folder.join(PROBE_FILE);
    let written = (|| {
        let mut file = File::create(&path)?;
        file.write_all(&[0; PROBE_BYTES])?;
        file.sync_all()?;
        file.metadata()?.modified()
    })();
    // One that could not be made is not there.
    let _ = fs::remove_file(&path);
    written
}

pub(super) fn judge_writing(folder: &Path, probe: io::Result<SystemTime>) -> Finding {
    let shown = folder.display();
    match probe {
        Ok(_) => Finding::fine(FindingArea::Disk, format!("{shown} can be written.")),
        Err(error) => Finding::wrong(FindingArea::Disk, format!("{shown} cannot be written."))
            .why(format!("The system says: {error}."))
            .hint("Make the folder writable for this user, make room on its disk, or choose another folder with --data DIR or HOOKLOOM_DATA."),
    }
}

pub(super) fn judge_room(free_bytes: Option<u64>) -> Option<Finding> {
    let free_bytes = free_bytes?;
    let what = format!(
        "{}.{} GB are free.",
        free_bytes / 1_000_000_000,
        free_bytes % 1_000_000_000 / 100_000_000
    );
    let hint = "Make room on the disk, or keep less of the history: `hookloom storage keep --days N --gigabytes N`.";
    Some(match free_bytes {
        ..FREE_BYTES_WRONG => Finding::wrong(FindingArea::Disk, what)
            .why("When the disk is full, requests are answered with 503 and jobs wait.")
            .hint(hint),
        FREE_BYTES_WRONG..FREE_BYTES_NOTICE => Finding::notice(FindingArea::Disk, what).hint(hint),
        FREE_BYTES_NOTICE.. => Finding::fine(FindingArea::Disk, what),
    })
}

#[cfg(test)]
mod tests {
    use hookloom_api::FindingState::{Fine, Notice, Wrong};

    use super::*;

    #[test]
    fn a_folder_that_can_be_written_is_left_as_it_was() {
        let folder = tempfile::tempdir().expect("a folder");
        let probe = probe(folder.path());
        assert!(probe.is_ok(), "{probe:?}");
        assert_eq!(fs::read_dir(folder.path()).expect("a list").count(), 0);
        assert_eq!(judge_writing(folder.path(), probe).state, Fine);
        let gone = folder.path().join("gone");
        assert_eq!(judge_writing(&gone, super::probe(&gone)).state, Wrong);
    }

    #[test]
    fn little_room_is_worth_knowing_and_next_to_none_is_wrong() {
        let state = |bytes| judge_room(Some(bytes)).map(|it| it.state);
        assert_eq!(state(199_999_999), Some(Wrong));
        assert_eq!(state(1_999_999_999), Some(Notice));
        assert_eq!(state(2_000_000_000), Some(Fine));
        assert_eq!(judge_room(None), None);
    }
}
