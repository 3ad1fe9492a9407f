//! An engine over ports in memory, for tests that run a flow and look at what became of it.

use std::future::Future;
use std::sync::Arc;

use hookloom_model::document;
use hookloom_model::journal::Event;
use hookloom_model::{FlowId, JobId, TriggerKind};
use parking_lot::Mutex;
use serde_json::Value;

use super::clock::MortalClock;
use super::{
    Death, Disk, FakeFiles, FakeHttp, FakeJobKeys, FakeKinds, FakeScripts, FakeSecrets, Faults,
    JobRow, Life, MemoryDatabase, Reply, SeededEntropy, SeenRequest, VirtualClock, block_on,
};
use crate::answers::Waiters;
use crate::apply::fold;
use crate::ports::{Accepted, Arrival, Clock as _, Inbox as _, StepKinds};
use crate::state::JobState;
use crate::{Begun, Engine, Options, Ports, StartJob};

type Script = Arc<dyn Fn(&SeenRequest) -> Reply + Send + Sync>;

/// The flow that a rig has.
pub const FLOW: FlowId = FlowId(1);

/// The time at which every rig begins, Unix milliseconds.
pub const BEGIN_MS: i64 = 1_795_306_812_431;

/// No test waits longer in virtual time.
const PATIENCE_MS: i64 = 30 * 24 * 60 * 60 * 1_000;

/// An engine over ports in memory.
pub struct Rig {
    /// What is stored.
    pub disk: Arc<Disk>,
    /// Virtual time.
    pub clock: Arc<VirtualClock>,
    /// What arrived at receivers.
    pub seen: Arc<Mutex<Vec<SeenRequest>>>,
    /// The keychain.
    pub secrets: Arc<FakeSecrets>,
    /// Keys of jobs.
    pub keys: Arc<FakeJobKeys>,
    /// Callers that wait for a job.
    pub waiters: Waiters,
    /// Files that came with requests.
    pub files: Arc<FakeFiles>,
    /// Limits of the next life.
    pub options: Options,
    kinds: Arc<dyn StepKinds>,
    script: Script,
    lives: Mutex<u64>,
}

impl Rig {
    /// A rig whose flow has this document, whose receivers answer 200 with `{}`.
    ///
    /// # Panics
    /// When the document cannot be published: then the test is wrong.
    pub fn new(document: &Value) -> Self {
        let parsed = document::from_value(document.clone());
        assert!(
            !parsed.blocks_publish(),
            "the test's document: {:#?}",
            parsed.problems
        );
        let disk = Arc::new(Disk::default());
        disk.publish(FLOW, 1, document);
        Self {
            disk,
            clock: VirtualClock::new(BEGIN_MS),
            seen: Arc::default(),
            secrets: Arc::default(),
            keys: Arc::default(),
            waiters: Waiters::default(),
            files: Arc::default(),
            options: Options::default(),
            kinds: Arc::new(FakeKinds),
            script: Arc::new(|_| Reply::json(200, "{}")),
            lives: Mutex::new(0),
        }
    }

    /// The same with other receivers.
    #[must_use]
    pub fn answering(
        mut self,
        script: impl Fn(&SeenRequest) -> Reply + Send + Sync + 'static,
    ) -> Self {
        self.script = Arc::new(script);
        self
    }

    /// The same with other step kinds.
    #[must_use]
    pub fn with_kinds(mut self, kinds: impl StepKinds + 'static) -> Self {
        self.kinds = Arc::new(kinds);
        self
    }

    /// Runs one life of the process. It ends without ceremony when the future does: what runs then is cut off.
    ///
    /// # Panics
    /// Never: a life without faults does not die.
    pub fn live<T, F: Future<Output = T>>(&self, work: impl FnOnce(Engine) -> F) -> T {
        self.live_with(0, Faults::default(), work)
            .expect("a life without faults does not die")
    }

    /// Runs one life that may die at any call of a port: chance decides by the seed. None if it died.
    pub fn live_with<T, F: Future<Output = T>>(
        &self,
        seed: u64,
        faults: Faults,
        work: impl FnOnce(Engine) -> F,
    ) -> Option<T> {
        let number = self.next_life();
        let life = Life::new(seed.wrapping_mul(1_000) + number, faults);
        self.live_as(life, number, work)
    }

    /// Runs one life that dies at a point, unless it does not come there: then it gives what the work gave.
    pub fn live_until<T, F: Future<Output = T>>(
        &self,
        death: Death,
        work: impl FnOnce(Engine) -> F,
    ) -> Option<T> {
        let number = self.next_life();
        self.live_as(Life::until(number, death), number, work)
    }

    fn next_life(&self) -> u64 {
        let mut lives = self.lives.lock();
        *lives += 1;
        *lives
    }

    fn live_as<T, F: Future<Output = T>>(
        &self,
        life: Arc<Life>,
        number: u64,
        work: impl FnOnce(Engine) -> F,
    ) -> Option<T> {
        let ports = self.ports(&life, number);
        let options = self.options.clone();
        let result = block_on(&self.clock, async {
            tokio::select! {
                biased;
                () = life.end() => None,
                result = async { work(Engine::start(ports, options)).await } => Some(result),
            }
        });
        life.crash();
        result
    }

    /// Starts a job by hand, and runs until nothing is left to do.
    ///
    /// # Panics
    /// When the job cannot be started.
    pub fn run(&self, input: Option<Value>) -> JobRow {
        let job_id = self.live(async |engine: Engine| {
            let started = engine
                .start_job(start(input))
                .await
                .expect("the job can be started");
            self.rest().await;
            started.job_id
        });
        self.disk.job(job_id).expect("the job is stored")
    }

    /// Accepts a request, as the receiver would, and runs until nothing is left to do.
    ///
    /// # Panics
    /// When it does not begin a job.
    pub fn receive(&self, arrival: Arrival) -> JobRow {
        let life = Life::new(0, Faults::default());
        let database = self.database(&life);
        let job_id = self.live(async |engine: Engine| {
            let begun = Begun::of(&arrival);
            let accepted = database
                .accept(arrival)
                .await
                .expect("the request can be saved");
            let Accepted::Started { job_id } = accepted else {
                panic!("no job begins: {accepted:?}");
            };
            engine.enqueue(begun.saved_as(job_id));
            self.rest().await;
            job_id
        });
        self.disk.job(job_id).expect("the job is stored")
    }

    /// Returns when every job has ended and nothing is left to deliver.
    ///
    /// # Panics
    /// When that takes too long.
    pub async fn rest(&self) {
        let until_ms = self.clock.now_ms() + PATIENCE_MS;
        while !self.disk.is_at_rest() {
            assert!(
                self.clock.now_ms() < until_ms,
                "stuck: {:#?}",
                self.disk.jobs()
            );
            self.clock.sleep_until_ms(self.clock.now_ms() + 100).await;
        }
        // A job's end is followed by what nobody waits for, such as the end of its key.
        self.clock.sleep_until_ms(self.clock.now_ms() + 100).await;
    }

    /// What arrived at a path, in order.
    pub fn seen_at(&self, path: &str) -> Vec<SeenRequest> {
        let seen = self.seen.lock();
        let at_path = seen
            .iter()
            .filter(|request| url::Url::parse(&request.url).is_ok_and(|url| url.path() == path));
        at_path.cloned().collect()
    }

    fn database(&self, life: &Arc<Life>) -> Arc<MemoryDatabase> {
        MemoryDatabase::new(
            Arc::clone(&self.disk),
            Arc::clone(life),
            Arc::clone(&self.seen),
        )
    }

    fn ports(&self, life: &Arc<Life>, number: u64) -> Ports {
        let database = self.database(life);
        let script = Arc::clone(&self.script);
        Ports {
            journal: Arc::clone(&database) as _,
            inbox: Arc::clone(&database) as _,
            outbox: Arc::clone(&database) as _,
            clock: Arc::new(MortalClock {
                clock: Arc::clone(&self.clock),
                life: Arc::clone(life),
            }),
            entropy: Arc::new(SeededEntropy::new(number)),
            http: FakeHttp::new(
                Arc::clone(&self.clock) as _,
                Arc::clone(life),
                Arc::clone(&self.seen),
                move |request| script(request),
            ),
            files: Arc::clone(&self.files) as _,
            scripts: Arc::new(FakeScripts(Arc::clone(&self.clock) as _)),
            secrets: Arc::clone(&self.secrets) as _,
            job_keys: Arc::clone(&self.keys) as _,
            step_kinds: Arc::clone(&self.kinds),
            schedules: Arc::clone(&database) as _,
            waiters: self.waiters.clone(),
        }
    }
}

/// A start by hand of the rig's flow.
pub fn start(input: Option<Value>) -> StartJob {
    StartJob {
        flow_id: FLOW,
        version: 1,
        trigger: TriggerKind::Manual,
        trigger_name: "test".to_owned(),
        input,
        outputs: None,
        depth: 0,
    }
}

impl JobRow {
    /// The fold of its journal.
    ///
    /// # Panics
    /// When the journal is not legal.
    pub fn state(&self) -> JobState {
        fold(&self.stored.entries).expect("the journal is legal")
    }

    /// Everything that is stored of it, as text: what a search for a secret looks through.
    pub fn text(&self) -> String {
        let entries = serde_json::to_string(&self.stored.entries).unwrap_or_default();
        format!("{entries} {:?}", self.stored.request)
    }

    /// The events, in order.
    pub fn events(&self) -> Vec<Event> {
        self.stored
            .entries
            .iter()
            .map(|entry| entry.event.clone())
            .collect()
    }

    /// Its id.
    pub fn id(&self) -> JobId {
        self.stored.id
    }
}
