//! The workspace's small tables: names of secrets, variables, access tokens, settings, and the counts of them.

use async_trait::async_trait;
use hookloom_engine::ports::{JournalError, KnownSecret, KnownSecrets};
use hookloom_model::RequestId;

use crate::change::Tag;
use crate::error::Error;
use crate::store::Store;
use crate::table::access_tokens::{self, TokenRow, TokenScope};
use crate::table::variables::{self, VariableRows};
use crate::table::{endpoints, flows, secret_states, secrets, settings};

/// A token's last use is told to this many milliseconds: not every call is worth a commit.
const LAST_USED_EVERY_MS: i64 = 60_000;

#[async_trait]
impl KnownSecrets for Store {
    async fn list(&self) -> Result<Vec<KnownSecret>, JournalError> {
        Ok(self.read(secrets::list).await?)
    }

    async fn remember(&self, name: &str, at_ms: i64) -> Result<(), JournalError> {
        let name = name.to_owned();
        let put = self.write("remember a secret", move |tx| {
            tx.changed([Tag::Secrets]);
            secrets::put(tx, &name, at_ms)
        });
        Ok(put.await?)
    }

    async fn forget(&self, name: &str) -> Result<bool, JournalError> {
        let name = name.to_owned();
        let deleted = self.write("forget a secret", move |tx| {
            tx.changed([Tag::Secrets]);
            secrets::delete(tx, &name)
        });
        Ok(deleted.await?)
    }
}

impl Store {
    /// The calls that began jobs whose secret state is kept: every other key file is an orphan.
    pub async fn requests_with_secret_state(&self) -> Result<Vec<RequestId>, Error> {
        self.read(secret_states::request_ids).await
    }

    /// Variables of every set, by name, and which set counts.
    pub async fn variable_rows(&self) -> Result<VariableRows, Error> {
        self.read(variables::list).await
    }

    /// Sets a variable, in every environment or in one set.
    pub async fn put_variable(
        &self,
        set: Option<String>,
        name: &str,
        value: serde_json::Value,
        at_ms: i64,
    ) -> Result<(), Error> {
        let name = name.to_owned();
        let put = self
            .write("put a variable", move |tx| {
                tx.changed([Tag::Variables]);
                variables::put(tx, set.as_deref(), &name, &value, at_ms)
            })
            .await;
        self.cache().forget_variables();
        put
    }

    /// Deletes a variable. Gives whether it was there.
    pub async fn delete_variable(&self, set: Option<String>, name: &str) -> Result<bool, Error> {
        let name = name.to_owned();
        let deleted = self
            .write("delete a variable", move |tx| {
                tx.changed([Tag::Variables]);
                variables::delete(tx, set.as_deref(), &name)
            })
            .await;
        self.cache().forget_variables();
        deleted
    }

    /// Makes the values of a set win over those for every environment, or of none. Jobs that are running keep the
    /// values that they read.
    pub async fn activate_variables(&self, set: Option<String>) -> Result<(), Error> {
        let activated = self
            .write("activate a set of variables", move |tx| {
                tx.changed([Tag::Variables]);
                variables::activate(tx, set.as_deref())
            })
            .await;
        self.cache().forget_variables();
        activated
    }

    /// Access tokens, newest first.
    pub async fn tokens(&self) -> Result<Vec<TokenRow>, Error> {
        self.read(access_tokens::list).await
    }

    /// Keeps a new token by its SHA-256. Refuses a name that is taken.
    pub async fn put_token(
        &self,
        name: &str,
        sha256: [u8; 32],
        scope: TokenScope,
        at_ms: i64,
    ) -> Result<(), Error> {
        let name = name.to_owned();
        self.write("put a token", move |tx| {
            tx.changed([Tag::Tokens]);
            access_tokens::insert(tx, &name, &sha256, scope, at_ms)
        })
        .await
    }

    /// The token with this SHA-256, if there is one; notes its use, to the minute.
    pub async fn token_by_sha256(
        &self,
        sha256: [u8; 32],
        now_ms: i64,
    ) -> Result<Option<TokenRow>, Error> {
        let found = self
            .read(move |conn| access_tokens::by_sha256(conn, &sha256))
            .await?;
        if let Some(token) = &found
            && token
                .last_used_at_ms
                .is_none_or(|at_ms| now_ms - at_ms >= LAST_USED_EVERY_MS)
        {
            let id = token.id;
            let noted = self
                .write("note a token's use", move |tx| {
                    tx.changed([Tag::Tokens]);
                    access_tokens::set_used(tx, id, now_ms)
                })
                .await;
            if let Err(error) = noted {
                // A full disk must not lock its owner out.
                tracing::warn!(%error, "a token's use could not be noted");
            }
        }
        Ok(found)
    }

    /// Revokes a token. Gives whether it was there.
    pub async fn delete_token(&self, name: &str) -> Result<bool, Error> {
        let name = name.to_owned();
        self.write("delete a token", move |tx| {
            tx.changed([Tag::Tokens]);
            access_tokens::delete(tx, &name)
        })
        .await
    }

    /// A setting of the workspace, as JSON text.
    pub async fn setting(&self, name: &str) -> Result<Option<String>, Error> {
        let name = name.to_owned();
        self.read(move |conn| settings::get(conn, &name)).await
    }

    /// Sets it.
    pub async fn put_setting(&self, name: &str, value: &str) -> Result<(), Error> {
        let (name, value) = (name.to_owned(), value.to_owned());
        self.write("put a setting", move |tx| settings::set(tx, &name, &value))
            .await
    }

    /// Sets a setting that somebody shows, and tells them.
    pub async fn put_shown_setting(&self, name: &str, value: &str, of: Tag) -> Result<(), Error> {
        let (name, value) = (name.to_owned(), value.to_owned());
        self.write("put a setting", move |tx| {
            settings::set(tx, &name, &value)?;
            tx.changed([of.clone()]);
            Ok(())
        })
        .await
    }

    /// Names of published endpoints, each with the name of its flow.
    pub async fn endpoint_owners(&self) -> Result<Vec<(String, String)>, Error> {
        self.read(endpoints::owners).await
    }

    /// How many flows there are.
    pub async fn count_flows(&self) -> Result<i64, Error> {
        self.read(flows::count).await
    }

    /// How many published endpoints there are.
    pub async fn count_endpoints(&self) -> Result<i64, Error> {
        self.read(endpoints::count).await
    }
}
