//! Which deliveries are attempted now: those that are due, within a bound for all and one for each task.
//!
//! A batch of due deliveries begins in one commit. What is due is always asked of the outbox.

use std::collections::{HashMap, HashSet};
use std::sync::Arc;

use hookloom_model::{DeliveryId, DeliveryStatus, TaskId};
use tokio::sync::{Notify, watch};
use tokio::task::{Id, JoinError, JoinHandle, JoinSet};

use super::attempt;
use crate::core::{Core, stopped};
use crate::ports::{DeliveryRow, JournalError};

/// The wait before the outbox is asked again after it failed.
const AGAIN_MS: i64 = 1_000;

/// Wakes the deliveries.
#[derive(Clone, Default)]
pub(crate) struct Nudge(Arc<Notify>);

impl Nudge {
    pub fn nudge(&self) {
        self.0.notify_one();
    }
}

/// Starts sending. It begins with what a crash cut off.
pub(crate) fn start(core: Arc<Core>, stopping: watch::Receiver<bool>) -> (Nudge, JoinHandle<()>) {
    let nudge = Nudge::default();
    let dispatcher = Dispatcher {
        core,
        nudge: nudge.clone(),
        stopping,
        running: JoinSet::new(),
        under_way: HashMap::new(),
        per_task: HashMap::new(),
        doubtful: Vec::new(),
        look: true,
        look_at_ms: None,
    };
    (nudge, tokio::spawn(dispatcher.run()))
}

struct Dispatcher {
    core: Arc<Core>,
    nudge: Nudge,
    stopping: watch::Receiver<bool>,
    /// Each gives the time of its next attempt, if there is one.
    running: JoinSet<Option<i64>>,
    under_way: HashMap<Id, DeliveryRow>,
    per_task: HashMap<TaskId, usize>,
    /// Deliveries whose begin failed in an unknown way: nobody sends them, and the outbox may say that somebody does.
    doubtful: Vec<DeliveryRow>,
    /// Whether something may be due now.
    look: bool,
    /// When to look again.
    look_at_ms: Option<i64>,
}

impl Dispatcher {
    async fn run(mut self) {
        self.recover().await;
        while !*self.stopping.borrow() {
            if let Err(error) = self.fill().await {
                tracing::warn!(%error, "due deliveries wait for the database");
                self.look = false;
                self.look_at_ms = Some(self.core.now_ms().saturating_add(AGAIN_MS));
            }
            let clock = Arc::clone(&self.core.ports.clock);
            let wake = Arc::clone(&self.nudge.0);
            let has_room = self.room() > 0;
            let look_at_ms = self.look_at_ms.unwrap_or(i64::MAX);
            tokio::select! {
                biased;
                () = stopped(&mut self.stopping) => break,
                Some(done) = self.running.join_next_with_id(), if !self.running.is_empty() => self.done(done),
                () = wake.notified() => self.look = true,
                () = clock.sleep_until_ms(look_at_ms), if has_room && self.look_at_ms.is_some() => {
                    self.look = true;
                }
            }
        }
        self.drain().await;
    }

    /// Attempts that a crash cut off become due again.
    async fn recover(&mut self) {
        while let Err(error) = self.core.ports.outbox.recover(self.core.now_ms()).await {
            tracing::warn!(%error, "deliveries that were cut off wait for the database");
            let clock = Arc::clone(&self.core.ports.clock);
            let again_ms = self.core.now_ms().saturating_add(AGAIN_MS);
            tokio::select! {
                biased;
                () = stopped(&mut self.stopping) => return,
                () = clock.sleep_until_ms(again_ms) => {}
            }
        }
    }

    fn room(&self) -> usize {
        self.core
            .options
            .deliveries_max
            .saturating_sub(self.running.len())
    }

    /// Tasks that have as many attempts under way as they may.
    fn busy_tasks(&self) -> Vec<TaskId> {
        let max = self.core.options.deliveries_per_task_max;
        let busy = self.per_task.iter().filter(|(_, count)| **count >= max);
        busy.map(|(task, _)| *task).collect()
    }

    /// Begins attempts until nothing more is due or there is no room.
    async fn fill(&mut self) -> Result<(), JournalError> {
        while let Some(done) = self.running.try_join_next_with_id() {
            self.done(done);
        }
        self.resolve().await?;
        while self.look && self.room() > 0 {
            self.look = false;
            let now_ms = self.core.now_ms();
            let busy = self.busy_tasks();
            let outbox = &self.core.ports.outbox;
            let room = u32::try_from(self.room()).unwrap_or(u32::MAX);
            let rows = outbox.due(now_ms, room, &busy).await?;
            if rows.is_empty() {
                self.look_at_ms = outbox.next_due_at_ms(&busy).await?;
                // What a busy task has due is looked for when one of its attempts ends.
                return Ok(());
            }
            self.look = true;
            if self.begin(rows, now_ms).await? == 0 {
                // Somebody took them away between the look and the begin; without a pause this could go on for ever.
                self.look = false;
                self.look_at_ms = Some(now_ms.saturating_add(AGAIN_MS));
            }
        }
        Ok(())
    }

    async fn begin(&mut self, rows: Vec<DeliveryRow>, now_ms: i64) -> Result<usize, JournalError> {
        let rows = self.within_tasks(rows);
        let ids: Vec<DeliveryId> = rows.iter().map(|row| row.id).collect();
        let begun = match self.core.ports.outbox.begin(ids, now_ms).await {
            Ok(begun) => begun,
            Err(error) => {
                if !matches!(error, JournalError::Unavailable { .. }) {
                    self.doubtful.extend(rows);
                }
                return Err(error);
            }
        };
        let begun: HashSet<DeliveryId> = begun.into_iter().collect();
        for row in rows.into_iter().filter(|row| begun.contains(&row.id)) {
            self.spawn(row, now_ms);
        }
        Ok(begun.len())
    }

    /// Asks the outbox what became of those whose begin failed, and sends those that did begin.
    async fn resolve(&mut self) -> Result<(), JournalError> {
        while let Some(row) = self.doubtful.last() {
            let status = match self.core.ports.outbox.delivery(row.id).await {
                Ok(row) => Some(row.status),
                Err(JournalError::NotFound { .. }) => None,
                Err(error) => return Err(error),
            };
            let now_ms = self.core.now_ms();
            if let Some(row) = self.doubtful.pop()
                && status == Some(DeliveryStatus::Sending)
            {
                self.spawn(row, now_ms);
            }
        }
        Ok(())
    }

    fn spawn(&mut self, row: DeliveryRow, started_at_ms: i64) {
        let attempt = attempt::run(Arc::clone(&self.core), row.clone(), started_at_ms);
        let task = self.running.spawn(attempt);
        *self.per_task.entry(row.task_id).or_default() += 1;
        self.under_way.insert(task.id(), row);
    }

    /// Leaves out what would exceed the bound of its task.
    fn within_tasks(&self, rows: Vec<DeliveryRow>) -> Vec<DeliveryRow> {
        let max = self.core.options.deliveries_per_task_max.max(1);
        let mut counts = self.per_task.clone();
        rows.into_iter()
            .filter(|row| {
                let count = counts.entry(row.task_id).or_default();
                let fits = *count < max;
                *count += usize::from(fits);
                fits
            })
            .collect()
    }

    fn done(&mut self, done: Result<(Id, Option<i64>), JoinError>) {
        let (task, next_ms, broke) = match done {
            Ok((task, next_ms)) => (task, next_ms, false),
            Err(error) => {
                tracing::error!(%error, "an attempt of a delivery ended badly");
                (error.id(), None, true)
            }
        };
        self.look_at_ms = self.look_at_ms.into_iter().chain(next_ms).min();
        let Some(row) = self.under_way.remove(&task) else {
            return;
        };
        if let Some(count) = self.per_task.get_mut(&row.task_id) {
            self.look |= *count >= self.core.options.deliveries_per_task_max;
            *count -= 1;
            if *count == 0 {
                self.per_task.remove(&row.task_id);
            }
        }
        if broke {
            self.running
                .spawn(attempt::give_back(Arc::clone(&self.core), row));
        }
    }

    /// Waits for attempts under way, up to the bound; what is left becomes due again at the next start.
    async fn drain(&mut self) {
        let cut_off = self.core.drain(&mut self.running).await;
        if cut_off > 0 {
            tracing::warn!(
                attempts = cut_off,
                "deliveries are cut off and go out again"
            );
        }
    }
}
