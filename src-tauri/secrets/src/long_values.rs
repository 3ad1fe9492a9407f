//! Values that are too long for the platform's store: sealed files in `DATA/sealed`, their key in the store.
//!
//! The item in the store says which file holds the value, so that it changes from one to the other in one step.

use std::path::{Path, PathBuf};
use std::{fs, io};

use hookloom_sensitive::{SealKey, Sensitive};

use crate::durable;
use crate::vault::{Vault, VaultError, VaultKind};

/// The folder in the data folder.
const FOLDER: &str = "sealed";
/// The item that holds the key of the files.
const KEY_ITEM: &str = "key/sealed";
/// An item that begins like this names a file. A short value that begins like this goes to a file itself.
const MARKER: &[u8] = b"hookloom.sealed/1:";

/// A vault that takes values of any length.
pub(crate) struct LongValues<V> {
    inner: V,
    folder: PathBuf,
    bytes_max: usize,
    is_swept: bool,
}

impl<V: Vault> LongValues<V> {
    /// Values of more than `bytes_max` bytes go to files of the data folder.
    pub fn new(inner: V, data_folder: &Path, bytes_max: usize) -> Self {
        Self {
            inner,
            folder: data_folder.join(FOLDER),
            bytes_max,
            is_swept: false,
        }
    }

    /// The file that an item names, if it names one.
    fn file_of(&mut self, item: &str) -> Result<Option<String>, VaultError> {
        Ok(self
            .inner
            .get(item)?
            .and_then(|value| named_file(value.expose())))
    }

    fn key(&mut self) -> Result<Option<SealKey>, VaultError> {
        let Some(text) = self.inner.get(KEY_ITEM)? else {
            return Ok(None);
        };
        let bytes = Sensitive::new(hex::decode(text.expose()).unwrap_or_default());
        let key = SealKey::from_slice(bytes.expose());
        key.map(Some).ok_or_else(|| VaultError::Damaged {
            reason: "the key of long values is no key".to_owned(),
        })
    }

    fn key_or_new(&mut self) -> Result<SealKey, VaultError> {
        if let Some(key) = self.key()? {
            return Ok(key);
        }
        let key = SealKey::generate();
        self.inner
            .set(KEY_ITEM, hex::encode(key.expose()).as_bytes())?;
        Ok(key)
    }

    fn write_file(&mut self, item: &str, value: &[u8]) -> Result<String, VaultError> {
        let key = self.key_or_new()?;
        // The name tells what it is, the random end lets the old file stay until the new one counts.
        let random = hex::encode(&SealKey::generate().expose()[..8]);
        let file = format!("{}.{random}", item.replace('/', "."));
        let path = self.folder.join(&file);
        durable::create_folder(&self.folder)
            .and_then(|()| durable::write(&path, &key.seal(value, file.as_bytes())))
            .map_err(|error| failed("writing", &path, &error))?;
        Ok(file)
    }

    /// Removes files that no item names: a crash came between the file and its item.
    fn sweep(&mut self) -> Result<(), VaultError> {
        let listed = match fs::read_dir(&self.folder) {
            Err(error) if error.kind() == io::ErrorKind::NotFound => return Ok(()),
            listed => listed.map_err(|error| failed("listing", &self.folder, &error))?,
        };
        for entry in listed {
            let entry = entry.map_err(|error| failed("listing", &self.folder, &error))?;
            let Ok(file) = entry.file_name().into_string() else {
                continue;
            };
            if self.is_orphan(&file)? {
                self.remove_file(Some(file))?;
            }
        }
        Ok(())
    }

    /// Only what is surely nobody's: a vault that was locked meanwhile answers as if it had nothing, so that its silence
    /// counts only while it still knows the key of the files.
    fn is_orphan(&mut self, file: &str) -> Result<bool, VaultError> {
        if file.ends_with(durable::UNFINISHED) {
            return Ok(true);
        }
        let Some(item) = item_of(file) else {
            return Ok(false);
        };
        Ok(match self.inner.get(&item)? {
            Some(value) => named_file(value.expose()).as_deref() != Some(file),
            None => self.inner.get(KEY_ITEM)?.is_some(),
        })
    }

    fn remove_file(&self, file: Option<String>) -> Result<(), VaultError> {
        let Some(file) = file else {
            return Ok(());
        };
        let path = self.folder.join(file);
        durable::remove(&path)
            .map(|_| ())
            .map_err(|error| failed("removing", &path, &error))
    }
}

impl<V: Vault> Vault for LongValues<V> {
    fn kind(&self) -> VaultKind {
        self.inner.kind()
    }

    fn unlock(&mut self) -> Result<(), VaultError> {
        self.inner.unlock()?;
        if !self.is_swept {
            self.is_swept = true;
            if let Err(error) = self.sweep() {
                tracing::warn!(%error, "what a crash left of long values stays until the next start");
            }
        }
        Ok(())
    }

    fn get(&mut self, item: &str) -> Result<Option<Sensitive<Vec<u8>>>, VaultError> {
        let Some(value) = self.inner.get(item)? else {
            return Ok(None);
        };
        let Some(file) = named_file(value.expose()) else {
            return Ok(Some(value));
        };
        let path = self.folder.join(&file);
        let damaged = |what: &str| VaultError::Damaged {
            reason: format!("{} {what}", path.display()),
        };
        let sealed = durable::read(&path)
            .map_err(|error| failed("reading", &path, &error))?
            .ok_or_else(|| damaged("is not there"))?;
        let key = self.key()?.ok_or_else(|| damaged("has lost its key"))?;
        let value = key
            .open(&sealed, file.as_bytes())
            .map_err(|_| damaged("does not open"))?;
        Ok(Some(value))
    }

    fn set(&mut self, item: &str, value: &[u8]) -> Result<(), VaultError> {
        let old = self.file_of(item)?;
        if value.len() <= self.bytes_max && !value.starts_with(MARKER) {
            self.inner.set(item, value)?;
        } else {
            let file = self.write_file(item, value)?;
            let marker = [MARKER, file.as_bytes()].concat();
            self.inner.set(item, &marker)?;
        }
        self.remove_file(old)
    }

    fn delete(&mut self, item: &str) -> Result<(), VaultError> {
        let old = self.file_of(item)?;
        self.inner.delete(item)?;
        self.remove_file(old)
    }
}

/// The item whose value a file is: the other direction of its name.
fn item_of(file: &str) -> Option<String> {
    let (item, random) = file.rsplit_once('.')?;
    let is_ours = random.len() == 16 && random.bytes().all(|b| b.is_ascii_hexdigit());
    is_ours.then(|| item.replacen('.', "/", 1))
}

fn named_file(value: &[u8]) -> Option<String> {
    let name = std::str::from_utf8(value.strip_prefix(MARKER)?).ok()?;
    // Whoever can write to the keychain must not choose a file elsewhere.
    let plain = |b: u8| b.is_ascii_alphanumeric() || matches!(b, b'_' | b'.');
    (!name.starts_with('.') && name.bytes().all(plain)).then(|| name.to_owned())
}

fn failed(what: &str, path: &Path, error: &std::io::Error) -> VaultError {
    VaultError::Failed {
        reason: format!("{what} {}: {error}", path.display()),
    }
}

#[cfg(test)]
mod tests {
    use super::*;
    use crate::memory::MemoryVault;
    use proptest::prelude::*;

    fn files(folder: &Path) -> Vec<PathBuf> {
        let Ok(entries) = std::fs::read_dir(folder.join(FOLDER)) else {
            return Vec::new();
        };
        entries
            .map(|entry| entry.expect("an entry").path())
            .collect()
    }

    #[test]
    fn a_long_value_is_a_sealed_file_and_comes_back() {
        let folder = tempfile::tempdir().expect("a temporary folder");
        let memory = MemoryVault::default();
        let mut vault = LongValues::new(memory.clone(), folder.path(), 16);
        let long = "canary-".repeat(50);
        vault.set("secret/pem", long.as_bytes()).expect("it is set");
        let value = vault
            .get("secret/pem")
            .expect("it is read")
            .expect("it is there");
        assert_eq!(value.expose(), long.as_bytes());
        let files = files(folder.path());
        assert_eq!(files.len(), 1);
        let bytes = std::fs::read(&files[0]).expect("it is there");
        assert!(!bytes.windows(7).any(|part| part == b"canary-"));
        assert_eq!(memory.items(), ["key/sealed", "secret/pem"]);
    }

    #[test]
    fn changing_and_deleting_leaves_no_file_behind() {
        let folder = tempfile::tempdir().expect("a temporary folder");
        let mut vault = LongValues::new(MemoryVault::default(), folder.path(), 4);
        vault.set("a", b"long value").expect("it is set");
        vault.set("a", b"other long value").expect("it is set");
        assert_eq!(files(folder.path()).len(), 1);
        vault.set("a", b"abc").expect("it is set");
        assert!(files(folder.path()).is_empty());
        vault.set("a", b"long again").expect("it is set");
        vault.delete("a").expect("it is deleted");
        assert!(files(folder.path()).is_empty());
        assert!(vault.get("a").expect("it is read").is_none());
    }

    #[test]
    fn a_file_that_is_gone_or_changed_is_damage() {
        let folder = tempfile::tempdir().expect("a temporary folder");
        let mut vault = LongValues::new(MemoryVault::default(), folder.path(), 4);
        vault.set("a", b"long value").expect("it is set");
        let path = files(folder.path()).remove(0);
        std::fs::write(&path, b"other bytes").expect("it is changed");
        assert!(matches!(vault.get("a"), Err(VaultError::Damaged { .. })));
        std::fs::remove_file(&path).expect("it is removed");
        assert!(matches!(vault.get("a"), Err(VaultError::Damaged { .. })));
    }

    #[test]
    fn an_item_cannot_point_outside_the_folder() {
        for name in ["../vault.key", "/etc/passwd", ".hidden", "a/b", "a\0"] {
            assert_eq!(
                named_file(&[MARKER, name.as_bytes()].concat()),
                None,
                "{name}"
            );
        }
    }

    #[test]
    fn files_of_a_write_that_a_crash_cut_off_are_swept_and_no_others() {
        let folder = tempfile::tempdir().expect("a temporary folder");
        let memory = MemoryVault::default();
        let mut vault = LongValues::new(memory.clone(), folder.path(), 4);
        for item in ["secret/a", "secret/b", "secret/short"] {
            vault.set(item, b"long value").expect("it is set");
        }
        let kept = files(folder.path());
        // Cut off before the item named the new file, and after it named none any more.
        vault
            .write_file("secret/a", b"newer value")
            .expect("written");
        vault
            .write_file("secret/gone", b"no item")
            .expect("written");
        let sealed = folder.path().join(FOLDER);
        fs::write(sealed.join("secret.b.unfinished"), b"half").expect("written");
        fs::write(sealed.join("notes"), b"somebody's own").expect("written");

        let mut again = LongValues::new(memory.clone(), folder.path(), 4);
        again.unlock().expect("it is open");
        let mut left = files(folder.path());
        left.retain(|path| !path.ends_with("notes"));
        left.sort();
        let mut expected = kept;
        expected.sort();
        assert_eq!(left, expected);
        assert!(sealed.join("notes").exists(), "it is not ours");
        let value = again.get("secret/a").expect("read").expect("there");
        assert_eq!(value.expose(), b"long value");
    }

    #[test]
    fn a_vault_that_answers_nothing_loses_no_file() {
        let folder = tempfile::tempdir().expect("a temporary folder");
        let mut vault = LongValues::new(MemoryVault::default(), folder.path(), 4);
        vault.set("secret/a", b"long value").expect("it is set");
        let mut mute = LongValues::new(MemoryVault::default(), folder.path(), 4);
        mute.unlock().expect("it says so");
        assert_eq!(files(folder.path()).len(), 1);
    }

    proptest! {
        #[test]
        fn every_value_comes_back_whatever_its_length(
            values in prop::collection::vec(prop::collection::vec(any::<u8>(), 0..40), 1..5),
            marked: bool,
        ) {
            let folder = tempfile::tempdir().expect("a temporary folder");
            let mut vault = LongValues::new(MemoryVault::default(), folder.path(), 20);
            for mut value in values {
                if marked {
                    value.splice(0..0, MARKER.iter().copied());
                }
                vault.set("a", &value).expect("it is set");
                let back = vault.get("a").expect("it is read").expect("it is there");
                prop_assert_eq!(back.expose(), &value);
            }
        }
    }
}
