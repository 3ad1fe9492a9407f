//! The data folder: which one, and where everything lies in it. It does not read or write what lies there.

use std::ffi::OsString;
use std::fs;
use std::io;
use std::path::{Path, PathBuf};

use crate::error::Error;

/// The variable that names the data folder when no option does.
pub const FOLDER_VARIABLE: &str = "HOOKLOOM_DATA";

/// A data folder: everything that belongs to one workspace.
#[derive(Debug, Clone, PartialEq, Eq)]
pub struct DataFolder {
    path: PathBuf,
}

impl DataFolder {
    /// The folder that was asked for: the option, else `HOOKLOOM_DATA`, else the operating system's place.
    pub fn resolve(option: Option<PathBuf>) -> Result<Self, Error> {
        Self::resolve_from(option, std::env::var_os(FOLDER_VARIABLE), system_place())
    }

    fn resolve_from(
        option: Option<PathBuf>,
        variable: Option<OsString>,
        system: Option<PathBuf>,
    ) -> Result<Self, Error> {
        let variable = variable
            .filter(|value| !value.is_empty())
            .map(PathBuf::from);
        let path = option.or(variable).or(system).ok_or(Error::NoFolder)?;
        // Absolute from here on: a later change of the working directory must not move it.
        let path = std::path::absolute(&path).map_err(|source| Error::FolderUnusable {
            path: path.clone(),
            what: "finding its absolute path".to_owned(),
            source,
        })?;
        Ok(Self { path })
    }

    /// This folder, whatever anybody asked for.
    #[cfg(unix)]
    pub(crate) fn at(path: &Path) -> Self {
        Self {
            path: path.to_owned(),
        }
    }

    /// Whether it is the operating system's place, where everybody looks who is told nothing else.
    pub fn is_usual(&self) -> bool {
        system_place().is_some_and(|place| place == self.path)
    }

    /// Makes the folder, for its owner alone, if it is not there.
    pub fn create(&self) -> Result<(), Error> {
        if self.path.is_dir() {
            return Ok(());
        }
        create_private(&self.path).map_err(|source| self.unusable("making it", source))
    }

    /// Where it is.
    pub fn path(&self) -> &Path {
        &self.path
    }

    /// Locked by the owner for as long as it lives. Never removed: another process may be about to lock it.
    pub fn lock(&self) -> PathBuf {
        self.path.join("lock")
    }

    /// Says who the owner is and how to reach it.
    pub fn owner(&self) -> PathBuf {
        self.path.join("owner.json")
    }

    /// The bearer token of the control listener, for the owner's user alone.
    pub fn token(&self) -> PathBuf {
        self.path.join("control.token")
    }

    /// Says where the window of this folder is reached, and how. There while it is.
    pub(crate) fn door(&self) -> PathBuf {
        self.path.join("door.json")
    }

    /// What the desktop app remembers of its window.
    pub(crate) fn window_memory(&self) -> PathBuf {
        self.path.join("window.json")
    }

    /// The database.
    pub fn database(&self) -> PathBuf {
        self.path.join("hookloom.db")
    }

    /// The backups that lie within it.
    pub fn backups(&self) -> PathBuf {
        self.path.join(hookloom_store::BACKUPS_FOLDER)
    }

    /// The log, in files.
    pub fn logs(&self) -> PathBuf {
        self.path.join("logs")
    }

    /// Wrapped keys of jobs with secret state.
    pub fn keys(&self) -> PathBuf {
        self.path.join("keys")
    }

    /// Secret values that are too long for the platform's store, sealed.
    pub fn sealed(&self) -> PathBuf {
        self.path.join("sealed")
    }

    pub(crate) fn unusable(&self, what: &str, source: io::Error) -> Error {
        Error::FolderUnusable {
            path: self.path.clone(),
            what: what.to_owned(),
            source,
        }
    }
}

fn system_place() -> Option<PathBuf> {
    let place = directories::ProjectDirs::from("", "", "hookloom")?;
    Some(place.data_local_dir().to_path_buf())
}

#[cfg(unix)]
fn create_private(path: &Path) -> io::Result<()> {
    use std::os::unix::fs::DirBuilderExt;
    fs::DirBuilder::new()
        .recursive(true)
        .mode(0o700)
        .create(path)
}

#[cfg(not(unix))]
fn create_private(path: &Path) -> io::Result<()> {
    // The user's own application folder is private already.
    fs::create_dir_all(path)
}

#[cfg(test)]
mod tests {
    use super::*;

    #[test]
    fn the_option_wins_over_the_variable_and_the_variable_over_the_system() {
        // Windows puts its drive in front of them.
        let place = |path: &str| std::path::absolute(path).ok();
        let system = Some(PathBuf::from("/system"));
        let of = |option: Option<&str>, variable: Option<&str>| {
            DataFolder::resolve_from(
                option.map(PathBuf::from),
                variable.map(OsString::from),
                system.clone(),
            )
            .map(|folder| folder.path)
            .ok()
        };
        assert_eq!(of(Some("/option"), Some("/variable")), place("/option"));
        assert_eq!(of(None, Some("/variable")), place("/variable"));
        assert_eq!(
            of(None, Some("")),
            place("/system"),
            "an empty variable is none"
        );
        assert_eq!(of(None, None), place("/system"));
    }

    #[test]
    fn without_any_place_the_error_says_how_to_choose_one() {
        let error = DataFolder::resolve_from(None, None, None).expect_err("there is no place");
        assert!(error.hint().contains("--data"), "{}", error.hint());
    }

    #[cfg(unix)]
    #[test]
    fn a_new_folder_is_for_its_owner_alone() {
        use std::os::unix::fs::PermissionsExt;
        let parent = tempfile::tempdir().expect("a temporary folder");
        let folder = DataFolder {
            path: parent.path().join("a/b"),
        };
        folder.create().expect("it can be made");
        let mode = fs::metadata(folder.path())
            .expect("it is there")
            .permissions()
            .mode();
        assert_eq!(mode & 0o777, 0o700);
    }

    #[test]
    fn a_folder_that_cannot_be_made_is_named_in_the_error() {
        let parent = tempfile::tempdir().expect("a temporary folder");
        let file = parent.path().join("file");
        fs::write(&file, b"in the way").expect("a file");
        let folder = DataFolder {
            path: file.join("data"),
        };
        let error = folder.create().expect_err("a file is in the way");
        let named = folder.path().display().to_string();
        assert!(error.to_string().contains(&named), "{error}");
    }
}
