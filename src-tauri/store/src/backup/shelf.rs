//! The folder of the backups: their names, which ones there are, and which ones go.
//!
//! A name begins with a number that only grows, so that names are unique and in order whatever the clock does.

use std::fs;
use std::io;
use std::path::{Path, PathBuf};

use super::archive::Opened;
use super::manifest::{BackupReason, Manifest};
use crate::error::Error;
use crate::files;

/// The folder within the data folder.
pub const BACKUPS_FOLDER: &str = "backups";
/// How a whole backup's name ends.
const ENDING: &str = ".hookloom";
const BEGINNING: &str = "hookloom-";
/// How the name of what is not whole begins. Listed nowhere.
const UNFINISHED: &str = ".unfinished-";

/// A backup in the folder.
#[derive(Debug, Clone)]
pub struct KeptBackup {
    /// The name of its file.
    pub name: String,
    /// Where it is.
    pub path: PathBuf,
    /// Of its file.
    pub bytes: u64,
    /// What it says of itself; or why that cannot be read, and what to do.
    pub manifest: Result<Manifest, Error>,
}

/// What a name says.
#[derive(Debug, Clone, PartialEq, Eq)]
struct Numbered {
    number: u64,
    reason: BackupReason,
}

/// Every backup in a data folder, the newest first. Reads no more than their manifests.
///
/// # Errors
/// The folder cannot be read. A backup that cannot be read is listed with the reason.
pub fn kept_backups(data: &Path) -> Result<Vec<KeptBackup>, Error> {
    let shelf = data.join(BACKUPS_FOLDER);
    let mut kept: Vec<KeptBackup> = names(&shelf)?
        .into_iter()
        .filter_map(|name| KeptBackup::read(&shelf, name))
        .collect();
    // One that came from elsewhere has no number: it stands by its time, after those that have one.
    kept.sort_by_key(|it| {
        let made_at_ms = it.manifest.as_ref().map_or(0, |it| it.made_at_ms);
        std::cmp::Reverse((parse(&it.name).map_or(0, |it| it.number), made_at_ms))
    });
    Ok(kept)
}

impl KeptBackup {
    /// None if it went meanwhile.
    pub(super) fn read(shelf: &Path, name: String) -> Option<Self> {
        let path = shelf.join(&name);
        let bytes = fs::metadata(&path).ok()?.len();
        let manifest = Opened::open(&path).map(|opened| opened.manifest);
        Some(Self {
            name,
            path,
            bytes,
            manifest,
        })
    }

    /// Why it was made, if that is known.
    pub fn reason(&self) -> Option<BackupReason> {
        let by_name = parse(&self.name).map(|it| it.reason);
        by_name.or_else(|| self.manifest.as_ref().ok().map(|it| it.reason))
    }
}

/// The backup of that name.
pub(crate) fn find(data: &Path, name: &str) -> Result<KeptBackup, Error> {
    let kept = kept_backups(data)?.into_iter().find(|it| it.name == name);
    kept.ok_or_else(|| Error::not_found(format!("the backup `{name}`")))
}

/// Deletes a backup.
pub(crate) fn delete(data: &Path, name: &str) -> Result<(), Error> {
    let kept = find(data, name)?;
    let gone = fs::remove_file(&kept.path);
    gone.map_err(|error| Error::backup_io("deleting the backup", &kept.path, error))
}

/// Makes the folder, for its owner alone.
pub(super) fn make(data: &Path) -> Result<PathBuf, Error> {
    let shelf = data.join(BACKUPS_FOLDER);
    let made = files::make_private(&shelf);
    made.map_err(|error| Error::backup_io("making the folder of the backups", &shelf, error))?;
    Ok(shelf)
}

/// The name of the next backup.
pub(super) fn next_name(shelf: &Path, reason: BackupReason, now_ms: i64) -> Result<String, Error> {
    let numbers = names(shelf)?.into_iter().filter_map(|name| parse(&name));
    let number = numbers.map(|it| it.number).max().unwrap_or(0) + 1;
    let day = day(now_ms);
    let reason = reason.as_str();
    Ok(format!("{BEGINNING}{number:06}-{day}-{reason}{ENDING}"))
}

/// What a file is called until it is whole.
pub(super) fn unfinished(shelf: &Path, what: &str) -> PathBuf {
    shelf.join(format!("{UNFINISHED}{what}"))
}

/// Deletes what a crash left. Only while nothing is under way.
pub(crate) fn sweep_unfinished(data: &Path) {
    let Ok(entries) = fs::read_dir(data.join(BACKUPS_FOLDER)) else {
        return;
    };
    for entry in entries.flatten() {
        if entry.file_name().to_string_lossy().starts_with(UNFINISHED)
            && let Err(error) = fs::remove_file(entry.path())
        {
            tracing::warn!(file = %entry.path().display(), %error, "half a backup stays");
        }
    }
}

/// Deletes the oldest backups of a kind beyond those that are kept. Gives how many went.
pub(super) fn prune(shelf: &Path, reason: BackupReason, keep: usize) -> Result<usize, Error> {
    let mut of_kind: Vec<(u64, String)> = names(shelf)?
        .into_iter()
        .filter_map(|name| Some((parse(&name)?, name)))
        .filter(|(said, _)| said.reason == reason)
        .map(|(said, name)| (said.number, name))
        .collect();
    of_kind.sort_unstable();
    let gone = of_kind.len().saturating_sub(keep);
    for (_, name) in &of_kind[..gone] {
        let path = shelf.join(name);
        fs::remove_file(&path)
            .map_err(|error| Error::backup_io("deleting an old backup", &path, error))?;
    }
    Ok(gone)
}

/// `2026-11-22`, in UTC.
pub(super) fn day(at_ms: i64) -> String {
    let moment = jiff::Timestamp::from_millisecond(at_ms).unwrap_or_default();
    moment.strftime("%Y-%m-%d").to_string()
}

/// Names of whole backups, in no order.
fn names(shelf: &Path) -> Result<Vec<String>, Error> {
    let entries = match fs::read_dir(shelf) {
        Ok(entries) => entries,
        // The first backup makes it.
        Err(error) if error.kind() == io::ErrorKind::NotFound => return Ok(Vec::new()),
        Err(error) => return Err(Error::backup_io("reading the backups", shelf, error)),
    };
    let mut names = Vec::new();
    for entry in entries {
        let entry = entry.map_err(|error| Error::backup_io("reading the backups", shelf, error))?;
        let is_file = entry.file_type().is_ok_and(|kind| kind.is_file());
        if let Ok(name) = entry.file_name().into_string()
            && is_file
            && name.ends_with(ENDING)
            && !name.starts_with('.')
        {
            names.push(name);
        }
    }
    Ok(names)
}

fn parse(name: &str) -> Option<Numbered> {
    let said = name.strip_prefix(BEGINNING)?.strip_suffix(ENDING)?;
    let (number, rest) = said.split_once('-')?;
    let (_, reason) = rest.rsplit_once('-')?;
    Some(Numbered {
        number: number.parse().ok()?,
        reason: BackupReason::ALL
            .into_iter()
            .find(|it| it.as_str() == reason)?,
    })
}

#[cfg(test)]
mod tests {
    use super::*;

    const NOW_MS: i64 = 1_795_306_812_431;

    fn add(shelf: &Path, reason: BackupReason, now_ms: i64) -> String {
        let name = next_name(shelf, reason, now_ms).expect("the folder is there");
        assert!(!shelf.join(&name).exists(), "{name} is new");
        fs::write(shelf.join(&name), "").expect("a file");
        name
    }

    #[test]
    fn names_are_unique_and_in_order_when_the_clock_stands_still_or_goes_back() {
        let shelf = tempfile::tempdir().expect("a folder");
        let times = [NOW_MS, NOW_MS, 0, NOW_MS - 86_400_000, i64::MIN];
        let names = times.map(|at_ms| add(shelf.path(), BackupReason::Manual, at_ms));
        assert_eq!(names[0], "hookloom-000001-2026-11-22-manual.hookloom");
        assert!(names.is_sorted(), "{names:?}");
        // One that was deleted does not give its number to a later one.
        fs::remove_file(shelf.path().join(&names[2])).expect("it is there");
        assert!(add(shelf.path(), BackupReason::Upgrade, NOW_MS) > names[4]);
    }

    #[test]
    fn only_the_oldest_of_the_same_kind_go() {
        let shelf = tempfile::tempdir().expect("a folder");
        let by_hand = add(shelf.path(), BackupReason::Manual, NOW_MS);
        let made: Vec<String> = (0..5)
            .map(|_| add(shelf.path(), BackupReason::Upgrade, NOW_MS))
            .collect();
        let gone = prune(shelf.path(), BackupReason::Upgrade, 3).expect("a folder");
        assert_eq!(gone, 2);
        let mut left = names(shelf.path()).expect("a folder");
        left.sort();
        let mut expected = vec![by_hand];
        expected.extend_from_slice(&made[2..]);
        assert_eq!(left, expected);
    }

    #[test]
    fn what_is_not_whole_is_no_backup_and_is_swept() {
        let data = tempfile::tempdir().expect("a folder");
        let shelf = make(data.path()).expect("a folder");
        fs::write(unfinished(&shelf, "1.hookloom"), "half").expect("a file");
        fs::write(shelf.join("notes.txt"), "mine").expect("a file");
        assert!(kept_backups(data.path()).expect("a folder").is_empty());
        sweep_unfinished(data.path());
        let left: Vec<_> = fs::read_dir(&shelf).expect("a folder").flatten().collect();
        assert_eq!(left.len(), 1, "{left:?}");
    }

    #[test]
    fn a_file_that_is_no_backup_is_listed_with_what_is_wrong() {
        let data = tempfile::tempdir().expect("a folder");
        let shelf = make(data.path()).expect("a folder");
        fs::write(shelf.join("mine.hookloom"), "no backup").expect("a file");
        let kept = kept_backups(data.path()).expect("a folder");
        let error = kept[0].manifest.as_ref().expect_err("it is none");
        assert!(matches!(error, Error::NotABackup { .. }), "{error:?}");
        assert!(find(data.path(), "../hookloom.db").is_err());
        delete(data.path(), "mine.hookloom").expect("it is there");
        assert!(kept_backups(data.path()).expect("a folder").is_empty());
    }
}
