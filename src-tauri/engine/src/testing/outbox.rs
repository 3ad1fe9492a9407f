//! Deliveries in memory.

use async_trait::async_trait;
use hookloom_model::{DeliveryId, DeliveryStatus, FlowId, JobId, TaskId};

use super::MemoryDatabase;
use super::database::Tables;
use super::life::Point;
use crate::ports::{AttemptEnd, DeliveryRow, JournalError, NewDelivery, Outbox};

/// A delivery on the disk.
#[derive(Debug, Clone)]
pub struct StoredDelivery {
    /// As the engine sees it.
    pub row: DeliveryRow,
    /// What it was inserted with.
    pub new: NewDelivery,
    /// When its next attempt is due.
    pub due_at_ms: Option<i64>,
    /// Attempts that ended.
    pub ends: Vec<AttemptEnd>,
}

impl StoredDelivery {
    pub(super) fn new(
        new: NewDelivery,
        job_id: JobId,
        flow_id: FlowId,
        version: i64,
        task_id: TaskId,
    ) -> Self {
        let row = DeliveryRow {
            id: new.id,
            job_id,
            flow_id,
            version,
            task_id,
            task: new.task.clone(),
            output: new.output.clone(),
            status: DeliveryStatus::Pending,
            attempts_counted: 0,
            attempts_total: 0,
            attempts_max: new.attempts_max,
        };
        Self {
            row,
            due_at_ms: Some(new.due_at_ms),
            new,
            ends: Vec::new(),
        }
    }

    fn is_due(&self, now_ms: i64) -> bool {
        self.due_at_ms.is_some_and(|at_ms| at_ms <= now_ms)
    }
}

impl super::Disk {
    /// Every delivery, oldest first.
    pub fn deliveries(&self) -> Vec<StoredDelivery> {
        self.tables.lock().deliveries.values().cloned().collect()
    }

    /// Tasks that a 410 switched off.
    pub fn disabled_tasks(&self) -> Vec<TaskId> {
        self.tables.lock().disabled_tasks.clone()
    }
}

fn waiting<'a>(
    tables: &'a Tables,
    except: &'a [TaskId],
) -> impl Iterator<Item = &'a StoredDelivery> {
    tables
        .deliveries
        .values()
        .filter(|delivery| !except.contains(&delivery.row.task_id))
}

fn not_found(id: DeliveryId) -> JournalError {
    JournalError::NotFound {
        what: format!("delivery {id}"),
    }
}

#[async_trait]
impl Outbox for MemoryDatabase {
    async fn due(
        &self,
        now_ms: i64,
        limit: u32,
        except_tasks: &[TaskId],
    ) -> Result<Vec<DeliveryRow>, JournalError> {
        let due = |tables: &Tables| {
            let mut due: Vec<_> = waiting(tables, except_tasks)
                .filter(|delivery| delivery.is_due(now_ms))
                .collect();
            due.sort_by_key(|delivery| delivery.due_at_ms);
            Some(
                due.into_iter()
                    .take(limit as usize)
                    .map(|due| due.row.clone())
                    .collect(),
            )
        };
        self.read(due, String::new).await
    }

    async fn next_due_at_ms(&self, except_tasks: &[TaskId]) -> Result<Option<i64>, JournalError> {
        let next = |tables: &Tables| {
            Some(
                waiting(tables, except_tasks)
                    .filter_map(|delivery| delivery.due_at_ms)
                    .min(),
            )
        };
        self.read(next, String::new).await
    }

    async fn recover(&self, now_ms: i64) -> Result<u64, JournalError> {
        self.write(&[], |tables| {
            let mut recovered = 0;
            for delivery in tables.deliveries.values_mut() {
                if delivery.row.status == DeliveryStatus::Sending {
                    delivery.row.status = DeliveryStatus::Waiting;
                    delivery.due_at_ms = Some(now_ms);
                    recovered += 1;
                }
            }
            Ok(recovered)
        })
        .await
    }

    async fn delivery(&self, id: DeliveryId) -> Result<DeliveryRow, JournalError> {
        let row = |tables: &Tables| {
            tables
                .deliveries
                .get(&id)
                .map(|delivery| delivery.row.clone())
        };
        self.read(row, || format!("delivery {id}")).await
    }

    async fn begin(
        &self,
        ids: Vec<DeliveryId>,
        _at_ms: i64,
    ) -> Result<Vec<DeliveryId>, JournalError> {
        self.write(&[Point::Claim], |tables| {
            let mut begun = Vec::new();
            for id in ids {
                let delivery = tables
                    .deliveries
                    .get_mut(&id)
                    .ok_or_else(|| not_found(id))?;
                if tables.disabled_tasks.contains(&delivery.row.task_id) {
                    delivery.row.status = DeliveryStatus::Canceled;
                    delivery.due_at_ms = None;
                } else {
                    delivery.row.status = DeliveryStatus::Sending;
                    delivery.due_at_ms = None;
                    delivery.row.attempts_total += 1;
                    begun.push(id);
                }
            }
            Ok(begun)
        })
        .await
    }

    async fn end(&self, end: AttemptEnd) -> Result<(), JournalError> {
        self.write(&[Point::Result], |tables| {
            let id = end.delivery_id;
            let delivery = tables
                .deliveries
                .get_mut(&id)
                .ok_or_else(|| not_found(id))?;
            if delivery.row.status != DeliveryStatus::Sending {
                return Err(JournalError::Internal("no attempt is under way".into()));
            }
            delivery.row.attempts_counted += u32::from(end.counts);
            delivery.row.status = end.status;
            delivery.due_at_ms = end.next_attempt_at_ms;
            if let Some(disable) = &end.disable_task {
                tables.disabled_tasks.push(disable.task_id);
            }
            delivery.ends.push(end);
            Ok(())
        })
        .await
    }

    async fn resend(&self, of: DeliveryId, id: DeliveryId, at_ms: i64) -> Result<(), JournalError> {
        self.write(&[], |tables| {
            let first = tables.deliveries.get(&of).ok_or_else(|| not_found(of))?;
            let new = NewDelivery {
                id,
                due_at_ms: at_ms,
                ..first.new.clone()
            };
            let row = &first.row;
            let copy = StoredDelivery::new(new, row.job_id, row.flow_id, row.version, row.task_id);
            tables.deliveries.insert(id, copy);
            Ok(())
        })
        .await
    }
}
