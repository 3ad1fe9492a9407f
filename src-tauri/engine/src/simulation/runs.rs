//! The simulation, seed by seed, and its control.

use super::checks::violations;
use super::world::{LifeEnd, World};
use crate::testing::{Faults, SplitMix};

/// Seeds of the run with the unit tests.
const SEEDS: u64 = 200;
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

/// More of them: `HOOKLOOM_SIMULATION_SEEDS=100000 cargo test --release -p hookloom-engine simulation`.
fn seeds() -> u64 {
    let given = std::env::var("HOOKLOOM_SIMULATION_SEEDS").ok();
    given.and_then(|seeds| seeds.parse().ok()).unwrap_or(SEEDS)
}

/// Lives until all is done, and gives what is wrong then.
fn simulate(seed: u64, loses: usize) -> Vec<String> {
    let world = World::new(seed);
    world.disk.lose_answered_commits(loses);
    let mut random = SplitMix::new(seed.wrapping_mul(7));
    for number in 0..=LIVES {
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
                return found;
            }
        }
    }
    violations(&world)
}

#[test]
fn nothing_is_lost_or_doubled_or_stuck_whenever_the_process_dies() {
    for seed in 0..seeds() {
        let found = simulate(seed, 0);
        assert!(found.is_empty(), "seed {seed}: {found:#?}");
    }
}

#[test]
fn the_simulation_notices_a_disk_that_loses_an_answered_commit() {
    let noticed = (0..40)
        .filter(|seed| !simulate(*seed, 1).is_empty())
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
