//! The one who keeps secrets for this process: reads them once, remembers them, masks them, and says how the vault is.
//!
//! A value is in memory from the first read until the process ends, and never in a file that is not sealed.

mod reading;
#[cfg(test)]
mod tests;

use std::collections::HashMap;
use std::path::PathBuf;
use std::sync::atomic::{AtomicBool, Ordering};
use std::sync::{Arc, Weak};
use std::time::Duration;

use async_trait::async_trait;
use hookloom_engine::ports::{Clock, KnownSecrets, SecretError, Secrets};
use hookloom_sensitive::{Masker, SHORT_VALUE_CHARS, SealKey, Sensitive};
use parking_lot::{Mutex, RwLock};
use tokio::sync::watch;

use crate::bounded::Bounded;
use crate::error::Error;
use crate::place::Place;
use crate::platform::LOOKS_WITHOUT_ASKING;
use crate::previous;
use crate::state::{Condition, VaultState, hint};
use crate::vault::{Vault, VaultError, VaultKind};

/// The longest value of a secret.
pub const SECRET_BYTES_MAX: usize = 65_536;

/// What it takes to keep secrets.
pub struct Opening {
    /// Where keys and sealed values lie. It must be there.
    pub data_folder: PathBuf,
    /// From [`crate::Choice::open`], or [`crate::MemoryVault`] in tests.
    pub vault: Box<dyn Vault>,
    /// The names, from the database.
    pub known: Arc<dyn KnownSecrets>,
    /// For the times when secrets are set.
    pub clock: Arc<dyn Clock>,
    /// How long the vault may take to answer, usually [`crate::DEFAULT_BOUND_MS`].
    pub bound_ms: u64,
}

/// Keeps the secrets of one data folder for this process.
pub struct Custodian {
    me: Weak<Self>,
    pub(crate) vault: Bounded,
    known: Arc<dyn KnownSecrets>,
    clock: Arc<dyn Clock>,
    pub(crate) data_folder: PathBuf,
    pub(crate) place: Mutex<Place>,
    pub(crate) workspace_key: RwLock<Option<SealKey>>,
    kept: RwLock<Kept>,
    state: watch::Sender<VaultState>,
    /// One reads or writes the vault at a time: a value that is being replaced must not be remembered after it.
    pub(crate) turn: tokio::sync::Mutex<()>,
    is_waiting: AtomicBool,
}

/// What is remembered.
#[derive(Default)]
struct Kept {
    current: HashMap<String, Arc<Sensitive<String>>>,
    /// Every value that was ever seen, former ones too.
    seen: Vec<Arc<Sensitive<String>>>,
    masker: Arc<Masker>,
}

/// A secret as it is listed. Never its value.
#[derive(Debug, Clone, PartialEq, Eq)]
pub struct ListedSecret {
    /// Its name.
    pub name: String,
    /// When it was set first, Unix milliseconds.
    pub created_at_ms: i64,
    /// When it was set last, Unix milliseconds.
    pub updated_at_ms: i64,
    /// Counts how often it was set.
    pub version: i64,
    /// Whether its value can be had now.
    pub readable: bool,
    /// Whether it has fewer characters than are looked for inside text: it is masked only as a whole field.
    pub short: bool,
}

impl Custodian {
    /// Takes secrets into custody. The vault is not asked yet: see [`Custodian::refresh`].
    pub fn open(opening: Opening) -> Result<Arc<Self>, Error> {
        let place = Place::open(&opening.data_folder)?;
        let bound = Duration::from_millis(opening.bound_ms);
        let vault = Bounded::start(opening.vault, bound).map_err(|source| Error::Io {
            what: "starting the vault's thread",
            path: opening.data_folder.clone(),
            source,
        })?;
        let (state, _) = watch::channel(VaultState::unknown(vault.kind()));
        Ok(Arc::new_cyclic(|me| Self {
            me: me.clone(),
            vault,
            known: opening.known,
            clock: opening.clock,
            data_folder: opening.data_folder,
            place: Mutex::new(place),
            workspace_key: RwLock::default(),
            kept: RwLock::default(),
            state,
            turn: tokio::sync::Mutex::default(),
            is_waiting: AtomicBool::new(false),
        }))
    }

    /// Asks the vault how it is, unlocks it if a person does, and reads every secret that is not in memory yet.
    /// For the start (in the background, or before jobs go on), and for "try again".
    pub async fn refresh(&self) -> VaultState {
        let _turn = self.turn.lock().await;
        if let Err(error) = self.unlock_and_read_all().await {
            tracing::warn!(%error, "secrets could not be read");
        }
        self.state()
    }

    /// Asks a vault that could not be used whether it can be now: a keychain that was started again, or unlocked by
    /// somebody else. No person is asked for a password, and one that answers slowly is waited for anyway.
    pub async fn look_again(&self) {
        let is_away = matches!(self.state().state, Condition::Locked | Condition::Absent);
        let would_ask = self.vault.kind() == VaultKind::Keychain && !LOOKS_WITHOUT_ASKING;
        if !is_away || would_ask {
            return;
        }
        let _turn = self.turn.lock().await;
        if let Err(error) = self.read_all_if_unlocked().await {
            tracing::debug!(%error, "secrets still cannot be read");
        }
    }

    /// How the vault is, as far as is known.
    pub fn state(&self) -> VaultState {
        self.state.borrow().clone()
    }

    /// Tells of every change of the state.
    pub fn watch(&self) -> watch::Receiver<VaultState> {
        self.state.subscribe()
    }

    /// Every secret, by name.
    pub async fn list(&self) -> Result<Vec<ListedSecret>, Error> {
        let known = self.known.list().await?;
        let kept = self.kept.read();
        let listed = known.into_iter().map(|known| {
            let value = kept.current.get(&known.name);
            ListedSecret {
                readable: value.is_some(),
                short: value.is_some_and(|it| it.expose().chars().count() < SHORT_VALUE_CHARS),
                name: known.name,
                created_at_ms: known.created_at_ms,
                updated_at_ms: known.updated_at_ms,
                version: known.version,
            }
        });
        Ok(listed.collect())
    }

    /// Sets a secret, or gives it a new value. The old value stays masked.
    pub async fn set(&self, name: &str, value: Sensitive<String>) -> Result<(), Error> {
        check(name, value.expose())?;
        let _turn = self.turn.lock().await;
        let what = format!("the secret `{name}`");
        self.ask(&what, |vault| vault.unlock()).await?;
        let value = Arc::new(value);
        // From here on it may be somewhere: it is masked before it is stored.
        self.remember_seen([Arc::clone(&value)]);
        let (item, previous) = (item(name), previous::item(name));
        let new = Arc::clone(&value);
        let former = self
            .ask(&what, move |vault| replace(vault, &item, &previous, &new))
            .await?;
        self.remember_seen(former.into_iter().map(Arc::new));
        // What the vault holds is what counts, also if the list of names cannot be written now.
        self.kept.write().current.insert(name.to_owned(), value);
        self.known.remember(name, self.clock.now_ms()).await?;
        self.announce(VaultState::ready(self.vault.kind()));
        Ok(())
    }

    /// Deletes a secret. Tells whether there was one.
    pub async fn delete(&self, name: &str) -> Result<bool, Error> {
        let _turn = self.turn.lock().await;
        let what = format!("the secret `{name}`");
        self.ask(&what, |vault| vault.unlock()).await?;
        let (item, previous) = (item(name), previous::item(name));
        self.ask(&what, move |vault| {
            vault.delete(&previous)?;
            vault.delete(&item)
        })
        .await?;
        let was_kept = self.kept.write().current.remove(name).is_some();
        Ok(self.known.forget(name).await? || was_kept)
    }

    /// Asks the vault; an answer that is about the vault as a whole changes the state.
    pub(crate) async fn ask<T: Send + 'static>(
        &self,
        what: &str,
        ask: impl FnOnce(&mut dyn Vault) -> Result<T, VaultError> + Send + 'static,
    ) -> Result<T, SecretError> {
        let error = match self.vault.call(ask).await {
            Ok(answer) => return Ok(answer),
            Err(error) => error,
        };
        let kind = self.vault.kind();
        let what = what.to_owned();
        if let VaultError::Damaged { reason } = error {
            return Err(SecretError::Damaged { what, reason });
        }
        let mut reason = format!("the {} failed: {error}", kind.as_str());
        if let Some(state) = VaultState::after(kind, &error) {
            reason = format!(
                "the {}: {error}. {}",
                kind.as_str(),
                hint(kind, state.state)
            );
            let is_slow = state.state == Condition::Slow;
            self.announce(state);
            if is_slow {
                self.wait_in_the_background();
            }
        }
        Err(SecretError::Unavailable { what, reason })
    }

    pub(crate) fn announce(&self, state: VaultState) {
        self.state.send_if_modified(|known| {
            let changed = *known != state;
            *known = state;
            changed
        });
    }

    /// A slow vault may answer yet: a person is typing the password. Then everything is read. Whoever closed the window
    /// is not asked again.
    fn wait_in_the_background(&self) {
        if self.is_waiting.swap(true, Ordering::AcqRel) {
            return;
        }
        let (me, idle) = (self.me.clone(), self.vault.when_idle());
        tokio::spawn(async move {
            idle.await;
            if let Some(me) = me.upgrade() {
                me.is_waiting.store(false, Ordering::Release);
                let _turn = me.turn.lock().await;
                if let Err(error) = me.read_all_if_unlocked().await {
                    tracing::warn!(%error, "secrets could not be read");
                }
            }
        });
    }

    /// Masks values from now on. The caller holds the turn, so nobody else adds any meanwhile.
    fn remember_seen(&self, values: impl IntoIterator<Item = Arc<Sensitive<String>>>) {
        let mut seen = self.kept.read().seen.clone();
        let count = seen.len();
        for value in values {
            if !seen.contains(&value) {
                seen.push(value);
            }
        }
        if seen.len() > count {
            let texts = seen.iter().map(|value| value.expose().as_str());
            // Made without the lock: steps ask for the masker meanwhile.
            let masker = Arc::new(Masker::new(texts));
            let mut kept = self.kept.write();
            (kept.seen, kept.masker) = (seen, masker);
        }
    }
}

#[async_trait]
impl Secrets for Custodian {
    async fn read(&self, name: &str) -> Result<Arc<Sensitive<String>>, SecretError> {
        if let Some(value) = self.kept.read().current.get(name) {
            return Ok(Arc::clone(value));
        }
        let _turn = self.turn.lock().await;
        if let Some(value) = self.kept.read().current.get(name) {
            return Ok(Arc::clone(value));
        }
        self.read_one(name).await
    }

    async fn keep(&self, name: &str, value: Sensitive<String>) -> Result<(), SecretError> {
        self.set(name, value).await.map_err(|error| match error {
            Error::Secret(error) => error,
            other => SecretError::Unavailable {
                what: format!("the secret `{name}`"),
                reason: other.to_string(),
            },
        })
    }

    fn masker(&self) -> Arc<Masker> {
        Arc::clone(&self.kept.read().masker)
    }

    async fn workspace_key(&self) -> Result<SealKey, SecretError> {
        if let Some(key) = self.workspace_key.read().as_ref() {
            return Ok(key.clone());
        }
        let _turn = self.turn.lock().await;
        self.workspace_key_or_new().await
    }
}

/// The item of a secret's value.
fn item(name: &str) -> String {
    format!("secret/{name}")
}

/// Puts a new value in the place of the old one, which goes to the former ones first: it stays masked after a restart.
fn replace(
    vault: &mut dyn Vault,
    item: &str,
    previous: &str,
    new: &Sensitive<String>,
) -> Result<Vec<Sensitive<String>>, VaultError> {
    let mut former = match vault.get(previous)? {
        Some(bytes) => previous::decode(bytes.expose()),
        None => Vec::new(),
    };
    if let Some(old) = vault.get(item)?.and_then(text).filter(|old| old != new) {
        vault.set(previous, previous::encode_with(&former, &old).expose())?;
        former.push(old);
    }
    vault.set(item, new.expose().as_bytes())?;
    Ok(former)
}

fn text(bytes: Sensitive<Vec<u8>>) -> Option<Sensitive<String>> {
    std::str::from_utf8(bytes.expose())
        .ok()
        .map(|text| Sensitive::new(text.to_owned()))
}

fn check(name: &str, value: &str) -> Result<(), Error> {
    let mut letters = name.bytes();
    let begins = letters
        .next()
        .is_some_and(|b| b.is_ascii_alphabetic() || b == b'_');
    let goes_on = letters.all(|b| b.is_ascii_alphanumeric() || b == b'_');
    let name = name.to_owned();
    if !begins || !goes_on || name.len() > 64 {
        return Err(Error::BadName { name });
    }
    if value.is_empty() {
        return Err(Error::Empty { name });
    }
    if value.len() > SECRET_BYTES_MAX {
        let bytes = value.len();
        return Err(Error::TooLong { name, bytes });
    }
    Ok(())
}
