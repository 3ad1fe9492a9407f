//! Every kind of step, and a process that dies at every point that has a name: no recorded step runs again, and a call
//! that is made again has the key that it had.

use std::collections::BTreeMap;
use std::sync::atomic::{AtomicU64, Ordering};

use hookloom_engine::Engine;
use hookloom_engine::testing::{
    Death, JobRow, Point, Reply, Rig, SeenRequest, Soak, SplitMix, start,
};
use hookloom_model::{DeliveryStatus, JobStatus};
use serde_json::{Value, json};

use super::cases::{ANSWER, KEY, cases};
use crate::Kinds;
use crate::simulation::checks::{check_answered, check_attempts, check_journal};

/// A step among others: a call before it, a computation after it, and a message about the end.
struct Scene {
    name: String,
    document: Value,
    /// How often the step's receiver fails before it answers.
    fails: usize,
    /// Whether the same run twice leaves the same data.
    is_steady: bool,
}

fn scene(name: &str, kind: &str, keys: &Value, fails: usize) -> Scene {
    let mut step =
        json!({"name": "it", "kind": kind, "timeout_ms": 30_000, "after": [{"step": "first"}]});
    if let (Some(step), Value::Object(keys)) = (step.as_object_mut(), keys.clone()) {
        step.extend(keys);
    }
    let call = json!({"name": "first", "kind": "http", "method": "POST", "url": "https://steps.example/first",
        "body": "{{requestBody.n}}"});
    let last = json!({"name": "last", "kind": "set", "values": {"n": "{{requestBody.n}}"},
        "after": [{"step": "it", "on": ["*"]}]});
    let task = json!({"name": "tell", "url": "https://tasks.example/tell", "method": "POST",
        "event": "job_finished", "object": "any_job", "headers": {"Content-Type": "application/json"},
        "body": "{\"job\": $jobId}", "secret": "signing"});
    Scene {
        name: name.to_owned(),
        document: json!({
            "format": "hookloom.flow/1",
            "name": "tested",
            "endpoints": [{"name": "into", "auth": {"kind": "none"}, "body_memory": "requestBody"}],
            "steps": [call, step, last],
            "webhook_tasks": [task],
        }),
        fails,
        is_steady: kind != "delay",
    }
}

/// Every kind, and what has a timer of its own.
fn scenes() -> Vec<Scene> {
    let cases = cases();
    let plain = cases
        .iter()
        .map(|case| scene(case.kind, case.kind, &case.works, 0));
    let mut scenes: Vec<Scene> = plain.collect();
    let script =
        json!({"code": json!({"return": 1, "save": {"kept": [2]}, "after_ms": 50}).to_string()});
    scenes.push(scene("script", "script", &script, 0));
    scenes.push(scene(
        "a delay that lasts",
        "delay",
        &json!({"for_ms": 60_000}),
        0,
    ));
    for case in cases.iter().filter(|case| case.calls) {
        let mut keys = case.works.clone();
        keys["retry"] = json!({"attempts_max": 3, "backoff": "fixed", "delay_ms": 5_000});
        scenes.push(scene(
            &format!("{} that is tried again", case.kind),
            case.kind,
            &keys,
            1,
        ));
    }
    scenes
}

fn rig(scene: &Scene) -> Rig {
    let fails = scene.fails;
    let answered: parking_lot::Mutex<BTreeMap<String, usize>> = Default::default();
    let answer = move |request: &SeenRequest| {
        let mut answered = answered.lock();
        let before = answered.entry(request.url.clone()).or_default();
        *before += 1;
        let is_it =
            request.url.starts_with("https://steps.example/") && !request.url.ends_with("/first");
        match is_it && *before <= fails {
            true => Reply::json(503, "{}").after(100),
            false => Reply::json(200, ANSWER).after(100),
        }
    };
    let rig = Rig::new(&scene.document)
        .with_kinds(Kinds)
        .answering(answer);
    rig.secrets.set("signing", KEY);
    rig
}

/// Begins the job unless it is on disk, and waits until all is done.
async fn live(rig: &Rig, engine: Engine) {
    if rig.disk.jobs().is_empty() {
        drop(engine.start_job(start(Some(json!({"n": 5})))).await);
    }
    rig.rest().await;
}

/// What is wrong at the end, compared with a run in which nobody died.
fn wrong(scene: &Scene, rig: &Rig, whole: &JobRow, deaths: usize) -> Vec<String> {
    let (jobs, seen) = (rig.disk.jobs(), rig.seen.lock());
    let mut found = Vec::new();
    let [job] = &jobs[..] else {
        return vec![format!("there are {} jobs", jobs.len())];
    };
    check_journal(job, &mut found);
    check_answered(&rig.disk, &seen, &mut found);
    check_attempts(&seen, &jobs, &mut found);
    let (state, expected) = (job.state(), whole.state());
    let is_interrupted = deaths > 2
        && state.steps.values().any(|step| {
            step.error
                .as_ref()
                .is_some_and(|it| it.code == "interrupted")
        });
    if !is_interrupted {
        if job.status != whole.status {
            found.push(format!("it ended as {}, not {}", job.status, whole.status));
        }
        for (name, step) in &expected.steps {
            let own = &state.steps[name];
            let is_same =
                own.exit_code == step.exit_code && (own.data == step.data || !scene.is_steady);
            if !is_same {
                found.push(format!("{name} left {own:?}, not {step:?}"));
            }
        }
    }
    let mut keys: BTreeMap<&str, Vec<Option<&str>>> = BTreeMap::new();
    for request in seen.iter() {
        let key = request
            .header("webhook-id")
            .or(request.header("idempotency-key"));
        keys.entry(&request.url).or_default().push(key);
    }
    for (url, mut keys) in keys {
        keys.dedup();
        if keys.len() > 1 && !url.ends_with("/tell") || keys.contains(&None) {
            found.push(format!("{url} was called with {keys:?}"));
        }
    }
    let deliveries = rig.disk.deliveries();
    if deliveries.len() != 1 || deliveries[0].row.status != DeliveryStatus::Delivered {
        found.push(format!("{deliveries:?}"));
    }
    found
}

#[test]
fn at_every_named_point_and_for_every_kind_no_recorded_step_runs_again_and_keys_stay() {
    let mut died: BTreeMap<(String, String), u64> = BTreeMap::new();
    for scene in scenes() {
        let whole = rig(&scene).run(Some(json!({"n": 5})));
        assert!(whole.status.is_final(), "{}", scene.name);
        for point in Point::ALL {
            for is_after in [false, true] {
                let deaths = die_at_each(&scene, &whole, point, is_after);
                *died
                    .entry((scene.name.clone(), format!("{point:?}")))
                    .or_default() += deaths;
            }
        }
    }
    let at = |scene: &str, point: &str| died.get(&(scene.to_owned(), point.to_owned())).copied();
    for scene in scenes() {
        for point in ["Accept", "Claim", "Send", "Answer", "Result"] {
            let count = at(&scene.name, point).unwrap_or(0);
            assert!(count > 0, "nobody died at {point} of {}", scene.name);
        }
    }
    let timers = [
        "a delay that lasts",
        "http that is tried again",
        "remote that is tried again",
    ];
    for scene in timers {
        assert!(at(scene, "Timer") > at("set", "Timer"), "{scene}: {died:?}");
    }
}

/// Dies at each passage of a point, once in a rig. Gives how many there were.
fn die_at_each(scene: &Scene, whole: &JobRow, point: Point, is_after: bool) -> u64 {
    for passed in 0..100 {
        let death = Death {
            point,
            passed,
            is_after,
        };
        let rig = rig(scene);
        if rig
            .live_until(death, async |engine: Engine| live(&rig, engine).await)
            .is_some()
        {
            return passed;
        }
        rig.live(async |engine: Engine| live(&rig, engine).await);
        let found = wrong(scene, &rig, whole, 1);
        assert!(
            found.is_empty(),
            "{}, {death:?}: {found:#?}\n{}",
            scene.name,
            rig.disk.jobs()[0].text()
        );
    }
    panic!("{}: {point:?} is passed without end", scene.name);
}

#[test]
fn however_often_and_wherever_the_process_dies_no_recorded_step_runs_again() {
    let soak = Soak::or_short(300);
    let scenes: Vec<(Scene, JobRow)> = scenes()
        .into_iter()
        .map(|scene| {
            let whole = rig(&scene).run(Some(json!({"n": 5})));
            (scene, whole)
        })
        .collect();
    let died = AtomicU64::new(0);
    soak.run(|seed| {
        let mut random = SplitMix::new(seed);
        let (scene, whole) = &scenes[random.below(scenes.len() as u64) as usize];
        let rig = rig(scene);
        let mut deaths = 0;
        for _ in 0..1 + random.below(5) {
            let death = Death {
                point: Point::ALL[random.below(6) as usize],
                passed: random.below(3),
                is_after: random.chance(500),
            };
            let ended = rig.live_until(death, async |engine: Engine| live(&rig, engine).await);
            deaths += usize::from(ended.is_none());
            rig.clock.skip_ms(random.below(100_000) as i64);
        }
        rig.live(async |engine: Engine| live(&rig, engine).await);
        let found = wrong(scene, &rig, whole, deaths);
        assert!(found.is_empty(), "seed {seed}, {}: {found:#?}", scene.name);
        died.fetch_add(deaths as u64, Ordering::Relaxed);
    });
    let died = died.into_inner();
    assert!(
        soak.count < 100 || died * 2 > soak.count,
        "too few deaths: {died}"
    );
    soak.report(&format!(
        "crash points: {} jobs with {died} deaths: 0 recorded steps ran again, 0 other keys",
        soak.count
    ));
}

#[test]
fn the_suite_notices_a_disk_that_forgets_what_it_answered() {
    let scenes = scenes();
    let whole = rig(&scenes[0]).run(Some(json!({"n": 5})));
    assert_eq!(whole.status, JobStatus::Complete);
    let noticed = (0..6).filter(|passed| {
        let rig = rig(&scenes[0]);
        rig.disk.lose_answered_commits(1);
        let death = Death {
            point: Point::Result,
            passed: *passed,
            is_after: false,
        };
        let ended = rig.live_until(death, async |engine: Engine| live(&rig, engine).await);
        rig.disk.crash();
        rig.disk.lose_answered_commits(0);
        rig.live(async |engine: Engine| live(&rig, engine).await);
        ended.is_none() && !wrong(&scenes[0], &rig, &whole, 1).is_empty()
    });
    assert!(
        noticed.count() > 0,
        "a harness that cannot fail shows nothing"
    );
}
