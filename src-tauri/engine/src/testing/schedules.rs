//! Schedules in memory.

use async_trait::async_trait;
use hookloom_model::FlowId;

use super::database::{Disk, MemoryDatabase};
use crate::ports::{DueSchedule, JournalError, LiveSchedule, PassedSchedule, Schedules};

/// What is stored of schedules.
#[derive(Default)]
pub(super) struct StoredSchedules {
    live: Vec<LiveSchedule>,
    /// Times for which jobs began, in the order of the beginnings.
    fired: Vec<i64>,
    missed: u64,
}

impl StoredSchedules {
    /// Whether the time was due: then it is done.
    pub fn take(&mut self, flow_id: FlowId, due: &DueSchedule) -> bool {
        let mut live = self.live.iter_mut();
        let found = live.find(|live| live.flow_id == flow_id && live.name == due.name);
        let Some(live) = found.filter(|live| live.done_until_ms < due.due_at_ms) else {
            return false;
        };
        live.done_until_ms = due.due_at_ms;
        self.fired.push(due.due_at_ms);
        self.missed += due.missed;
        true
    }
}

impl Disk {
    /// Makes a schedule of the version live, done until a time.
    pub fn schedule(&self, flow_id: FlowId, version: i64, name: &str, done_until_ms: i64) {
        let live = LiveSchedule {
            flow_id,
            version,
            name: name.to_owned(),
            done_until_ms,
        };
        self.tables.lock().schedules.live = vec![live];
    }

    /// Makes every schedule go off.
    pub fn unschedule(&self) {
        self.tables.lock().schedules.live.clear();
    }

    /// The times for which jobs of schedules began.
    pub fn fired(&self) -> Vec<i64> {
        self.tables.lock().schedules.fired.clone()
    }

    /// How many times were missed.
    pub fn missed(&self) -> u64 {
        self.tables.lock().schedules.missed
    }
}

#[async_trait]
impl Schedules for MemoryDatabase {
    async fn live(&self) -> Result<Vec<LiveSchedule>, JournalError> {
        self.read(|tables| Some(tables.schedules.live.clone()), String::new)
            .await
    }

    async fn pass(&self, pass: PassedSchedule) -> Result<(), JournalError> {
        self.write(&[], |tables| {
            let schedules = &mut tables.schedules;
            for live in &mut schedules.live {
                if live.name == pass.name && live.done_until_ms == pass.from_ms {
                    live.done_until_ms = pass.until_ms;
                    schedules.missed += pass.missed;
                }
            }
            Ok(())
        })
        .await
    }
}
