//! What was answered, and whether a database holds it: whole, once, and nothing that contradicts itself.

use std::collections::BTreeMap;

use hookloom_engine::apply::fold;
use hookloom_model::{JobId, JobStatus};
use rusqlite::Connection;

use crate::table::{counters, journal};
use crate::{Error, Store};

/// One thing that was answered.
#[derive(Debug, Clone, PartialEq, Eq)]
pub(super) enum Answer {
    /// A request began this job; perhaps it had a key.
    Job { job_id: JobId, key: Option<String> },
    /// The job has so many events.
    Events { job_id: JobId, count: u64 },
    /// The setting has this value, or a later one.
    Setting { value: u64 },
}

/// The name of the setting that only grows.
pub(super) const SETTING: &str = "grows";

/// What a database must hold after these answers.
#[derive(Debug, Default)]
pub(super) struct Expected {
    /// The least number of events of each job.
    pub jobs: BTreeMap<JobId, u64>,
    pub keys: BTreeMap<String, JobId>,
    setting: Option<u64>,
}

impl Expected {
    pub(super) fn after(answers: &[Answer]) -> Self {
        let mut expected = Self::default();
        for answer in answers {
            match answer {
                Answer::Job { job_id, key } => {
                    expected.jobs.entry(*job_id).or_insert(1);
                    if let Some(key) = key {
                        expected.keys.insert(key.clone(), *job_id);
                    }
                }
                Answer::Events { job_id, count } => {
                    let events = expected.jobs.entry(*job_id).or_default();
                    *events = (*events).max(*count);
                }
                Answer::Setting { value } => {
                    expected.setting = expected.setting.max(Some(*value));
                }
            }
        }
        expected
    }
}

/// What is wrong with a database.
#[derive(Debug, Clone, PartialEq, Eq)]
pub(super) enum Wrong {
    /// It cannot be read, or contradicts itself.
    Corrupt(String),
    /// Something was answered and is not there.
    Lost(String),
}

/// Looks at everything that the store holds.
pub(super) async fn look(store: &Store, expected: Expected) -> Result<(), Wrong> {
    let looked = store.read(move |conn| {
        Ok(match contradictions(conn)? {
            Some(wrong) => Err(Wrong::Corrupt(wrong)),
            None => missing(conn, &expected)?.map_or(Ok(()), |lost| Err(Wrong::Lost(lost))),
        })
    });
    match looked.await {
        Ok(found) => found,
        Err(error) => Err(Wrong::Corrupt(error.to_string())),
    }
}

fn contradictions(conn: &Connection) -> Result<Option<String>, Error> {
    let check: String = conn.pragma_query_value(None, "integrity_check", |row| row.get(0))?;
    if check != "ok" {
        return Ok(Some(check));
    }
    for (what, sql) in [
        (
            "jobs without a request",
            "SELECT COUNT(*) FROM jobs AS j WHERE NOT EXISTS
            (SELECT 1 FROM requests AS r WHERE r.id = j.request_id AND r.job_id = j.id)",
        ),
        (
            "accepted requests without a job",
            "SELECT COUNT(*) FROM requests AS r WHERE r.verdict = 'accepted' AND NOT EXISTS
            (SELECT 1 FROM jobs AS j WHERE j.id = r.job_id)",
        ),
        (
            "keys without a job",
            "SELECT COUNT(*) FROM idempotency_keys AS k WHERE NOT EXISTS
            (SELECT 1 FROM jobs AS j WHERE j.id = k.job_id)",
        ),
        (
            "complete jobs with no delivery, or with two",
            "SELECT COUNT(*) FROM jobs AS j WHERE (j.status = 'complete') <>
            (SELECT COUNT(*) FROM deliveries AS d WHERE d.job_id = j.id)",
        ),
        (
            "events of no job",
            "SELECT COUNT(*) FROM journal AS e WHERE NOT EXISTS
            (SELECT 1 FROM jobs AS j WHERE j.id = e.job_id)",
        ),
    ] {
        let found: i64 = conn.query_row(sql, [], |row| row.get(0))?;
        if found != 0 {
            return Ok(Some(format!("{found} {what}")));
        }
    }
    for (job_id, status, next_seq) in jobs(conn)? {
        let entries = journal::entries(conn, job_id, 0, u32::MAX)?;
        match fold(&entries) {
            Ok(state) if state.status() == status && state.seq_next == next_seq => {}
            other => {
                return Ok(Some(format!(
                    "job {job_id} is {status}, at {next_seq}: {other:?}"
                )));
            }
        }
    }
    let counted = counters::read(conn)?;
    let rows: (i64, i64, i64) = conn.query_row(
        "SELECT (SELECT COUNT(*) FROM requests), (SELECT COUNT(*) FROM jobs), (SELECT COUNT(*) FROM deliveries)",
        [],
        |row| Ok((row.get(0)?, row.get(1)?, row.get(2)?)),
    )?;
    let counts = (counted.requests, counted.jobs, counted.deliveries);
    Ok((rows != counts).then(|| format!("{rows:?} are counted as {counts:?}")))
}

fn jobs(conn: &Connection) -> Result<Vec<(JobId, JobStatus, u64)>, Error> {
    let mut statement = conn.prepare("SELECT id, status, next_seq FROM jobs")?;
    let rows = statement.query_map([], |row| {
        let status: String = row.get(1)?;
        let status = JobStatus::ALL.iter().find(|known| known.as_str() == status);
        Ok((
            JobId(row.get(0)?),
            *status.expect("a known status"),
            row.get(2)?,
        ))
    })?;
    Ok(rows.collect::<Result<_, _>>()?)
}

fn missing(conn: &Connection, expected: &Expected) -> Result<Option<String>, Error> {
    let there: BTreeMap<JobId, u64> = jobs(conn)?
        .into_iter()
        .map(|(id, _, next_seq)| (id, next_seq))
        .collect();
    for (job_id, count) in &expected.jobs {
        let found = there.get(job_id).copied().unwrap_or(0);
        if found < *count {
            return Ok(Some(format!("job {job_id} has {found} of {count} events")));
        }
    }
    let mut statement = conn.prepare("SELECT key, job_id FROM idempotency_keys")?;
    let keys = statement.query_map([], |row| Ok((row.get(0)?, row.get(1).map(JobId)?)))?;
    let keys: BTreeMap<String, JobId> = keys.collect::<Result<_, _>>()?;
    for (key, job_id) in &expected.keys {
        if keys.get(key) != Some(job_id) {
            return Ok(Some(format!(
                "the key {key} began {:?}, not {job_id}",
                keys.get(key)
            )));
        }
    }
    let setting = crate::table::settings::get(conn, SETTING)?;
    let setting = setting.and_then(|text| text.parse::<u64>().ok());
    Ok((setting < expected.setting)
        .then(|| format!("the setting is {setting:?}, not {:?}", expected.setting)))
}
