//! The task of one job: asks `decide`, runs attempts, commits events. Everything it knows is in the journal.

use std::future::Future;
use std::sync::Arc;

use futures::future::BoxFuture;
use futures::stream::FuturesUnordered;
use futures::{FutureExt as _, StreamExt as _};
use hookloom_model::JobId;
use hookloom_model::journal::{Event, RecordedError};
use serde_json::Value;
use tokio::sync::watch;

use super::attempt::{Ended, Prepared, failed};
use super::batch::Batch;
use super::finish;
use super::settle::Held;
use super::triggered::triggered_by;
use crate::apply::IllegalEvent;
use crate::core::{Core, stopped};
use crate::decide::{Decision, INTERRUPTED_IN_ROW_MAX, decide};
use crate::deliver::Nudge;
use crate::flow::LoadedFlow;
use crate::ports::{JournalError, Outcome, SecretError, StepCall};
use crate::record;
use crate::state::{JobState, StepState};
use crate::values::{JobValues, MemorySnapshot, Obstacle};

/// The first wait before a commit is offered again.
const COMMIT_WAIT_MS_MIN: i64 = 250;
/// The longest wait before a commit is offered again.
const COMMIT_WAIT_MS_MAX: i64 = 30_000;
/// The first wait for a secret that cannot be read.
const POSTPONE_MS_MIN: i64 = 5_000;
/// The longest wait for a secret that cannot be read.
const POSTPONE_MS_MAX: i64 = 60_000;

/// How long a job waits for an attempt that only computes, before it goes on with others meanwhile.
const PURE_WAIT_MS: i64 = 20;

/// Why a job's task cannot go on. The journal still has the job.
#[derive(Debug, thiserror::Error)]
pub(super) enum JobError {
    #[error(transparent)]
    Illegal(#[from] IllegalEvent),
    #[error(transparent)]
    Journal(#[from] JournalError),
    #[error("secret state of the job cannot be sealed")]
    Key(#[source] SecretError),
}

/// How far a job came.
#[derive(Debug, Clone, Copy, PartialEq, Eq)]
pub(super) enum Reached {
    /// The end.
    End,
    /// Only waits are left; nothing runs.
    Waiting { until_ms: i64 },
    /// Hookloom stops.
    Stopped,
}

/// What to do once everything so far is committed.
enum Next {
    Wait { until_ms: Option<i64> },
    End,
}

/// A job that runs.
pub(super) struct JobTask {
    pub core: Arc<Core>,
    pub flow: Arc<LoadedFlow>,
    pub id: JobId,
    pub state: JobState,
    pub values: JobValues,
    pub batch: Batch,
    needed: Vec<bool>,
    /// Attempts whose start waits for the commit.
    to_launch: Vec<Prepared>,
    running: FuturesUnordered<BoxFuture<'static, Ended>>,
    /// Attempts that ended while a commit was under way.
    arrived: Vec<Ended>,
    /// Results that wait for the job's key.
    pub held: Vec<Held>,
    is_stopping: bool,
}

impl JobTask {
    pub fn new(core: Arc<Core>, flow: Arc<LoadedFlow>, values: JobValues, state: JobState) -> Self {
        let outputs = state
            .queued
            .as_ref()
            .and_then(|queued| queued.outputs.as_deref());
        Self {
            needed: flow.plan.needed(outputs),
            id: values.job_id(),
            core,
            flow,
            state,
            values,
            batch: Batch::default(),
            to_launch: Vec::new(),
            running: FuturesUnordered::new(),
            arrived: Vec::new(),
            held: Vec::new(),
            is_stopping: false,
        }
    }

    /// Runs the job until it ends, until only waits are left, or until Hookloom stops.
    pub async fn run(
        mut self,
        deliveries: &Nudge,
        mut stopping: watch::Receiver<bool>,
    ) -> Result<Reached, JobError> {
        self.interrupt()?;
        loop {
            let next = self.advance().await?;
            self.commit().await?;
            let until_ms = match next {
                Next::End => {
                    self.clean_up(deliveries).await;
                    return Ok(Reached::End);
                }
                Next::Wait { until_ms } => until_ms,
            };
            for prepared in std::mem::take(&mut self.to_launch) {
                self.running.push(prepared.run(Arc::clone(&self.core)));
            }
            if self.running.is_empty() && self.arrived.is_empty() && self.held.is_empty() {
                return Ok(match until_ms {
                    Some(until_ms) if !self.is_stopping => Reached::Waiting { until_ms },
                    _ => Reached::Stopped,
                });
            }
            let held = self.held.iter().map(|held| held.retry_at_ms);
            let until_ms = held.chain(until_ms).min();
            self.wait(until_ms, &mut stopping).await;
            for ended in std::mem::take(&mut self.arrived) {
                self.settle(ended).await?;
            }
            self.settle_held().await?;
        }
    }

    pub fn push(&mut self, event: Event) -> Result<(), IllegalEvent> {
        self.batch.push(&mut self.state, self.core.now_ms(), event)
    }

    pub fn step_name(&self, place: usize) -> &str {
        &self.flow.plan.steps[place].name
    }

    pub fn step_state(&self, place: usize) -> StepState {
        self.state
            .steps
            .get(self.step_name(place))
            .cloned()
            .unwrap_or_default()
    }

    /// Whether a step failed and nobody handles it: then nothing new starts, and nothing is tried again.
    pub fn is_failing(&self) -> bool {
        crate::decide::failing_step(&self.flow.plan, &self.needed, &self.state).is_some()
    }

    /// Attempts that were under way when Hookloom stopped are recorded as interrupted.
    fn interrupt(&mut self) -> Result<(), IllegalEvent> {
        let running = self.state.running_steps();
        let cut_off: Vec<_> = running
            .map(|(name, step)| (name.to_owned(), step.attempt))
            .collect();
        for (step, attempt) in cut_off {
            self.push(Event::StepInterrupted { step, attempt })?;
        }
        Ok(())
    }

    /// Turns decisions into events until nothing is left to decide.
    async fn advance(&mut self) -> Result<Next, JobError> {
        loop {
            let now_ms = self.core.now_ms();
            for decision in decide(&self.flow.plan, &self.needed, &self.state, now_ms) {
                if let Some(next) = self.act(decision).await? {
                    return Ok(next);
                }
            }
        }
    }

    async fn act(&mut self, decision: Decision) -> Result<Option<Next>, JobError> {
        match decision {
            Decision::StartJob => self.push(Event::JobStarted {})?,
            Decision::Skip { step } => {
                let step = self.step_name(step).to_owned();
                self.push(Event::StepSkipped { step })?;
            }
            Decision::GiveUp { step } => self.give_up(step)?,
            Decision::Elapse { step } => self.elapse(step)?,
            Decision::Start { .. } if self.is_stopping => {
                return Ok(Some(Next::Wait { until_ms: None }));
            }
            // A step that was started just before has failed already: after that nothing new starts.
            Decision::Start { .. } if self.is_failing() => {}
            Decision::Start { step } => self.start(step).await?,
            Decision::Finish {
                status,
                error,
                cancel,
            } => {
                self.running.clear();
                self.held.clear();
                self.to_launch.clear();
                for step in cancel {
                    let step = self.step_name(step).to_owned();
                    self.push(Event::StepCanceled { step })?;
                }
                self.push(Event::JobFinished { status, error })?;
                self.batch
                    .deliver(finish::deliveries(&self.core, &self.flow, &self.state));
                if self.values.has_secret_state() {
                    self.batch.delete_secret_state();
                }
                return Ok(Some(Next::End));
            }
            Decision::Wait { until_ms } => return Ok(Some(Next::Wait { until_ms })),
        }
        Ok(None)
    }

    fn give_up(&mut self, place: usize) -> Result<(), IllegalEvent> {
        let message = format!(
            "Hookloom was stopped during this step {INTERRUPTED_IN_ROW_MAX} times in a row; see what stops it before \
             the job is run again"
        );
        let error = record::error("interrupted", message);
        self.push_end(place, "error", Value::Null, Some(error))
    }

    /// Begins an attempt. One that only computes runs at once, and its start rides with its result; another one
    /// runs when its start is on disk.
    async fn start(&mut self, place: usize) -> Result<(), JobError> {
        if self.batch.has_blobs() {
            self.commit().await?;
        }
        let runner = Arc::clone(&self.flow.runners[place]);
        let values = match self.values.scope(runner.references(), &self.state).await {
            Ok(scope) if runner.reads_memory() => {
                let memory = self.values.memory_snapshot(&self.state).await;
                memory.map(|memory| (scope, memory))
            }
            Ok(scope) => Ok((scope, MemorySnapshot::default())),
            Err(obstacle) => Err(obstacle),
        };
        let values = match values {
            Ok(values) => Ok(values),
            Err(obstacle) => match later_or_never(obstacle) {
                (error, true) => return Ok(self.postpone(place, error)?),
                (error, false) => Err(error),
            },
        };
        let step = self.step_state(place);
        let execution = step.execution.unwrap_or_else(|| self.core.new_execution());
        let number = step.attempt + 1;
        self.push(Event::StepStarted {
            step: self.step_name(place).to_owned(),
            execution,
            attempt: number,
        })?;
        let (scope, memory) = match values {
            Ok(values) => values,
            Err(error) => {
                let outcome = Outcome::Finished(failed(&error.code, error.message));
                return self
                    .settle(Ended {
                        step: place,
                        outcome,
                    })
                    .await;
            }
        };
        let is_pure = runner.is_pure();
        let timeout_ms = self.flow.plan.steps[place].timeout_ms;
        let prepared = Prepared {
            step: place,
            runner,
            execution,
            number,
            timeout_ms,
            depth: self.values.depth(&self.state),
            call: StepCall {
                business_key: self.values.business_key(),
                triggered_by: triggered_by(&self.flow.plan, place, &self.state),
            },
            scope,
            memory,
        };
        if is_pure {
            return self.run_briefly(prepared).await;
        }
        self.to_launch.push(prepared);
        Ok(())
    }

    /// Runs an attempt that only computes. Mostly its result is there at once; one that takes longer goes on beside the
    /// others, and its start is on disk before its result.
    async fn run_briefly(&mut self, prepared: Prepared) -> Result<(), JobError> {
        let core = Arc::clone(&self.core);
        let mut running = prepared.run(Arc::clone(&core));
        let ended = match (&mut running).now_or_never() {
            Some(ended) => Some(ended),
            None => {
                let until_ms = core.now_ms().saturating_add(PURE_WAIT_MS);
                let briefly = async {
                    tokio::select! {
                        biased;
                        ended = &mut running => Some(ended),
                        () = core.ports.clock.sleep_until_ms(until_ms) => None,
                    }
                };
                self.beside(briefly).await
            }
        };
        match ended {
            Some(ended) => self.settle(ended).await,
            None => {
                self.running.push(running);
                Ok(())
            }
        }
    }

    fn postpone(&mut self, place: usize, error: RecordedError) -> Result<(), IllegalEvent> {
        let row = self.step_state(place).postponed_in_row.min(10);
        let wait_ms = (POSTPONE_MS_MIN << row).min(POSTPONE_MS_MAX);
        let retry_at_ms = self.core.now_ms().saturating_add(wait_ms);
        let step = self.step_name(place).to_owned();
        self.push(Event::StepPostponed {
            step,
            error,
            retry_at_ms,
        })
    }

    async fn wait(&mut self, until_ms: Option<i64>, stopping: &mut watch::Receiver<bool>) {
        if self.arrived.is_empty() {
            let clock = &self.core.ports.clock;
            tokio::select! {
                biased;
                Some(ended) = self.running.next(), if !self.running.is_empty() => self.arrived.push(ended),
                () = stopped(stopping), if !self.is_stopping => self.is_stopping = true,
                () = clock.sleep_until_ms(until_ms.unwrap_or(i64::MAX)), if until_ms.is_some() => {}
            }
        }
        // Results that are there already ride in the same commit.
        while let Some(Some(ended)) = self.running.next().now_or_never() {
            self.arrived.push(ended);
        }
    }

    /// Commits what is decided. The result of an attempt is kept until it is on disk.
    async fn commit(&mut self) -> Result<(), JournalError> {
        if self.batch.is_empty() {
            return Ok(());
        }
        let commit = self.batch.take(self.id, &self.state);
        let core = Arc::clone(&self.core);
        let mut wait_ms = COMMIT_WAIT_MS_MIN;
        loop {
            match self.beside(core.ports.journal.commit(commit.clone())).await {
                Err(JournalError::Unavailable { reason }) => {
                    tracing::warn!(job = %self.id, %reason, wait_ms, "events wait for the database");
                    let at_ms = core.now_ms().saturating_add(wait_ms);
                    self.beside(core.ports.clock.sleep_until_ms(at_ms)).await;
                    wait_ms = (wait_ms * 2).min(COMMIT_WAIT_MS_MAX);
                }
                other => return other,
            }
        }
    }

    /// Waits for something, while running attempts go on.
    pub(super) async fn beside<T>(&mut self, other: impl Future<Output = T>) -> T {
        tokio::pin!(other);
        loop {
            tokio::select! {
                biased;
                result = &mut other => return result,
                Some(ended) = self.running.next(), if !self.running.is_empty() => self.arrived.push(ended),
            }
        }
    }

    async fn clean_up(&mut self, deliveries: &Nudge) {
        if self.values.has_secret_state() {
            let request_id = self.values.request_id();
            if let Err(error) = self.core.ports.job_keys.destroy(request_id).await {
                tracing::warn!(job = %self.id, %error, "the job's key stays until the next start");
            }
        }
        if !self.flow.tasks.is_empty() {
            deliveries.nudge();
        }
    }
}

/// The error to record, and whether it may be gone later.
fn later_or_never(obstacle: Obstacle) -> (RecordedError, bool) {
    match obstacle {
        Obstacle::Later(error) => (error, true),
        Obstacle::Never(error) => (error, false),
        Obstacle::Journal(error @ JournalError::NotFound { .. }) => {
            (record::error("stored_value", error.to_string()), false)
        }
        Obstacle::Journal(error) => {
            if let JournalError::Internal(source) = &error {
                tracing::error!(%source, "a step waits for the database");
            }
            (record::error("database", error.to_string()), true)
        }
    }
}
