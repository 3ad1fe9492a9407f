//! The engine, which begins once the secrets are known: what runs before could not be masked.
//!
//! Requests are taken meanwhile. Their jobs are on disk, and are handed over when the engine is there.

use std::sync::Arc;

use async_trait::async_trait;
use hookloom_api::Work;
use hookloom_engine::ports::JournalError;
use hookloom_engine::{
    CancelError, Continue, Engine, Handover, Replay, StartError, StartJob, StartedJob, TaskTest,
    TaskTestError, TaskTested,
};
use hookloom_model::{DeliveryId, JobId};
use parking_lot::Mutex;
use tokio::sync::watch;

/// An engine that is not there yet, or is.
#[derive(Clone)]
pub(crate) struct LateEngine {
    state: Arc<Mutex<State>>,
    engine: Arc<watch::Sender<Option<Engine>>>,
}

enum State {
    /// Jobs that were accepted meanwhile.
    Waiting(Vec<JobId>),
    Running(Engine),
}

impl LateEngine {
    pub fn new() -> Self {
        Self {
            state: Arc::new(Mutex::new(State::Waiting(Vec::new()))),
            engine: Arc::new(watch::channel(None).0),
        }
    }

    /// Here it is.
    pub fn set(&self, engine: Engine) {
        let waiting = std::mem::replace(&mut *self.state.lock(), State::Running(engine.clone()));
        if let State::Waiting(jobs) = waiting {
            // Its look into the journal may have been before these were committed.
            jobs.into_iter()
                .for_each(|job| engine.enqueue(Handover::by_id(job)));
        }
        self.engine.send_replace(Some(engine));
    }

    /// A job that is on disk.
    pub fn enqueue(&self, job: Handover) {
        match &mut *self.state.lock() {
            // Only the id: nobody knows how many there will be.
            State::Waiting(jobs) => jobs.push(job.job_id()),
            State::Running(engine) => engine.enqueue(job),
        }
    }

    /// The engine if it is there.
    pub fn now(&self) -> Option<Engine> {
        self.engine.borrow().clone()
    }

    async fn get(&self) -> Result<Engine, JournalError> {
        let mut engine = self.engine.subscribe();
        let engine = engine
            .wait_for(Option::is_some)
            .await
            .ok()
            .and_then(|it| it.clone());
        engine.ok_or_else(|| JournalError::Unavailable {
            reason: "Hookloom is stopping".to_owned(),
        })
    }
}

#[async_trait]
impl Work for LateEngine {
    async fn start_job(&self, start: StartJob) -> Result<StartedJob, StartError> {
        self.get().await?.start_job(start).await
    }

    async fn cancel(&self, job_id: JobId, by: String) -> Result<(), CancelError> {
        self.get().await?.cancel(job_id, by).await
    }

    async fn replay(&self, replay: Replay) -> Result<StartedJob, StartError> {
        self.get().await?.replay(replay).await
    }

    async fn continue_job(&self, go_on: Continue) -> Result<StartedJob, StartError> {
        self.get().await?.continue_job(go_on).await
    }

    async fn resend(&self, of: DeliveryId) -> Result<DeliveryId, JournalError> {
        self.get().await?.resend(of).await
    }

    async fn test_task(&self, test: TaskTest) -> Result<TaskTested, TaskTestError> {
        self.get().await?.test_task(test).await
    }
}
