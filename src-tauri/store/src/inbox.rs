//! The `Inbox` port: a request, its key, its job and the job's first event, in one transaction.

use async_trait::async_trait;
use hookloom_engine::ports::{Accepted, Arrival, Inbox, InboxError, JobStart};
use hookloom_model::request::RequestRecord;
use hookloom_model::{JobId, RequestId, Verdict, is_trial};

use crate::change::Tag;
use crate::error::Error;
use crate::store::Store;
use crate::table::idempotency_keys::Scope;
use crate::table::requests::Links;
use crate::table::{
    blobs, flows, idempotency_keys, jobs, journal, requests, rollup, schedules, secret_states,
};
use crate::tally::Happened;
use crate::tx::Tx;

#[async_trait]
impl Inbox for Store {
    async fn accept(&self, arrival: Arrival) -> Result<Accepted, InboxError> {
        let accepted = self
            .writer()
            .write_or_refuse("accept", size_bytes(&arrival), move |tx| {
                accept(tx, &arrival)
            })
            .await?;
        Ok(accepted)
    }

    fn record_rejected(&self, record: RequestRecord) {
        self.rejected().put(record);
    }

    fn unavailable(&self) -> Option<String> {
        self.writer().unavailable()
    }

    async fn saving_problem(&self) -> Option<String> {
        self.look_at_saving().await
    }
}

fn accept(tx: &Tx<'_>, arrival: &Arrival) -> Result<Accepted, Error> {
    let scope = arrival.record.as_ref().map(|record| Scope {
        flow_id: record.flow_id,
        endpoint: &record.endpoint,
    });
    let keyed = scope.zip(arrival.idempotency_key.as_ref());
    if let Some((scope, key)) = keyed
        && let Some(first) = idempotency_keys::first(tx, scope, &key.text, at_ms(arrival))?
    {
        if let Some(record) = &arrival.record {
            let links = Links {
                job_id: None,
                duplicate_of: Some(first.request_id),
            };
            // Its files are those of the first request once more: whoever wrote them discards them.
            let record = RequestRecord {
                files: Vec::new(),
                ..record.clone()
            };
            put_request(tx, &record, Verdict::Duplicate, links)?;
        }
        return Ok(Accepted::Duplicate {
            first: first.request_id,
            job_id: first.job_id,
            answered: first.answered,
        });
    }
    let job_id = match &arrival.start {
        Some(start) if !is_due(tx, start)? => None,
        Some(start) => Some(begin_job(tx, start)?),
        None => None,
    };
    if let Some(record) = &arrival.record {
        let links = Links {
            job_id,
            duplicate_of: None,
        };
        put_request(tx, record, record.verdict, links)?;
    }
    if let (Some((scope, key)), Some(request_id)) = (keyed, request_id(arrival)) {
        let first = idempotency_keys::First {
            request_id,
            job_id,
            answered: key.answered,
        };
        idempotency_keys::put(tx, scope, &key.text, at_ms(arrival), first)?;
    }
    Ok(match job_id {
        Some(job_id) => Accepted::Started { job_id },
        None => Accepted::Held,
    })
}

/// Whether a job may begin: one that no schedule starts may. A schedule that is due is done with this.
fn is_due(tx: &Tx<'_>, start: &JobStart) -> Result<bool, Error> {
    match &start.origin.schedule {
        Some(due) => schedules::take(tx, start.flow_id, start.version, due, start.at_ms),
        None => Ok(true),
    }
}

fn begin_job(tx: &Tx<'_>, start: &JobStart) -> Result<JobId, Error> {
    // Whoever starts a job has looked the flow up before; it may have been deleted since.
    if !flows::is_there(tx, start.flow_id)? {
        let flow_id = start.flow_id;
        return Err(Error::FlowGone { flow_id });
    }
    let job_id = jobs::insert(tx, start)?;
    let events = std::iter::once(&start.queued).chain(&start.origin.taken_over);
    for (seq, event) in (0..).zip(events) {
        journal::append(tx, job_id, seq, start.at_ms, event)?;
    }
    for (id, content) in start.input_blob.iter().chain(&start.origin.blobs) {
        blobs::put(tx, id, content)?;
    }
    for (from, to) in &start.origin.copies {
        blobs::copy(tx, from, to)?;
    }
    // A held request waits for a real job: trying a draft with it is none.
    let replayed = start.origin.replays().and_then(|replays| replays.request);
    if let Some(held) = replayed.filter(|_| !is_trial(start.version)) {
        requests::begins(tx, held, job_id)?;
        tx.changed([Tag::Requests, Tag::Request(held)]);
    }
    if let Some(sealed) = &start.secret_state {
        secret_states::put(tx, job_id, sealed)?;
    }
    if let Some(due) = &start.origin.schedule {
        schedules::began(tx, start.flow_id, &due.name, job_id)?;
    }
    tx.count(|counts| counts.jobs += 1);
    if !is_trial(start.version) {
        tx.happened(Happened::JobBegan);
    }
    tx.changed([Tag::Jobs, Tag::Job(job_id)]);
    Ok(job_id)
}

/// Writes the request's row and notes it.
pub(crate) fn put_request(
    tx: &Tx<'_>,
    record: &RequestRecord,
    verdict: Verdict,
    links: Links,
) -> Result<(), Error> {
    requests::insert(tx, record, verdict, links)?;
    if verdict != Verdict::Accepted {
        tx.count_anew(rollup::minute_of(record.at_ms));
    }
    tx.count(|counts| counts.requests += 1);
    tx.happened(Happened::Requests {
        flow_id: record.flow_id.0,
        endpoint: record.endpoint.clone(),
        verdict,
        count: 1,
    });
    tx.changed([Tag::Requests, Tag::Request(record.id)]);
    Ok(())
}

/// What waits in memory: bodies, not the small rest.
fn size_bytes(arrival: &Arrival) -> usize {
    let body = arrival
        .record
        .as_ref()
        .map_or(0, |record| record.body.len());
    let start = arrival.start.as_ref();
    let apart = start
        .into_iter()
        .flat_map(|start| start.input_blob.iter().chain(&start.origin.blobs));
    let apart: usize = apart.map(|(_, bytes)| bytes.len()).sum();
    let sealed = start.and_then(|start| start.secret_state.as_ref());
    body + apart + sealed.map_or(0, Vec::len)
}

fn at_ms(arrival: &Arrival) -> i64 {
    match (&arrival.record, &arrival.start) {
        (_, Some(start)) => start.at_ms,
        (Some(record), None) => record.at_ms,
        (None, None) => 0,
    }
}

fn request_id(arrival: &Arrival) -> Option<RequestId> {
    let record = arrival.record.as_ref().map(|record| record.id);
    record.or_else(|| arrival.start.as_ref().map(|start| start.request_id))
}
