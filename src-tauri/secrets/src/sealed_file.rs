//! All secrets of a data folder in one sealed file, `vault.sealed`, for machines without a keychain.
//!
//! It is read once and written whole at every change: the folder has one owner at a time.

use std::collections::BTreeMap;
use std::path::{Path, PathBuf};

use base64::Engine as _;
use base64::engine::general_purpose::STANDARD;
use hookloom_sensitive::{SealKey, Sensitive};
use serde::{Deserialize, Serialize};
use zeroize::Zeroize as _;

use crate::durable;
use crate::error::Error;
use crate::passphrase::Derivation;
use crate::vault::{Vault, VaultError, VaultKind};

/// The file's name in the data folder.
pub(crate) const FILE: &str = "vault.sealed";

const FORMAT: &str = "hookloom.vault/1";

/// Secrets in a sealed file.
pub(crate) struct SealedFile {
    path: PathBuf,
    key: SealKey,
    origin: Origin,
    items: BTreeMap<String, Sensitive<Vec<u8>>>,
}

/// Where the key comes from.
#[derive(Debug, Clone, PartialEq, Eq, Serialize, Deserialize)]
#[serde(tag = "kind", rename_all = "snake_case")]
pub(crate) enum Origin {
    /// From a passphrase.
    Passphrase(Derivation),
    /// From a file that the user names.
    KeyFile {},
}

/// What is on disk.
#[derive(Serialize, Deserialize)]
struct OnDisk {
    format: String,
    key: Origin,
    /// Base64 of the sealed JSON object: item to base64 value.
    sealed: String,
}

impl SealedFile {
    /// Where the key of the file in a data folder comes from; `None` where there is no file yet.
    pub fn origin(folder: &Path) -> Result<Option<Origin>, Error> {
        let path = folder.join(FILE);
        Ok(read(&path)?.map(|on_disk| on_disk.key))
    }

    /// Opens the file, or makes it with nothing in it.
    pub fn open(folder: &Path, key: SealKey, origin: Origin) -> Result<Self, Error> {
        let path = folder.join(FILE);
        let items = match read(&path)? {
            Some(on_disk) => unseal(&path, &key, &origin, &on_disk)?,
            None => BTreeMap::new(),
        };
        let file = Self {
            path,
            key,
            origin,
            items,
        };
        if !file.path.exists() {
            file.write()
                .map_err(|error| file.unusable(&error.to_string(), "look at the disk"))?;
        }
        Ok(file)
    }

    fn write(&self) -> Result<(), VaultError> {
        let failed = |reason: String| VaultError::Failed { reason };
        let items: BTreeMap<&str, String> = self
            .items
            .iter()
            .map(|(item, value)| (item.as_str(), STANDARD.encode(value.expose())))
            .collect();
        let mut plain = serde_json::to_vec(&items).map_err(|error| failed(error.to_string()))?;
        items.into_values().for_each(|mut text| text.zeroize());
        let sealed = self.key.seal(&plain, FORMAT.as_bytes());
        plain.zeroize();
        let on_disk = OnDisk {
            format: FORMAT.to_owned(),
            key: self.origin.clone(),
            sealed: STANDARD.encode(sealed),
        };
        let text =
            serde_json::to_vec_pretty(&on_disk).map_err(|error| failed(error.to_string()))?;
        durable::write(&self.path, &text)
            .map_err(|error| failed(format!("writing {}: {error}", self.path.display())))
    }

    fn unusable(&self, what: &str, todo: &str) -> Error {
        unusable(&self.path, what, todo)
    }
}

impl Vault for SealedFile {
    fn kind(&self) -> VaultKind {
        match self.origin {
            Origin::Passphrase(_) => VaultKind::Passphrase,
            Origin::KeyFile {} => VaultKind::KeyFile,
        }
    }

    fn unlock(&mut self) -> Result<(), VaultError> {
        Ok(())
    }

    fn get(&mut self, item: &str) -> Result<Option<Sensitive<Vec<u8>>>, VaultError> {
        Ok(self.items.get(item).cloned())
    }

    fn set(&mut self, item: &str, value: &[u8]) -> Result<(), VaultError> {
        let before = self
            .items
            .insert(item.to_owned(), Sensitive::new(value.to_vec()));
        self.write().inspect_err(|_| {
            // What is in memory stays what is on disk.
            match before {
                Some(before) => self.items.insert(item.to_owned(), before),
                None => self.items.remove(item),
            };
        })
    }

    fn delete(&mut self, item: &str) -> Result<(), VaultError> {
        let Some(before) = self.items.remove(item) else {
            return Ok(());
        };
        self.write().inspect_err(|_| {
            self.items.insert(item.to_owned(), before);
        })
    }
}

fn read(path: &Path) -> Result<Option<OnDisk>, Error> {
    let bytes = durable::read(path).map_err(|source| Error::Io {
        what: "reading the sealed secrets",
        path: path.to_owned(),
        source,
    })?;
    let Some(bytes) = bytes else {
        return Ok(None);
    };
    let damaged = || unusable(path, "the file is damaged", "restore it from a backup");
    let on_disk: OnDisk = serde_json::from_slice(&bytes).map_err(|_| damaged())?;
    if on_disk.format != FORMAT {
        let what = format!(
            "it has the format `{}`, and this version knows `{FORMAT}`",
            on_disk.format
        );
        return Err(unusable(
            path,
            &what,
            "use the version of Hookloom that wrote it",
        ));
    }
    Ok(Some(on_disk))
}

fn unseal(
    path: &Path,
    key: &SealKey,
    origin: &Origin,
    on_disk: &OnDisk,
) -> Result<BTreeMap<String, Sensitive<Vec<u8>>>, Error> {
    let damaged = || unusable(path, "the file is damaged", "restore it from a backup");
    let todo = match (origin, &on_disk.key) {
        (Origin::Passphrase(_), Origin::Passphrase(_)) => {
            "give the passphrase that it was made with"
        }
        (Origin::KeyFile {}, Origin::KeyFile {}) => {
            "point HOOKLOOM_VAULT_KEY_FILE at the key that it was made with"
        }
        (Origin::KeyFile {}, Origin::Passphrase(_)) => {
            let what = "they were sealed with a passphrase, not with a key file";
            return Err(unusable(path, what, "start with HOOKLOOM_VAULT=passphrase"));
        }
        (Origin::Passphrase(_), Origin::KeyFile {}) => {
            let what = "they were sealed with a key file, not with a passphrase";
            return Err(unusable(path, what, "start with HOOKLOOM_VAULT=file"));
        }
    };
    let sealed = STANDARD.decode(&on_disk.sealed).map_err(|_| damaged())?;
    let plain = key
        .open(&sealed, FORMAT.as_bytes())
        .map_err(|error| unusable(path, &error.to_string(), todo))?;
    let texts: BTreeMap<String, String> =
        serde_json::from_slice(plain.expose()).map_err(|_| damaged())?;
    texts
        .into_iter()
        .map(|(item, mut text)| {
            let value = STANDARD.decode(&text).map_err(|_| damaged());
            text.zeroize();
            Ok((item, Sensitive::new(value?)))
        })
        .collect()
}

fn unusable(path: &Path, what: &str, todo: &str) -> Error {
    Error::SealedFile {
        path: path.to_owned(),
        what: what.to_owned(),
        todo: todo.to_owned(),
    }
}

#[cfg(test)]
mod tests {
    use super::*;

    fn open(folder: &Path, key: &SealKey) -> Result<SealedFile, Error> {
        SealedFile::open(folder, key.clone(), Origin::KeyFile {})
    }

    fn value(file: &mut SealedFile, item: &str) -> Option<Vec<u8>> {
        file.get(item)
            .expect("it is read")
            .map(|value| value.expose().clone())
    }

    #[test]
    fn what_was_set_is_there_after_opening_again_and_nowhere_in_clear() {
        let folder = tempfile::tempdir().expect("a temporary folder");
        let key = SealKey::generate();
        let mut file = open(folder.path(), &key).expect("it is made");
        file.set("secret/a", b"canary-value").expect("it is set");
        file.set("secret/b", b"other").expect("it is set");
        file.delete("secret/b").expect("it is deleted");
        file.delete("secret/none")
            .expect("nothing to delete is no error");
        let mut again = open(folder.path(), &key).expect("it opens");
        assert_eq!(
            value(&mut again, "secret/a"),
            Some(b"canary-value".to_vec())
        );
        assert_eq!(value(&mut again, "secret/b"), None);
        let bytes = std::fs::read(folder.path().join(FILE)).expect("it is there");
        let text = String::from_utf8_lossy(&bytes).into_owned();
        assert!(
            !text.contains("canary") && !text.contains("secret/a"),
            "{text}"
        );
        assert!(!text.contains(&STANDARD.encode("canary-value")), "{text}");
    }

    #[test]
    fn another_key_is_told_from_damage() {
        let folder = tempfile::tempdir().expect("a temporary folder");
        open(folder.path(), &SealKey::generate()).expect("it is made");
        let other = open(folder.path(), &SealKey::generate())
            .err()
            .expect("it is refused");
        assert!(
            other.to_string().contains("HOOKLOOM_VAULT_KEY_FILE"),
            "{other}"
        );
        let path = folder.path().join(FILE);
        std::fs::write(&path, "{\"format\"").expect("it is cut");
        let cut = open(folder.path(), &SealKey::generate())
            .err()
            .expect("it is refused");
        assert!(cut.to_string().contains("damaged"), "{cut}");
    }

    #[test]
    fn a_newer_format_is_refused_and_kept() {
        let folder = tempfile::tempdir().expect("a temporary folder");
        let path = folder.path().join(FILE);
        let text = r#"{"format":"hookloom.vault/2","key":{"kind":"key_file"},"sealed":""}"#;
        std::fs::write(&path, text).expect("it is written");
        let error = open(folder.path(), &SealKey::generate())
            .err()
            .expect("it is refused");
        assert!(error.to_string().contains("hookloom.vault/2"), "{error}");
        assert_eq!(std::fs::read_to_string(&path).expect("it is there"), text);
    }

    #[cfg(unix)]
    #[test]
    fn a_write_that_fails_leaves_memory_as_the_disk_is() {
        let folder = tempfile::tempdir().expect("a temporary folder");
        let key = SealKey::generate();
        let mut file = open(folder.path(), &key).expect("it is made");
        file.set("a", b"1").expect("it is set");
        // A folder stands where the unfinished file would be written.
        std::fs::create_dir(folder.path().join("vault.sealed.unfinished")).expect("a folder");
        assert!(matches!(
            file.set("a", b"2"),
            Err(VaultError::Failed { .. })
        ));
        assert!(matches!(file.delete("a"), Err(VaultError::Failed { .. })));
        assert!(matches!(
            file.set("b", b"2"),
            Err(VaultError::Failed { .. })
        ));
        assert_eq!(value(&mut file, "a"), Some(b"1".to_vec()));
        assert_eq!(value(&mut file, "b"), None);
        assert_eq!(
            value(&mut open(folder.path(), &key).expect("it opens"), "a"),
            Some(b"1".to_vec())
        );
    }
}
