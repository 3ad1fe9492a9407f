//! Files of one log: the newest is written, older ones have numbers, and all of them together stay within a bound. Knows
//! nothing of what is written.

use std::fs::{self, File, OpenOptions};
use std::io::{self, Write as _};
use std::path::{Path, PathBuf};
use std::time::{Duration, SystemTime};

/// The file that is written; the one before it is `hookloom.log.1`.
pub(super) const FILE: &str = "hookloom.log";

/// How much is kept.
#[derive(Debug, Clone, Copy)]
pub(super) struct Bounds {
    /// The next file begins before one is larger.
    pub file_bytes_max: u64,
    /// Files, the one that is written among them.
    pub files_max: u32,
    /// The next file begins when one is older.
    pub file_age_max: Duration,
    /// A file that was not written for so long goes.
    pub kept: Duration,
}

/// The files.
#[derive(Debug)]
pub(super) struct RotatingFile {
    folder: PathBuf,
    bounds: Bounds,
    open: Option<Open>,
}

#[derive(Debug)]
struct Open {
    file: File,
    bytes: u64,
    began: SystemTime,
}

impl RotatingFile {
    pub fn new(folder: PathBuf, bounds: Bounds) -> Self {
        Self {
            folder,
            bounds,
            open: None,
        }
    }

    /// Adds a line. After a failure the next one begins anew: the folder may have been mended, or moved away.
    pub fn write(&mut self, line: &[u8], now: SystemTime) -> io::Result<()> {
        let written = self.try_write(line, now);
        if written.is_err() {
            self.open = None;
        }
        written
    }

    fn try_write(&mut self, line: &[u8], now: SystemTime) -> io::Result<()> {
        let length = u64::try_from(line.len()).unwrap_or(u64::MAX);
        let mut open = match self.open.take() {
            Some(open) => open,
            None => self.begin(now)?,
        };
        let age = now.duration_since(open.began).unwrap_or_default();
        let is_full = open.bytes > 0 && open.bytes + length > self.bounds.file_bytes_max;
        if is_full || (open.bytes > 0 && age >= self.bounds.file_age_max) {
            drop(open);
            self.shift()?;
            open = self.begin(now)?;
        }
        open.file.write_all(line)?;
        open.bytes += length;
        self.open = Some(open);
        Ok(())
    }

    /// Opens the file that is written, and clears away what is too old.
    fn begin(&self, now: SystemTime) -> io::Result<Open> {
        make_folder(&self.folder)?;
        self.clear(now);
        let file = open_private(&self.path(0))?;
        let is = file.metadata()?;
        let began = if is.len() == 0 {
            now
        } else {
            is.created().or_else(|_| is.modified()).unwrap_or(now)
        };
        Ok(Open {
            file,
            bytes: is.len(),
            began,
        })
    }

    /// Gives every file the next number; the last one goes.
    fn shift(&self) -> io::Result<()> {
        for number in (0..self.bounds.files_max).rev() {
            let path = self.path(number);
            let moved = if number + 1 >= self.bounds.files_max {
                fs::remove_file(&path)
            } else {
                fs::rename(&path, self.path(number + 1))
            };
            match moved {
                Err(error) if error.kind() != io::ErrorKind::NotFound => return Err(error),
                _ => {}
            }
        }
        Ok(())
    }

    /// Numbered files that are old, or that an earlier, larger bound left. What cannot be removed now goes another time.
    fn clear(&self, now: SystemTime) {
        let Ok(files) = fs::read_dir(&self.folder) else {
            return;
        };
        for file in files.filter_map(Result::ok) {
            let name = file.file_name();
            let number = name.to_str().and_then(|name| name.strip_prefix(FILE));
            let number = number.and_then(|rest| rest.strip_prefix('.')?.parse::<u32>().ok());
            let Some(number) = number else {
                continue;
            };
            let written = file.metadata().and_then(|it| it.modified()).unwrap_or(now);
            let age = now.duration_since(written).unwrap_or_default();
            if number >= self.bounds.files_max || age >= self.bounds.kept {
                let _ = fs::remove_file(file.path());
            }
        }
    }

    fn path(&self, number: u32) -> PathBuf {
        self.folder.join(match number {
            0 => FILE.to_owned(),
            older => format!("{FILE}.{older}"),
        })
    }
}

#[cfg(unix)]
fn make_folder(path: &Path) -> io::Result<()> {
    use std::os::unix::fs::DirBuilderExt as _;
    fs::DirBuilder::new()
        .recursive(true)
        .mode(0o700)
        .create(path)
}

#[cfg(not(unix))]
fn make_folder(path: &Path) -> io::Result<()> {
    fs::create_dir_all(path)
}

#[cfg(unix)]
fn open_private(path: &Path) -> io::Result<File> {
    use std::os::unix::fs::OpenOptionsExt as _;
    OpenOptions::new()
        .append(true)
        .create(true)
        .mode(0o600)
        .open(path)
}

#[cfg(not(unix))]
fn open_private(path: &Path) -> io::Result<File> {
    OpenOptions::new().append(true).create(true).open(path)
}

#[cfg(test)]
mod tests {
    use proptest::prelude::*;

    use super::*;

    const BOUNDS: Bounds = Bounds {
        file_bytes_max: 100,
        files_max: 3,
        file_age_max: Duration::from_secs(60),
        kept: Duration::from_secs(3_600),
    };

    fn all(folder: &Path) -> Vec<(String, Vec<u8>)> {
        let files = fs::read_dir(folder).expect("a folder");
        let mut files: Vec<_> = files
            .map(|file| {
                let file = file.expect("an entry");
                let content = fs::read(file.path()).expect("a file");
                (file.file_name().to_string_lossy().into_owned(), content)
            })
            .collect();
        files.sort();
        files
    }

    proptest! {
        #![proptest_config(ProptestConfig { cases: 32, ..ProptestConfig::default() })]

        #[test]
        fn whatever_is_written_all_files_stay_within_the_bound_and_hold_the_newest(
            lines in prop::collection::vec((1usize..100, 0u64..40, any::<bool>()), 1..40),
        ) {
            let folder = tempfile::tempdir().expect("a folder");
            let path = folder.path().join("logs");
            let mut log = RotatingFile::new(path.clone(), BOUNDS);
            let (mut now, mut written) = (SystemTime::now(), Vec::new());
            for (length, pause_s, opens_anew) in lines {
                now += Duration::from_secs(pause_s);
                if opens_anew {
                    log = RotatingFile::new(path.clone(), BOUNDS);
                }
                let mut line = vec![b'x'; length];
                line[length - 1] = b'\n';
                log.write(&line, now).expect("written");
                written.extend(line);
                let files = all(&path);
                prop_assert!(files.len() <= 3, "{files:?}");
                let kept: usize = files.iter().map(|(_, content)| content.len()).sum();
                prop_assert!(kept <= 300, "{kept}");
                prop_assert!(files.iter().all(|(_, content)| content.len() <= 100));
                // Oldest first, they are the end of all that was written.
                let joined: Vec<u8> = files.iter().rev().flat_map(|(_, content)| content.clone()).collect();
                prop_assert!(written.ends_with(&joined));
                prop_assert!(!joined.is_empty());
            }
        }
    }

    #[test]
    fn a_file_ends_with_its_age_and_an_old_one_goes() {
        let folder = tempfile::tempdir().expect("a folder");
        let mut log = RotatingFile::new(folder.path().to_owned(), BOUNDS);
        let now = SystemTime::now();
        log.write(b"one\n", now).expect("written");
        log.write(b"two\n", now + Duration::from_secs(59))
            .expect("written");
        log.write(b"three\n", now + Duration::from_secs(61))
            .expect("written");
        let of = |name: &str, text: &str| (name.to_owned(), text.as_bytes().to_vec());
        assert_eq!(
            all(folder.path()),
            [
                of("hookloom.log", "three\n"),
                of("hookloom.log.1", "one\ntwo\n")
            ]
        );
        // Another bound left it.
        fs::write(folder.path().join("hookloom.log.7"), "old").expect("a file");
        let later = now + BOUNDS.kept + Duration::from_secs(60);
        log.write(b"four\n", later).expect("written");
        assert_eq!(all(folder.path()), [of("hookloom.log", "four\n")]);
    }

    #[test]
    fn a_folder_that_cannot_be_written_is_an_error_until_it_can() {
        let folder = tempfile::tempdir().expect("a folder");
        let path = folder.path().join("logs");
        fs::write(&path, "in the way").expect("a file");
        let mut log = RotatingFile::new(path.clone(), BOUNDS);
        assert!(log.write(b"lost\n", SystemTime::now()).is_err());
        fs::remove_file(&path).expect("it goes");
        log.write(b"kept\n", SystemTime::now()).expect("written");
        assert_eq!(all(&path)[0].1, b"kept\n");
    }

    #[cfg(unix)]
    #[test]
    fn the_files_are_for_their_owner_alone() {
        use std::os::unix::fs::PermissionsExt as _;
        let folder = tempfile::tempdir().expect("a folder");
        let path = folder.path().join("logs");
        let mut log = RotatingFile::new(path.clone(), BOUNDS);
        log.write(b"line\n", SystemTime::now()).expect("written");
        let mode = |path: &Path| fs::metadata(path).expect("there").permissions().mode() & 0o777;
        assert_eq!((mode(&path), mode(&path.join(FILE))), (0o700, 0o600));
    }
}
