//! The handle that the rest of the program holds: cheap to clone, owns no channel that anybody sees.

use std::sync::Arc;

use hookloom_model::{DeliveryId, JobId};
use parking_lot::Mutex;
use tokio::sync::watch;
use tokio::task::JoinHandle;

use crate::core::{Core, Options, Ports};
use crate::deliver::{self, TaskPreview, TaskPreviewed, TaskTest, TaskTestError, TaskTested};
use crate::executor::{self, CancelError};
use crate::handover::Handover;
use crate::ports::JournalError;
use crate::replay::{self, Continue, Replay};
use crate::schedule;
use crate::start::{self, StartError, StartJob, StartedJob};
use crate::step_input::{self, StepInput, StepInputError};
use crate::trial::{self, StepTrial, StepTrialError, StepTried, TrialJob};

/// A running engine. Clones are handles of the same one.
#[derive(Clone)]
pub struct Engine {
    core: Arc<Core>,
    jobs: executor::Queue,
    deliveries: deliver::Nudge,
    schedules: schedule::Changed,
    stop: Arc<watch::Sender<bool>>,
    tasks: Arc<Mutex<Vec<JoinHandle<()>>>>,
}

impl Engine {
    /// Starts the executor and the deliveries on the current tokio runtime. Whatever the journal and the
    /// outbox hold unfinished goes on where its record ends.
    pub fn start(ports: Ports, options: Options) -> Self {
        let core = Arc::new(Core::new(ports, options));
        let (stop, stopping) = watch::channel(false);
        let (deliveries, deliver_task) = deliver::start(Arc::clone(&core), stopping.clone());
        let (jobs, jobs_task) =
            executor::start(Arc::clone(&core), deliveries.clone(), stopping.clone());
        let (schedules, schedules_task) =
            schedule::start(Arc::clone(&core), jobs.clone(), stopping.clone());
        Self {
            core,
            jobs,
            deliveries,
            schedules,
            stop: Arc::new(stop),
            tasks: Arc::new(Mutex::new(vec![schedules_task, deliver_task, jobs_task])),
        }
    }

    /// Hands over a job whose acceptance is committed. Never waits: when the queue is full the executor finds
    /// the job in the journal.
    pub fn enqueue(&self, job: Handover) {
        self.jobs.push(job);
    }

    /// Makes the executor look for jobs in the journal. For a write that failed in an unknown way: what it began, if it
    /// began anything, must not wait for the next start.
    pub fn look_for_jobs(&self) {
        self.jobs.look();
    }

    /// Starts a job that no inbound request begins. When it returns the job is on disk and will run.
    pub async fn start_job(&self, start: StartJob) -> Result<StartedJob, StartError> {
        self.started(start::start(&self.core, start).await)
    }

    fn started(
        &self,
        started: Result<(StartedJob, Handover), StartError>,
    ) -> Result<StartedJob, StartError> {
        match started {
            Ok((started, job)) => {
                self.enqueue(job);
                Ok(started)
            }
            Err(error) => {
                self.look_for_jobs();
                Err(error)
            }
        }
    }

    /// Starts a job with the input of an earlier one, or of a request. When it returns the job is on disk and will run.
    pub async fn replay(&self, replay: Replay) -> Result<StartedJob, StartError> {
        self.started(replay::replay(&self.core, replay).await)
    }

    /// Starts a job that takes over the results of one that ended. When it returns the job is on disk and will run.
    pub async fn continue_job(&self, go_on: Continue) -> Result<StartedJob, StartError> {
        self.started(replay::continue_job(&self.core, go_on).await)
    }

    /// Ends a job that has not ended. When it returns the end is on disk: attempts under way are stopped, and the
    /// deliveries of the webhook tasks that its end matches are made. A job that was canceled before stays so.
    pub async fn cancel(&self, job_id: JobId, by: String) -> Result<(), CancelError> {
        self.jobs.cancel(job_id, by).await
    }

    /// Makes a new delivery of the same message, due now, and gives its id.
    pub async fn resend(&self, of: DeliveryId) -> Result<DeliveryId, JournalError> {
        let id = self.core.new_delivery();
        let at_ms = self.core.now_ms();
        self.core.ports.outbox.resend(of, id, at_ms).await?;
        self.nudge_deliveries();
        Ok(id)
    }

    /// Sends one real message of a webhook task with sample values, marked as a test, and records nothing.
    pub async fn test_task(&self, test: TaskTest) -> Result<TaskTested, TaskTestError> {
        deliver::test(&self.core, test).await
    }

    /// Starts a job that tries a draft. When it returns the job is on disk and will run.
    pub async fn try_draft(&self, draft: TrialJob) -> Result<StartedJob, StartError> {
        self.started(trial::start(&self.core, draft).await)
    }

    /// Runs one attempt of one step of a draft, really, and records nothing.
    pub async fn try_step(&self, step: StepTrial) -> Result<StepTried, StepTrialError> {
        trial::try_step(&self.core, step).await
    }

    /// Reads what a step of a job found when it began; none if it never did.
    pub async fn step_input(
        &self,
        job_id: JobId,
        step: &str,
    ) -> Result<Option<StepInput>, StepInputError> {
        step_input::read(&self.core, job_id, step).await
    }

    /// Makes a message of a webhook task with the values of a job, or with samples, and sends nothing.
    pub async fn preview_task(&self, preview: TaskPreview) -> Result<TaskPreviewed, TaskTestError> {
        deliver::preview(&self.core, preview).await
    }

    /// Makes the engine look for due deliveries now, after somebody else wrote some.
    pub fn nudge_deliveries(&self) {
        self.deliveries.nudge();
    }

    /// Makes the engine look at the schedules now, after a flow was published, switched or deleted.
    pub fn schedules_changed(&self) {
        self.schedules.tell();
    }

    /// Takes no more work, waits for running attempts up to the bound of the options, and ends. What was cut off goes
    /// on at the next start.
    pub async fn drain(&self) {
        self.stop.send_replace(true);
        let tasks = std::mem::take(&mut *self.tasks.lock());
        for task in tasks {
            if let Err(error) = task.await {
                tracing::error!(%error, "a task of the engine ended badly");
            }
        }
    }
}
