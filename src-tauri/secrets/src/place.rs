//! `DATA/vault.json`: which items of a keychain belong to this data folder, and whether it has a workspace key.
//!
//! It holds nothing secret.

use std::path::{Path, PathBuf};

use hookloom_sensitive::SealKey;
use serde::{Deserialize, Serialize};

use crate::durable;
use crate::error::Error;

const FILE: &str = "vault.json";
const FORMAT: &str = "hookloom.vault_place/1";

/// What a folder knows of its vault.
#[derive(Debug, Clone)]
pub(crate) struct Place {
    path: PathBuf,
    on_disk: OnDisk,
}

#[derive(Debug, Clone, Serialize, Deserialize)]
struct OnDisk {
    format: String,
    /// 32 hex digits, made once.
    id: String,
    /// Something that the workspace key opens, as hex. Its presence says that the key was made.
    #[serde(default, skip_serializing_if = "Option::is_none")]
    key_check: Option<String>,
}

impl Place {
    /// Reads the file, or makes it.
    pub fn open(folder: &Path) -> Result<Self, Error> {
        let path = folder.join(FILE);
        let io = |what: &'static str| {
            let path = path.clone();
            move |source| Error::Io { what, path, source }
        };
        if let Some(bytes) = durable::read(&path).map_err(io("reading the vault's place"))? {
            let on_disk = serde_json::from_slice(&bytes)
                .ok()
                .filter(|on_disk: &OnDisk| on_disk.format == FORMAT && is_id(&on_disk.id))
                .ok_or_else(|| Error::SealedFile {
                    path: path.clone(),
                    what: format!("the file is damaged, or its format is not `{FORMAT}`"),
                    todo: "restore it from a backup: it says which secrets belong to this folder"
                        .to_owned(),
                })?;
            return Ok(Self { path, on_disk });
        }
        let place = Self {
            path: path.clone(),
            on_disk: OnDisk {
                format: FORMAT.to_owned(),
                id: hex::encode(&SealKey::generate().expose()[..16]),
                key_check: None,
            },
        };
        place.write().map_err(io("making the vault's place"))?;
        Ok(place)
    }

    /// Tells the items of this folder from those of others.
    pub fn id(&self) -> &str {
        &self.on_disk.id
    }

    /// Whether the folder's workspace key was made.
    pub fn has_key(&self) -> bool {
        self.on_disk.key_check.is_some()
    }

    /// Whether a key is the folder's. Where none was made yet, any is.
    pub fn accepts(&self, key: &SealKey) -> bool {
        let Some(check) = &self.on_disk.key_check else {
            return true;
        };
        let sealed = hex::decode(check).unwrap_or_default();
        key.open(&sealed, self.id().as_bytes()).is_ok()
    }

    /// Remembers the folder's key, without telling it.
    pub fn remember(&mut self, key: &SealKey) -> Result<(), Error> {
        let check = key.seal(b"", self.id().as_bytes());
        self.on_disk.key_check = Some(hex::encode(check));
        self.write().map_err(|source| Error::Io {
            what: "writing the vault's place",
            path: self.path.clone(),
            source,
        })
    }

    fn write(&self) -> std::io::Result<()> {
        let mut text = serde_json::to_vec_pretty(&self.on_disk).map_err(std::io::Error::other)?;
        text.push(b'\n');
        durable::write(&self.path, &text)
    }
}

fn is_id(id: &str) -> bool {
    id.len() == 32 && id.bytes().all(|b| b.is_ascii_hexdigit())
}

#[cfg(test)]
mod tests {
    use super::*;

    #[test]
    fn a_folder_keeps_its_id_and_another_has_another() {
        let (one, other) = (tempfile::tempdir(), tempfile::tempdir());
        let (one, other) = (one.expect("a folder"), other.expect("a folder"));
        let first = Place::open(one.path()).expect("it is made");
        assert_eq!(Place::open(one.path()).expect("it opens").id(), first.id());
        assert_ne!(
            Place::open(other.path()).expect("it is made").id(),
            first.id()
        );
    }

    #[test]
    fn a_folder_knows_its_key_again() {
        let folder = tempfile::tempdir().expect("a folder");
        let key = SealKey::generate();
        let mut place = Place::open(folder.path()).expect("it is made");
        assert!(!place.has_key() && place.accepts(&key));
        place.remember(&key).expect("it is written");
        let again = Place::open(folder.path()).expect("it opens");
        assert!(again.has_key() && again.accepts(&key) && !again.accepts(&SealKey::generate()));
    }

    #[test]
    fn a_damaged_file_is_never_replaced() {
        let folder = tempfile::tempdir().expect("a folder");
        let path = folder.path().join(FILE);
        for text in [
            "",
            "{}",
            r#"{"format":"hookloom.vault_place/1","id":"../x"}"#,
        ] {
            std::fs::write(&path, text).expect("it is written");
            assert!(Place::open(folder.path()).is_err(), "{text}");
            assert_eq!(std::fs::read_to_string(&path).expect("it is there"), text);
        }
    }
}
