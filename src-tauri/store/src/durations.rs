//! How long things took, counted on a scale: two counts can be added, and a share of them lies below a value that is
//! right to a twentieth.

use std::collections::BTreeMap;

use serde::{Deserialize, Serialize};

/// Steps of the scale between a value and its double.
const STEPS_PER_DOUBLE: f64 = 8.0;

/// Durations by the step of the scale that they lie in.
#[derive(Debug, Clone, Default, PartialEq, Eq, Serialize, Deserialize)]
#[serde(transparent)]
pub struct Durations(BTreeMap<u16, u64>);

impl Durations {
    /// One more.
    pub fn add(&mut self, duration_ms: i64) {
        *self.0.entry(step_of(duration_ms)).or_default() += 1;
    }

    /// All of the others, too.
    pub fn merge(&mut self, others: &Self) {
        for (step, count) in &others.0 {
            *self.0.entry(*step).or_default() += count;
        }
    }

    /// How many there are.
    pub fn count(&self) -> u64 {
        self.0.values().sum()
    }

    /// The duration that this share of them does not exceed, in milliseconds; none if there are none.
    pub fn quantile(&self, share: f64) -> Option<u64> {
        let count = self.count();
        if count == 0 {
            return None;
        }
        let wanted = ((count as f64) * share).ceil().max(1.0) as u64;
        let mut below = 0;
        for (step, of_step) in &self.0 {
            below += of_step;
            if below >= wanted {
                return Some(middle_of(*step));
            }
        }
        None
    }
}

/// Zero has a step of its own.
fn step_of(duration_ms: i64) -> u16 {
    match duration_ms {
        ..=0 => 0,
        // At most 63 doubles: it fits.
        ms => ((ms as f64).log2() * STEPS_PER_DOUBLE) as u16 + 1,
    }
}

fn middle_of(step: u16) -> u64 {
    match step {
        0 => 0,
        step => ((f64::from(step) - 0.5) / STEPS_PER_DOUBLE).exp2().round() as u64,
    }
}

#[cfg(test)]
mod tests {
    use proptest::prelude::*;

    use super::*;

    proptest! {
        #[test]
        fn a_share_is_right_to_a_twentieth(mut given in proptest::collection::vec(0i64..10_000_000, 1..200), share in 0.01f64..1.0) {
            let mut durations = Durations::default();
            given.iter().for_each(|ms| durations.add(*ms));
            given.sort_unstable();
            let place = ((given.len() as f64) * share).ceil().max(1.0) as usize - 1;
            let exact = given[place] as f64;
            let found = durations.quantile(share).expect("there are some") as f64;
            prop_assert!((found - exact).abs() <= exact * 0.05 + 1.0, "{} for {}", found, exact);
        }

        #[test]
        fn counts_can_be_added_in_any_order(a in proptest::collection::vec(0i64..1_000_000, 0..50), b in proptest::collection::vec(0i64..1_000_000, 0..50)) {
            let of = |given: &[i64]| {
                let mut durations = Durations::default();
                given.iter().for_each(|ms| durations.add(*ms));
                durations
            };
            let mut merged = of(&a);
            merged.merge(&of(&b));
            let mut other = of(&b);
            other.merge(&of(&a));
            prop_assert_eq!(&merged, &other);
            prop_assert_eq!(merged, of(&[a, b].concat()));
        }
    }

    #[test]
    fn nothing_has_no_share() {
        assert_eq!(Durations::default().quantile(0.5), None);
    }
}
