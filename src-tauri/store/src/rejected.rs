//! Rejected requests, and handshakes that were answered, wait here for the writer: off the hot path, in bounded memory. Per endpoint, reason and minute
//! the first 60 are kept, the rest are a number. What waits is lost in a crash, as the contract allows.

use std::collections::HashMap;
use std::sync::Arc;

use hookloom_model::request::RequestRecord;
use hookloom_model::{FlowId, Verdict};
use parking_lot::Mutex;

use crate::error::Error;
use crate::inbox::put_request;
use crate::table::rejection_counts::{self, RejectionCount};
use crate::table::requests::Links;
use crate::tally::Happened;
use crate::tx::Tx;
use crate::writer_thread::Chore;

/// How many requests of an endpoint, a reason and a minute are kept whole.
pub const REJECTED_KEPT_PER_MINUTE_MAX: u32 = 60;
/// Requests that may wait for the writer; more are only counted.
const WAITING_REQUESTS_MAX: usize = 4_096;
/// Bytes that may wait for the writer; requests beyond are only counted.
const WAITING_BYTES_MAX: usize = 16 * 1024 * 1024;
/// Groups that are told apart; requests of others are counted without their reason.
const GROUPS_MAX: usize = 4_096;
const MINUTE_MS: i64 = 60_000;
/// The reason under which requests are counted when there are too many groups.
const OTHER_REASON: &str = "other";

/// What waits for the writer.
#[derive(Default)]
pub(crate) struct Buffer {
    waiting: Mutex<Waiting>,
}

#[derive(Default)]
struct Waiting {
    requests: Vec<RequestRecord>,
    request_bytes: usize,
    counts: HashMap<Group, i64>,
    /// How many of each group of the current minutes were kept.
    kept: HashMap<Group, u32>,
    newest_minute: i64,
}

#[derive(Clone, PartialEq, Eq, Hash)]
struct Group {
    minute_at_ms: i64,
    endpoint: String,
    flow_id: i64,
    reason_code: String,
}

impl Buffer {
    /// Never waits for the disk.
    pub(crate) fn put(&self, record: RequestRecord) {
        let minute_at_ms = record.at_ms - record.at_ms.rem_euclid(MINUTE_MS);
        let mut waiting = self.waiting.lock();
        waiting.forget_before(minute_at_ms);
        let group = waiting.group(&record, minute_at_ms);
        let bytes = size_of_record(&record);
        let has_room = waiting.requests.len() < WAITING_REQUESTS_MAX
            && waiting.request_bytes + bytes <= WAITING_BYTES_MAX;
        let kept = waiting.kept.entry(group.clone()).or_default();
        if *kept < REJECTED_KEPT_PER_MINUTE_MAX && has_room {
            *kept += 1;
            waiting.request_bytes += bytes;
            waiting.requests.push(record);
        } else {
            *waiting.counts.entry(group).or_default() += 1;
        }
    }

    fn is_empty(&self) -> bool {
        let waiting = self.waiting.lock();
        waiting.requests.is_empty() && waiting.counts.is_empty()
    }

    fn take(&self) -> Taken {
        let mut waiting = self.waiting.lock();
        waiting.request_bytes = 0;
        Taken {
            requests: std::mem::take(&mut waiting.requests),
            counts: std::mem::take(&mut waiting.counts),
        }
    }
}

impl Waiting {
    /// Groups of minutes that are over need no memory; a late request of one begins a group anew.
    fn forget_before(&mut self, minute_at_ms: i64) {
        if minute_at_ms > self.newest_minute {
            self.newest_minute = minute_at_ms;
            let oldest = minute_at_ms - MINUTE_MS;
            self.kept.retain(|group, _| group.minute_at_ms >= oldest);
        }
    }

    fn group(&self, record: &RequestRecord, minute_at_ms: i64) -> Group {
        let reason = record.reason.as_ref();
        let group = Group {
            minute_at_ms,
            endpoint: record.endpoint.clone(),
            flow_id: record.flow_id.0,
            reason_code: reason.map_or_else(String::new, |reason| reason.code.clone()),
        };
        if self.kept.len() < GROUPS_MAX || self.kept.contains_key(&group) {
            return group;
        }
        Group {
            minute_at_ms: self.newest_minute,
            endpoint: String::new(),
            flow_id: 0,
            reason_code: OTHER_REASON.to_owned(),
        }
    }
}

fn size_of_record(record: &RequestRecord) -> usize {
    let headers: usize = record
        .headers
        .iter()
        .map(|(name, value)| name.len() + value.len())
        .sum();
    let sealed = record.sealed_headers.as_ref().map_or(0, Vec::len);
    headers + sealed + record.body.len() + record.path.len() + 256
}

#[derive(Default)]
struct Taken {
    requests: Vec<RequestRecord>,
    counts: HashMap<Group, i64>,
}

/// Writes what waits, between batches.
pub(crate) struct WriteRejected {
    buffer: Arc<Buffer>,
    /// Taken out of the buffer and not committed yet.
    taken: Taken,
}

impl WriteRejected {
    pub(crate) fn new(buffer: Arc<Buffer>) -> Self {
        Self {
            buffer,
            taken: Taken::default(),
        }
    }
}

impl Chore for WriteRejected {
    fn is_due(&self) -> bool {
        !self.taken.requests.is_empty() || !self.taken.counts.is_empty() || !self.buffer.is_empty()
    }

    fn run(&mut self, tx: &Tx<'_>) -> Result<(), Error> {
        if self.taken.requests.is_empty() && self.taken.counts.is_empty() {
            self.taken = self.buffer.take();
        }
        for record in &self.taken.requests {
            put_request(tx, record, record.verdict, Links::default())?;
        }
        for (group, count) in &self.taken.counts {
            let more = RejectionCount {
                endpoint: group.endpoint.clone(),
                flow_id: FlowId(group.flow_id),
                reason_code: group.reason_code.clone(),
                minute_at_ms: group.minute_at_ms,
                count: *count,
            };
            rejection_counts::add(tx, &more)?;
            tx.happened(Happened::Requests {
                flow_id: group.flow_id,
                endpoint: group.endpoint.clone(),
                verdict: Verdict::Rejected,
                count: count.unsigned_abs(),
            });
        }
        Ok(())
    }

    fn ended(&mut self, saved: Result<(), Error>) {
        // What the disk has no room for waits; what the database refuses would be refused for ever.
        if !saved.is_err_and(|error| error.is_passing()) {
            self.taken = Taken::default();
        }
    }
}
