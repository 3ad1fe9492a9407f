//! The power goes at any moment. What was answered is there; what is there is whole; work goes on.

use std::path::Path;
use std::sync::atomic::{AtomicU64, Ordering};

use hookloom_engine::ports::{Accepted, Inbox};
use hookloom_engine::testing::{Soak, SplitMix};
use hookloom_model::FlowId;
use tokio::runtime::Runtime;

use super::super::support::{arrival, folder_in_memory};
use super::acts::{Caller, open};
use super::crash_images::{Disk, Syncs};
use super::held::{Answer, Expected, Wrong, look};
use super::tap::{Op, Watch};
use crate::{Store, StoreOptions};

/// Images of the run with the unit tests.
const IMAGES: u64 = 2_000;
/// Images of one recorded life.
const IMAGES_OF_A_LIFE: u64 = 100;
/// What a recorded life does.
const ACTS: u64 = 30;
/// A request that none of the recorded ones is.
const LATER: u64 = 1_000_000;

/// What a store asked of the disk, and what its callers were answered.
struct Recording {
    ops: Vec<Op>,
    answers: Vec<Answer>,
    flow_id: FlowId,
}

fn runtime() -> Runtime {
    let mut runtime = tokio::runtime::Builder::new_current_thread();
    runtime.enable_all().build().expect("a runtime")
}

/// A store that is opened, used, closed and opened again.
fn record(seed: u64) -> Recording {
    let folder = folder_in_memory();
    let watch = Watch::new(folder.path());
    let (answers, flow_id) = runtime().block_on(async {
        let (mut store, flow_id) = open(folder.path()).await.expect("a new folder");
        let mut caller = Caller::new(seed, flow_id);
        for number in 0..ACTS {
            caller.act(&store).await.expect("the disk works");
            watch.tap.answered(caller.answers.len());
            if number == ACTS / 2 {
                drop(store);
                (store, _) = open(folder.path()).await.expect("it is ours");
            }
        }
        (caller.answers, flow_id)
    });
    Recording {
        ops: watch.tap.ops(),
        answers,
        flow_id,
    }
}

/// Cuts the power at random moments of a recorded life, and gives what is wrong with each image.
fn cut(recording: &Recording, seed: u64, syncs: Syncs, images: u64) -> Vec<Result<(), Wrong>> {
    let mut random = SplitMix::new(!seed);
    let mut cuts: Vec<usize> = (0..images)
        .map(|_| 1 + random.below(recording.ops.len() as u64) as usize)
        .collect();
    cuts.sort_unstable();
    let (runtime, folder) = (runtime(), folder_in_memory());
    let mut disk = Disk::new(syncs);
    let (mut done, mut answered) = (0, 0);
    let mut results = Vec::new();
    for cut in cuts {
        for op in &recording.ops[done..cut] {
            disk.apply(op);
            if let Op::Answered { count } = op {
                answered = *count;
            }
        }
        done = cut;
        disk.image(&mut random).lay_into(folder.path());
        let answers = &recording.answers[..answered];
        results.push(runtime.block_on(recover(folder.path(), answers, recording.flow_id)));
    }
    results
}

/// Opens what is left, looks at everything, and goes on.
async fn recover(folder: &Path, answers: &[Answer], flow_id: FlowId) -> Result<(), Wrong> {
    let store = Store::open(
        folder,
        StoreOptions {
            readers: 1,
            ..Default::default()
        },
    );
    let store = store.map_err(|error| Wrong::Corrupt(error.to_string()))?;
    let expected = Expected::after(answers);
    let known_key = expected.keys.last_key_value();
    let known_key = known_key.map(|(key, job_id)| (key.clone(), *job_id));
    let is_published = !answers.is_empty();
    look(&store, expected).await?;
    if let Some((key, job_id)) = known_key {
        let mut repeat = arrival(flow_id, LATER);
        repeat.idempotency_key = Some(key.into());
        match store.accept(repeat).await {
            Ok(Accepted::Duplicate {
                job_id: Some(first),
                ..
            }) if first == job_id => {}
            other => return Err(Wrong::Lost(format!("a repeat was taken for {other:?}"))),
        }
    }
    if is_published {
        match store.accept(arrival(flow_id, LATER + 1)).await {
            Ok(Accepted::Started { .. }) => {}
            other => return Err(Wrong::Corrupt(format!("work does not go on: {other:?}"))),
        }
    }
    Ok(())
}

#[test]
fn whenever_the_power_goes_nothing_answered_is_lost_and_nothing_is_damaged() {
    let soak = Soak::or_short(IMAGES);
    let lives = Soak {
        count: soak.count.div_ceil(IMAGES_OF_A_LIFE),
        ..soak
    };
    let answers = AtomicU64::new(0);
    lives.run(|seed| {
        let recording = record(seed);
        answers.fetch_add(recording.answers.len() as u64, Ordering::Relaxed);
        let results = cut(&recording, seed, Syncs::Honest, IMAGES_OF_A_LIFE);
        for (number, result) in results.into_iter().enumerate() {
            assert_eq!(result, Ok(()), "life {seed}, image {number}");
        }
    });
    let answers = answers.into_inner();
    assert!(answers > lives.count * 10, "little was answered: {answers}");
    soak.report(&format!(
        "power loss: {} images of {} lives with {answers} answers: 0 damaged, 0 answered lost",
        lives.count * IMAGES_OF_A_LIFE,
        lives.count
    ));
}

#[test]
fn on_a_disk_that_lies_about_its_syncs_the_same_images_lose_and_damage() {
    let results = cut(&record(0), 0, Syncs::Lies, IMAGES_OF_A_LIFE);
    let lost = results
        .iter()
        .filter(|it| matches!(it, Err(Wrong::Lost(_))));
    let damaged = results
        .iter()
        .filter(|it| matches!(it, Err(Wrong::Corrupt(_))));
    let (lost, damaged) = (lost.count(), damaged.count());
    assert!(lost > 0, "a harness that cannot fail shows nothing");
    assert!(damaged > 0, "checkpoints are in the recording");
}
