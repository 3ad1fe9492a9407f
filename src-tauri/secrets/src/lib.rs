//! Where secret values live: keychain, passphrase or key file; and the one who keeps them for this process.
//!
//! Reads no environment and no clock of its own. Nothing is ever kept in clear on disk.

mod bounded;
mod choice;
mod custodian;
mod durable;
mod error;
mod job_keys;
mod key_file;
mod keychain;
mod long_values;
mod memory;
mod passphrase;
mod place;
mod platform;
mod previous;
mod sealed_file;
mod state;
#[cfg(test)]
mod testing;
mod vault;
mod workspace_key;

pub use bounded::DEFAULT_BOUND_MS;
pub use choice::{Choice, KEY_FILE_VARIABLE, PASSPHRASE_FILE_VARIABLE, VAULT_VARIABLE};
pub use custodian::{Custodian, ListedSecret, Opening, SECRET_BYTES_MAX};
pub use error::Error;
pub use key_file::create as create_key_file;
pub use memory::MemoryVault;
pub use state::{Condition, VaultState};
pub use vault::{Vault, VaultError, VaultKind};
