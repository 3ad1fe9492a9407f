//! Which vault: what `HOOKLOOM_VAULT` and its companions say. The environment is passed in.

use std::ffi::OsString;
use std::path::{Path, PathBuf};

use hookloom_sensitive::Sensitive;

use crate::error::Error;
use crate::key_file;
use crate::keychain::Keychain;
use crate::long_values::LongValues;
use crate::passphrase::{self, Cost};
use crate::place::Place;
use crate::platform;
use crate::sealed_file::{Origin, SealedFile};
use crate::vault::Vault;

/// Chooses the vault: `keychain`, `passphrase` or `file`.
pub const VAULT_VARIABLE: &str = "HOOKLOOM_VAULT";
/// Names the key file of `file`.
pub const KEY_FILE_VARIABLE: &str = "HOOKLOOM_VAULT_KEY_FILE";
/// Names a file with the passphrase of `passphrase`.
pub const PASSPHRASE_FILE_VARIABLE: &str = "HOOKLOOM_PASSPHRASE_FILE";

/// Which vault.
#[derive(Debug, Clone, PartialEq, Eq)]
pub enum Choice {
    /// The operating system's keychain.
    Keychain,
    /// A sealed file with a passphrase.
    Passphrase {
        /// The file that holds it; without one a person is asked.
        file: Option<PathBuf>,
    },
    /// A sealed file with a key file.
    KeyFile {
        /// The key file.
        path: PathBuf,
    },
}

impl Choice {
    /// What the environment says; `None` where it says nothing.
    pub fn from_environment(
        variable: impl Fn(&str) -> Option<OsString>,
    ) -> Result<Option<Self>, Error> {
        let file = |name: &str| {
            variable(name)
                .filter(|value| !value.is_empty())
                .map(PathBuf::from)
        };
        let Some(word) = variable(VAULT_VARIABLE).filter(|word| !word.is_empty()) else {
            return Ok(None);
        };
        let choice = match word.to_str() {
            Some("keychain") => Self::Keychain,
            Some("passphrase") => Self::Passphrase {
                file: file(PASSPHRASE_FILE_VARIABLE),
            },
            Some("file") => Self::KeyFile {
                path: file(KEY_FILE_VARIABLE).ok_or_else(|| Error::Choice {
                    what: format!("{VAULT_VARIABLE}=file needs {KEY_FILE_VARIABLE}, which is not set"),
                    todo: "make a key with `openssl rand -hex 32 > vault.key; chmod 600 vault.key` and name it there"
                        .to_owned(),
                })?,
            },
            _ => {
                return Err(Error::Choice {
                    what: format!("{VAULT_VARIABLE} is `{}`", word.to_string_lossy()),
                    todo: "set it to `keychain`, `passphrase` or `file`".to_owned(),
                });
            }
        };
        Ok(Some(choice))
    }

    /// Opens the vault of a data folder. `ask` gets the passphrase from a person, where one is wanted.
    /// The keychain is not touched yet; the others are, and say at once when they do not open.
    pub fn open(
        &self,
        data_folder: &Path,
        ask: impl FnOnce() -> std::io::Result<Sensitive<String>>,
    ) -> Result<Box<dyn Vault>, Error> {
        match self {
            Self::Keychain => {
                let place = Place::open(data_folder)?;
                let keychain = Keychain::new(place.id());
                let bytes_max = platform::VALUE_BYTES_MAX;
                Ok(Box::new(LongValues::new(keychain, data_folder, bytes_max)))
            }
            Self::KeyFile { path } => {
                let key = key_file::read(path)?;
                Ok(Box::new(SealedFile::open(
                    data_folder,
                    key,
                    Origin::KeyFile {},
                )?))
            }
            Self::Passphrase { file } => {
                let passphrase = match file {
                    Some(path) => first_line(&key_file::read_private(path)?),
                    None => ask().map_err(|error| Error::Choice {
                        what: format!("the passphrase could not be asked for ({error})"),
                        todo: format!("name a file with it in {PASSPHRASE_FILE_VARIABLE}"),
                    })?,
                };
                Ok(Box::new(passphrase::open(
                    data_folder,
                    &passphrase,
                    Cost::USUAL,
                )?))
            }
        }
    }
}

/// Without the line's end: editors add one.
fn first_line(text: &Sensitive<String>) -> Sensitive<String> {
    let text = text.expose();
    let line = text.strip_suffix('\n').unwrap_or(text);
    Sensitive::new(line.strip_suffix('\r').unwrap_or(line).to_owned())
}

#[cfg(test)]
mod tests {
    use super::*;
    use crate::durable;
    use crate::vault::VaultKind;

    fn choose(variables: &[(&str, &str)]) -> Result<Option<Choice>, Error> {
        Choice::from_environment(|name| {
            variables
                .iter()
                .find(|(known, _)| *known == name)
                .map(|(_, value)| value.into())
        })
    }

    fn nobody_to_ask() -> std::io::Result<Sensitive<String>> {
        Err(std::io::Error::other("no terminal"))
    }

    #[test]
    fn an_environment_without_a_word_chooses_nothing() {
        assert_eq!(choose(&[]).expect("no error"), None);
        assert_eq!(choose(&[(VAULT_VARIABLE, "")]).expect("no error"), None);
    }

    #[test]
    fn each_word_chooses_its_vault() {
        assert_eq!(
            choose(&[(VAULT_VARIABLE, "keychain")]).expect("known"),
            Some(Choice::Keychain)
        );
        assert_eq!(
            choose(&[(VAULT_VARIABLE, "passphrase")]).expect("known"),
            Some(Choice::Passphrase { file: None })
        );
        assert_eq!(
            choose(&[(VAULT_VARIABLE, "file"), (KEY_FILE_VARIABLE, "k")]).expect("known"),
            Some(Choice::KeyFile { path: "k".into() })
        );
    }

    #[test]
    fn a_wrong_word_or_a_missing_file_says_what_to_do() {
        let wrong = choose(&[(VAULT_VARIABLE, "clear")])
            .expect_err("refused")
            .to_string();
        assert!(
            wrong.contains("`keychain`, `passphrase` or `file`"),
            "{wrong}"
        );
        let missing = choose(&[(VAULT_VARIABLE, "file")])
            .expect_err("refused")
            .to_string();
        assert!(
            missing.contains(KEY_FILE_VARIABLE) && missing.contains("openssl"),
            "{missing}"
        );
    }

    #[test]
    fn a_key_file_opens_its_vault_and_a_passphrase_not_the_same() {
        let folder = tempfile::tempdir().expect("a folder");
        let path = folder.path().join("vault.key");
        key_file::create(&path).expect("it is made");
        let choice = Choice::KeyFile { path };
        let mut vault = choice.open(folder.path(), nobody_to_ask).expect("it opens");
        assert_eq!(vault.kind(), VaultKind::KeyFile);
        vault.set("a", b"1").expect("it is set");
        let word = folder.path().join("word");
        durable::write(&word, b"correct horse\n").expect("it is written");
        let other = Choice::Passphrase { file: Some(word) };
        let error = other
            .open(folder.path(), nobody_to_ask)
            .err()
            .expect("refused")
            .to_string();
        assert!(error.contains("HOOKLOOM_VAULT=file"), "{error}");
    }

    #[test]
    fn a_passphrase_that_cannot_be_asked_for_says_where_to_put_it() {
        let folder = tempfile::tempdir().expect("a folder");
        let choice = Choice::Passphrase { file: None };
        let error = choice
            .open(folder.path(), nobody_to_ask)
            .err()
            .expect("refused")
            .to_string();
        assert!(error.contains(PASSPHRASE_FILE_VARIABLE), "{error}");
    }

    #[test]
    fn a_line_end_is_no_part_of_a_passphrase() {
        for text in ["a b", "a b\n", "a b\r\n"] {
            assert_eq!(first_line(&Sensitive::new(text.to_owned())).expose(), "a b");
        }
    }
}
