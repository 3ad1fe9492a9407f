//! The key of the workspace: random, made once, an item of the vault. It wraps the keys of jobs and seals credential
//! headers; losing it would lose those, so it is never made a second time.

use hookloom_engine::ports::SecretError;
use hookloom_sensitive::{SealKey, Sensitive};

use crate::custodian::Custodian;
use crate::state::{Condition, VaultState, hint};

/// The item of the key.
pub(crate) const ITEM: &str = "key/workspace";
const WHAT: &str = "the workspace's key";

impl Custodian {
    /// The key, from memory or the vault; made where the folder never had one. The caller holds the turn.
    pub(crate) async fn workspace_key_or_new(&self) -> Result<SealKey, SecretError> {
        if let Some(key) = self.workspace_key.read().as_ref() {
            return Ok(key.clone());
        }
        let had_one = self.place.lock().has_key();
        let stored = self.ask(WHAT, |vault| vault.get(ITEM)).await?;
        let key = match stored {
            Some(text) => self.parse(text.expose())?,
            None if had_one => return Err(self.lost()),
            None => self.make().await?,
        };
        if !had_one {
            self.place
                .lock()
                .remember(&key)
                .map_err(|error| SecretError::Unavailable {
                    what: WHAT.to_owned(),
                    reason: error.to_string(),
                })?;
        }
        *self.workspace_key.write() = Some(key.clone());
        Ok(key)
    }

    fn parse(&self, text: &[u8]) -> Result<SealKey, SecretError> {
        let bytes = Sensitive::new(hex::decode(text).unwrap_or_default());
        SealKey::from_slice(bytes.expose())
            .filter(|key| self.place.lock().accepts(key))
            .ok_or_else(|| SecretError::Damaged {
                what: WHAT.to_owned(),
                reason: "what the vault holds is not the key of this data folder; restore the vault and the folder \
                         from the same backup"
                    .to_owned(),
            })
    }

    /// The vault says that it has no key although one was made: the sign of a keychain that is locked without a word.
    fn lost(&self) -> SecretError {
        let kind = self.vault.kind();
        let advice = hint(kind, Condition::Locked);
        self.announce(VaultState {
            kind,
            state: Condition::Locked,
            message: format!(
                "The {} answers as if it had never kept anything for this data folder: it is locked, or it is another one.",
                kind.as_str()
            ),
            hint: advice.to_owned(),
        });
        SecretError::Unavailable {
            what: WHAT.to_owned(),
            reason: format!(
                "the {} says that it has none, although one was made. {advice}",
                kind.as_str()
            ),
        }
    }

    async fn make(&self) -> Result<SealKey, SecretError> {
        let key = SealKey::generate();
        let text = Sensitive::new(hex::encode(key.expose()));
        let back = self
            .ask(WHAT, move |vault| {
                vault.set(ITEM, text.expose().as_bytes())?;
                vault.get(ITEM)
            })
            .await?;
        // A key that cannot be read back must seal nothing.
        match back.map(|text| self.parse(text.expose())).transpose()? {
            Some(same) if same.expose() == key.expose() => Ok(key),
            _ => Err(SecretError::Unavailable {
                what: WHAT.to_owned(),
                reason: format!("the {} did not keep it", self.vault.kind().as_str()),
            }),
        }
    }
}
