//! Begins the jobs of schedules when they are due. All that it knows is on disk: which time is done is written
//! together with the job that begins for it, so that a crash neither doubles one nor leaves one out.

use std::sync::Arc;

use hookloom_model::document::Schedule;
use hookloom_model::{Timetable, TriggerKind};
use tokio::sync::{Notify, watch};
use tokio::task::JoinHandle;

use super::due::{Due, look};
use crate::core::{Core, stopped};
use crate::executor;
use crate::flow::FlowError;
use crate::ports::{DueSchedule, InboxError, JournalError, LiveSchedule, PassedSchedule};
use crate::start::{self, Begin, StartError, StartJob};

/// How often schedules are looked at although nothing is due: what changed without a word is seen then.
const LOOK_EVERY_MS: i64 = 60_000;
/// The wait before the database is asked again after it failed.
const AGAIN_MS: i64 = 1_000;

/// Says that schedules have changed.
#[derive(Clone, Default)]
pub(crate) struct Changed(Arc<Notify>);

impl Changed {
    pub fn tell(&self) {
        self.0.notify_one();
    }
}

/// Starts looking after schedules, unless this process does not run them.
pub(crate) fn start(
    core: Arc<Core>,
    jobs: executor::Queue,
    mut stopping: watch::Receiver<bool>,
) -> (Changed, JoinHandle<()>) {
    let changed = Changed::default();
    let told = changed.clone();
    let task = tokio::spawn(async move {
        if !core.options.schedules {
            return;
        }
        let clockwork = Clockwork { core, jobs };
        loop {
            let next_ms = clockwork.look().await;
            tokio::select! {
                biased;
                () = stopped(&mut stopping) => break,
                () = told.0.notified() => {}
                () = clockwork.core.ports.clock.sleep_until_ms(next_ms) => {}
            }
        }
    });
    (changed, task)
}

struct Clockwork {
    core: Arc<Core>,
    jobs: executor::Queue,
}

impl Clockwork {
    /// Does what is due, and gives when to look again.
    async fn look(&self) -> i64 {
        let mut next_ms = self.core.now_ms().saturating_add(LOOK_EVERY_MS);
        let schedules = match self.core.ports.schedules.live().await {
            Ok(schedules) => schedules,
            Err(error) => {
                tracing::warn!(%error, "the schedules cannot be read now");
                return self.core.now_ms().saturating_add(AGAIN_MS);
            }
        };
        for live in schedules {
            match self.look_at(&live).await {
                Ok(Some(due_ms)) => next_ms = next_ms.min(due_ms),
                Ok(None) => {}
                Err(error) => {
                    tracing::warn!(flow = %live.flow_id, schedule = live.name, %error, "a schedule waits");
                    next_ms = next_ms.min(self.core.now_ms().saturating_add(AGAIN_MS));
                }
            }
        }
        next_ms
    }

    /// Gives when the schedule is due next.
    async fn look_at(&self, live: &LiveSchedule) -> Result<Option<i64>, JournalError> {
        let core = &*self.core;
        let flow = match core
            .flows
            .load(&core.ports, live.flow_id, live.version)
            .await
        {
            Ok(flow) => flow,
            Err(FlowError::Journal(error)) => return Err(error),
            Err(FlowError::Broken { reason }) => {
                tracing::error!(flow = %live.flow_id, reason, "a flow with schedules cannot run");
                return Ok(None);
            }
        };
        let mut schedules = flow.document.schedules.iter();
        let Some(schedule) = schedules.find(|known| known.name == live.name) else {
            return Ok(None);
        };
        let timetable = match Timetable::new(&schedule.cron, &schedule.time_zone) {
            Ok(timetable) => timetable,
            Err(error) => {
                // It was sound when it was published: another release knew other zones.
                tracing::error!(flow = %live.flow_id, schedule = live.name, %error, "a schedule cannot be read");
                return Ok(None);
            }
        };
        let now_ms = core.now_ms();
        match look(&timetable, schedule.missed, live.done_until_ms, now_ms) {
            Due::Later { next_ms } => return Ok(next_ms),
            Due::Rewind => self.pass(live, now_ms, 0).await?,
            Due::Pass { until_ms, missed } => self.pass(live, until_ms, missed).await?,
            Due::Start { due_at_ms, missed } => {
                self.begin(live, schedule, due_at_ms, missed).await?
            }
        }
        Ok(timetable.next_after_ms(now_ms))
    }

    async fn pass(
        &self,
        live: &LiveSchedule,
        until_ms: i64,
        missed: u64,
    ) -> Result<(), JournalError> {
        tracing::warn!(flow = %live.flow_id, schedule = live.name, missed, "times of a schedule passed without a job");
        let pass = PassedSchedule {
            flow_id: live.flow_id,
            name: live.name.clone(),
            from_ms: live.done_until_ms,
            until_ms,
            missed,
            at_ms: self.core.now_ms(),
        };
        self.core.ports.schedules.pass(pass).await
    }

    async fn begin(
        &self,
        live: &LiveSchedule,
        schedule: &Schedule,
        due_at_ms: i64,
        missed: u64,
    ) -> Result<(), JournalError> {
        let start = StartJob {
            flow_id: live.flow_id,
            version: live.version,
            trigger: TriggerKind::Schedule,
            trigger_name: live.name.clone(),
            input: schedule.input.clone(),
            outputs: schedule.outputs.clone(),
            depth: 0,
        };
        let due = DueSchedule {
            name: live.name.clone(),
            due_at_ms,
            missed,
        };
        let begin = Begin {
            schedule: Some(due),
            ..Begin::new(&self.core)
        };
        match start::begin(&self.core, start, begin).await {
            Ok((_, job)) => self.jobs.push(job),
            // Somebody switched the flow off or published another version in this moment.
            Err(StartError::NotDue | StartError::Inbox(InboxError::FlowGone)) => {}
            Err(StartError::Journal(error)) => return Err(error),
            Err(StartError::Inbox(InboxError::Unavailable { reason })) => {
                return Err(JournalError::Unavailable { reason });
            }
            Err(error @ (StartError::Inbox(_) | StartError::Secret(_))) => {
                // It may have begun all the same: then the journal has it.
                self.jobs.look();
                return Err(JournalError::Internal(error.into()));
            }
            Err(error) => {
                tracing::error!(flow = %live.flow_id, schedule = live.name, %error, "a schedule cannot begin its job");
                self.pass(live, due_at_ms, missed + 1).await?;
            }
        }
        Ok(())
    }
}
