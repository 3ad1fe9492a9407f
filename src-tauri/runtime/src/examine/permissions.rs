//! Who may read the data folder: bodies of requests, the token of the control listener and sealed secrets lie in it.

use std::path::Path;

use hookloom_api::Finding;
#[cfg(unix)]
use hookloom_api::FindingArea;

#[cfg(unix)]
use crate::folder::DataFolder;

/// The folder and what in it is for its owner alone.
#[cfg(unix)]
pub(super) fn examine(folder: &Path) -> Vec<Finding> {
    use std::fs;
    use std::os::unix::fs::MetadataExt as _;

    let here = DataFolder::at(folder);
    let private = [
        here.path().to_owned(),
        here.database(),
        here.token(),
        here.keys(),
        here.sealed(),
        // What came with requests.
        here.path().join(hookloom_store::FILES_FOLDER),
        here.logs(),
        here.backups(),
    ];
    let user = rustix::process::geteuid().as_raw();
    let seen = private.iter().filter_map(|path| {
        // What is not there is not open to anybody.
        let is = fs::metadata(path).ok()?;
        Some((path.as_path(), is.mode(), is.uid()))
    });
    judge(seen.collect(), user)
}

#[cfg(not(unix))]
pub(super) fn examine(_folder: &Path) -> Vec<Finding> {
    Vec::new()
}

/// Files and folders with their modes and owners. The folder itself comes first: what it keeps others from, they cannot
/// reach within it.
#[cfg(unix)]
fn judge(seen: Vec<(&Path, u32, u32)>, user: u32) -> Vec<Finding> {
    const OTHERS: u32 = 0o077;
    let Some((folder, mode, _)) = seen.first().copied() else {
        return Vec::new();
    };
    let mut findings = Vec::new();
    if let Some((path, _, owner)) = seen.iter().find(|(_, _, owner)| *owner != user) {
        findings.push(
            Finding::notice(
                FindingArea::Folder,
                format!("{} belongs to user {owner}, and Hookloom runs as user {user}.", path.display()),
            )
            .why("It was started as another user before, perhaps with sudo. What that one wrote may not be writable now.")
            .hint(format!("Give everything to one user: chown -R USER {}", folder.display())),
        );
    }
    let is_open = |mode: &u32| mode & OTHERS != 0;
    let within = seen.iter().skip(1).find(|(_, mode, _)| is_open(mode));
    let hint = format!("Close it: chmod -R go-rwx {}", folder.display());
    match within.filter(|_| is_open(&mode)) {
        Some((path, open, _)) => findings.push(
            Finding::wrong(
                FindingArea::Folder,
                format!(
                    "Other users of this computer can reach {} (mode {:o}).",
                    path.display(),
                    open & 0o777
                ),
            )
            .why("Bodies of requests, the control token and sealed secrets lie in the data folder.")
            .hint(hint),
        ),
        None if is_open(&mode) => findings.push(
            Finding::notice(
                FindingArea::Folder,
                format!(
                    "Other users of this computer can look into {} (mode {:o}).",
                    folder.display(),
                    mode & 0o777
                ),
            )
            .why("They see names and sizes; what lies in it is closed to them.")
            .hint(hint),
        ),
        None => {}
    }
    if findings.is_empty() {
        findings.push(Finding::fine(
            FindingArea::Folder,
            format!("{} is for its owner alone.", folder.display()),
        ));
    }
    findings
}

#[cfg(all(test, unix))]
mod tests {
    use std::fs;
    use std::os::unix::fs::PermissionsExt as _;

    use hookloom_api::FindingState::{Fine, Notice, Wrong};

    use super::*;

    #[test]
    fn a_folder_that_others_reach_is_wrong_and_what_lies_in_a_closed_one_is_not() {
        let folder = tempfile::tempdir().expect("a folder");
        let set = |path: &Path, mode| {
            fs::set_permissions(path, fs::Permissions::from_mode(mode)).expect("it is ours");
        };
        let database = folder.path().join("hookloom.db");
        fs::write(&database, "x").expect("a file");
        set(&database, 0o644);
        set(folder.path(), 0o700);
        let states = || -> Vec<_> { examine(folder.path()).iter().map(|it| it.state).collect() };
        assert_eq!(states(), [Fine]);
        set(folder.path(), 0o750);
        assert_eq!(states(), [Wrong]);
        let found = examine(folder.path());
        assert!(
            found[0].what.contains("hookloom.db (mode 644)"),
            "{found:?}"
        );
        set(&database, 0o600);
        assert_eq!(states(), [Notice]);
    }

    #[test]
    fn what_belongs_to_another_user_is_worth_knowing() {
        let seen = vec![
            (Path::new("/data"), 0o40700, 1_000),
            (Path::new("/data/hookloom.db"), 0o100_600, 0),
        ];
        let found = judge(seen, 1_000);
        assert_eq!(
            found.iter().map(|it| it.state).collect::<Vec<_>>(),
            [Notice]
        );
        assert!(
            found[0].what.contains("hookloom.db belongs to user 0"),
            "{found:?}"
        );
    }
}
