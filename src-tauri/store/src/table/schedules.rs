//! Schedules of published flows: until when each is done, and what it did last.

use hookloom_engine::ports::{DueSchedule, LiveSchedule, PassedSchedule};
use hookloom_model::{FlowId, JobId};
use rusqlite::{Connection, Row};

use crate::document::ScheduleTimes;
use crate::error::Error;

pub(crate) const SQL: &str = "
CREATE TABLE schedules (
    flow_id INTEGER NOT NULL,
    name TEXT NOT NULL,
    -- Cron pattern, time zone and whether it is switched on: when they change, times count from then on.
    times TEXT NOT NULL,
    enabled INTEGER NOT NULL,
    -- Times up to this one are done.
    done_until_ms INTEGER NOT NULL,
    last_due_at_ms INTEGER,
    last_job_id INTEGER,
    missed_count INTEGER NOT NULL DEFAULT 0,
    missed_at_ms INTEGER,
    -- For all that follows.
    PRIMARY KEY (flow_id, name)
) STRICT, WITHOUT ROWID;
";

/// What a schedule did.
#[derive(Debug, Clone, PartialEq, Eq)]
pub struct ScheduleRow {
    /// Its name.
    pub name: String,
    /// Times up to this one are done, Unix milliseconds.
    pub done_until_ms: i64,
    /// The last time for which a job began.
    pub last_due_at_ms: Option<i64>,
    /// That job.
    pub last_job_id: Option<JobId>,
    /// How many times were missed in all.
    pub missed_count: u64,
    /// When times were found to be missed.
    pub missed_at_ms: Option<i64>,
}

/// The flow has these schedules and no others. New and changed ones count from now on.
pub(crate) fn replace(
    conn: &Connection,
    flow_id: FlowId,
    schedules: &[ScheduleTimes],
    at_ms: i64,
) -> Result<(), Error> {
    let mut delete =
        conn.prepare_cached("DELETE FROM schedules WHERE flow_id = ?1 AND name = ?2")?;
    for gone in of_flow(conn, flow_id)? {
        if !schedules.iter().any(|known| known.name == gone.name) {
            delete.execute((flow_id.0, &gone.name))?;
        }
    }
    let mut put = conn.prepare_cached(
        "INSERT INTO schedules (flow_id, name, times, enabled, done_until_ms) VALUES (?1, ?2, ?3, ?4, ?5)
         ON CONFLICT (flow_id, name) DO UPDATE SET times = ?3, enabled = ?4, done_until_ms = ?5
         WHERE times <> ?3 OR enabled <> ?4",
    )?;
    for schedule in schedules {
        put.execute((
            flow_id.0,
            &schedule.name,
            &schedule.times,
            schedule.enabled,
            at_ms,
        ))?;
    }
    Ok(())
}

/// The flow goes live: what passed while it was not begins nothing.
pub(crate) fn restart(conn: &Connection, flow_id: FlowId, at_ms: i64) -> Result<(), Error> {
    conn.prepare_cached("UPDATE schedules SET done_until_ms = ?2 WHERE flow_id = ?1")?
        .execute((flow_id.0, at_ms))?;
    Ok(())
}

/// Those that can begin jobs now.
pub(crate) fn live(conn: &Connection) -> Result<Vec<LiveSchedule>, Error> {
    let mut statement = conn.prepare_cached(
        "SELECT flow_id, version, schedules.name, done_until_ms FROM schedules
         JOIN flows ON flows.id = flow_id
         WHERE enabled AND state = 'live' AND version IS NOT NULL AND deleted_at_ms IS NULL",
    )?;
    let rows = statement.query_map([], |row| {
        Ok(LiveSchedule {
            flow_id: FlowId(row.get(0)?),
            version: row.get(1)?,
            name: row.get(2)?,
            done_until_ms: row.get(3)?,
        })
    })?;
    Ok(rows.collect::<Result<_, _>>()?)
}

/// Of one flow, by name.
pub(crate) fn of_flow(conn: &Connection, flow_id: FlowId) -> Result<Vec<ScheduleRow>, Error> {
    let mut statement = conn.prepare_cached(
        "SELECT name, done_until_ms, last_due_at_ms, last_job_id, missed_count, missed_at_ms
         FROM schedules WHERE flow_id = ?1 ORDER BY name",
    )?;
    let rows = statement.query_map([flow_id.0], read)?;
    Ok(rows.collect::<Result<_, _>>()?)
}

fn read(row: &Row<'_>) -> rusqlite::Result<ScheduleRow> {
    Ok(ScheduleRow {
        name: row.get(0)?,
        done_until_ms: row.get(1)?,
        last_due_at_ms: row.get(2)?,
        last_job_id: row.get::<_, Option<i64>>(3)?.map(JobId),
        missed_count: row.get(4)?,
        missed_at_ms: row.get(5)?,
    })
}

/// A time is done, unless it was before, or the flow is not live with this version any more. Gives whether it was due.
pub(crate) fn take(
    conn: &Connection,
    flow_id: FlowId,
    version: i64,
    due: &DueSchedule,
    at_ms: i64,
) -> Result<bool, Error> {
    let taken = conn
        .prepare_cached(
            "UPDATE schedules SET done_until_ms = ?4, last_due_at_ms = ?4,
                missed_count = missed_count + ?5,
                missed_at_ms = CASE WHEN ?5 > 0 THEN ?6 ELSE missed_at_ms END
             WHERE flow_id = ?1 AND name = ?3 AND enabled AND done_until_ms < ?4
                AND EXISTS (SELECT 1 FROM flows WHERE id = ?1 AND version = ?2 AND state = 'live'
                    AND deleted_at_ms IS NULL)",
        )?
        .execute((
            flow_id.0,
            version,
            &due.name,
            due.due_at_ms,
            due.missed,
            at_ms,
        ))?;
    Ok(taken == 1)
}

/// The job that a time began.
pub(crate) fn began(
    conn: &Connection,
    flow_id: FlowId,
    name: &str,
    job_id: JobId,
) -> Result<(), Error> {
    conn.prepare_cached("UPDATE schedules SET last_job_id = ?3 WHERE flow_id = ?1 AND name = ?2")?
        .execute((flow_id.0, name, job_id.0))?;
    Ok(())
}

/// Times pass without a job, unless somebody moved the schedule on meanwhile.
pub(crate) fn pass(conn: &Connection, pass: &PassedSchedule) -> Result<(), Error> {
    conn.prepare_cached(
        "UPDATE schedules SET done_until_ms = ?4, missed_count = missed_count + ?5,
            missed_at_ms = CASE WHEN ?5 > 0 THEN ?6 ELSE missed_at_ms END
         WHERE flow_id = ?1 AND name = ?2 AND done_until_ms = ?3",
    )?
    .execute((
        pass.flow_id.0,
        &pass.name,
        pass.from_ms,
        pass.until_ms,
        pass.missed,
        pass.at_ms,
    ))?;
    Ok(())
}
