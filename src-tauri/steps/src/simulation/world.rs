//! What lasts longer than a life of the process: the disk, the clock, and the receivers out there.

use std::sync::Arc;

use hookloom_engine::answers::{JobAnswer, Waiters, read};
use hookloom_engine::ports::{Clock as _, HttpErrorKind};
use hookloom_engine::testing::{
    Disk, FakeFiles, FakeHttp, FakeJobKeys, FakeScripts, FakeSecrets, Faults, Life, MemoryDatabase,
    Reply, SeededEntropy, SeenRequest, SplitMix, VirtualClock, block_on,
};
use hookloom_engine::{
    CancelError, Continue, Engine, Options, Pin, Ports, Replay, Replayed, StartJob, StartedJob,
    TrialJob,
};
use hookloom_model::{FlowId, JobId, JobStatus, TriggerKind};
use indexmap::IndexMap;
use parking_lot::Mutex;
use serde_json::{Map, Value, json};
use tokio::task::JoinHandle;

use super::flows::random_document;
use crate::Kinds;

/// No job and no delivery of a simulation takes longer than this.
const STUCK_AFTER_MS: i64 = 3 * 24 * 60 * 60 * 1_000;
/// How often a life looks whether all is done.
const LOOK_MS: i64 = 600_000;

pub(super) const FLOW: FlowId = FlowId(1);
/// The version that a draft is tried as.
const TRIAL: i64 = -1;
const BEGIN_MS: i64 = 1_795_306_812_431;
/// A key as remote steps have one.
const KEY: &str = "wsk_upsjOIYYLME2zLPaiDDe9BpXP2ZS8xnw";
/// An answer with which every kind that calls somebody can work.
const ANSWER: &str = r#"{"ok": true, "choices": [{"message": {"content": "hello"}}]}"#;
/// What a receiver that is busy asks for.
pub(super) const RETRY_AFTER_MS: i64 = 7_000_000;
/// How long a locked keychain stays so.
const LOCKED_MS: i64 = 900_000;

/// One simulated world.
pub(super) struct World {
    pub disk: Arc<Disk>,
    pub document: Value,
    pub seen: Arc<Mutex<Vec<SeenRequest>>>,
    /// Jobs whose start was answered.
    pub accepted: Mutex<Vec<JobId>>,
    /// Jobs whose cancel was answered, with how many requests had reached a receiver by then.
    pub canceled: Mutex<Vec<(JobId, usize)>>,
    pub violations: Arc<Mutex<Vec<String>>>,
    /// What callers that waited were answered.
    pub answered: Arc<Mutex<Vec<(JobId, JobAnswer)>>>,
    /// How often something happened that a simulation must have seen.
    pub met: Mutex<Met>,
    pub keys: Arc<FakeJobKeys>,
    clock: Arc<VirtualClock>,
    secrets: Arc<FakeSecrets>,
    seed: u64,
}

/// How often something happened.
#[derive(Debug, Default, Clone, Copy)]
pub(super) struct Met {
    pub crashes: u64,
    pub cancels: u64,
    pub replays: u64,
    pub answers: u64,
    pub scheduled: u64,
    pub gone: u64,
    pub postponed: u64,
    pub trials: u64,
}

/// How a life ended.
#[derive(Debug, PartialEq, Eq)]
pub(super) enum LifeEnd {
    Done,
    Crashed,
    Stuck,
}

impl World {
    pub fn new(seed: u64) -> Self {
        let document = random_document(&mut SplitMix::new(seed));
        let disk = Arc::new(Disk::default());
        disk.publish(FLOW, 1, &document);
        let clock = VirtualClock::new(BEGIN_MS);
        if !document["schedules"].is_null() {
            disk.schedule(FLOW, 1, "tick", BEGIN_MS);
        }
        let secrets = Arc::new(FakeSecrets::default());
        secrets.set("signing", KEY);
        Self {
            disk,
            document,
            seen: Arc::default(),
            accepted: Mutex::default(),
            canceled: Mutex::default(),
            violations: Arc::default(),
            answered: Arc::default(),
            met: Mutex::default(),
            keys: Arc::default(),
            clock,
            secrets,
            seed,
        }
    }

    /// Runs one life: starts some jobs, and goes on until all is done, the life crashes, or too long has passed.
    pub fn live(&self, number: u64, jobs: u64, faults: Faults) -> LifeEnd {
        let life = Life::new(self.seed ^ (number + 1).wrapping_mul(0xA5A5_5A5A), faults);
        let unfinished = self
            .disk
            .jobs()
            .into_iter()
            .filter(|job| !job.status.is_final());
        let keep: Vec<_> = unfinished.map(|job| job.stored.request_id).collect();
        self.keys.sweep(&keep);
        let is_locked = SplitMix::new(self.seed.wrapping_mul(17) ^ number).chance(150);
        self.secrets.lock(is_locked && faults != Faults::default());
        let end = block_on(&self.clock, async {
            let ports = self.ports(&life, number);
            let waiters = ports.waiters.clone();
            let engine = Engine::start(ports, options());
            tokio::select! {
                biased;
                () = life.end() => LifeEnd::Crashed,
                end = self.work(&engine, &waiters, number, jobs) => end,
            }
        });
        if end == LifeEnd::Crashed {
            self.met.lock().crashes += 1;
            self.disk.crash();
            let mut random = SplitMix::new(self.seed ^ number);
            self.clock.skip_ms(random.below(7_200_000) as i64);
        }
        end
    }

    async fn work(&self, engine: &Engine, waiters: &Waiters, life: u64, jobs: u64) -> LifeEnd {
        let mut callers = Vec::new();
        for number in 0..jobs {
            let mut input = json!({"number": number});
            if number == 0 {
                input["_secretStatePut"] = json!({"pin": "a secret pin"});
            }
            let started = engine.start_job(StartJob {
                flow_id: FLOW,
                version: 1,
                trigger: TriggerKind::Manual,
                trigger_name: "simulation".to_owned(),
                input: Some(input),
                outputs: None,
                depth: 0,
            });
            let started = started.await.ok();
            let caller = |it: &StartedJob| (it.job_id, self.wait_for(it.job_id, waiters));
            callers.extend(started.as_ref().map(caller));
            self.note(started);
        }
        self.cancel_some(engine, life).await;
        self.run_some_again(engine, life).await;
        self.try_a_draft(engine, life).await;
        self.clock
            .sleep_until_ms(self.clock.now_ms() + LOCKED_MS)
            .await;
        self.secrets.lock(false);
        let until_ms = self.clock.now_ms() + STUCK_AFTER_MS;
        while self.clock.now_ms() < until_ms {
            if self.disk.is_at_rest() {
                self.check_callers(callers).await;
                return LifeEnd::Done;
            }
            self.clock
                .sleep_until_ms(self.clock.now_ms() + LOOK_MS)
                .await;
        }
        LifeEnd::Stuck
    }

    /// Somebody who waits for the answer of a job.
    fn wait_for(&self, job_id: JobId, waiters: &Waiters) -> JoinHandle<()> {
        let mut wait = waiters.wait(job_id, &self.responders());
        let (database, answered) = (self.faultless(), Arc::clone(&self.answered));
        tokio::spawn(async move {
            loop {
                let record = read(&*database, job_id).await.expect("it was accepted");
                if let Some(answer) = record.answer {
                    return answered.lock().push((job_id, answer));
                }
                wait.answered().await;
            }
        })
    }

    /// Everything has ended, so every caller has its answer.
    async fn check_callers(&self, callers: Vec<(JobId, JoinHandle<()>)>) {
        // A commit is on disk a moment before it is told.
        self.clock.sleep_until_ms(self.clock.now_ms() + 1_000).await;
        for (job_id, caller) in callers {
            if !caller.is_finished() {
                let job = self.disk.job(job_id).map(|job| job.stored.entries);
                let stuck = format!("job {job_id} has ended, and its caller still waits: {job:#?}");
                self.violations.lock().push(stuck);
            }
        }
    }

    fn responders(&self) -> Arc<[String]> {
        let steps = self.document["steps"].as_array().into_iter().flatten();
        let responders = steps.filter(|step| step["kind"] == "respond");
        responders
            .filter_map(|step| step["name"].as_str().map(str::to_owned))
            .collect()
    }

    /// What the record says to the caller of a job.
    pub fn read_answer(&self, job_id: JobId) -> Option<JobAnswer> {
        let record = block_on(&self.clock, read(&*self.faultless(), job_id));
        record.ok().and_then(|record| record.answer)
    }

    fn faultless(&self) -> Arc<MemoryDatabase> {
        let life = Life::new(0, Faults::default());
        MemoryDatabase::new(Arc::clone(&self.disk), life, Arc::clone(&self.seen))
    }

    fn note(&self, started: Option<StartedJob>) {
        self.accepted.lock().extend(started.map(|it| it.job_id));
    }

    /// Replays some of the jobs that have ended, and continues others.
    async fn run_some_again(&self, engine: &Engine, life: u64) {
        let mut random = SplitMix::new(self.seed.wrapping_mul(719) ^ life);
        let ended = self.disk.jobs().into_iter();
        let ended = ended.filter(|job| job.status.is_final() && random.chance(200));
        let chosen: Vec<JobId> = ended.map(|job| job.id()).collect();
        for job_id in chosen {
            let by = "simulation".to_owned();
            // What was given as secret state is gone with the job: it is given again.
            let secret_state = Map::from_iter([("pin".to_owned(), json!("another pin"))]);
            let started = match random.chance(500) {
                true => {
                    let replay = Replay {
                        of: Replayed::Job(job_id),
                        version: 1,
                        by,
                        input: random.chance(300).then(|| json!({"number": 2})),
                        outputs: None,
                        secret_state,
                        depth: 0,
                    };
                    engine.replay(replay).await
                }
                false => {
                    let go_on = Continue {
                        job_id,
                        from: None,
                        by,
                        secret_state,
                        depth: 0,
                    };
                    engine.continue_job(go_on).await
                }
            };
            self.met.lock().replays += u64::from(started.is_ok());
            self.note(started.ok());
        }
    }

    /// Tries the document as if it were a draft, with results for some of its steps.
    async fn try_a_draft(&self, engine: &Engine, life: u64) {
        let mut random = SplitMix::new(self.seed.wrapping_mul(977) ^ life);
        // In some of the lives that start jobs, as `runs` has it: more would only take longer.
        if life > 2 || !random.chance(250) {
            return;
        }
        self.disk.publish(FLOW, TRIAL, &self.document);
        let steps = self.document["steps"].as_array().into_iter().flatten();
        let steps = steps.filter_map(|step| step["name"].as_str());
        let pinned = steps.filter(|_| random.chance(300)).map(|name| {
            let pin = Pin {
                data: json!({"status": 200, "body": {"pinned": true}}),
                exit_code: None,
            };
            (name.to_owned(), pin)
        });
        let trial = TrialJob {
            pins: pinned.collect(),
            start: StartJob {
                flow_id: FLOW,
                version: TRIAL,
                trigger: TriggerKind::Manual,
                trigger_name: "simulation".to_owned(),
                input: Some(json!({"number": 3})),
                outputs: None,
                depth: 0,
            },
            request: None,
            headers: IndexMap::new(),
            query: IndexMap::new(),
            send_tasks: false,
        };
        let started = engine.try_draft(trial).await;
        self.met.lock().trials += u64::from(started.is_ok());
        self.note(started.ok());
    }

    /// Cancels some of the jobs, whatever they are doing, some of them twice at once.
    async fn cancel_some(&self, engine: &Engine, life: u64) {
        let mut random = SplitMix::new(self.seed.wrapping_mul(131) ^ life);
        let jobs = self.disk.jobs().into_iter().map(|job| job.id());
        let chosen: Vec<JobId> = jobs.filter(|_| random.chance(250)).collect();
        for id in chosen {
            let wait_ms = random.below(4_000) as i64;
            self.clock
                .sleep_until_ms(self.clock.now_ms() + wait_ms)
                .await;
            let twice = random.chance(200);
            let (first, second) = tokio::join!(engine.cancel(id, "simulation".to_owned()), async {
                match twice {
                    true => Some(engine.cancel(id, "simulation".to_owned()).await),
                    false => None,
                }
            });
            let seen = self.seen.lock().len();
            for answer in [Some(first), second].into_iter().flatten() {
                match answer {
                    Ok(()) => {
                        self.met.lock().cancels += 1;
                        self.canceled.lock().push((id, seen));
                    }
                    Err(CancelError::Ended {
                        status: JobStatus::Canceled,
                        ..
                    }) => {
                        let wrong = format!("job {id} was canceled before, and that is refused");
                        self.violations.lock().push(wrong);
                    }
                    Err(_) => {}
                }
            }
        }
    }

    fn ports(&self, life: &Arc<Life>, number: u64) -> Ports {
        let database = MemoryDatabase::new(
            Arc::clone(&self.disk),
            Arc::clone(life),
            Arc::clone(&self.seen),
        );
        let (seed, disk) = (self.seed, Arc::clone(&self.disk));
        let violations = Arc::clone(&self.violations);
        let http = FakeHttp::new(
            Arc::clone(&self.clock) as _,
            Arc::clone(life),
            Arc::clone(&self.seen),
            move |request| {
                if let Some(key) = request.header("idempotency-key")
                    && !disk.has_started(key)
                {
                    violations
                        .lock()
                        .push(format!("{key} is called before its start is on disk"));
                }
                reply(seed, request)
            },
        );
        Ports {
            journal: Arc::clone(&database) as _,
            inbox: Arc::clone(&database) as _,
            outbox: Arc::clone(&database) as _,
            schedules: database,
            clock: Arc::clone(&self.clock) as _,
            entropy: Arc::new(SeededEntropy::new(self.seed.wrapping_mul(31) ^ number)),
            http,
            files: Arc::new(FakeFiles::default()),
            scripts: Arc::new(FakeScripts(Arc::clone(&self.clock) as _)),
            secrets: Arc::clone(&self.secrets) as _,
            job_keys: Arc::clone(&self.keys) as _,
            step_kinds: Arc::new(Kinds),
            waiters: Waiters::default(),
        }
    }
}

/// Small limits, so that they are met.
fn options() -> Options {
    Options {
        jobs_max: 3,
        queue_max: 2,
        deliveries_max: 4,
        deliveries_per_task_max: 2,
        ..Options::default()
    }
}

/// Receivers that mostly answer, sometimes late, sometimes with an error, sometimes not at all.
fn reply(seed: u64, request: &SeenRequest) -> Reply {
    let start = request.at_ms as u64 ^ seed;
    let text = request.url.bytes().chain(request.body.bytes());
    let mut random = SplitMix::new(text.fold(start, |sum, byte| {
        sum.wrapping_mul(31).wrapping_add(u64::from(byte))
    }));
    let after_ms = random.below(3_000) as i64;
    if request.url.starts_with("https://tasks.example/") && random.chance(60) {
        return Reply::json(410, "");
    }
    match random.below(20) {
        0 => Reply::json(500, "{}").after(after_ms),
        1 => Reply::json(429, "{}").with_header("retry-after", "7000"),
        2 => Reply::json(404, "{}"),
        3 => Reply::failure(HttpErrorKind::Connect),
        4 => Reply::json(200, "{}").after(90_000),
        5 => Reply::failure(HttpErrorKind::Interrupted).after(after_ms),
        _ => Reply::json(200, ANSWER).after(after_ms),
    }
}

impl Met {
    /// How often the rarest of them happened.
    pub fn least(self) -> u64 {
        let Self {
            crashes,
            cancels,
            replays,
            answers,
            scheduled,
            gone,
            postponed,
            trials,
        } = self;
        let all = [
            crashes, cancels, replays, answers, scheduled, gone, postponed, trials,
        ];
        all.into_iter().min().unwrap_or_default()
    }
}

impl std::ops::AddAssign for Met {
    fn add_assign(&mut self, other: Self) {
        self.crashes += other.crashes;
        self.cancels += other.cancels;
        self.replays += other.replays;
        self.answers += other.answers;
        self.scheduled += other.scheduled;
        self.gone += other.gone;
        self.postponed += other.postponed;
        self.trials += other.trials;
    }
}
