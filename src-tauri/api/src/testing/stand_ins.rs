//! What stands behind the API in its tests beside the real store: a clock, a process, and work that is only written
//! down.

use std::collections::HashMap;
use std::net::SocketAddr;
use std::sync::Arc;
use std::sync::atomic::{AtomicBool, AtomicI64, AtomicUsize, Ordering};

use async_trait::async_trait;
use hookloom_engine::apply::fold;
use hookloom_engine::endpoints::LiveEndpoint;
use hookloom_engine::ports::{
    Accepted, Answer as HttpAnswer, Arrival, AttemptResult, Clock, Commit, Download, Downloads,
    Http, HttpError, Inbox, JobStart, Journal, JournalError, Origin, Outbox, OutgoingRequest,
    ScriptEnd, ScriptFault, ScriptFaultKind, ScriptRun, Scripts, SecretStateChange, Timings,
};
use hookloom_engine::state::Ended;
use hookloom_engine::{
    CancelError, Continue, Replay, Replayed, StartError, StartJob, StartedJob, StepTrial,
    StepTrialError, StepTried, TaskPreview, TaskPreviewed, TaskTest, TaskTestError, TaskTested,
    TrialJob, TriedExchange,
};
use hookloom_engine::{StepInput, StepInputError};
use hookloom_model::journal::{Event, JournalEntry, RecordedError, SentRequest, ValueRef};
use hookloom_model::{DeliveryId, JobId, JobStatus, RequestId, TriggerKind};
use hookloom_store::Store;
use parking_lot::Mutex;
use serde_json::{Map, Value, json};

use super::HOST;
use crate::doctor::{Finding, FindingArea};
use crate::listeners::ListenerName;
use crate::status::{Listener, ListenerProblem, ListenerState};
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

/// Finds every script sound that does not say that it is broken.
pub(crate) struct TestScripts;

#[async_trait]
impl Scripts for TestScripts {
    async fn run(&self, _run: ScriptRun<'_>) -> ScriptEnd {
        unreachable!("the API runs no scripts")
    }

    async fn check(&self, code: &str) -> Result<Option<ScriptFault>, ScriptFault> {
        let fault = ScriptFault::new(ScriptFaultKind::Syntax, "SyntaxError: it says so (line 1)");
        Ok(code.contains("broken").then_some(fault))
    }
}

#[derive(Default)]
pub(super) struct TestHost {
    reloads: AtomicUsize,
    /// Where the control listener went.
    moved: Mutex<Option<SocketAddr>>,
    control_is_off: AtomicBool,
    is_command: AtomicBool,
    /// Whether requests to the public URL reach somebody else.
    pub(super) is_elsewhere: AtomicBool,
    /// By the paths that lead to them.
    endpoints: Mutex<HashMap<String, Arc<LiveEndpoint>>>,
}

impl TestHost {
    pub(super) fn switch_control_off(&self) {
        self.control_is_off.store(true, Ordering::Relaxed);
    }

    pub(super) fn be_a_command(&self) {
        self.is_command.store(true, Ordering::Relaxed);
    }

    pub(super) fn lead(&self, path: &str, live: LiveEndpoint) {
        let mut endpoints = self.endpoints.lock();
        endpoints.insert(path.to_owned(), Arc::new(live));
    }

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
        let moved = *self.moved.lock();
        let address = moved.map_or_else(|| HOST.to_owned(), |address| address.to_string());
        Listener {
            state: if self.control_is_off.load(Ordering::Relaxed) {
                ListenerState::Off
            } else {
                ListenerState::Listening
            },
            url: format!("http://{address}"),
            address,
            problem: None,
        }
    }

    fn listens(&self) -> bool {
        !self.is_command.load(Ordering::Relaxed)
    }

    async fn examine(&self) -> Vec<Finding> {
        vec![Finding::notice(FindingArea::Disk, "It is nearly full.").hint("Make room.")]
    }

    /// Port 9 is somebody else's.
    async fn open_listener(
        &self,
        _: ListenerName,
        address: SocketAddr,
    ) -> Result<(), ListenerProblem> {
        if address.port() != 9 {
            self.moved.lock().replace(address);
            self.control_is_off.store(false, Ordering::Relaxed);
            return Ok(());
        }
        Err(ListenerProblem {
            code: "address_in_use".into(),
            message: format!("{address} is in use."),
            hint: None,
        })
    }

    fn receiver_url(&self) -> String {
        "http://127.0.0.1:4747".into()
    }

    fn endpoint_at(&self, _: &http::Method, path: &str) -> Option<Arc<LiveEndpoint>> {
        self.endpoints.lock().get(path).cloned()
    }

    fn expect_probe(&self, nonce: &str) -> String {
        format!("/check/{nonce}")
    }

    /// What `TestHttp` sends arrives, unless it goes to somebody else.
    fn probe_has_come(&self, nonce: &str) -> bool {
        !nonce.is_empty() && !self.is_elsewhere.load(Ordering::Relaxed)
    }

    async fn reload_endpoints(&self) -> Result<(), hookloom_store::Error> {
        self.reloads.fetch_add(1, Ordering::Relaxed);
        Ok(())
    }
}

/// Writes down what is sent, and answers as the receiver does.
#[derive(Default)]
pub(super) struct TestHttp {
    pub(super) sent: Mutex<Vec<OutgoingRequest>>,
}

#[async_trait]
impl Http for TestHttp {
    async fn send(&self, request: OutgoingRequest) -> Result<HttpAnswer, HttpError> {
        self.sent.lock().push(request);
        Ok(HttpAnswer {
            status: 200,
            headers: vec![("x-sample".to_owned(), "1".to_owned())],
            body: "{}".into(),
            timings: Timings::default(),
            certificate: None,
        })
    }
}

#[async_trait]
impl Downloads for TestHttp {
    async fn begin(&self, request: OutgoingRequest) -> Result<Box<dyn Download>, HttpError> {
        self.sent.lock().push(request);
        std::future::pending().await
    }
}

/// Puts work on disk and leaves it there.
pub(super) struct StoreWork(pub(super) Store, pub(super) Arc<TestClock>);

impl StoreWork {
    async fn begin(
        &self,
        start: StartJob,
        taken_over: Vec<Event>,
    ) -> Result<StartedJob, StartError> {
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
                depth: start.depth,
            },
            input_blob: None,
            secret_state: None,
            origin: Origin {
                taken_over,
                ..Origin::default()
            },
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
}

#[async_trait]
impl Work for StoreWork {
    async fn start_job(&self, start: StartJob) -> Result<StartedJob, StartError> {
        self.begin(start, Vec::new()).await
    }

    /// There is nothing that runs: a job that has not ended ends.
    async fn cancel(&self, job_id: JobId, by: String) -> Result<(), CancelError> {
        let stored = Journal::load(&self.0, job_id).await?;
        let state = fold(&stored.entries).expect("a sound journal");
        match state.ended {
            Some(ended) if ended.status == JobStatus::Canceled => return Ok(()),
            Some(Ended { status, .. }) => return Err(CancelError::Ended { job_id, status }),
            None => {}
        }
        let error = RecordedError {
            code: "canceled".into(),
            message: format!("it was canceled by {by}"),
        };
        let event = Event::JobFinished {
            status: JobStatus::Canceled,
            error: Some(error.clone()),
        };
        let commit = Commit {
            job_id,
            entries: vec![JournalEntry {
                seq: state.seq_next,
                at_ms: self.1.now_ms(),
                event,
            }],
            status: JobStatus::Canceled,
            waiting_until_ms: None,
            error: Some(error),
            blobs: Vec::new(),
            secret_state: SecretStateChange::Keep,
            deliveries: Vec::new(),
        };
        Ok(self.0.commit(commit).await?)
    }

    async fn replay(&self, replay: Replay) -> Result<StartedJob, StartError> {
        let (flow_id, job, request) = match replay.of {
            Replayed::Job(id) => {
                let job = Journal::load(&self.0, id).await?;
                (job.flow_id, Some(id), job.request.map(|it| it.record.id))
            }
            Replayed::Request(id) => {
                let request = Journal::request(&self.0, id).await?;
                (request.record.flow_id, None, Some(id))
            }
        };
        let start = StartJob {
            flow_id,
            version: replay.version,
            trigger: TriggerKind::Replay,
            trigger_name: replay.by,
            input: replay.input,
            outputs: replay.outputs,
            depth: 0,
        };
        self.begin(start, vec![Event::JobReplays { job, request }])
            .await
    }

    async fn continue_job(&self, go_on: Continue) -> Result<StartedJob, StartError> {
        Err(StartError::NotEnded {
            job_id: go_on.job_id,
        })
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

    /// As the engine writes it, without its checks.
    async fn try_draft(&self, draft: TrialJob) -> Result<StartedJob, StartError> {
        let mut events = vec![Event::JobTries {
            send_tasks: draft.send_tasks,
            headers: draft.headers,
            query: draft.query,
        }];
        events.extend(draft.request.map(|id| Event::JobReplays {
            job: None,
            request: Some(id),
        }));
        events.extend(draft.pins.into_iter().map(|(step, pin)| Event::StepPinned {
            step,
            exit_code: pin.exit_code.unwrap_or_else(|| "success".to_owned()),
            data: ValueRef::Inline(pin.data),
        }));
        self.begin(draft.start, events).await
    }

    /// Nothing runs: what was given comes back.
    async fn try_step(&self, step: StepTrial) -> Result<StepTried, StepTrialError> {
        let pins = step.pins.into_iter().map(|(name, pin)| (name, pin.data));
        Ok(StepTried {
            exit_code: Some("success".to_owned()),
            until_ms: None,
            data: Value::Object(pins.collect()),
            error: None,
            memory: Map::new(),
            secret_state: Vec::new(),
            logs: vec![format!("{} steps", step.document.steps.len())],
            exchange: Some(TriedExchange {
                sent: SentRequest {
                    method: "POST".to_owned(),
                    url: "https://steps.example/it".to_owned(),
                    headers: step.headers.into_iter().collect(),
                    body: step.body.unwrap_or_default().to_string(),
                    body_truncated: false,
                },
                status: Some(204),
                headers: Vec::new(),
                body: String::new(),
                body_bytes: 0,
                body_truncated: false,
            }),
            started_at_ms: self.1.now_ms(),
            ended_at_ms: self.1.now_ms() + 12,
        })
    }

    /// A step found its own name, as far as its record says that it began; of a secret that is known, the value.
    async fn step_input(
        &self,
        job: JobId,
        step: &str,
    ) -> Result<Option<StepInput>, StepInputError> {
        let stored = Journal::load(&self.0, job).await?;
        let begins = |entry: &JournalEntry| matches!(&entry.event, Event::StepStarted { step: it, .. } if it == step);
        if !stored.entries.iter().any(begins) {
            return Err(StepInputError::Step(StartError::UnknownStep {
                step: step.to_owned(),
                known: Vec::new(),
            }));
        }
        let steps = json!({"before": {"data": [step, "hunter2hunter2", "x".repeat(2_000_000)]}});
        let mut values = Map::new();
        values.insert("order".to_owned(), json!([step, "hunter2hunter2"]));
        values.insert("steps".to_owned(), steps);
        Ok(Some(StepInput {
            values,
            left_out: vec!["archive".to_owned()],
        }))
    }

    /// Shows whose values it was asked for.
    async fn preview_task(&self, preview: TaskPreview) -> Result<TaskPreviewed, TaskTestError> {
        let known = preview.document.webhook_tasks.iter();
        if !known.into_iter().any(|task| task.name == preview.task) {
            return Err(TaskTestError::UnknownTask { task: preview.task });
        }
        let job = preview.job_id.map_or(0, |id| id.0);
        Ok(TaskPreviewed {
            message: Some(SentRequest {
                method: "POST".to_owned(),
                url: format!("https://tasks.example/{job}"),
                headers: vec![("x-sample".to_owned(), "1".to_owned())],
                body: String::new(),
                body_truncated: false,
            }),
            signed_content: Some("1.".to_owned()),
            signature: vec![("x-webhook-signature".to_owned(), "t=1".to_owned())],
            error: None,
        })
    }
}
