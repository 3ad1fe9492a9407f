//! Saving a file where a person looks for it. Never over another one, and never outside of the folder.

use std::fs::OpenOptions;
use std::io::{self, Write as _};
use std::path::{Path, PathBuf};

/// Files of one name among the downloads; the app saves no more of them.
const SAME_NAME_MAX: u32 = 10_000;
const NAME_CHARS_MAX: usize = 120;

/// Why a file was not saved.
#[derive(Debug, thiserror::Error)]
#[error(
    "`{name}` cannot be saved in {folder}: {source}; make room there, or look at who may write in it"
)]
pub struct NotSaved {
    name: String,
    folder: PathBuf,
    source: io::Error,
}

/// Saves the content under this name, or with a number if there is such a file.
///
/// # Errors
/// The folder cannot be made or written in, or the disk is full. No half of a file is left behind.
pub fn save_file(folder: &Path, name: &str, content: &[u8]) -> Result<PathBuf, NotSaved> {
    let name = plain(name);
    let not_saved = |source| NotSaved {
        name: name.clone(),
        folder: folder.to_owned(),
        source,
    };
    std::fs::create_dir_all(folder).map_err(not_saved)?;
    for number in 0..SAME_NAME_MAX {
        let path = folder.join(numbered(&name, number));
        let mut file = match OpenOptions::new().write(true).create_new(true).open(&path) {
            Err(error) if error.kind() == io::ErrorKind::AlreadyExists => continue,
            opened => opened.map_err(not_saved)?,
        };
        let written = file.write_all(content).and_then(|()| file.sync_all());
        if let Err(error) = written {
            // Half of a file is worse than none.
            drop(std::fs::remove_file(&path));
            return Err(not_saved(error));
        }
        return Ok(path);
    }
    Err(not_saved(io::ErrorKind::AlreadyExists.into()))
}

/// A sender chose this name: no folder, nothing hidden, nothing that a system gives a meaning to.
fn plain(name: &str) -> String {
    let is_plain = |letter: char| !letter.is_control() && !r#"/\:*?"<>|"#.contains(letter);
    let plain: String = name
        .chars()
        .map(|it| if is_plain(it) { it } else { '_' })
        .collect();
    let plain: String = plain
        .trim_matches([' ', '.'])
        .chars()
        .take(NAME_CHARS_MAX)
        .collect();
    match plain.is_empty() {
        true => "hookloom".to_owned(),
        false => plain,
    }
}

fn numbered(name: &str, number: u32) -> String {
    match (number, name.rsplit_once('.')) {
        (0, _) => name.to_owned(),
        (_, Some((stem, extension))) => format!("{stem} ({number}).{extension}"),
        (_, None) => format!("{name} ({number})"),
    }
}

#[cfg(test)]
mod tests {
    use super::*;

    #[test]
    fn a_file_is_saved_beside_those_that_are_there() {
        let folder = tempfile::tempdir().expect("a folder");
        let downloads = folder.path().join("Downloads");
        let names: Vec<_> = (0..3_u8)
            .map(|content| save_file(&downloads, "a.b.json", &[content]).expect("saved"))
            .inspect(|path| assert_eq!(path.parent(), Some(&*downloads)))
            .map(|path| path.file_name().map(|it| it.to_string_lossy().into_owned()))
            .collect();
        let expected = ["a.b.json", "a.b (1).json", "a.b (2).json"];
        assert_eq!(names, expected.map(|it| Some(it.to_owned())));
        assert_eq!(
            std::fs::read(downloads.join("a.b.json")).expect("there"),
            [0]
        );
    }

    #[test]
    fn a_name_leads_nowhere_else() {
        for (name, expected) in [
            ("../../etc/passwd", "_.._etc_passwd"),
            ("..", "hookloom"),
            ("", "hookloom"),
            (".bashrc", "bashrc"),
            ("C:\\x", "C__x"),
            ("a\nb\0c", "a_b_c"),
            ("Rechnung 7.pdf", "Rechnung 7.pdf"),
        ] {
            assert_eq!(plain(name), expected, "{name:?}");
        }
        assert_eq!(plain(&"x".repeat(500)).len(), NAME_CHARS_MAX);
    }

    #[test]
    fn what_cannot_be_saved_is_told_with_the_place() {
        let folder = tempfile::tempdir().expect("a folder");
        let file = folder.path().join("file");
        std::fs::write(&file, "").expect("written");
        let error = save_file(&file, "a.json", b"").expect_err("a file is no folder");
        assert!(error.to_string().contains("a.json"), "{error}");
    }
}
