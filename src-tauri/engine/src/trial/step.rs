//! One attempt of one step of a draft, with the values of an earlier job or with given ones. It really runs: a call goes
//! out. Nothing of it is recorded, nothing is tried again, and what comes out is masked as a record would be.

use std::sync::Arc;

use async_trait::async_trait;
use hookloom_model::document::FlowDocument;
use hookloom_model::journal::{RecordedError, SentRequest, ValueRef};
use hookloom_model::{FlowId, JobId, StepStatus, TriggerKind};
use hookloom_sensitive::Masker;
use indexmap::IndexMap;
use parking_lot::Mutex;
use serde_json::{Map, Value};

use super::job::{Pin, check_pins};
use crate::apply::{IllegalEvent, fold};
use crate::core::Core;
use crate::executor::{Ended, Prepared, failed, take_states, triggered_by};
use crate::flow::LoadedFlow;
use crate::ports::{
    Answer, Http, HttpError, JournalError, Outcome, OutgoingRequest, Produced, StepCall,
    StepRunner, StoredJob,
};
use crate::record;
use crate::start::StartError;
use crate::state::{JobState, Queued, StepState, Trial};
use crate::values::{JobValues, MemorySnapshot, Obstacle};

/// Steps that are tried at the same time.
pub(crate) const TRIALS_MAX: usize = 8;
/// No trial takes longer: somebody waits for it.
const TRIAL_MS_MAX: i64 = 50_000;

/// A step to try. Its input may hold anything: it has no `Debug`.
pub struct StepTrial {
    /// Whose draft.
    pub flow_id: FlowId,
    /// The draft.
    pub document: FlowDocument,
    /// The step's name.
    pub step: String,
    /// The job whose values its templates see, if there is one.
    pub job: Option<JobId>,
    /// Results of steps in place of those of the job.
    pub pins: IndexMap<String, Pin>,
    /// A trigger's body in place of the job's.
    pub body: Option<Value>,
    /// Headers of the trigger beside those of the job. Lower case.
    pub headers: IndexMap<String, String>,
    /// Parameters of the trigger's query beside those of the job.
    pub query: IndexMap<String, String>,
}

/// What came of a trial. Masked.
#[derive(Debug, Clone)]
pub struct StepTried {
    /// `success`, `error`, or the step's own; none if it would wait now.
    pub exit_code: Option<String>,
    /// Until when it would wait, Unix milliseconds.
    pub until_ms: Option<i64>,
    /// What it would leave for later steps.
    pub data: Value,
    /// Why it failed.
    pub error: Option<RecordedError>,
    /// Memory that it would write.
    pub memory: Map<String, Value>,
    /// Names of the secret state that it would put.
    pub secret_state: Vec<String>,
    /// What it logged.
    pub logs: Vec<String>,
    /// Its call, if it made one.
    pub exchange: Option<TriedExchange>,
    /// Unix milliseconds.
    pub started_at_ms: i64,
    /// Unix milliseconds.
    pub ended_at_ms: i64,
}

/// A call of a step that was tried. Masked.
#[derive(Debug, Clone)]
pub struct TriedExchange {
    /// What was sent.
    pub sent: SentRequest,
    /// The status that came back, if an answer did.
    pub status: Option<u16>,
    /// The answer's headers.
    pub headers: Vec<(String, String)>,
    /// The answer's body as text, cut at the limit of the record.
    pub body: String,
    /// The size of the whole body.
    pub body_bytes: u64,
    /// Whether `body` was cut.
    pub body_truncated: bool,
}

/// Why nothing was tried.
#[derive(Debug, thiserror::Error)]
pub enum StepTrialError {
    /// There is no such step.
    #[error(transparent)]
    Step(#[from] StartError),
    /// The step does not compile.
    #[error("{reason}")]
    Broken {
        /// What is wrong, and where.
        reason: String,
    },
    /// The record of the job cannot be read.
    #[error("the record of job {job_id} cannot be read: {source}")]
    BadRecord {
        /// Which job.
        job_id: JobId,
        /// What is wrong with it.
        source: IllegalEvent,
    },
    /// Too many at once.
    #[error("{TRIALS_MAX} steps are being tried already (trials at once); wait for one of them")]
    Busy,
    /// The database failed.
    #[error(transparent)]
    Journal(#[from] JournalError),
}

/// Runs the attempt and gives what came of it.
pub(crate) async fn try_step(
    core: &Arc<Core>,
    trial: StepTrial,
) -> Result<StepTried, StepTrialError> {
    let _place = core
        .trials
        .try_acquire()
        .map_err(|_| StepTrialError::Busy)?;
    let flow = Arc::new(LoadedFlow::to_look_at(trial.document.clone()));
    check_pins(&flow.plan, &trial.pins)?;
    let step = flow
        .document
        .steps
        .iter()
        .position(|it| it.name == trial.step);
    let place = step.ok_or_else(|| StartError::UnknownStep {
        step: trial.step.clone(),
        known: flow.plan.steps.iter().map(|it| it.name.clone()).collect(),
    })?;
    let step = &flow.document.steps[place];
    let runner = core.ports.step_kinds.prepare(&flow.document, step);
    let runner = runner.map_err(|problem| StepTrialError::Broken {
        reason: problem.message,
    })?;
    let job = match trial.job {
        Some(id) => core.ports.journal.load(id).await?,
        None => no_job(core, trial.flow_id),
    };
    let state = state_of(core, &job, &trial)?;
    let mut values = JobValues::new(core, Arc::clone(&flow), job);
    let started_at_ms = core.now_ms();
    let called = Arc::new(Called {
        http: Arc::clone(&core.ports.http),
        last: Mutex::default(),
    });
    let outcome = match prepare(core, &flow, place, runner, &mut values, &state).await {
        Ok(prepared) => {
            let Ended { outcome, .. } = prepared
                .run_through(Arc::clone(core), Arc::clone(&called) as Arc<dyn Http>)
                .await;
            outcome
        }
        Err(Obstacle::Journal(error)) => return Err(error.into()),
        Err(Obstacle::Later(error) | Obstacle::Never(error)) => {
            Outcome::Finished(failed(&error.code, error.message))
        }
    };
    let answer = called.last.lock().take();
    let mut tried = match outcome {
        Outcome::Waiting { until_ms } => StepTried {
            until_ms: Some(until_ms),
            ..nothing()
        },
        Outcome::Finished(produced) | Outcome::Retryable(produced) => {
            ended(values.masker(), produced, answer)
        }
    };
    (tried.started_at_ms, tried.ended_at_ms) = (started_at_ms, core.now_ms());
    Ok(tried)
}

/// A job that never was.
fn no_job(core: &Core, flow_id: FlowId) -> StoredJob {
    StoredJob {
        id: JobId(0),
        request_id: core.new_request(),
        flow_id,
        version: 0,
        entries: Vec::new(),
        request: None,
        secret_state: None,
    }
}

/// The state that the step finds: that of the job while it ran, with what was given on top.
fn state_of(core: &Core, job: &StoredJob, trial: &StepTrial) -> Result<JobState, StepTrialError> {
    let mut state = fold(&job.entries).map_err(|source| StepTrialError::BadRecord {
        job_id: job.id,
        source,
    })?;
    state.ended = None;
    state.started_at_ms = state.started_at_ms.or(Some(core.now_ms()));
    if let Some(body) = &trial.body {
        let queued = state.queued.get_or_insert_with(|| Queued {
            at_ms: core.now_ms(),
            trigger: TriggerKind::Manual,
            trigger_name: String::new(),
            outputs: None,
            input: None,
            depth: 0,
        });
        queued.input = Some(ValueRef::Inline(body.clone()));
    }
    let given = state.trial.get_or_insert_with(Trial::default);
    given.headers.extend(trial.headers.clone());
    given.query.extend(trial.query.clone());
    for (name, pin) in &trial.pins {
        let exit_code = pin.exit_code();
        let status = match exit_code {
            "error" => StepStatus::Failed,
            _ => StepStatus::Complete,
        };
        let pinned = StepState {
            status,
            exit_code: Some(exit_code.to_owned()),
            data: Some(ValueRef::Inline(pin.data.clone())),
            is_pinned: true,
            ..StepState::default()
        };
        state.steps.insert(name.clone(), pinned);
    }
    Ok(state)
}

async fn prepare(
    core: &Core,
    flow: &LoadedFlow,
    place: usize,
    runner: Arc<dyn StepRunner>,
    values: &mut JobValues,
    state: &JobState,
) -> Result<Prepared, Obstacle> {
    let scope = values.scope(runner.references(), state).await?;
    let memory = match runner.reads_memory() {
        true => values.memory_snapshot(state).await?,
        false => MemorySnapshot::default(),
    };
    Ok(Prepared {
        step: place,
        runner,
        execution: core.new_execution(),
        number: 1,
        timeout_ms: flow.plan.steps[place].timeout_ms.min(TRIAL_MS_MAX),
        depth: values.depth(state),
        call: StepCall {
            business_key: values.business_key(),
            triggered_by: triggered_by(&flow.plan, place, state),
        },
        scope,
        memory,
    })
}

fn nothing() -> StepTried {
    StepTried {
        exit_code: None,
        until_ms: None,
        data: Value::Null,
        error: None,
        memory: Map::new(),
        secret_state: Vec::new(),
        logs: Vec::new(),
        exchange: None,
        started_at_ms: 0,
        ended_at_ms: 0,
    }
}

/// What a record would hold of this end.
fn ended(
    masker: &Masker,
    mut produced: Produced,
    answer: Option<Result<Answer, HttpError>>,
) -> StepTried {
    let taken = take_states(&mut produced.data).unwrap_or_else(|error| {
        let message = format!("the data that the step returned cannot be taken: {error}");
        produced = Produced {
            sent: produced.sent.take(),
            logs: std::mem::take(&mut produced.logs),
            ..failed("state", message)
        };
        Default::default()
    });
    let put = taken.secret_state.unwrap_or_default();
    let masker = match put.is_empty() {
        true => masker.clone(),
        false => masker.with_json(&Value::Object(put.clone())),
    };
    masker.mask_json(&mut produced.data);
    let mut memory: Map<String, Value> = produced.memory.into_iter().collect();
    memory.extend(taken.state.unwrap_or_default());
    for value in memory.values_mut() {
        masker.mask_json(value);
    }
    let exchange = produced.sent.map(|sent| exchange(&masker, sent, answer));
    StepTried {
        exit_code: Some(produced.exit_code),
        data: produced.data,
        error: produced
            .error
            .map(|error| record::record_error(&masker, error)),
        memory,
        secret_state: put.into_iter().map(|(name, _)| name).collect(),
        logs: record::record_logs(&masker, produced.logs),
        exchange,
        ..nothing()
    }
}

fn exchange(
    masker: &Masker,
    sent: SentRequest,
    answer: Option<Result<Answer, HttpError>>,
) -> TriedExchange {
    let sent = record::record_sent(masker, sent);
    let Some(Ok(answer)) = answer else {
        return TriedExchange {
            sent,
            status: None,
            headers: Vec::new(),
            body: String::new(),
            body_bytes: 0,
            body_truncated: false,
        };
    };
    let (body, body_truncated) = record::record_body(masker, &answer.body);
    TriedExchange {
        sent,
        status: Some(answer.status),
        headers: record::record_headers(masker, answer.headers),
        body,
        body_bytes: u64::try_from(answer.body.len()).unwrap_or(u64::MAX),
        body_truncated,
    }
}

/// Passes calls on, and keeps what came back last.
struct Called {
    http: Arc<dyn Http>,
    last: Mutex<Option<Result<Answer, HttpError>>>,
}

#[async_trait]
impl Http for Called {
    async fn send(&self, request: OutgoingRequest) -> Result<Answer, HttpError> {
        let answer = self.http.send(request).await;
        *self.last.lock() = Some(answer.clone());
        answer
    }
}
