//! The key file of `HOOKLOOM_VAULT=file`, and other small files that only their owner may read.

use std::fs;
use std::io;
use std::path::Path;

use hookloom_sensitive::{SealKey, Sensitive};
use zeroize::Zeroize as _;

use crate::durable;
use crate::error::Error;

/// A key file is this long, and maybe a line's end. Nothing longer is read.
const BYTES_MAX: u64 = 4096;

/// Makes a key file with a new random key, for its owner alone. A file that is there already is an error.
pub fn create(path: &Path) -> Result<(), Error> {
    let mut text = hex::encode(SealKey::generate().expose());
    text.push('\n');
    let made = durable::create_new(path, text.as_bytes());
    text.zeroize();
    made.map_err(|source| Error::Io {
        what: "making the key file",
        path: path.to_owned(),
        source,
    })
}

/// Reads a key file: 32 bytes as 64 hex digits.
pub(crate) fn read(path: &Path) -> Result<SealKey, Error> {
    let text = read_private(path)?;
    let mut bytes = [0; SealKey::BYTES];
    let digits = text.expose().trim();
    if digits.len() != 2 * SealKey::BYTES || hex::decode_to_slice(digits, &mut bytes).is_err() {
        return Err(Error::KeyFile {
            path: path.to_owned(),
            what: "it does not hold 32 bytes as 64 hex digits".to_owned(),
            todo: "make a key with `openssl rand -hex 32`, or point HOOKLOOM_VAULT_KEY_FILE at the right file"
                .to_owned(),
        });
    }
    let key = SealKey::from_bytes(bytes);
    bytes.zeroize();
    Ok(key)
}

/// The text of a file that nobody but its owner can read.
pub(crate) fn read_private(path: &Path) -> Result<Sensitive<String>, Error> {
    let unusable = |what: String, todo: &str| Error::KeyFile {
        path: path.to_owned(),
        what,
        todo: todo.to_owned(),
    };
    let metadata = fs::metadata(path).map_err(|error| match error.kind() {
        io::ErrorKind::NotFound => unusable(
            "it is not there".to_owned(),
            "look at the path, or make the file",
        ),
        _ => unusable(
            error.to_string(),
            "look at the permissions of the file and its folders",
        ),
    })?;
    if !metadata.is_file() {
        return Err(unusable("it is no file".to_owned(), "name a file"));
    }
    refuse_readable_by_others(&metadata).map_err(|mode| Error::KeyFile {
        path: path.to_owned(),
        what: format!("others than its owner can read or write it (mode {mode:04o})"),
        todo: format!("run `chmod 600 {}`", path.display()),
    })?;
    if metadata.len() > BYTES_MAX {
        return Err(unusable(
            format!("it has more than {BYTES_MAX} bytes"),
            "look whether it is the right file",
        ));
    }
    fs::read_to_string(path)
        .map(Sensitive::new)
        .map_err(|error| unusable(error.to_string(), "look whether it is the right file"))
}

#[cfg(unix)]
fn refuse_readable_by_others(metadata: &fs::Metadata) -> Result<(), u32> {
    use std::os::unix::fs::PermissionsExt as _;
    let mode = metadata.permissions().mode() & 0o7777;
    if mode & 0o077 == 0 { Ok(()) } else { Err(mode) }
}

#[cfg(not(unix))]
fn refuse_readable_by_others(_metadata: &fs::Metadata) -> Result<(), u32> {
    // Access lists of Windows are inherited from the user's own folder.
    Ok(())
}

#[cfg(test)]
mod tests {
    use super::*;

    fn folder() -> tempfile::TempDir {
        tempfile::tempdir().expect("a temporary folder")
    }

    #[test]
    fn a_key_file_that_was_made_can_be_read_and_is_not_made_twice() {
        let folder = folder();
        let path = folder.path().join("vault.key");
        create(&path).expect("it is made");
        let key = read(&path).expect("it is read");
        assert!(matches!(create(&path), Err(Error::Io { .. })));
        assert_eq!(
            read(&path).expect("it is still there").expose(),
            key.expose()
        );
    }

    #[cfg(unix)]
    #[test]
    fn a_key_file_that_others_can_read_is_refused_with_what_to_do() {
        use std::os::unix::fs::PermissionsExt as _;
        let folder = folder();
        let path = folder.path().join("vault.key");
        create(&path).expect("it is made");
        for mode in [0o640, 0o604, 0o620, 0o666] {
            fs::set_permissions(&path, fs::Permissions::from_mode(mode)).expect("a mode");
            let text = read(&path).expect_err("it is refused").to_string();
            assert!(
                text.contains("chmod 600") && text.contains(&format!("{mode:04o}")),
                "{text}"
            );
        }
    }

    #[test]
    fn a_file_without_a_key_is_refused_without_showing_it() {
        let folder = folder();
        for text in ["", "abc", &"0".repeat(63), &"g".repeat(64), &"0".repeat(66)] {
            let path = folder.path().join("vault.key");
            durable::write(&path, text.as_bytes()).expect("it is written");
            let error = read(&path).expect_err("it is refused").to_string();
            assert!(error.contains("64 hex digits"), "{error}");
            assert!(text.len() < 4 || !error.contains(text), "{error}");
        }
        let missing = read(&folder.path().join("none"))
            .expect_err("it is refused")
            .to_string();
        assert!(missing.contains("is not there"), "{missing}");
    }
}
