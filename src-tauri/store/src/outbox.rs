//! The `Outbox` port: what is due, and what became of each attempt.

use async_trait::async_trait;
use hookloom_engine::ports::{
    AttemptEnd, DeliveryRow, JournalError, NewDelivery, Outbox, TaskDisable,
};
use hookloom_model::journal::RecordedError;
use hookloom_model::{DeliveryId, DeliveryStatus, TaskId};
use rusqlite::Connection;

use crate::change::Tag;
use crate::error::Error;
use crate::store::Store;
use crate::table::deliveries::{self, After, Owner, StoredDelivery};
use crate::table::delivery_attempts::{self, AttemptStatus};
use crate::table::{flows, webhook_tasks};
use crate::tally::Happened;
use crate::tx::Tx;

/// The code of a delivery that was canceled because its task was switched off.
pub(crate) const TASK_DISABLED: &str = "task_disabled";
const INTERRUPTED: &str = "interrupted";
/// Why a delivery gets no further attempt though one was under way.
const OFF_UNDER_WAY: &str = "it was switched off while an attempt was under way";

#[async_trait]
impl Outbox for Store {
    async fn due(
        &self,
        now_ms: i64,
        limit: u32,
        except_tasks: &[TaskId],
    ) -> Result<Vec<DeliveryRow>, JournalError> {
        let except = except_tasks.to_vec();
        Ok(self
            .read(move |conn| due(conn, now_ms, limit, &except))
            .await?)
    }

    async fn next_due_at_ms(&self, except_tasks: &[TaskId]) -> Result<Option<i64>, JournalError> {
        let except = except_tasks.to_vec();
        Ok(self.read(move |conn| next_due_at_ms(conn, &except)).await?)
    }

    async fn recover(&self, now_ms: i64) -> Result<u64, JournalError> {
        Ok(self.write("recover", move |tx| recover(tx, now_ms)).await?)
    }

    async fn delivery(&self, id: DeliveryId) -> Result<DeliveryRow, JournalError> {
        let found = self.read(move |conn| deliveries::with_id(conn, id)).await?;
        Ok(deliveries::for_engine(found))
    }

    async fn begin(
        &self,
        ids: Vec<DeliveryId>,
        at_ms: i64,
    ) -> Result<Vec<DeliveryId>, JournalError> {
        Ok(self
            .write("begin deliveries", move |tx| begin(tx, &ids, at_ms))
            .await?)
    }

    async fn end(&self, end: AttemptEnd) -> Result<(), JournalError> {
        Ok(self
            .write("end a delivery's attempt", move |tx| end_attempt(tx, &end))
            .await?)
    }

    async fn resend(&self, of: DeliveryId, id: DeliveryId, at_ms: i64) -> Result<(), JournalError> {
        Ok(self
            .write("resend", move |tx| resend(tx, of, id, at_ms))
            .await?)
    }
}

fn due(
    conn: &Connection,
    now_ms: i64,
    limit: u32,
    except: &[TaskId],
) -> Result<Vec<DeliveryRow>, Error> {
    let mut found = Vec::new();
    for task_id in deliveries::open_tasks(conn, except)? {
        found.extend(deliveries::due(conn, task_id, now_ms, limit)?);
    }
    found.sort_by_key(|(at_ms, delivery)| (*at_ms, delivery.n));
    found.truncate(usize::try_from(limit).unwrap_or(usize::MAX));
    Ok(found
        .into_iter()
        .map(|(_, delivery)| deliveries::for_engine(delivery))
        .collect())
}

fn next_due_at_ms(conn: &Connection, except: &[TaskId]) -> Result<Option<i64>, Error> {
    let mut earliest = None;
    for task_id in deliveries::open_tasks(conn, except)? {
        let at_ms = deliveries::next_due_at_ms(conn, task_id)?;
        earliest = earliest.into_iter().chain(at_ms).min();
    }
    Ok(earliest)
}

fn changed(tx: &Tx<'_>, delivery: &StoredDelivery) {
    tx.changed([
        Tag::Deliveries,
        Tag::Delivery(delivery.id),
        Tag::Job(delivery.job_id),
    ]);
}

/// Counts a delivery that has come to an end.
fn tell_end(tx: &Tx<'_>, status: DeliveryStatus) {
    if status.is_final() {
        tx.happened(Happened::DeliveryEnded { status });
    }
}

/// Whether its task is off, and no person sent it once more.
fn is_kept_back(delivery: &StoredDelivery) -> bool {
    delivery.task_disabled && delivery.resend_of.is_none()
}

fn recover(tx: &Tx<'_>, now_ms: i64) -> Result<u64, Error> {
    let error = RecordedError {
        code: INTERRUPTED.to_owned(),
        message:
            "Hookloom stopped before the answer came; the attempt does not count and is made again"
                .to_owned(),
    };
    let disabled = disabled_error(OFF_UNDER_WAY);
    let under_way = deliveries::under_way(tx)?;
    for delivery in &under_way {
        delivery_attempts::interrupt(tx, delivery.n, delivery.attempts_total, now_ms, &error)?;
        // Nobody would ever begin another attempt of it.
        let canceled = is_kept_back(delivery);
        let after = After {
            status: if canceled {
                DeliveryStatus::Canceled
            } else {
                DeliveryStatus::Waiting
            },
            next_attempt_at_ms: (!canceled).then_some(now_ms),
            counts: false,
            http_status: None,
            duration_ms: None,
            error: Some(if canceled { &disabled } else { &error }),
            at_ms: now_ms,
        };
        deliveries::end(tx, delivery.n, &after)?;
        tx.happened(Happened::AttemptEnded {
            status: AttemptStatus::Interrupted,
            took_ms: None,
        });
        tell_end(tx, after.status);
        changed(tx, delivery);
    }
    Ok(u64::try_from(under_way.len()).unwrap_or(u64::MAX))
}

fn begin(tx: &Tx<'_>, ids: &[DeliveryId], at_ms: i64) -> Result<Vec<DeliveryId>, Error> {
    let mut begun = Vec::with_capacity(ids.len());
    for id in ids {
        let delivery = deliveries::with_id(tx, *id)?;
        let waits = matches!(
            delivery.status,
            DeliveryStatus::Pending | DeliveryStatus::Waiting
        );
        if !waits || is_kept_back(&delivery) {
            continue;
        }
        deliveries::begin(tx, delivery.n)?;
        delivery_attempts::begin(tx, delivery.n, delivery.attempts_total + 1, at_ms)?;
        changed(tx, &delivery);
        begun.push(*id);
    }
    Ok(begun)
}

fn end_attempt(tx: &Tx<'_>, end: &AttemptEnd) -> Result<(), Error> {
    let delivery = deliveries::with_id(tx, end.delivery_id)?;
    if delivery.status != DeliveryStatus::Sending {
        return Err(Error::NotUnderWay {
            delivery_id: end.delivery_id,
            status: delivery.status,
        });
    }
    let attempt = match (end.counts, end.status) {
        (false, _) => AttemptStatus::Interrupted,
        (true, DeliveryStatus::Delivered) => AttemptStatus::Delivered,
        (true, _) => AttemptStatus::Failed,
    };
    delivery_attempts::end(tx, delivery.n, delivery.attempts_total, attempt, end)?;
    if let Some(disable) = &end.disable_task {
        disable_task(tx, disable, end.ended_at_ms)?;
    }
    let disabled = disabled_error(OFF_UNDER_WAY);
    let canceled = is_kept_back(&delivery) && end.status == DeliveryStatus::Waiting;
    let after = After {
        status: if canceled {
            DeliveryStatus::Canceled
        } else {
            end.status
        },
        next_attempt_at_ms: end.next_attempt_at_ms.filter(|_| !canceled),
        counts: end.counts,
        http_status: end.result.http_status,
        duration_ms: Some(end.ended_at_ms - end.started_at_ms),
        error: if canceled {
            Some(&disabled)
        } else {
            end.result.error.as_ref()
        },
        at_ms: end.ended_at_ms,
    };
    deliveries::end(tx, delivery.n, &after)?;
    tx.happened(Happened::AttemptEnded {
        status: attempt,
        took_ms: after.duration_ms,
    });
    tell_end(tx, after.status);
    if after.status == DeliveryStatus::Failed {
        tx.count(|counts| counts.deliveries_failed += 1);
    }
    changed(tx, &delivery);
    Ok(())
}

/// Why a delivery of a task that is off was canceled.
pub(crate) fn disabled_error(reason: &str) -> RecordedError {
    RecordedError {
        code: TASK_DISABLED.to_owned(),
        message: format!("the webhook task is disabled: {reason}"),
    }
}

/// Switches the task off, and cancels what waits for it.
pub(crate) fn disable_task(tx: &Tx<'_>, disable: &TaskDisable, at_ms: i64) -> Result<(), Error> {
    webhook_tasks::disable(tx, disable.task_id, &disable.reason)?;
    let reason = disabled_error(&disable.reason);
    for (id, job_id) in deliveries::cancel_open(tx, disable.task_id, &reason, at_ms)? {
        tell_end(tx, DeliveryStatus::Canceled);
        tx.changed([Tag::Deliveries, Tag::Delivery(id), Tag::Job(job_id)]);
    }
    if let Some(flow_id) = webhook_tasks::flow_of(tx, disable.task_id)?
        && let Some(flow) = flows::name_of(tx, flow_id)?
    {
        tx.changed([Tag::Flows, Tag::Flow(flow)]);
    }
    Ok(())
}

fn resend(tx: &Tx<'_>, of: DeliveryId, id: DeliveryId, at_ms: i64) -> Result<(), Error> {
    let first = deliveries::with_id(tx, of)?;
    let owner = Owner {
        job_id: first.job_id,
        flow_id: first.flow_id,
        version: first.version,
        task_id: first.task_id,
    };
    let new = NewDelivery {
        id,
        task: first.task,
        event: first.event,
        output: first.output,
        method: first.method,
        url: first.url,
        attempts_max: first.attempts_max,
        validate_ssl: first.validate_ssl,
        due_at_ms: at_ms,
    };
    deliveries::insert(tx, owner, &new, Some(of))?;
    tx.count(|counts| counts.deliveries += 1);
    tx.changed([Tag::Deliveries, Tag::Delivery(id), Tag::Job(owner.job_id)]);
    Ok(())
}
