//! The row of a job is what the fold of its journal says, after every commit that an engine makes.

use std::collections::BTreeSet;

use hookloom_engine::apply::fold;
use hookloom_engine::ports::{Accepted, Clock as _, Inbox, Journal};
use hookloom_engine::state::JobState;
use hookloom_engine::testing::{Reply, Rig, SplitMix, Written, start};
use hookloom_engine::{Continue, Engine, Replay, Replayed};
use hookloom_model::{JobId, JobStatus};
use serde_json::{Map, Value, json};

use super::support::{NOW_MS, folder_in_memory, open};
use crate::{JobRow, Store};

/// Calls that may fail, a wait, a secret that may not be readable, a path that is not taken, and a message at the end.
fn document() -> Value {
    let call = |name: &str, after: Value| {
        json!({"name": name, "kind": "http", "method": "POST", "url": format!("https://steps.example/{name}"),
            "headers": {"Authorization": "{{secrets.token}}"}, "after": after,
            "retry": {"attempts_max": 2, "backoff": "fixed", "delay_ms": 2_000}})
    };
    json!({
        "format": "hookloom.flow/1",
        "name": "projected",
        "endpoints": [{"name": "into", "auth": {"kind": "none"}}],
        "steps": [
            {"name": "begin", "kind": "set", "values": {"n": 1}},
            call("a", json!([{"step": "begin"}])),
            {"name": "wait", "kind": "delay", "for_ms": 5_000, "after": [{"step": "begin"}]},
            call("b", json!([{"step": "wait"}])),
            {"name": "mend", "kind": "set", "values": {}, "after": [{"step": "a", "on": ["error"]}]},
        ],
        "webhook_tasks": [{
            "name": "tell", "url": "https://tasks.example/tell", "method": "POST", "event": "job_finished",
            "object": "any_job", "headers": {}, "body": "$jobId",
        }],
    })
}

/// An engine over ports in memory: jobs that are cut off, canceled, replayed and continued.
fn writes(seed: u64) -> Vec<Written> {
    let rig = Rig::new(&document()).answering(move |request| {
        let number = request.url.bytes().map(u64::from).sum::<u64>();
        let at_ms = request.at_ms as u64;
        let mut random = SplitMix::new(seed ^ number.wrapping_mul(at_ms));
        let status = [200, 200, 404, 503][random.below(4) as usize];
        Reply::json(status, "{}").after(random.below(3_000) as i64)
    });
    rig.secrets.set("token", "a canary");
    rig.disk.keep_writes();
    let mut random = SplitMix::new(seed);
    let later = |random: &mut SplitMix| rig.clock.now_ms() + random.below(7_000) as i64;
    for _ in 0..3 {
        rig.secrets.lock(random.chance(300));
        let at_ms = later(&mut random);
        let is_canceled = random.chance(500);
        rig.live(async |engine: Engine| {
            let job = engine
                .start_job(start(Some(json!(1))))
                .await
                .expect("it begins");
            rig.clock.sleep_until_ms(at_ms).await;
            if is_canceled {
                drop(engine.cancel(job.job_id, "Ada".to_owned()).await);
            }
        });
    }
    rig.secrets.lock(false);
    rig.live(async |_: Engine| rig.rest().await);
    let ended: Vec<JobId> = rig.disk.jobs().iter().map(|job| job.id()).collect();
    rig.live(async |engine: Engine| {
        for job_id in ended {
            let go_on = Continue {
                job_id,
                from: None,
                by: "Ada".to_owned(),
                secret_state: Map::new(),
                depth: 0,
            };
            // One that is complete has nothing to continue.
            drop(engine.continue_job(go_on).await);
            let replay = Replay {
                of: Replayed::Job(job_id),
                version: 1,
                by: "Ada".to_owned(),
                input: None,
                outputs: None,
                secret_state: Map::new(),
                depth: 0,
            };
            engine.replay(replay).await.expect("it runs again");
        }
        rig.rest().await;
    });
    rig.disk.writes()
}

async fn flow(store: &Store) {
    let text = document().to_string();
    store
        .create_flow("projected", &text, NOW_MS)
        .await
        .expect("a new name");
    let flow = store.flow("projected").await.expect("it was made");
    let published = store
        .publish_flow("projected", &flow.draft_etag, None, NOW_MS)
        .await;
    published.expect("nothing is in the way");
}

/// What a row shows, and what a state says that it should.
type Shown = (
    JobStatus,
    Option<i64>,
    Option<i64>,
    Option<i64>,
    u64,
    Option<String>,
);

fn row(job: JobRow) -> Shown {
    let error = job.error.map(|(error, _)| error.code);
    (
        job.status,
        job.started_at_ms,
        job.ended_at_ms,
        job.waiting_until_ms,
        job.next_seq,
        error,
    )
}

fn folded(state: &JobState) -> Shown {
    let status = state.status();
    let until_ms = state
        .waiting_until_ms()
        .filter(|_| status == JobStatus::Waiting);
    let ended_at_ms = state.ended.as_ref().map(|ended| ended.at_ms);
    let error = state.shown_error().map(|error| error.code.clone());
    (
        status,
        state.started_at_ms,
        ended_at_ms,
        until_ms,
        state.seq_next,
        error,
    )
}

#[tokio::test]
async fn after_every_commit_of_an_engine_the_row_of_a_job_is_the_fold_of_its_journal() {
    let mut kinds = BTreeSet::new();
    for seed in 0..12 {
        let folder = folder_in_memory();
        let store = open(folder.path());
        flow(&store).await;
        let mut jobs = 0;
        let writes = tokio::task::spawn_blocking(move || writes(seed))
            .await
            .expect("no panic");
        for write in writes {
            let job_id = match write {
                Written::Arrival(arrival) => {
                    jobs += 1;
                    let accepted = store.accept(*arrival).await.expect("there is room");
                    let expected = Accepted::Started {
                        job_id: JobId(jobs),
                    };
                    assert_eq!(accepted, expected);
                    JobId(jobs)
                }
                Written::Commit(commit) => {
                    let job_id = commit.job_id;
                    store.commit(commit).await.expect("it is next");
                    job_id
                }
            };
            let entries = store.load(job_id).await.expect("it is there").entries;
            let state = fold(&entries).expect("legal");
            let shown = row(store.job(job_id).await.expect("it is there"));
            assert_eq!(
                shown,
                folded(&state),
                "seed {seed}, job {job_id}: {entries:#?}"
            );
            let types = entries.iter().map(|entry| {
                let event = serde_json::to_value(&entry.event).expect("JSON");
                event["type"].as_str().unwrap_or_default().to_owned()
            });
            kinds.extend(types);
        }
    }
    // All that there are.
    assert_eq!(kinds.len(), 13, "{kinds:?}");
}
