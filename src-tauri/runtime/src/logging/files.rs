//! The log in files of the open data folder. A thread of its own writes them: a disk that is slow, full or gone costs lines
//! of the log, and never anything else.

use std::io::Write as _;
use std::path::PathBuf;
use std::sync::Arc;
use std::sync::atomic::{AtomicU64, Ordering};
use std::sync::mpsc::{
    Receiver, RecvTimeoutError, Sender, SyncSender, TrySendError, channel, sync_channel,
};
use std::thread;
use std::time::{Duration, SystemTime};

use parking_lot::{Mutex, RwLock};

use super::rotating::{Bounds, RotatingFile};

/// Lines that wait for the disk; more are left out and counted.
const WAITING_LINES_MAX: usize = 4_096;
/// The next file begins before one is larger.
const FILE_BYTES_MAX: u64 = 10 * 1024 * 1024;
/// Files, the one that is written among them.
const FILES_MAX: u32 = 5;
/// The next file begins when one is older: a day.
const FILE_AGE_MS_MAX: u64 = 24 * 60 * 60 * 1_000;
/// Files that nobody wrote for so long go: 30 days.
const FILES_KEPT_MS: u64 = 30 * 24 * 60 * 60 * 1_000;
/// A stop waits this long for what still waits.
const ENDING_MS_MAX: u64 = 1_000;
/// The variable that leaves the files out, for whoever collects standard error: `off`.
const FILES_VARIABLE: &str = "HOOKLOOM_LOG_FILES";

/// Where lines go at this moment.
static QUEUE: RwLock<Option<Queue>> = RwLock::new(None);

#[derive(Clone)]
struct Queue {
    lines: SyncSender<String>,
    left_out: Arc<AtomicU64>,
}

/// The files of a data folder, for as long as it is open.
pub(crate) struct LogFiles {
    ended: Mutex<Receiver<()>>,
}

impl LogFiles {
    /// Lines are kept in this folder from now on. None if they are not to be, or no thread can be had.
    pub fn begin(folder: PathBuf) -> Option<Self> {
        if std::env::var(FILES_VARIABLE).is_ok_and(|it| it == "off") {
            return None;
        }
        let bounds = Bounds {
            file_bytes_max: FILE_BYTES_MAX,
            files_max: FILES_MAX,
            file_age_max: Duration::from_millis(FILE_AGE_MS_MAX),
            kept: Duration::from_millis(FILES_KEPT_MS),
        };
        let (lines, waiting) = sync_channel(WAITING_LINES_MAX);
        let (ending, ended) = channel();
        let queue = Queue {
            lines,
            left_out: Arc::default(),
        };
        let left_out = Arc::clone(&queue.left_out);
        let file = RotatingFile::new(folder, bounds);
        thread::Builder::new()
            .name("log-files".to_owned())
            .spawn(move || keep(file, &waiting, &left_out, &ending))
            .ok()?;
        *QUEUE.write() = Some(queue);
        Some(Self {
            ended: Mutex::new(ended),
        })
    }
}

impl Drop for LogFiles {
    /// What waits is written, within a bound.
    fn drop(&mut self) {
        *QUEUE.write() = None;
        let patience = Duration::from_millis(ENDING_MS_MAX);
        // A disk that hangs must not keep a stop; the thread ends with the process.
        let _: Result<(), RecvTimeoutError> = self.ended.get_mut().recv_timeout(patience);
    }
}

/// A line that is complete and masked. Never waits.
pub(super) fn put(line: String) {
    let queue = QUEUE.read();
    let Some(queue) = &*queue else {
        return;
    };
    if let Err(TrySendError::Full(_)) = queue.lines.try_send(line) {
        queue.left_out.fetch_add(1, Ordering::Relaxed);
    }
}

/// Until nobody can send a line any more and what waits is written.
fn keep(
    mut file: RotatingFile,
    waiting: &Receiver<String>,
    left_out: &AtomicU64,
    ending: &Sender<()>,
) {
    let mut trouble = Trouble::default();
    while let Ok(line) = waiting.recv() {
        trouble.left_out += left_out.swap(0, Ordering::Relaxed);
        let text = trouble.before(line);
        match file.write(text.as_bytes(), SystemTime::now()) {
            Ok(()) => trouble.is_over(),
            Err(error) => trouble.goes_on(&error),
        }
    }
    // Nobody waits: then nobody is told.
    let _ = ending.send(());
}

/// Lines that are lost, and whether somebody was told why.
#[derive(Default)]
struct Trouble {
    left_out: u64,
    is_told: bool,
}

impl Trouble {
    /// The line, after one that says how many are missing before it.
    fn before(&self, line: String) -> String {
        match self.left_out {
            0 => line,
            missing => {
                format!("… {missing} lines are missing here: they could not be written\n{line}")
            }
        }
    }

    fn is_over(&mut self) {
        *self = Self::default();
    }

    /// Told once: not in the log, which would try to write that to a file again.
    fn goes_on(&mut self, error: &std::io::Error) {
        self.left_out += 1;
        if !self.is_told {
            self.is_told = true;
            let text = format!(
                "The files of the log cannot be written: {error}. Everything else goes on; lines are missing there until they can.\n"
            );
            let _ = std::io::stderr().lock().write_all(text.as_bytes());
        }
    }
}

#[cfg(test)]
mod tests {
    use super::*;

    /// What is in the file after these lines, if the folder is mended after so many of them.
    fn written(lines: &[&str], mended_after: usize) -> String {
        let folder = tempfile::tempdir().expect("a folder");
        let path = folder.path().join("logs");
        std::fs::write(&path, "in the way").expect("a file");
        let bounds = Bounds {
            file_bytes_max: 1_000,
            files_max: 2,
            file_age_max: Duration::from_secs(60),
            kept: Duration::from_secs(60),
        };
        let file = RotatingFile::new(path.clone(), bounds);
        // Without room for a second line each one is written before the next is sent.
        let (sender, waiting) = sync_channel::<String>(0);
        let (ending, ended) = channel();
        let left_out = Arc::new(AtomicU64::new(0));
        let thread = thread::spawn(move || keep(file, &waiting, &left_out, &ending));
        for (at, line) in lines.iter().enumerate() {
            if at == mended_after {
                std::fs::remove_file(&path).expect("it goes");
            }
            sender.send((*line).to_owned()).expect("it takes lines");
        }
        drop(sender);
        ended.recv().expect("it says when it is done");
        thread.join().expect("no panic");
        std::fs::read_to_string(path.join("hookloom.log")).unwrap_or_default()
    }

    #[test]
    fn lines_that_could_not_be_written_are_counted_and_what_follows_is_kept() {
        // Whether the second is written before or after the folder is mended is the thread's pace.
        let text = written(&["one\n", "two\n", "three\n"], 2);
        assert!(text.ends_with("three\n"), "{text}");
        assert!(text.contains("lines are missing here"), "{text}");
        assert!(!text.contains("one"), "{text}");
    }
}
