//! The operating system's keychain: one item per secret, service `hookloom`.

use std::collections::HashMap;
use std::sync::Arc;

use hookloom_sensitive::Sensitive;
use keyring_core::{CredentialStore, Entry, Error};

use crate::platform;
use crate::vault::{Vault, VaultError, VaultKind};

/// The service under which every item stands.
const SERVICE: &str = "hookloom";

/// The operating system's keychain.
pub(crate) struct Keychain {
    /// Two data folders must not share their secrets.
    namespace: String,
    store: Option<Arc<CredentialStore>>,
}

impl Keychain {
    /// The items of one data folder. Connects when it is first asked.
    pub fn new(namespace: &str) -> Self {
        Self {
            namespace: namespace.to_owned(),
            store: None,
        }
    }

    /// Asks; once more over a new connection where the one there was leads nowhere: a keychain that was restarted
    /// knows no one who spoke to it before.
    fn asked<T>(
        &mut self,
        item: &str,
        ask: impl Fn(&Entry) -> Result<T, Error>,
    ) -> Result<T, VaultError> {
        // Searching a locked keyring would ask for its password; only `unlock` may.
        platform::look(false)?;
        let was_connected = self.store.is_some();
        let first = self
            .entry(item)
            .and_then(|entry| ask(&entry).map_err(|error| self.explain(error)));
        match first {
            Err(VaultError::Absent { .. }) if was_connected => {
                let entry = self.entry(item)?;
                ask(&entry).map_err(|error| self.explain(error))
            }
            answered => answered,
        }
    }

    fn entry(&mut self, item: &str) -> Result<Entry, VaultError> {
        let store = match &self.store {
            Some(store) => Arc::clone(store),
            None => Arc::clone(self.store.insert(platform::connect()?)),
        };
        let user = format!("{}/{item}", self.namespace);
        let label = format!("Hookloom {item}");
        // Only the Secret Service has labels; the others refuse what they do not know.
        let labelled = HashMap::from([("label", label.as_str())]);
        let modifiers = cfg!(target_os = "linux").then_some(&labelled);
        store
            .build(SERVICE, &user, modifiers)
            .map_err(|error| self.explain(error))
    }

    /// What an error of the store means. After most of them the connection is made anew: the keychain may have
    /// been restarted.
    fn explain(&mut self, error: Error) -> VaultError {
        // Some errors carry the value: only those that do not are shown.
        let reason = match &error {
            Error::BadEncoding(_) | Error::BadDataFormat(..) => "the item is malformed".to_owned(),
            Error::Ambiguous(items) => format!("{} items have the same name", items.len()),
            other => other.to_string(),
        };
        match error {
            Error::NoStorageAccess(_) => VaultError::Locked { reason },
            Error::PlatformFailure(_) => {
                self.store = None;
                VaultError::Absent { reason }
            }
            Error::BadEncoding(_)
            | Error::BadDataFormat(..)
            | Error::BadStoreFormat(_)
            | Error::Ambiguous(_) => VaultError::Damaged { reason },
            _ => VaultError::Failed { reason },
        }
    }
}

impl Vault for Keychain {
    fn kind(&self) -> VaultKind {
        VaultKind::Keychain
    }

    fn unlock(&mut self) -> Result<(), VaultError> {
        platform::look(true)?;
        if self.store.is_none() {
            self.store = Some(platform::connect()?);
        }
        Ok(())
    }

    fn get(&mut self, item: &str) -> Result<Option<Sensitive<Vec<u8>>>, VaultError> {
        self.asked(item, |entry| match entry.get_secret() {
            Ok(value) => Ok(Some(Sensitive::new(value))),
            Err(Error::NoEntry) => Ok(None),
            Err(error) => Err(error),
        })
    }

    fn set(&mut self, item: &str, value: &[u8]) -> Result<(), VaultError> {
        self.asked(item, |entry| entry.set_secret(value))
    }

    fn delete(&mut self, item: &str) -> Result<(), VaultError> {
        self.asked(item, |entry| match entry.delete_credential() {
            Ok(()) | Err(Error::NoEntry) => Ok(()),
            Err(error) => Err(error),
        })
    }
}

#[cfg(all(test, target_os = "linux"))]
mod tests;
