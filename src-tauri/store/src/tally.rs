//! What was committed since this process began, as counters that only grow. The tables are the truth: this is what a
//! monitor reads every few seconds, without a query.

use std::collections::HashMap;

use hookloom_engine::histogram::{Histogram, HistogramLook};
use hookloom_model::{DeliveryStatus, JobStatus, Verdict};
use parking_lot::Mutex;
use rusqlite::Connection;

use crate::error::Error;
use crate::store::Store;
use crate::table::delivery_attempts::AttemptStatus;
use crate::table::{deliveries, jobs};
use crate::writer::QUEUE_OPERATIONS_MAX;

/// Endpoints that are told apart. A monitor keeps every name that it ever saw, so there is an end to them; requests of
/// others are counted together.
const ENDPOINTS_MAX: usize = 1_000;

/// Something that a commit makes true, to be counted after it.
#[derive(Debug)]
pub(crate) enum Happened {
    /// Requests were recorded, or counted without being kept.
    Requests {
        flow_id: i64,
        endpoint: String,
        verdict: Verdict,
        count: u64,
    },
    /// A job began.
    JobBegan,
    /// A job ended; how long after its first step, if it had come to that.
    JobEnded {
        status: JobStatus,
        took_ms: Option<i64>,
    },
    /// An attempt of a delivery ended.
    AttemptEnded {
        status: AttemptStatus,
        took_ms: Option<i64>,
    },
    /// A delivery ended.
    DeliveryEnded { status: DeliveryStatus },
}

/// What was committed so far.
#[derive(Default)]
pub(crate) struct Tally {
    counts: Mutex<Counted>,
    job_times: Histogram,
    attempt_times: Histogram,
    /// How long commits took, with the sync of the disk.
    pub(crate) commit_times: Histogram,
}

#[derive(Debug, Clone, Default)]
struct Counted {
    requests: HashMap<(i64, String), [u64; Verdict::ALL.len()]>,
    jobs_begun: u64,
    jobs_ended: HashMap<JobStatus, u64>,
    attempts: [u64; 3],
    deliveries_ended: HashMap<DeliveryStatus, u64>,
}

/// Requests of one endpoint since the start.
#[derive(Debug, Clone, PartialEq, Eq)]
pub struct EndpointTally {
    /// The flow; 0 for endpoints that are not told apart any more.
    pub flow_id: i64,
    /// The endpoint; empty for those.
    pub endpoint: String,
    /// By verdict.
    pub requests: Vec<(Verdict, u64)>,
}

/// What was committed since the process began.
#[derive(Debug, Clone, PartialEq, Eq)]
pub struct TallyLook {
    /// By flow and endpoint.
    pub endpoints: Vec<EndpointTally>,
    /// Jobs that began. Trials of drafts are none.
    pub jobs_begun: u64,
    /// Jobs that ended.
    pub jobs_ended: Vec<(JobStatus, u64)>,
    /// Attempts of deliveries by the name of what became of them.
    pub attempts: Vec<(AttemptStatus, u64)>,
    /// Deliveries that ended.
    pub deliveries_ended: Vec<(DeliveryStatus, u64)>,
    /// How long jobs took from their first step to their end.
    pub job_times: HistogramLook,
    /// How long attempts of deliveries took.
    pub attempt_times: HistogramLook,
    /// How long commits took, with the sync of the disk.
    pub commit_times: HistogramLook,
}

/// What waits now, and what the database takes on the disk.
#[derive(Debug, Clone, PartialEq, Eq)]
pub struct Waiting {
    /// Jobs that have not ended.
    pub jobs: Vec<(JobStatus, u64)>,
    /// Deliveries that have not ended.
    pub deliveries: Vec<(DeliveryStatus, u64)>,
    /// Writes that wait for the writer.
    pub writes: usize,
    /// Of the database's file.
    pub database_bytes: u64,
    /// Of the write-ahead log.
    pub log_bytes: u64,
}

/// The states of a job that has not ended.
const OPEN_JOBS: [JobStatus; 3] = [JobStatus::Queued, JobStatus::Running, JobStatus::Waiting];
/// The states in which a job ends.
const ENDED_JOBS: [JobStatus; 4] = [
    JobStatus::Complete,
    JobStatus::Failed,
    JobStatus::Canceled,
    JobStatus::TimedOut,
];
/// The states of a delivery that has not ended.
const OPEN_DELIVERIES: [DeliveryStatus; 3] = [
    DeliveryStatus::Pending,
    DeliveryStatus::Sending,
    DeliveryStatus::Waiting,
];
/// The states in which a delivery ends.
const ENDED_DELIVERIES: [DeliveryStatus; 3] = [
    DeliveryStatus::Delivered,
    DeliveryStatus::Failed,
    DeliveryStatus::Canceled,
];
const ATTEMPTS: [AttemptStatus; 3] = [
    AttemptStatus::Delivered,
    AttemptStatus::Failed,
    AttemptStatus::Interrupted,
];

impl Tally {
    /// All of a commit.
    pub(crate) fn add(&self, happened: Vec<Happened>) {
        if happened.is_empty() {
            return;
        }
        let mut counts = self.counts.lock();
        for one in happened {
            match one {
                Happened::Requests {
                    flow_id,
                    endpoint,
                    verdict,
                    count,
                } => counts.requests((flow_id, endpoint), verdict, count),
                Happened::JobBegan => counts.jobs_begun += 1,
                Happened::JobEnded { status, took_ms } => {
                    *counts.jobs_ended.entry(status).or_default() += 1;
                    if let Some(took_ms) = took_ms {
                        self.job_times.add_ms(took_ms);
                    }
                }
                Happened::AttemptEnded { status, took_ms } => {
                    if let Some(at) = ATTEMPTS.iter().position(|it| *it == status) {
                        counts.attempts[at] += 1;
                    }
                    if let Some(took_ms) = took_ms {
                        self.attempt_times.add_ms(took_ms);
                    }
                }
                Happened::DeliveryEnded { status } => {
                    *counts.deliveries_ended.entry(status).or_default() += 1;
                }
            }
        }
    }

    fn look(&self) -> TallyLook {
        let Counted {
            requests,
            jobs_begun,
            jobs_ended,
            attempts,
            deliveries_ended,
        } = self.counts.lock().clone();
        let mut endpoints: Vec<_> = requests
            .into_iter()
            .map(|((flow_id, endpoint), counts)| EndpointTally {
                flow_id,
                endpoint,
                requests: Verdict::ALL.iter().copied().zip(counts).collect(),
            })
            .collect();
        endpoints.sort_by(|one, other| {
            (one.flow_id, &one.endpoint).cmp(&(other.flow_id, &other.endpoint))
        });
        let of = |counts: &HashMap<_, u64>, status| counts.get(&status).copied().unwrap_or(0);
        TallyLook {
            endpoints,
            jobs_begun,
            jobs_ended: ENDED_JOBS.map(|it| (it, of(&jobs_ended, it))).to_vec(),
            attempts: ATTEMPTS.into_iter().zip(attempts).collect(),
            deliveries_ended: ENDED_DELIVERIES
                .map(|it| (it, deliveries_ended.get(&it).copied().unwrap_or(0)))
                .to_vec(),
            job_times: self.job_times.look(),
            attempt_times: self.attempt_times.look(),
            commit_times: self.commit_times.look(),
        }
    }
}

impl Counted {
    fn requests(&mut self, key: (i64, String), verdict: Verdict, count: u64) {
        let key = if self.requests.len() < ENDPOINTS_MAX || self.requests.contains_key(&key) {
            key
        } else {
            (0, String::new())
        };
        let of_verdict = self.requests.entry(key).or_default();
        if let Some(at) = Verdict::ALL.iter().position(|it| *it == verdict) {
            of_verdict[at] += count;
        }
    }
}

impl Store {
    /// What was committed since this process began.
    pub fn tally(&self) -> TallyLook {
        self.writer().shared().tally.look()
    }

    /// What waits at this moment, and what the database takes.
    pub async fn waiting(&self) -> Result<Waiting, Error> {
        let (jobs, deliveries) = self.read(count_open).await?;
        let (database_bytes, log_bytes) = self.file_bytes();
        Ok(Waiting {
            jobs,
            deliveries,
            writes: QUEUE_OPERATIONS_MAX - self.writer().room(),
            database_bytes,
            log_bytes,
        })
    }
}

type OpenCounts = (Vec<(JobStatus, u64)>, Vec<(DeliveryStatus, u64)>);

fn count_open(conn: &Connection) -> Result<OpenCounts, Error> {
    let (mut of_jobs, mut of_deliveries) = (Vec::new(), Vec::new());
    for status in OPEN_JOBS {
        of_jobs.push((status, jobs::count_in(conn, status)?));
    }
    for status in OPEN_DELIVERIES {
        of_deliveries.push((status, deliveries::count_in(conn, status)?));
    }
    Ok((of_jobs, of_deliveries))
}

#[cfg(test)]
mod tests {
    use super::*;

    #[test]
    fn endpoints_beyond_the_bound_are_counted_together() {
        let tally = Tally::default();
        let more = 25;
        for name in 0..ENDPOINTS_MAX + more {
            for _ in 0..2 {
                tally.add(vec![Happened::Requests {
                    flow_id: 1,
                    endpoint: format!("endpoint_{name}"),
                    verdict: Verdict::Rejected,
                    count: 3,
                }]);
            }
        }
        let look = tally.look();
        assert_eq!(look.endpoints.len(), ENDPOINTS_MAX + 1);
        let rejected = |it: &EndpointTally| {
            let found = it.requests.iter().find(|it| it.0 == Verdict::Rejected);
            found.map_or(0, |it| it.1)
        };
        assert_eq!(look.endpoints[0].flow_id, 0);
        assert_eq!(rejected(&look.endpoints[0]), 6 * more as u64);
        assert!(look.endpoints[1..].iter().all(|it| rejected(it) == 6));
    }
}
