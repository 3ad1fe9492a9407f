//! The keychain of each operating system.
//!
//! The store is held by us: the shortcut of the `keyring` crate would keep a failed start for ever.

use std::sync::Arc;

use keyring_core::CredentialStore;

use crate::vault::VaultError;

#[cfg(target_os = "linux")]
pub(crate) use linux::{connect, look};
#[cfg(not(target_os = "linux"))]
pub(crate) use native::{connect, look};

/// A longer value goes to a sealed file. GNOME keeps values in locked memory, of which there is little.
#[cfg(not(target_os = "windows"))]
pub(crate) const VALUE_BYTES_MAX: usize = 16_384;
/// Windows takes 2,560 bytes and counts two for each character.
#[cfg(target_os = "windows")]
pub(crate) const VALUE_BYTES_MAX: usize = 1_280;

/// Whether it can be looked whether the keychain is open without a person being asked for its password: elsewhere a read
/// of a locked one asks.
pub(crate) const LOOKS_WITHOUT_ASKING: bool = cfg!(target_os = "linux");

type Store = Arc<CredentialStore>;

#[cfg(target_os = "linux")]
mod linux {
    use secret_service::blocking::SecretService;
    use secret_service::{EncryptionType, Error};
    use zbus_secret_service_keyring_store as store;

    use super::{Store, VaultError};

    pub(crate) fn connect() -> Result<Store, VaultError> {
        let store = store::Store::new().map_err(|error| VaultError::Absent {
            reason: error.to_string(),
        })?;
        Ok(store)
    }

    /// Whether the keyring for new items is open. With `unlock` the person is asked for the password where it is not.
    ///
    /// A locked keyring answers a search as if it were empty, so this has to be asked apart.
    pub(crate) fn look(unlock: bool) -> Result<(), VaultError> {
        // Nothing secret goes over this session.
        let service = SecretService::connect(EncryptionType::Plain).map_err(explain)?;
        let collection = service
            .get_default_collection()
            .map_err(|error| match error {
                Error::NoResult => VaultError::Locked {
                    reason: "there is no default keyring yet".to_owned(),
                },
                other => explain(other),
            })?;
        if !collection.is_locked().map_err(explain)? {
            return Ok(());
        }
        if unlock {
            collection.unlock().map_err(explain)?;
            // Without a display the prompt ends at once, and not every keyring calls that an error.
            if !collection.is_locked().map_err(explain)? {
                return Ok(());
            }
        }
        Err(VaultError::Locked {
            reason: "the default keyring is locked".to_owned(),
        })
    }

    fn explain(error: Error) -> VaultError {
        let reason = error.to_string();
        match error {
            Error::Locked | Error::Prompt | Error::PromptDisconnected => {
                VaultError::Locked { reason }
            }
            _ => VaultError::Absent { reason },
        }
    }
}

#[cfg(not(target_os = "linux"))]
mod native {
    #[cfg(target_os = "macos")]
    use apple_native_keyring_store::keychain as store;
    #[cfg(target_os = "windows")]
    use windows_native_keyring_store as store;

    use super::{Store, VaultError};

    pub(crate) fn connect() -> Result<Store, VaultError> {
        let store = store::Store::new().map_err(|error| VaultError::Absent {
            reason: error.to_string(),
        })?;
        Ok(store)
    }

    /// These systems unlock at the first use, and say so when they cannot.
    pub(crate) fn look(_unlock: bool) -> Result<(), VaultError> {
        Ok(())
    }
}
