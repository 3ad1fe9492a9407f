//! What is started when a person logs in, and how it is called.

use std::io;
use std::path::PathBuf;

use hookloom_runtime::DataFolder;

use super::system;

/// What is started at login.
#[derive(Debug, Clone, PartialEq, Eq)]
pub struct Login {
    /// Tells the entries of several data folders apart; the usual one has none.
    pub(super) of: Option<String>,
    pub(super) program: PathBuf,
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
        let program = match image {
            Some(image) => PathBuf::from(image),
            None => std::env::current_exe()?,
        };
        let data = (!folder.is_usual()).then(|| folder.path().to_owned());
        let of = data
            .as_ref()
            .map(|data| fingerprint(&data.to_string_lossy()));
        Ok(Self { of, program, data })
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
        let mut words = vec![text(&self.program), "--hidden".to_owned()];
        if let Some(data) = &self.data {
            words.extend(["--data".to_owned(), text(data)]);
        }
        words
    }
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
}
