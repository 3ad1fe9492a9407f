//! What leads to endpoints beside their documents: tokens and old paths.

use crate::change::Tag;
use crate::error::Error;
use crate::store::Store;
use crate::table::endpoint_aliases::{self, AliasRow};
use crate::table::endpoint_tokens::{self, EndpointTokenRow};

impl Store {
    /// Tokens of endpoints that are not revoked, newest first.
    pub async fn endpoint_tokens(&self) -> Result<Vec<EndpointTokenRow>, Error> {
        self.read(endpoint_tokens::list).await
    }

    /// Keeps a new token of an endpoint by its SHA-256. Refuses a name that one of its tokens has.
    pub async fn put_endpoint_token(
        &self,
        endpoint: &str,
        name: &str,
        sha256: [u8; 32],
        at_ms: i64,
    ) -> Result<(), Error> {
        let (endpoint, name) = (endpoint.to_owned(), name.to_owned());
        self.write("put an endpoint's token", move |tx| {
            tx.changed([Tag::Flows]);
            endpoint_tokens::insert(tx, &endpoint, &name, &sha256, at_ms)
        })
        .await
    }

    /// Revokes a token of an endpoint. Gives whether it was there.
    pub async fn revoke_endpoint_token(
        &self,
        endpoint: &str,
        name: &str,
        at_ms: i64,
    ) -> Result<bool, Error> {
        let (endpoint, name) = (endpoint.to_owned(), name.to_owned());
        self.write("revoke an endpoint's token", move |tx| {
            tx.changed([Tag::Flows]);
            endpoint_tokens::revoke(tx, &endpoint, &name, at_ms)
        })
        .await
    }

    /// Old paths of endpoints, newest first.
    pub async fn endpoint_aliases(&self) -> Result<Vec<AliasRow>, Error> {
        self.read(endpoint_aliases::list).await
    }

    /// Deletes an old path. Gives whether it was there.
    pub async fn delete_endpoint_alias(&self, id: i64) -> Result<bool, Error> {
        self.write("delete an endpoint's alias", move |tx| {
            tx.changed([Tag::Flows]);
            endpoint_aliases::delete(tx, id)
        })
        .await
    }
}
