//! A key from a passphrase: argon2id, with its cost and salt beside the sealed file.

use std::path::Path;

use argon2::{Algorithm, Argon2, Params, Version};
use hookloom_sensitive::{SealKey, Sensitive};
use serde::{Deserialize, Serialize};
use zeroize::Zeroize as _;

use crate::error::Error;
use crate::sealed_file::{FILE, Origin, SealedFile};

/// A shorter passphrase is refused for a new vault.
pub(crate) const PASSPHRASE_CHARS_MIN: usize = 8;

/// What a stored derivation may cost at most: a changed file must not take all memory.
const MEMORY_KIB_MAX: u32 = 1_048_576;
const PASSES_MAX: u32 = 16;
const LANES_MAX: u32 = 16;

/// How a key is derived.
#[derive(Debug, Clone, PartialEq, Eq, Serialize, Deserialize)]
pub(crate) struct Derivation {
    /// 16 random bytes as hex.
    salt: String,
    memory_kib: u32,
    passes: u32,
    lanes: u32,
}

/// Why a stored derivation gives no key.
#[derive(Debug, thiserror::Error)]
enum Underivable {
    #[error("deriving its key would cost more than a vault ever does")]
    TooDear,
    #[error("its salt is no hex")]
    Salt(#[from] hex::FromHexError),
    #[error("its derivation cannot be followed: {0}")]
    Argon2(argon2::Error),
}

/// What deriving a new key costs.
#[derive(Debug, Clone, Copy)]
pub(crate) struct Cost {
    pub memory_kib: u32,
    pub passes: u32,
}

impl Cost {
    /// 64 MiB, three times over: about a fifth of a second.
    pub const USUAL: Self = Self {
        memory_kib: 65_536,
        passes: 3,
    };
}

/// Opens the sealed file of a data folder with a passphrase, or makes it.
pub(crate) fn open(
    folder: &Path,
    passphrase: &Sensitive<String>,
    cost: Cost,
) -> Result<SealedFile, Error> {
    let unusable = |what: String, todo: &str| Error::SealedFile {
        path: folder.join(FILE),
        what,
        todo: todo.to_owned(),
    };
    let derivation = match SealedFile::origin(folder)? {
        Some(Origin::Passphrase(derivation)) => derivation,
        Some(Origin::KeyFile {}) => {
            let what = "they were sealed with a key file, not with a passphrase";
            return Err(unusable(what.to_owned(), "start with HOOKLOOM_VAULT=file"));
        }
        None if passphrase.expose().chars().count() < PASSPHRASE_CHARS_MIN => {
            let what = format!(
                "the passphrase has fewer than {PASSPHRASE_CHARS_MIN} characters (PASSPHRASE_CHARS_MIN)"
            );
            return Err(unusable(what, "choose a longer one"));
        }
        None => Derivation::new(cost),
    };
    let key = derivation
        .key(passphrase)
        .map_err(|error| unusable(error.to_string(), "restore the file from a backup"))?;
    SealedFile::open(folder, key, Origin::Passphrase(derivation))
}

impl Derivation {
    fn new(cost: Cost) -> Self {
        // As long as a key and random; half of it is salt enough.
        let random = SealKey::generate();
        Self {
            salt: hex::encode(&random.expose()[..16]),
            memory_kib: cost.memory_kib,
            passes: cost.passes,
            lanes: 1,
        }
    }

    fn key(&self, passphrase: &Sensitive<String>) -> Result<SealKey, Underivable> {
        let too_much =
            self.memory_kib > MEMORY_KIB_MAX || self.passes > PASSES_MAX || self.lanes > LANES_MAX;
        if too_much {
            return Err(Underivable::TooDear);
        }
        let params = Params::new(
            self.memory_kib,
            self.passes,
            self.lanes,
            Some(SealKey::BYTES),
        )
        .map_err(Underivable::Argon2)?;
        let salt = hex::decode(&self.salt)?;
        let mut bytes = [0; SealKey::BYTES];
        Argon2::new(Algorithm::Argon2id, Version::V0x13, params)
            .hash_password_into(passphrase.expose().as_bytes(), &salt, &mut bytes)
            .map_err(Underivable::Argon2)?;
        let key = SealKey::from_bytes(bytes);
        bytes.zeroize();
        Ok(key)
    }
}

#[cfg(test)]
mod tests {
    use super::*;
    use crate::vault::Vault as _;

    const CHEAP: Cost = Cost {
        memory_kib: 64,
        passes: 1,
    };

    fn passphrase(text: &str) -> Sensitive<String> {
        Sensitive::new(text.to_owned())
    }

    #[test]
    fn the_same_passphrase_opens_and_another_does_not() {
        let folder = tempfile::tempdir().expect("a temporary folder");
        let mut file =
            open(folder.path(), &passphrase("correct horse"), CHEAP).expect("it is made");
        file.set("a", b"value").expect("it is set");
        // The cost in the file counts, not today's.
        let mut again =
            open(folder.path(), &passphrase("correct horse"), Cost::USUAL).expect("it opens");
        assert!(again.get("a").expect("it is read").is_some());
        let wrong = open(folder.path(), &passphrase("correct mule"), CHEAP)
            .err()
            .expect("refused");
        assert!(
            wrong
                .to_string()
                .contains("passphrase that it was made with"),
            "{wrong}"
        );
        assert!(!wrong.to_string().contains("mule"), "{wrong}");
    }

    #[test]
    fn a_short_passphrase_makes_no_vault() {
        let folder = tempfile::tempdir().expect("a temporary folder");
        let error = open(folder.path(), &passphrase("1234567"), CHEAP)
            .err()
            .expect("refused");
        assert!(
            error.to_string().contains("PASSPHRASE_CHARS_MIN"),
            "{error}"
        );
        assert!(!folder.path().join(FILE).exists());
    }

    #[test]
    fn a_file_that_would_take_all_memory_is_refused() {
        let dear = Derivation {
            memory_kib: u32::MAX,
            ..Derivation::new(CHEAP)
        };
        assert!(matches!(
            dear.key(&passphrase("correct horse")),
            Err(Underivable::TooDear)
        ));
    }

    #[test]
    fn two_vaults_with_one_passphrase_have_different_keys() {
        let word = passphrase("correct horse");
        let (one, other) = (Derivation::new(CHEAP), Derivation::new(CHEAP));
        assert_ne!(
            one.key(&word).expect("a key").expose(),
            other.key(&word).expect("a key").expose()
        );
    }
}
