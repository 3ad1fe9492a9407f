//! What stands behind the API in its tests beside the real store: a clock, a process, and work that is only written
//! down.

use std::sync::Arc;
use std::sync::atomic::{AtomicI64, AtomicUsize, Ordering};

use async_trait::async_trait;
use hookloom_engine::ports::{
    Accepted, Arrival, AttemptResult, Clock, Inbox, JobStart, JournalError, Outbox, Timings,
};
use hookloom_engine::{StartError, StartJob, StartedJob, TaskTest, TaskTestError, TaskTested};
use hookloom_model::journal::{Event, ValueRef};
use hookloom_model::{DeliveryId, RequestId};
use hookloom_store::Store;
use serde_json::Value;

use super::HOST;
use crate::status::{Listener, ListenerState};
use crate::{Host, Work};

pub(super) struct TestClock(pub(super) AtomicI64);

impl TestClock {
    pub(super) fn pass_ms(&self, ms: i64) {
        self.0.fetch_add(ms, Ordering::Relaxed);
    }
}

#[async_trait]
impl Clock for TestClock {
    fn now_ms(&self) -> i64 {
        self.0.load(Ordering::Relaxed)
    }

    async fn sleep_until_ms(&self, _at_ms: i64) {
        std::future::pending().await
    }
}

#[derive(Default)]
pub(super) struct TestHost {
    reloads: AtomicUsize,
}

impl TestHost {
    pub(super) fn reloads(&self) -> usize {
        self.reloads.load(Ordering::Relaxed)
    }
}

#[async_trait]
impl Host for TestHost {
    fn version(&self) -> String {
        "0.1.0".into()
    }

    fn data_dir(&self) -> String {
        "/data".into()
    }

    fn receiver(&self) -> Listener {
        Listener {
            state: ListenerState::Listening,
            address: "127.0.0.1:4747".into(),
            url: "http://127.0.0.1:4747".into(),
            problem: None,
        }
    }

    fn control(&self) -> Listener {
        Listener {
            address: HOST.into(),
            url: format!("http://{HOST}"),
            ..self.receiver()
        }
    }

    fn receiver_url(&self) -> String {
        "http://127.0.0.1:4747".into()
    }

    async fn reload_endpoints(&self) -> Result<(), hookloom_store::Error> {
        self.reloads.fetch_add(1, Ordering::Relaxed);
        Ok(())
    }
}

/// Puts work on disk and leaves it there.
pub(super) struct StoreWork(pub(super) Store, pub(super) Arc<TestClock>);

#[async_trait]
impl Work for StoreWork {
    async fn start_job(&self, start: StartJob) -> Result<StartedJob, StartError> {
        let request_id = RequestId::new(self.1.now_ms(), [9; 10]);
        let start = JobStart {
            request_id,
            flow_id: start.flow_id,
            version: start.version,
            at_ms: self.1.now_ms(),
            queued: Event::JobQueued {
                trigger: start.trigger,
                trigger_name: start.trigger_name,
                outputs: start.outputs,
                input: start.input.map(ValueRef::Inline),
                secret_state: Vec::new(),
            },
            input_blob: None,
            secret_state: None,
        };
        let arrival = Arrival {
            record: None,
            idempotency_key: None,
            start: Some(start),
        };
        match self.0.accept(arrival).await? {
            Accepted::Started { job_id } => Ok(StartedJob { job_id, request_id }),
            other => panic!("a start by hand begins a job, not {other:?}"),
        }
    }

    async fn resend(&self, of: DeliveryId) -> Result<DeliveryId, JournalError> {
        let id = DeliveryId::new(self.1.now_ms(), [8; 10]);
        Outbox::resend(&self.0, of, id, self.1.now_ms()).await?;
        Ok(id)
    }

    async fn test_task(&self, test: TaskTest) -> Result<TaskTested, TaskTestError> {
        if !test
            .document
            .webhook_tasks
            .iter()
            .any(|task| task.name == test.task)
        {
            return Err(TaskTestError::UnknownTask { task: test.task });
        }
        Ok(TaskTested {
            started_at_ms: self.1.now_ms(),
            ended_at_ms: self.1.now_ms() + 12,
            delivered: true,
            sent: None,
            result: AttemptResult {
                http_status: Some(204),
                headers: vec![(
                    "x-sample".to_owned(),
                    Value::Object(test.sample).to_string(),
                )],
                body: String::new(),
                body_bytes: 0,
                body_truncated: false,
                error: None,
                timings: Timings::default(),
                certificate: None,
            },
        })
    }
}
