//! The engine, which begins once the secrets are known: what runs before could not be masked.
//!
//! Requests are taken meanwhile. Their jobs are on disk, where the engine finds them when it begins.

use std::sync::Arc;

use async_trait::async_trait;
use hookloom_api::Work;
use hookloom_engine::ports::JournalError;
use hookloom_engine::{
    CancelError, Continue, Engine, Handover, Replay, StartError, StartJob, StartedJob, StepInput,
    StepInputError, StepTrial, StepTrialError, StepTried, TaskPreview, TaskPreviewed, TaskTest,
    TaskTestError, TaskTested, TrialJob,
};
use hookloom_model::{DeliveryId, JobId};
use tokio::sync::watch;

/// An engine that is not there yet, or is.
#[derive(Clone)]
pub(crate) struct LateEngine {
    engine: Arc<watch::Sender<Option<Engine>>>,
}

impl LateEngine {
    pub fn new() -> Self {
        Self {
            engine: Arc::new(watch::channel(None).0),
        }
    }

    /// Here it is. It looks for what was begun meanwhile.
    pub fn set(&self, engine: Engine) {
        self.engine.send_replace(Some(engine.clone()));
        // Its own first look may have been before the last of these was on disk.
        engine.look_for_jobs();
    }

    /// A job that is on disk. An engine that comes later finds it there.
    pub fn enqueue(&self, job: Handover) {
        if let Some(engine) = &*self.engine.borrow() {
            engine.enqueue(job);
        }
    }

    /// There may be a job on disk that nobody heard of.
    pub fn look_for_jobs(&self) {
        if let Some(engine) = &*self.engine.borrow() {
            engine.look_for_jobs();
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

    async fn try_draft(&self, draft: TrialJob) -> Result<StartedJob, StartError> {
        self.get().await?.try_draft(draft).await
    }

    async fn try_step(&self, step: StepTrial) -> Result<StepTried, StepTrialError> {
        self.get().await?.try_step(step).await
    }

    async fn step_input(
        &self,
        job: JobId,
        step: &str,
    ) -> Result<Option<StepInput>, StepInputError> {
        self.get().await?.step_input(job, step).await
    }

    async fn preview_task(&self, preview: TaskPreview) -> Result<TaskPreviewed, TaskTestError> {
        self.get().await?.preview_task(preview).await
    }
}
