//! The `SyncCalls` port: status URLs, and the real status of calls that waited.

use async_trait::async_trait;
use hookloom_engine::ports::{JournalError, StatusUrl, SyncCalls};
use hookloom_model::{JobId, RequestId};

use crate::change::Tag;
use crate::store::Store;
use crate::table::{requests, status_urls};

#[async_trait]
impl SyncCalls for Store {
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

    fn note_status(&self, request_id: RequestId, status: u16) {
        let store = self.clone();
        let Ok(runtime) = tokio::runtime::Handle::try_current() else {
            return;
        };
        runtime.spawn(async move {
            let noted = store.write("note a call's status", move |tx| {
                tx.changed([Tag::Requests, Tag::Request(request_id)]);
                requests::set_status(tx, request_id, status)
            });
            if let Err(error) = noted.await {
                tracing::warn!(%error, %request_id, status, "the status of a call could not be noted");
            }
        });
    }
}
