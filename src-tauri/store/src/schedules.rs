//! The `Schedules` port, and what the control API shows of schedules.

use async_trait::async_trait;
use hookloom_engine::ports::{JournalError, LiveSchedule, PassedSchedule, Schedules};
use hookloom_model::FlowId;

use crate::change::Tag;
use crate::error::Error;
use crate::store::Store;
use crate::table::schedules::{self, ScheduleRow};

#[async_trait]
impl Schedules for Store {
    async fn live(&self) -> Result<Vec<LiveSchedule>, JournalError> {
        Ok(self.read(schedules::live).await?)
    }

    async fn pass(&self, pass: PassedSchedule) -> Result<(), JournalError> {
        let passed = self.write("pass a schedule", move |tx| {
            tx.changed([Tag::Flows]);
            schedules::pass(tx, &pass)
        });
        Ok(passed.await?)
    }
}

impl Store {
    /// What the schedules of a flow did, by name.
    pub async fn schedules_of_flow(&self, flow_id: FlowId) -> Result<Vec<ScheduleRow>, Error> {
        self.read(move |conn| schedules::of_flow(conn, flow_id))
            .await
    }
}
