//! Who may run: a bounded number at a time, of one flow no more than half of what the others leave, and the rest in
//! line. Knows no process and no clock.
//!
//! A flow whose scripts hang holds its places until their deadlines. It cannot hold all of them: for the next flow
//! there is one as long as no more flows hang than halving leaves places, and the lines are served in turn.

use std::collections::{HashMap, VecDeque};
use std::sync::Arc;

use indexmap::IndexMap;
use parking_lot::Mutex;
use tokio::sync::oneshot;

/// The turns of one pool.
#[derive(Clone)]
pub(super) struct Turns(Arc<Mutex<State>>);

struct State {
    runs_max: usize,
    /// How many run of each flow of which any do: never more flows than `runs_max`, so that adding them up is quick.
    of_flow: HashMap<String, usize>,
    /// Who waits, by flow; the flow that was served last stands last. None is empty.
    lines: IndexMap<String, VecDeque<oneshot::Sender<Turn>>>,
}

/// The right to run now. The next in line has it when this is dropped.
pub(super) struct Turn {
    turns: Turns,
    flow: String,
}

impl Turns {
    pub fn new(runs_max: usize) -> Self {
        Self(Arc::new(Mutex::new(State {
            runs_max: runs_max.max(1),
            of_flow: HashMap::new(),
            lines: IndexMap::new(),
        })))
    }

    /// Waits for a turn. Whoever stops waiting leaves the line.
    pub async fn take(&self, flow: &str) -> Turn {
        loop {
            let waiting = {
                let mut state = self.0.lock();
                if !state.lines.contains_key(flow) && state.has_place_for(flow) {
                    state.enter(flow);
                    drop(state);
                    return self.turn_of(flow);
                }
                let (sender, waiting) = oneshot::channel();
                state
                    .lines
                    .entry(flow.to_owned())
                    .or_default()
                    .push_back(sender);
                waiting
            };
            // Those before us may all have left while nobody ran.
            self.serve();
            if let Ok(turn) = waiting.await {
                return turn;
            }
        }
    }

    fn turn_of(&self, flow: &str) -> Turn {
        Turn {
            turns: self.clone(),
            flow: flow.to_owned(),
        }
    }

    /// Serves the lines while somebody in them may run.
    fn serve(&self) {
        loop {
            let Some((flow, next)) = self.0.lock().next_in_line() else {
                return;
            };
            // Outside of the lock: a turn that nobody wants any more gives its place back at once.
            drop(next.send(self.turn_of(&flow)));
        }
    }
}

impl State {
    /// Half of what the others leave, rounded up: one flow alone has half of all, and the last place is for anybody who
    /// has none.
    fn has_place_for(&self, flow: &str) -> bool {
        let own = self.of_flow.get(flow).copied().unwrap_or(0);
        let running = self.running();
        let left = self.runs_max.saturating_sub(running - own);
        running < self.runs_max && own < left.div_ceil(2)
    }

    fn running(&self) -> usize {
        self.of_flow.values().sum()
    }

    fn enter(&mut self, flow: &str) {
        *self.of_flow.entry(flow.to_owned()).or_default() += 1;
    }

    fn leave(&mut self, flow: &str) {
        if let Some(runs) = self.of_flow.get_mut(flow) {
            *runs -= 1;
            if *runs == 0 {
                self.of_flow.remove(flow);
            }
        }
    }

    /// The first of the first line that may run, entered already. Its flow goes to the end.
    fn next_in_line(&mut self) -> Option<(String, oneshot::Sender<Turn>)> {
        let mut at = 0;
        while at < self.lines.len() {
            let (flow, line) = self.lines.get_index_mut(at)?;
            while line.front().is_some_and(oneshot::Sender::is_closed) {
                line.pop_front();
            }
            let flow = flow.clone();
            if line.is_empty() {
                self.lines.shift_remove_index(at);
                continue;
            }
            if !self.has_place_for(&flow) {
                at += 1;
                continue;
            }
            let (_, mut line) = self.lines.shift_remove_index(at)?;
            let next = line.pop_front()?;
            if !line.is_empty() {
                self.lines.insert(flow.clone(), line);
            }
            self.enter(&flow);
            return Some((flow, next));
        }
        None
    }
}

impl Drop for Turn {
    fn drop(&mut self) {
        self.turns.0.lock().leave(&self.flow);
        self.turns.serve();
    }
}

#[cfg(test)]
mod tests {
    use futures::FutureExt as _;

    use super::*;

    fn now(turns: &Turns, flow: &str) -> Option<Turn> {
        turns.take(flow).now_or_never()
    }

    #[test]
    fn a_flow_has_half_of_the_places_and_the_others_the_rest() {
        let turns = Turns::new(8);
        let hog: Vec<Turn> = std::iter::from_fn(|| now(&turns, "hog")).collect();
        assert_eq!(hog.len(), 4);
        let second: Vec<Turn> = std::iter::from_fn(|| now(&turns, "second")).collect();
        assert_eq!(second.len(), 2);
        let third = now(&turns, "third").expect("half of two");
        let fourth = now(&turns, "fourth").expect("the last one");
        assert!(
            now(&turns, "fifth").is_none(),
            "there are no more than eight"
        );
        drop((third, fourth));
        assert!(now(&turns, "hog").is_none(), "it has its share");
        drop(second);
        assert!(
            now(&turns, "hog").is_none(),
            "what is free is not the hog's"
        );
    }

    #[test]
    fn one_place_is_enough_for_anybody() {
        let turns = Turns::new(1);
        let only = now(&turns, "a").expect("it is free");
        assert!(now(&turns, "a").is_none() && now(&turns, "b").is_none());
        drop(only);
        assert!(now(&turns, "b").is_some());
    }

    #[test]
    fn lines_are_served_in_turn_and_whoever_left_is_passed_over() {
        let turns = Turns::new(2);
        let first = now(&turns, "a").expect("it is free");
        let mut waiting: Vec<_> = ["a", "a", "a", "a"]
            .map(|flow| Box::pin(turns.take(flow)))
            .into();
        for one in &mut waiting {
            assert!(one.now_or_never().is_none());
        }
        let other = now(&turns, "b").expect("its half");
        let mut late = Box::pin(turns.take("c"));
        assert!((&mut late).now_or_never().is_none());
        drop(waiting.remove(0));
        drop(first);
        let second = (&mut waiting[0]).now_or_never();
        assert!(second.is_some(), "the first that still waits");
        assert!((&mut waiting[1]).now_or_never().is_none());
        drop(second);
        assert!(
            (&mut late).now_or_never().is_some(),
            "the other line, not the next of the same"
        );
        assert!((&mut waiting[1]).now_or_never().is_some(), "and then that");
        drop(other);
    }

    #[test]
    fn a_line_that_everybody_left_holds_up_nobody() {
        let turns = Turns::new(1);
        let only = now(&turns, "a").expect("it is free");
        let mut line = Box::pin(turns.take("b"));
        assert!((&mut line).now_or_never().is_none());
        drop(line);
        let mut state = turns.0.lock();
        state.leave("a");
        drop(state);
        std::mem::forget(only);
        assert!(now(&turns, "b").is_some());
    }

    #[test]
    fn every_place_comes_back() {
        let turns = Turns::new(4);
        let mut held = Vec::new();
        for round in 0_usize..200 {
            let flow = ["a", "b", "c"][round * 7 % 3];
            let mut waiting = Box::pin(turns.take(flow));
            match (&mut waiting).now_or_never() {
                Some(turn) => held.push(turn),
                None if round % 2 == 0 => drop(waiting),
                None => {
                    held.remove(round % held.len());
                    held.extend((&mut waiting).now_or_never());
                }
            }
        }
        drop(held);
        let state = turns.0.lock();
        assert_eq!(state.running(), 0);
        assert!(state.of_flow.is_empty());
    }
}
