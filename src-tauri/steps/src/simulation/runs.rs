//! The simulation, seed by seed, and its control.

use hookloom_engine::testing::{Faults, Soak, SplitMix};
use hookloom_model::journal::Event;
use parking_lot::Mutex;

use super::checks::violations;
use super::world::{LifeEnd, Met, World};

/// Seeds of the run with the unit tests: about a minute of two cores without optimisation.
const SEEDS: u64 = 2_000;
/// Lives that may crash; the one after them has no faults, so that everything must come to rest.
const LIVES: u64 = 8;

fn faults(random: &mut SplitMix) -> Faults {
    let often = |random: &mut SplitMix| {
        if random.chance(600) {
            random.below(40)
        } else {
            0
        }
    };
    Faults {
        crash_before: often(random),
        crash_after: often(random),
        unavailable: often(random),
        failed_after: often(random),
    }
}

/// Lives until all is done, and gives what is wrong then.
fn simulate(seed: u64, loses: usize) -> (Vec<String>, Met) {
    let world = World::new(seed);
    world.disk.lose_answered_commits(loses);
    let mut random = SplitMix::new(seed.wrapping_mul(7));
    for number in 0..=LIVES {
        if number == LIVES {
            world.disk.unschedule();
        }
        let jobs = if number < 3 { random.below(4) } else { 0 };
        let faults = if number == LIVES {
            Faults::default()
        } else {
            faults(&mut random)
        };
        match world.live(number, jobs, faults) {
            LifeEnd::Done | LifeEnd::Crashed => {}
            LifeEnd::Stuck => {
                let mut found = violations(&world);
                found.push(format!("life {number} is stuck"));
                let met = *world.met.lock();
                return (found, met);
            }
        }
    }
    let found = violations(&world);
    let postponed = |event: &Event| matches!(event, Event::StepPostponed { .. });
    let jobs = world.disk.jobs();
    let events = jobs.iter().flat_map(|job| job.events());
    let met = Met {
        answers: world.answered.lock().len() as u64,
        scheduled: world.disk.fired().len() as u64,
        gone: world.disk.disabled_tasks().len() as u64,
        postponed: events.filter(postponed).count() as u64,
        ..*world.met.lock()
    };
    (found, met)
}

#[test]
fn nothing_is_lost_or_doubled_or_stuck_whenever_the_process_dies() {
    let soak = Soak::or_short(SEEDS);
    let all = Mutex::new(Met::default());
    soak.run(|seed| {
        let (found, met) = simulate(seed, 0);
        assert!(found.is_empty(), "seed {seed}: {found:#?}");
        *all.lock() += met;
    });
    let all = all.into_inner();
    soak.report(&format!(
        "simulation: {} seeds with {all:?}: nothing lost, doubled or stuck",
        soak.count
    ));
    let least = all.least();
    assert!(
        soak.count < SEEDS || least > 5,
        "something never happens: {all:?}"
    );
}

#[test]
fn the_simulation_notices_a_disk_that_loses_an_answered_commit() {
    let noticed = (0..40)
        .filter(|seed| !simulate(*seed, 1).0.is_empty())
        .count();
    assert!(noticed > 0, "a harness that cannot fail shows nothing");
}

#[test]
fn a_seed_plays_the_same_twice() {
    let play = |seed| {
        let world = World::new(seed);
        let faults = Faults {
            crash_after: 10,
            ..Faults::default()
        };
        let ends: Vec<LifeEnd> = (0..3).map(|number| world.live(number, 3, faults)).collect();
        let jobs: Vec<_> = world
            .disk
            .jobs()
            .into_iter()
            .map(|job| job.stored.entries)
            .collect();
        let seen = world.seen.lock().clone();
        (ends, jobs, seen)
    };
    for seed in 0..10 {
        assert_eq!(play(seed), play(seed), "seed {seed}");
    }
}
