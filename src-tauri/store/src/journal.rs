//! The `Journal` port: events of a job and what follows from them, in one transaction.

use std::sync::Arc;

use async_trait::async_trait;
use hookloom_engine::ports::{Commit, Journal, JournalError, SecretStateChange, StoredJob};
use hookloom_model::journal::RecordedError;
use hookloom_model::request::StoredRequest;
use hookloom_model::{JobId, JobStatus, RequestId};
use rusqlite::Connection;
use serde_json::{Map, Value};

use crate::change::Tag;
use crate::error::Error;
use crate::store::Store;
use crate::table::deliveries::{self, Owner};
use crate::table::{blobs, flow_versions, flows, jobs, journal, requests, secret_states};
use crate::table::{variables, webhook_tasks};
use crate::tx::Tx;

#[async_trait]
impl Journal for Store {
    async fn commit(&self, commit: Commit) -> Result<(), JournalError> {
        check_seqs(&commit)?;
        Ok(self.write("commit", move |tx| append(tx, &commit)).await?)
    }

    async fn load(&self, job_id: JobId) -> Result<StoredJob, JournalError> {
        Ok(self.read(move |conn| load(conn, job_id)).await?)
    }

    async fn unfinished(&self, after: JobId, limit: u32) -> Result<Vec<JobId>, JournalError> {
        Ok(self
            .read(move |conn| unfinished(conn, after, limit))
            .await?)
    }

    async fn flow_version(
        &self,
        flow_id: hookloom_model::FlowId,
        version: i64,
    ) -> Result<Arc<str>, JournalError> {
        if let Some(known) = self.cache().document(flow_id, version) {
            return Ok(known);
        }
        let document = self
            .read(move |conn| {
                flow_versions::document(conn, flow_id, version)?.ok_or_else(|| {
                    Error::not_found(format!("version {version} of the flow {flow_id}"))
                })
            })
            .await?;
        self.cache().keep_document(flow_id, version, &document);
        Ok(document)
    }

    async fn variables(&self) -> Result<Map<String, Value>, JournalError> {
        let mark = match self.cache().variables() {
            Ok(known) => return Ok(known),
            Err(mark) => mark,
        };
        let values = self.read(variables::list).await?.values();
        self.cache().keep_variables(mark, &values);
        Ok(values)
    }

    async fn park(
        &self,
        job_id: JobId,
        error: RecordedError,
        at_ms: i64,
    ) -> Result<(), JournalError> {
        let parked = self.write("park a job", move |tx| {
            if jobs::park(tx, job_id, &error, at_ms)? {
                jobs::tell_end(tx, job_id)?;
            }
            secret_states::delete(tx, job_id)?;
            tx.changed([Tag::Jobs, Tag::Job(job_id)]);
            Ok(())
        });
        Ok(parked.await?)
    }

    async fn request(&self, id: RequestId) -> Result<StoredRequest, JournalError> {
        Ok(Store::request(self, id).await?)
    }

    async fn blob(&self, id: &str) -> Result<Vec<u8>, JournalError> {
        let id = id.to_owned();
        Ok(self
            .read(move |conn| {
                blobs::get(conn, &id)?
                    .ok_or_else(|| Error::not_found(format!("the stored value `{id}`")))
            })
            .await?)
    }
}

/// Events follow each other without a gap; a fault here would be a fault of the engine.
fn check_seqs(commit: &Commit) -> Result<(), Error> {
    for pair in commit.entries.windows(2) {
        if pair[1].seq != pair[0].seq + 1 {
            return Err(Error::JournalConflict {
                job_id: commit.job_id,
                expected: pair[1].seq,
                found: pair[0].seq + 1,
            });
        }
    }
    Ok(())
}

fn append(tx: &Tx<'_>, commit: &Commit) -> Result<(), Error> {
    let job_id = commit.job_id;
    // First of all, because it is the fence.
    jobs::advance(tx, commit)?;
    for entry in &commit.entries {
        journal::append(tx, job_id, entry.seq, entry.at_ms, &entry.event)?;
    }
    for (id, content) in &commit.blobs {
        blobs::put(tx, id, content)?;
    }
    match &commit.secret_state {
        SecretStateChange::Keep if commit.status.is_final() => secret_states::delete(tx, job_id)?,
        SecretStateChange::Keep => {}
        SecretStateChange::Replace(sealed) => secret_states::put(tx, job_id, sealed)?,
        SecretStateChange::Delete => secret_states::delete(tx, job_id)?,
    }
    if !commit.deliveries.is_empty() {
        put_deliveries(tx, commit)?;
    }
    if commit.status.is_final() {
        jobs::tell_end(tx, job_id)?;
    }
    tx.changed([Tag::Jobs, Tag::Job(job_id)]);
    Ok(())
}

fn put_deliveries(tx: &Tx<'_>, commit: &Commit) -> Result<(), Error> {
    let job_id = commit.job_id;
    let (flow_id, version) =
        jobs::flow_of(tx, job_id)?.ok_or_else(|| Error::not_found(format!("job {job_id}")))?;
    for new in &commit.deliveries {
        let task = webhook_tasks::by_name(tx, flow_id, &new.task)?
            .ok_or_else(|| Error::not_found(format!("the webhook task `{}`", new.task)))?;
        if !task.enabled {
            // Switched off beside the document: nothing is sent.
            continue;
        }
        let owner = Owner {
            job_id,
            flow_id,
            version,
            task_id: task.id,
        };
        deliveries::insert(tx, owner, new, None)?;
        tx.count(|counts| counts.deliveries += 1);
        tx.changed([Tag::Deliveries, Tag::Delivery(new.id)]);
    }
    Ok(())
}

fn load(conn: &Connection, job_id: JobId) -> Result<StoredJob, Error> {
    let job =
        jobs::by_id(conn, job_id)?.ok_or_else(|| Error::not_found(format!("job {job_id}")))?;
    Ok(StoredJob {
        id: job_id,
        request_id: job.request_id,
        flow_id: job.flow_id,
        version: job.version,
        entries: journal::entries(conn, job_id, 0, u32::MAX)?,
        request: requests::by_id(conn, job.replayed_request_id.unwrap_or(job.request_id))?,
        secret_state: secret_states::get(conn, job_id)?,
    })
}

fn unfinished(conn: &Connection, after: JobId, limit: u32) -> Result<Vec<JobId>, Error> {
    let mut found = Vec::new();
    for flow_id in flows::ids(conn)? {
        for status in JobStatus::ALL.iter().filter(|status| !status.is_final()) {
            found.extend(jobs::ids_after(conn, flow_id, *status, after, limit)?);
        }
    }
    found.sort_unstable();
    found.truncate(usize::try_from(limit).unwrap_or(usize::MAX));
    Ok(found.into_iter().map(JobId).collect())
}
