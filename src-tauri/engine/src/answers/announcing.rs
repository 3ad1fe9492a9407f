//! The journal, telling those who wait of every commit after it is on disk.
//!
//! Every part of the engine commits through this, so that no way for a job to end can forget its caller.

use std::sync::Arc;

use async_trait::async_trait;
use hookloom_model::journal::RecordedError;
use hookloom_model::request::StoredRequest;
use hookloom_model::{FlowId, JobId, RequestId};
use serde_json::{Map, Value};

use super::{News, Waiters};
use crate::ports::{Commit, Journal, JournalError, StoredJob};

/// A journal whose commits are announced.
pub(crate) struct Announcing {
    pub journal: Arc<dyn Journal>,
    pub waiters: Waiters,
}

#[async_trait]
impl Journal for Announcing {
    async fn commit(&self, commit: Commit) -> Result<(), JournalError> {
        let news = News::of(&commit);
        self.journal.commit(commit).await?;
        self.waiters.committed(&news);
        Ok(())
    }

    async fn load(&self, job_id: JobId) -> Result<StoredJob, JournalError> {
        self.journal.load(job_id).await
    }

    async fn unfinished(&self, after: JobId, limit: u32) -> Result<Vec<JobId>, JournalError> {
        self.journal.unfinished(after, limit).await
    }

    async fn flow_version(&self, flow_id: FlowId, version: i64) -> Result<Arc<str>, JournalError> {
        self.journal.flow_version(flow_id, version).await
    }

    async fn variables(&self) -> Result<Map<String, Value>, JournalError> {
        self.journal.variables().await
    }

    async fn park(
        &self,
        job_id: JobId,
        error: RecordedError,
        at_ms: i64,
    ) -> Result<(), JournalError> {
        self.journal.park(job_id, error, at_ms).await?;
        self.waiters.committed(&News::ended(job_id));
        Ok(())
    }

    async fn request(&self, id: RequestId) -> Result<StoredRequest, JournalError> {
        self.journal.request(id).await
    }

    async fn blob(&self, id: &str) -> Result<Vec<u8>, JournalError> {
        self.journal.blob(id).await
    }
}
