//! Reading secrets from the vault: all of them at the start, one when it is first asked for.

use std::sync::Arc;

use hookloom_engine::ports::SecretError;
use hookloom_sensitive::Sensitive;

use super::{Custodian, item, text};
use crate::error::Error;
use crate::previous;
use crate::state::{Condition, VaultState};
use crate::vault::Vault;
use crate::workspace_key;

impl Custodian {
    /// Reads everything that is known, and asks a person for the password if it takes one. The caller holds the turn.
    pub(super) async fn unlock_and_read_all(&self) -> Result<(), Error> {
        self.ask("the vault", |vault| vault.unlock()).await?;
        self.read_all().await
    }

    /// Reads everything that is known, if that takes no password. The caller holds the turn.
    pub(super) async fn read_all_if_unlocked(&self) -> Result<(), Error> {
        // With nothing left to read it would else be called ready without being asked.
        let look = |vault: &mut dyn Vault| vault.get(workspace_key::ITEM).map(drop);
        self.ask("the vault", look).await?;
        self.read_all().await
    }

    async fn read_all(&self) -> Result<(), Error> {
        let kind = self.vault.kind();
        if self.workspace_key_or_new().await.is_err() && self.state().state == Condition::Locked {
            return Ok(());
        }
        let mut former_values = Vec::new();
        let mut values = Vec::new();
        let mut failure = None;
        for known in self.known.list().await? {
            let (current, former) = (item(&known.name), previous::item(&known.name));
            let what = format!("the secret `{}`", known.name);
            let read = self
                .ask(&what, move |vault| {
                    Ok((vault.get(&current)?, vault.get(&former)?))
                })
                .await;
            match read {
                Ok((current, former)) => {
                    let former = former.map(|bytes| previous::decode(bytes.expose()));
                    former_values.extend(former.into_iter().flatten().map(Arc::new));
                    let current = current.and_then(text).map(Arc::new);
                    values.extend(current.map(|value| (known.name, value)));
                }
                // One that is damaged does not keep the others from being read.
                Err(error @ SecretError::Damaged { .. }) => {
                    tracing::warn!(%error, "a secret is damaged");
                }
                Err(error) => {
                    failure = Some(error);
                    break;
                }
            }
        }
        // All at once: making the masker takes a while.
        let current = values.iter().map(|(_, value)| Arc::clone(value));
        self.remember_seen(former_values.into_iter().chain(current));
        self.kept.write().current.extend(values);
        if let Some(error) = failure {
            return Err(error.into());
        }
        self.announce(VaultState::ready(kind));
        Ok(())
    }

    /// Reads one secret. The caller holds the turn.
    pub(super) async fn read_one(&self, name: &str) -> Result<Arc<Sensitive<String>>, SecretError> {
        let what = format!("the secret `{name}`");
        let item = item(name);
        let bytes = self.ask(&what, move |vault| vault.get(&item)).await?;
        let Some(bytes) = bytes else {
            return Err(self.explain_nothing(name, what).await);
        };
        let value = text(bytes).ok_or_else(|| SecretError::Damaged {
            what,
            reason: "it is no text; set it again".to_owned(),
        })?;
        let value = Arc::new(value);
        self.keep(name, Arc::clone(&value));
        self.came_back();
        Ok(value)
    }

    /// The vault has no such item: nobody set it, or the vault is locked and does not say so.
    async fn explain_nothing(&self, name: &str, what: String) -> SecretError {
        match self.known.list().await {
            Ok(known) if known.iter().all(|known| known.name != name) => SecretError::Missing {
                name: name.to_owned(),
            },
            Ok(_) => SecretError::Unavailable {
                what,
                reason: format!(
                    "it was set, and the {kind} says that it has none: the {kind} is locked, or the item was removed \
                     outside of Hookloom. Unlock it and try again, or set the secret again",
                    kind = self.vault.kind().as_str()
                ),
            },
            Err(error) => SecretError::Unavailable {
                what,
                reason: format!("the list of secrets cannot be read ({error})"),
            },
        }
    }

    /// A read went well: if the vault was not ready before, the other secrets can be read too.
    fn came_back(&self) {
        if self.state.borrow().state == Condition::Ready {
            return;
        }
        self.announce(VaultState::ready(self.vault.kind()));
        if let Some(me) = self.me.upgrade() {
            tokio::spawn(async move { me.refresh().await });
        }
    }

    fn keep(&self, name: &str, value: Arc<Sensitive<String>>) {
        self.remember_seen([Arc::clone(&value)]);
        self.kept.write().current.insert(name.to_owned(), value);
    }
}
