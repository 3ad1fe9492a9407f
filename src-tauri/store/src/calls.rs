//! The `Calls` port: status URLs, the real status of calls that waited, the use of tokens.

use async_trait::async_trait;
use hookloom_engine::ports::{Calls, JournalError, StatusUrl};
use hookloom_model::request::{Reason, StoredRequest};
use hookloom_model::{JobId, RequestId};

use crate::change::Tag;
use crate::error::Error;
use crate::store::Store;
use crate::table::{endpoint_tokens, requests, status_urls};
use crate::tx::Tx;

#[async_trait]
impl Calls for Store {
    async fn keep_status_url(&self, url: StatusUrl) -> Result<StatusUrl, JournalError> {
        let kept = self.write("keep a status URL", move |tx| status_urls::put(tx, &url));
        Ok(kept.await?)
    }

    async fn job_of_status_url(&self, sha256: [u8; 32]) -> Result<Option<JobId>, JournalError> {
        Ok(self
            .read(move |conn| status_urls::job_of(conn, &sha256))
            .await?)
    }

    async fn status_url_of(&self, job_id: JobId) -> Result<Option<StatusUrl>, JournalError> {
        Ok(self
            .read(move |conn| status_urls::of_job(conn, job_id))
            .await?)
    }

    async fn request(&self, id: RequestId) -> Result<Option<StoredRequest>, JournalError> {
        Ok(self.read(move |conn| requests::by_id(conn, id)).await?)
    }

    fn note_token(&self, id: i64, at_ms: i64) {
        self.note("note a token's use", move |tx| {
            tx.changed([Tag::Flows]);
            endpoint_tokens::set_used(tx, id, at_ms)
        });
    }

    fn note_status(&self, request_id: RequestId, status: u16) {
        self.note("note a call's status", move |tx| {
            tx.changed([Tag::Requests, Tag::Request(request_id)]);
            requests::set_status(tx, request_id, status)
        });
    }

    fn note_reason(&self, request_id: RequestId, reason: Reason) {
        self.note("note why a call was answered so", move |tx| {
            tx.changed([Tag::Requests, Tag::Request(request_id)]);
            requests::set_reason(tx, request_id, &reason)
        });
    }
}

impl Store {
    /// Writes what nobody waits for.
    fn note(
        &self,
        what: &'static str,
        write: impl Fn(&Tx<'_>) -> Result<(), Error> + Send + 'static,
    ) {
        let store = self.clone();
        let Ok(runtime) = tokio::runtime::Handle::try_current() else {
            return;
        };
        runtime.spawn(async move {
            if let Err(error) = store.write(what, write).await {
                tracing::warn!(%error, what, "something could not be noted");
            }
        });
    }
}
