//! What is started when a person logs in, and how it is called.

use std::io;
use std::path::{Path, PathBuf};

use hookloom_runtime::DataFolder;

use super::system;

/// The program with the window, as older versions named it in their entries.
const WINDOW_PROGRAM: &str = "hookloom-app";
/// What starts it, and says which library is missing; it lies beside it.
const STARTER: &str = "hookloom";
const COMMAND: &str = "app";

/// What is started at login.
#[derive(Debug, Clone, PartialEq, Eq)]
pub struct Login {
    /// Tells the entries of several data folders apart; the usual one has none.
    pub(super) of: Option<String>,
    pub(super) program: PathBuf,
    /// What the program is told before its options.
    pub(super) command: Option<&'static str>,
    /// None: the usual one.
    pub(super) data: Option<PathBuf>,
}

impl Login {
    /// Of this program with a data folder.
    ///
    /// # Errors
    /// The system does not say where this program is.
    pub fn of(folder: &DataFolder) -> io::Result<Self> {
        // An AppImage runs from a place that is gone with it; the variable says where its file is.
        let image = std::env::var_os("APPIMAGE").filter(|it| !it.is_empty());
        let (program, command) = match image {
            Some(image) => (PathBuf::from(image), None),
            None => starter(std::env::current_exe()?),
        };
        let data = (!folder.is_usual()).then(|| folder.path().to_owned());
        let of = data
            .as_ref()
            .map(|data| fingerprint(&data.to_string_lossy()));
        Ok(Self {
            of,
            program,
            command,
            data,
        })
    }

    /// Writes an entry of an older version anew: it started the window's own program, which cannot say that a library
    /// is missing. Any other entry is a person's.
    ///
    /// # Errors
    /// The system's place for it cannot be written.
    pub fn renew(&self) -> io::Result<()> {
        match self.before() {
            Some(before) if before.is_on() => self.set(true),
            _ => Ok(()),
        }
    }

    /// What an older version would have written.
    fn before(&self) -> Option<Self> {
        self.command?;
        Some(Self {
            program: self.program.with_file_name(WINDOW_PROGRAM),
            command: None,
            ..self.clone()
        })
    }

    /// Whether it is started.
    pub fn is_on(&self) -> bool {
        system::is_on(self)
    }

    /// Starts it from the next login on, or not.
    ///
    /// # Errors
    /// The system's place for it cannot be written.
    pub fn set(&self, is_on: bool) -> io::Result<()> {
        system::set(self, is_on)
    }

    pub(super) fn name(&self) -> String {
        match &self.of {
            Some(of) => format!("dev.hookloom.workbench-{of}"),
            None => "dev.hookloom.workbench".to_owned(),
        }
    }

    /// The program and its arguments.
    pub(super) fn words(&self) -> Vec<String> {
        let text = |path: &PathBuf| path.to_string_lossy().into_owned();
        let mut words = vec![text(&self.program)];
        words.extend(self.command.map(str::to_owned));
        words.push("--hidden".to_owned());
        if let Some(data) = &self.data {
            words.extend(["--data".to_owned(), text(data)]);
        }
        words
    }
}

/// On Linux the command line starts the window, where it is installed with it; elsewhere no library can be missing.
fn starter(window: PathBuf) -> (PathBuf, Option<&'static str>) {
    let starter = window.with_file_name(STARTER);
    let is_wanted = cfg!(target_os = "linux") && is_named(&window, WINDOW_PROGRAM);
    match is_wanted && starter.is_file() {
        true => (starter, Some(COMMAND)),
        false => (window, None),
    }
}

fn is_named(path: &Path, name: &str) -> bool {
    path.file_name().is_some_and(|it| it == name)
}

/// Tells folders apart in the names of files; FNV-1a, which stays the same for ever.
fn fingerprint(text: &str) -> String {
    let hash = text.bytes().fold(0xcbf2_9ce4_8422_2325_u64, |hash, byte| {
        (hash ^ u64::from(byte)).wrapping_mul(0x0100_0000_01b3)
    });
    format!("{hash:016x}")
}

#[cfg(test)]
mod tests {
    use super::*;

    #[test]
    fn each_data_folder_has_an_entry_of_its_own() {
        let login = |data: Option<&str>| Login {
            of: data.map(fingerprint),
            program: "/opt/hookloom-app".into(),
            command: None,
            data: data.map(PathBuf::from),
        };
        assert_eq!(login(None).name(), "dev.hookloom.workbench");
        assert_ne!(login(Some("/a")).name(), login(Some("/b")).name());
        assert_eq!(login(None).words(), ["/opt/hookloom-app", "--hidden"]);
        assert_eq!(
            login(Some("/a b")).words(),
            ["/opt/hookloom-app", "--hidden", "--data", "/a b"]
        );
    }

    #[test]
    #[cfg(target_os = "linux")]
    fn the_command_line_starts_the_window_where_it_lies_beside_it() {
        let folder = tempfile::tempdir().expect("a folder");
        let window = folder.path().join(WINDOW_PROGRAM);
        assert_eq!(starter(window.clone()), (window.clone(), None));
        let starts = folder.path().join(STARTER);
        std::fs::write(&starts, "").expect("written");
        assert_eq!(starter(window.clone()), (starts.clone(), Some("app")));
        let other = folder.path().join("it-123");
        assert_eq!(starter(other.clone()), (other, None));

        let login = Login {
            of: None,
            program: starts.clone(),
            command: Some(COMMAND),
            data: Some("/d".into()),
        };
        let text = |path: &Path| path.to_string_lossy().into_owned();
        let now = [&text(&starts), "app", "--hidden", "--data", "/d"];
        assert_eq!(login.words(), now);
        let before = login.before().expect("there were older versions");
        assert_eq!(before.words(), [&text(&window), "--hidden", "--data", "/d"]);
        assert_eq!((before.name(), before.before()), (login.name(), None));
    }
}
