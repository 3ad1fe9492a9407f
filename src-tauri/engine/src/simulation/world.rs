//! What lasts longer than a life of the process: the disk, the clock, and the receivers out there.

use std::sync::Arc;

use hookloom_model::{FlowId, JobId, JobStatus, TriggerKind};
use parking_lot::Mutex;
use serde_json::{Value, json};

use super::flows::random_document;
use crate::answers::Waiters;
use crate::ports::{Clock as _, HttpErrorKind};
use crate::testing::{
    Disk, FakeFiles, FakeHttp, FakeJobKeys, FakeKinds, FakeScripts, FakeSecrets, Faults, Life,
    MemoryDatabase, Reply, SeededEntropy, SeenRequest, SplitMix, VirtualClock, block_on,
};
use crate::{CancelError, Engine, Options, Ports, StartJob};

/// No job and no delivery of a simulation takes longer than this.
const STUCK_AFTER_MS: i64 = 3 * 24 * 60 * 60 * 1_000;
/// How often a life looks whether all is done.
const LOOK_MS: i64 = 600_000;

pub(super) const FLOW: FlowId = FlowId(1);

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
    pub keys: Arc<FakeJobKeys>,
    clock: Arc<VirtualClock>,
    secrets: Arc<FakeSecrets>,
    seed: u64,
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
        let secrets = Arc::new(FakeSecrets::default());
        secrets.set("signing", "a signing secret");
        Self {
            disk,
            document,
            seen: Arc::default(),
            accepted: Mutex::default(),
            canceled: Mutex::default(),
            violations: Arc::default(),
            keys: Arc::default(),
            clock: VirtualClock::new(1_795_306_812_431),
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
        let end = block_on(&self.clock, async {
            let engine = Engine::start(self.ports(&life, number), options());
            tokio::select! {
                biased;
                () = life.end() => LifeEnd::Crashed,
                end = self.work(&engine, number, jobs) => end,
            }
        });
        if end == LifeEnd::Crashed {
            self.disk.crash();
            let mut random = SplitMix::new(self.seed ^ number);
            self.clock.skip_ms(random.below(7_200_000) as i64);
        }
        end
    }

    async fn work(&self, engine: &Engine, life: u64, jobs: u64) -> LifeEnd {
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
            });
            if let Ok(started) = started.await {
                self.accepted.lock().push(started.job_id);
            }
        }
        self.cancel_some(engine, life).await;
        let until_ms = self.clock.now_ms() + STUCK_AFTER_MS;
        while self.clock.now_ms() < until_ms {
            if self.disk.is_at_rest() {
                return LifeEnd::Done;
            }
            self.clock
                .sleep_until_ms(self.clock.now_ms() + LOOK_MS)
                .await;
        }
        LifeEnd::Stuck
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
                    Ok(()) => self.canceled.lock().push((id, seen)),
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
            step_kinds: Arc::new(FakeKinds),
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
        schedules: false,
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
    match random.below(20) {
        0 => Reply::json(500, "{}").after(after_ms),
        1 => Reply::json(429, "{}").with_header("retry-after", "7"),
        2 => Reply::json(404, "{}"),
        3 => Reply::failure(HttpErrorKind::Connect),
        4 => Reply::json(200, "{}").after(90_000),
        5 => Reply::failure(HttpErrorKind::Interrupted).after(after_ms),
        _ => Reply::json(200, "{\"ok\": true}").after(after_ms),
    }
}
