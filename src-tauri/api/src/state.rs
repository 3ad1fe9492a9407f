//! What the operations work with.

use std::net::SocketAddr;
use std::sync::Arc;

use async_trait::async_trait;
use hookloom_engine::endpoints::LiveEndpoint;
use hookloom_engine::ports::{Clock, Http, JournalError, NetworkSettings, Scripts, Secrets as _};
use hookloom_engine::{
    CancelError, Continue, Engine, Replay, StartError, StartJob, StartedJob, StepInput,
    StepInputError, StepTrial, StepTrialError, StepTried, TaskPreview, TaskPreviewed, TaskTest,
    TaskTestError, TaskTested, TrialJob,
};
use hookloom_model::{DeliveryId, JobId};
use hookloom_secrets::Custodian;
use hookloom_sensitive::Sensitive;
use hookloom_store::Store;
use tokio::sync::watch;
use tokio_util::sync::CancellationToken;

use crate::doctor::Finding;
use crate::error::Error;
use crate::flows::Drafts;
use crate::identity::{OneTimeCodes, Owner, SignedIn, TokenHash, Tokens};
use crate::listeners::ListenerName;
use crate::masked::Masked;
use crate::metrics::ProcessNumbers;
use crate::status::{Listener, ListenerProblem};
use crate::updates::Releases;

/// What only the process that runs us knows.
#[async_trait]
pub trait Host: Send + Sync {
    /// Our version.
    fn version(&self) -> String;

    /// The data folder.
    fn data_dir(&self) -> String;

    /// How the receiver stands.
    fn receiver(&self) -> Listener;

    /// How the control listener stands.
    fn control(&self) -> Listener;

    /// Refuses every request of senders from now on, or takes them again.
    fn pause_receiving(&self, _is_paused: bool) {}

    /// Whether this process is one that listens. A command that has the folder for a moment is none.
    fn listens(&self) -> bool;

    /// Opens a listener that is off, on another address.
    async fn open_listener(
        &self,
        name: ListenerName,
        address: SocketAddr,
    ) -> Result<(), ListenerProblem>;

    /// Whether jobs run already. A start asks the vault first.
    fn runs_jobs(&self) -> bool {
        true
    }

    /// What only this process can count.
    fn numbers(&self) -> ProcessNumbers {
        ProcessNumbers::default()
    }

    /// What of this process and its computer is well, and what is not: ports, disk, clock, scripts.
    async fn examine(&self) -> Vec<Finding>;

    /// Where senders reach the receiver: the workspace's public URL, or the listener's own, without a slash at
    /// the end.
    fn receiver_url(&self) -> String;

    /// The endpoint that a path of the receiver leads to.
    fn endpoint_at(&self, method: &http::Method, path: &str) -> Option<Arc<LiveEndpoint>>;

    /// Senders reach the receiver by another URL from now on; none is the listener's own.
    fn public_url_changed(&self, _url: Option<String>) {}

    /// Awaits a request of our own at the receiver, and gives the path that it has to have.
    fn expect_probe(&self, nonce: &str) -> String;

    /// Whether such a request came. It is not awaited any more.
    fn probe_has_come(&self, nonce: &str) -> bool;

    /// The alert rules are others from now on: they are looked at at once.
    fn alert_rules_changed(&self) {}

    /// The network is reached in another way from now on.
    fn network_changed(&self, _network: NetworkSettings) {}

    /// The receiver's endpoints are read again, after a flow was published, switched or deleted. When it returns
    /// the new ones answer.
    async fn reload_endpoints(&self) -> Result<(), hookloom_store::Error>;

    /// Whether [`Host::restart`] does something.
    fn restarts_itself(&self) -> bool {
        false
    }

    /// The folder is to be closed and opened again, because a restore waits for that.
    fn restart(&self) {}

    /// Tells when a listener began, ended or paused, also what happened between two looks. None: none ever does.
    fn watch_listeners(&self) -> Option<watch::Receiver<()>> {
        None
    }
}

/// What starts work. The engine does; a process that has the folder open without running jobs may do it otherwise.
#[async_trait]
pub trait Work: Send + Sync {
    /// Starts a job that no inbound request begins. When it returns the job is on disk.
    async fn start_job(&self, start: StartJob) -> Result<StartedJob, StartError>;

    /// Ends a job that has not ended; `by` is who wants it. When it returns the end is on disk.
    async fn cancel(&self, job_id: JobId, by: String) -> Result<(), CancelError>;

    /// Starts a job with the input of an earlier one, or of a request. When it returns the job is on disk.
    async fn replay(&self, replay: Replay) -> Result<StartedJob, StartError>;

    /// Starts a job that takes over the results of one that ended. When it returns the job is on disk.
    async fn continue_job(&self, go_on: Continue) -> Result<StartedJob, StartError>;

    /// Makes a new delivery of the same message, due now.
    async fn resend(&self, of: DeliveryId) -> Result<DeliveryId, JournalError>;

    /// Sends one real message of a webhook task with sample values, and records nothing.
    async fn test_task(&self, test: TaskTest) -> Result<TaskTested, TaskTestError>;

    /// Starts a job that tries a draft. When it returns the job is on disk.
    async fn try_draft(&self, draft: TrialJob) -> Result<StartedJob, StartError>;

    /// Runs one attempt of one step of a draft, really, and records nothing.
    async fn try_step(&self, step: StepTrial) -> Result<StepTried, StepTrialError>;

    /// Reads what a step of a job found when it began; none if it never did.
    async fn step_input(&self, job: JobId, step: &str)
    -> Result<Option<StepInput>, StepInputError>;

    /// Makes a message of a webhook task, and sends nothing.
    async fn preview_task(&self, preview: TaskPreview) -> Result<TaskPreviewed, TaskTestError>;
}

#[async_trait]
impl Work for Engine {
    async fn start_job(&self, start: StartJob) -> Result<StartedJob, StartError> {
        Engine::start_job(self, start).await
    }

    async fn cancel(&self, job_id: JobId, by: String) -> Result<(), CancelError> {
        Engine::cancel(self, job_id, by).await
    }

    async fn replay(&self, replay: Replay) -> Result<StartedJob, StartError> {
        Engine::replay(self, replay).await
    }

    async fn continue_job(&self, go_on: Continue) -> Result<StartedJob, StartError> {
        Engine::continue_job(self, go_on).await
    }

    async fn resend(&self, of: DeliveryId) -> Result<DeliveryId, JournalError> {
        Engine::resend(self, of).await
    }

    async fn test_task(&self, test: TaskTest) -> Result<TaskTested, TaskTestError> {
        Engine::test_task(self, test).await
    }

    async fn try_draft(&self, draft: TrialJob) -> Result<StartedJob, StartError> {
        Engine::try_draft(self, draft).await
    }

    async fn try_step(&self, step: StepTrial) -> Result<StepTried, StepTrialError> {
        Engine::try_step(self, step).await
    }

    async fn step_input(
        &self,
        job: JobId,
        step: &str,
    ) -> Result<Option<StepInput>, StepInputError> {
        Engine::step_input(self, job, step).await
    }

    async fn preview_task(&self, preview: TaskPreview) -> Result<TaskPreviewed, TaskTestError> {
        Engine::preview_task(self, preview).await
    }
}

/// What the control API is made of.
pub struct Parts {
    pub store: Store,
    pub work: Arc<dyn Work>,
    pub vault: Arc<Custodian>,
    pub host: Arc<dyn Host>,
    /// Reads scripts, to find what is wrong with them.
    pub scripts: Arc<dyn Scripts>,
    /// Calls our own receiver, as a sender would.
    pub http: Arc<dyn Http>,
    /// Where releases are asked about, and what runs here.
    pub releases: Releases,
    pub clock: Arc<dyn Clock>,
    /// The hash of the owner's token.
    pub owner_token: TokenHash,
    /// Sessions of browsers that go on, if the program opened its folder again.
    pub signed_in: SignedIn,
    /// Ends live updates, so that a stop need not wait for them.
    pub stopping: CancellationToken,
}

/// What the operations work with. Cheap to clone.
#[derive(Clone)]
pub struct ApiState {
    pub(crate) store: Store,
    pub(crate) work: Arc<dyn Work>,
    pub(crate) secrets: Arc<Custodian>,
    pub(crate) host: Arc<dyn Host>,
    pub(crate) scripts: Arc<dyn Scripts>,
    pub(crate) http: Arc<dyn Http>,
    pub(crate) clock: Arc<dyn Clock>,
    pub(crate) tokens: Arc<Tokens>,
    pub(crate) codes: Arc<OneTimeCodes>,
    pub(crate) drafts: Arc<Drafts>,
    pub(crate) releases: Arc<Releases>,
    pub(crate) stopping: CancellationToken,
}

impl ApiState {
    /// The control API, and the right to call it without a token.
    pub fn new(parts: Parts) -> (Self, Owner) {
        let Parts {
            store,
            work,
            vault,
            host,
            scripts,
            http,
            releases,
            clock,
            owner_token,
            signed_in,
            stopping,
        } = parts;
        let tokens = Tokens {
            owner: owner_token,
            signed_in,
            store: store.clone(),
        };
        let state = Self {
            store,
            work,
            secrets: vault,
            host,
            scripts,
            http,
            clock,
            tokens: Arc::new(tokens),
            codes: Arc::default(),
            drafts: Arc::default(),
            releases: Arc::new(releases),
            stopping,
        };
        (state, Owner(()))
    }

    /// A new one-time code for the `ui` URL.
    pub fn one_time_code(&self) -> Result<Sensitive<String>, Error> {
        self.codes.make(self.clock.now_ms())
    }

    /// Masks with the values that are known now.
    pub(crate) fn masked(&self) -> Masked {
        Masked::new(self.secrets.masker())
    }
}
