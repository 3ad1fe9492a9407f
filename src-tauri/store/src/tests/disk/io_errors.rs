//! The disk fails or is full at any call of SQLite: no panic, nothing answered that is not there, and work goes on when
//! the disk does.

use std::path::Path;

use hookloom_engine::testing::Soak;
use tokio::runtime::Runtime;

use super::super::support::folder_in_memory;
use super::acts::{Caller, open};
use super::held::{Expected, look};
use super::tap::{Fault, Watch};

/// What a life does.
const ACTS: u64 = 14;
/// The short form looks at each so manieth call, the long one at every.
const STEP: u64 = 10;
/// Lives of the long form differ by their seeds.
const SEED: u64 = 3;

/// How often a life met its fault, and how often somebody was told so.
#[derive(Debug, Default, Clone, Copy)]
struct Met {
    calls: u64,
    hits: u64,
    refusals: u64,
}

fn runtime() -> Runtime {
    let mut runtime = tokio::runtime::Builder::new_current_thread();
    runtime.enable_all().build().expect("a runtime")
}

/// A life with a fault; then the disk works again.
async fn live(folder: &Path, watch: &Watch, seed: u64, fault: Option<Fault>) -> Met {
    let tap = &watch.tap;
    let mut met = Met::default();
    tap.plan(fault);
    let opened = match open(folder).await {
        Ok(opened) => opened,
        Err(error) => {
            assert!(error.is_passing(), "{fault:?}: {error:?}");
            met.refusals += 1;
            tap.plan(None);
            open(folder).await.expect("the disk works again")
        }
    };
    let (store, flow_id) = opened;
    let mut caller = Caller::new(seed, flow_id);
    for _ in 0..ACTS {
        met.refusals += u64::from(caller.act(&store).await.is_err());
    }
    tap.plan(None);
    (met.calls, met.hits) = (tap.calls(), tap.hits());
    for _ in 0..3 {
        let act = caller.act(&store).await;
        assert_eq!(act, Ok(()), "{fault:?}: the disk works again");
    }
    let held = look(&store, Expected::after(&caller.answers)).await;
    assert_eq!(held, Ok(()), "{fault:?}");
    drop(store);
    let (store, _) = open(folder).await.expect("it is ours");
    let held = look(&store, Expected::after(&caller.answers)).await;
    assert_eq!(held, Ok(()), "{fault:?}: after closing and opening");
    met
}

fn run(seed: u64, fault: Option<Fault>) -> Met {
    let folder = folder_in_memory();
    let watch = Watch::new(folder.path());
    runtime().block_on(live(folder.path(), &watch, seed, fault))
}

/// Every fault of a kind, up to the first that is not met any more.
fn each(what: &str, soak: Soak, seed: u64, fault: impl Fn(u64) -> Fault + Sync) {
    let calls = run(seed, None).calls;
    assert!(calls > 200, "there is work: {calls}");
    let step = if soak.is_long { 1 } else { STEP };
    let faults = Soak {
        first: 0,
        count: calls.div_ceil(step),
        ..soak
    };
    let met = parking_lot::Mutex::new(Met::default());
    faults.run(|number| {
        let one = run(seed, Some(fault(number * step + seed % step)));
        let mut met = met.lock();
        met.hits += u64::from(one.hits > 0);
        met.refusals += one.refusals;
    });
    let met = met.into_inner();
    assert!(
        met.hits * 10 > faults.count * 8,
        "{what}: {met:?} of {}",
        faults.count
    );
    assert!(
        met.refusals > faults.count / 10,
        "{what}: nobody was told: {met:?}"
    );
    soak.report(&format!(
        "{what}: {} lives, {} met their fault, {} calls were refused: 0 answered lost",
        faults.count, met.hits, met.refusals
    ));
}

/// The long form looks at every call of as many lives as were asked for.
fn seeds(soak: Soak) -> std::ops::Range<u64> {
    let count = if soak.is_long { soak.count } else { 1 };
    let first = soak.first + SEED;
    first..first + count
}

#[test]
fn one_call_of_the_disk_that_fails_costs_no_answer_and_stops_nothing() {
    let soak = Soak::or_short(1);
    for seed in seeds(soak) {
        each("one failure", soak, seed, |at| Fault::Once { at });
    }
}

#[test]
fn a_disk_that_is_full_from_any_call_on_costs_no_answer_and_work_goes_on_when_there_is_room() {
    let soak = Soak::or_short(1);
    for seed in seeds(soak) {
        each("a full disk", soak, seed, |from| Fault::Full { from });
    }
}

#[test]
fn a_disk_that_is_broken_from_any_call_on_costs_no_answer_and_work_goes_on_when_it_is_mended() {
    let soak = Soak::or_short(1);
    for seed in seeds(soak) {
        each("a broken disk", soak, seed, |from| Fault::Broken { from });
    }
}

/// A life whose last write is answered while the disk keeps what it is given, or forgets it without a word.
async fn last_answer(folder: &Path, watch: &Watch, seed: u64, fault: Option<Fault>) -> Expected {
    let (store, flow_id) = open(folder).await.expect("the disk works");
    let mut caller = Caller::new(seed, flow_id);
    for _ in 0..ACTS {
        caller.act(&store).await.expect("the disk works");
    }
    watch.tap.plan(fault);
    let set = caller.set(&store).await;
    set.expect("nobody was told of a failure");
    Expected::after(&caller.answers)
}

/// The control: what `live` looks at shows an answer that is not there.
#[test]
fn a_disk_that_forgets_what_it_was_given_is_noticed() {
    for seed in 0..8 {
        for (fault, is_well) in [(None, true), (Some(Fault::Forgetful { from: 0 }), false)] {
            let folder = folder_in_memory();
            let watch = Watch::new(folder.path());
            let found = runtime().block_on(async {
                let expected = last_answer(folder.path(), &watch, seed, fault).await;
                watch.tap.plan(None);
                match open(folder.path()).await {
                    Ok((store, _)) => look(&store, expected).await.map_err(|it| format!("{it:?}")),
                    Err(error) => Err(error.to_string()),
                }
            });
            assert_eq!(found.is_ok(), is_well, "{seed}, {fault:?}: {found:?}");
        }
    }
}
