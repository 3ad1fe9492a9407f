//! Which step's end made another one ready: told to those who run steps for us.

use hookloom_model::document::Join;

use crate::plan::Plan;
use crate::ports::TriggeredBy;
use crate::state::JobState;

/// The dependency that ended last, or for a join of `any` the one that satisfied it first. None for a first step.
pub(crate) fn triggered_by(plan: &Plan, place: usize, state: &JobState) -> Option<TriggeredBy> {
    let step = &plan.steps[place];
    let satisfied = step.edges.iter().filter_map(|edge| {
        let name = &plan.steps[edge.from].name;
        let from = state.steps.get(name)?;
        edge.takes(from.exit_code.as_deref()?).then_some(())?;
        Some((from.ended_seq?, name, from.execution?))
    });
    let (_, name, execution) = match step.join {
        Join::All => satisfied.max_by_key(|(seq, ..)| *seq),
        Join::Any => satisfied.min_by_key(|(seq, ..)| *seq),
    }?;
    Some(TriggeredBy {
        step: name.clone(),
        execution,
    })
}
