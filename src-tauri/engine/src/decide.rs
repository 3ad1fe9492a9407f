//! What happens next to a job: pure, no clock, no I/O. The same state gives the same decisions, live and after a restart.
//!
//! Runs nothing and records nothing: the executor turns decisions into events, and `apply` folds those.

use hookloom_model::document::Join;
use hookloom_model::journal::RecordedError;
use hookloom_model::{JobStatus, StepStatus};

use crate::plan::{Plan, PlannedStep};
use crate::state::JobState;

/// An attempt that a crash cut off does not count, but this many in a row end the step with `error`.
pub const INTERRUPTED_IN_ROW_MAX: u32 = 3;

/// What to do next.
#[derive(Debug, Clone, PartialEq, Eq)]
pub enum Decision {
    /// The job begins.
    StartJob,
    /// The step will not run.
    Skip {
        /// Its place in the plan.
        step: usize,
    },
    /// The step ends with `error`, because crashes cut it off too often in a row.
    GiveUp {
        /// Its place in the plan.
        step: usize,
    },
    /// The time that the step waited for has come: it ends with `success`.
    Elapse {
        /// Its place in the plan.
        step: usize,
    },
    /// The next attempt of the step begins.
    Start {
        /// Its place in the plan.
        step: usize,
    },
    /// The job ends; these steps are stopped with it.
    Finish {
        /// A final state.
        status: JobStatus,
        /// Why, if it is not complete.
        error: Option<RecordedError>,
        /// Places of the steps that have not ended.
        cancel: Vec<usize>,
    },
    /// Nothing now. Look again when an attempt ends, and at the latest then (Unix milliseconds).
    Wait {
        /// A retry that is due, or the job's timeout; none if only running attempts can change anything.
        until_ms: Option<i64>,
    },
}

/// Names what happens next. `needed` comes from [`Plan::needed`]. After the decisions are applied, ask again;
/// a lone [`Decision::Wait`] says that all is decided, and an empty list that the job has ended.
pub fn decide(plan: &Plan, needed: &[bool], state: &JobState, now_ms: i64) -> Vec<Decision> {
    if state.ended.is_some() || state.queued.is_none() {
        return Vec::new();
    }
    if state.started_at_ms.is_none() {
        return vec![Decision::StartJob];
    }
    let view = View {
        plan,
        needed,
        state,
    };
    let settled = view.settled();
    if !settled.is_empty() {
        return settled;
    }
    let open = view.open_steps();
    let failed = view.unhandled_error();
    if let Some(end) = view.end(&open, failed, now_ms) {
        return vec![end];
    }
    if failed.is_some() {
        return vec![Decision::Wait {
            until_ms: view.deadline_ms(now_ms),
        }];
    }
    let due = open.iter().filter(|place| view.is_due(**place, now_ms));
    let starts: Vec<Decision> = due
        .map(|&step| match view.is_delayed(step) {
            true => Decision::Elapse { step },
            false => Decision::Start { step },
        })
        .collect();
    if starts.is_empty() {
        return vec![view.wait_or_stuck(open, now_ms)];
    }
    starts
}

/// The step whose unhandled `error` fails the job, if there is one: the first that ended so.
pub fn failing_step<'a>(
    plan: &'a Plan,
    needed: &[bool],
    state: &JobState,
) -> Option<&'a PlannedStep> {
    let place = View {
        plan,
        needed,
        state,
    }
    .unhandled_error()?;
    Some(&plan.steps[place])
}

/// Whether a step that the job needs has an edge for an `error` of the step at this place.
pub(crate) fn is_handled(plan: &Plan, needed: &[bool], place: usize) -> bool {
    let needed = plan.steps.iter().zip(needed).filter(|(_, needed)| **needed);
    let mut edges = needed.flat_map(|(step, _)| &step.edges);
    edges.any(|edge| edge.from == place && edge.takes("error"))
}

struct View<'a> {
    plan: &'a Plan,
    needed: &'a [bool],
    state: &'a JobState,
}

/// What an edge, or all of a step's edges together, say.
#[derive(Clone, Copy, PartialEq, Eq)]
enum Readiness {
    Open,
    Ready,
    Never,
}

impl View<'_> {
    fn status(&self, place: usize) -> StepStatus {
        self.state.step_status(&self.plan.steps[place].name)
    }

    /// Ends that follow from what is recorded, without running anything.
    fn settled(&self) -> Vec<Decision> {
        let mut decisions = Vec::new();
        for (place, step) in self.plan.steps.iter().enumerate() {
            match self.status(place) {
                StepStatus::Pending
                    if !self.needed[place] || self.readiness(step) == Readiness::Never =>
                {
                    decisions.push(Decision::Skip { step: place });
                }
                StepStatus::Waiting if self.is_given_up(step) => {
                    decisions.push(Decision::GiveUp { step: place });
                }
                _ => {}
            }
        }
        decisions
    }

    fn is_given_up(&self, step: &PlannedStep) -> bool {
        let state = self.state.steps.get(&step.name);
        state.is_some_and(|state| state.interrupted_in_row >= INTERRUPTED_IN_ROW_MAX)
    }

    fn readiness(&self, step: &PlannedStep) -> Readiness {
        let edges = step.edges.iter().map(|edge| {
            let from = &self.plan.steps[edge.from];
            let Some(from) = self.state.steps.get(&from.name) else {
                return Readiness::Open;
            };
            match (&from.exit_code, from.status.is_final()) {
                (Some(code), _) if edge.takes(code) => Readiness::Ready,
                (_, true) => Readiness::Never,
                (_, false) => Readiness::Open,
            }
        });
        let (decisive, otherwise) = match step.join {
            Join::All => (Readiness::Never, Readiness::Ready),
            Join::Any if step.edges.is_empty() => return Readiness::Ready,
            Join::Any => (Readiness::Ready, Readiness::Never),
        };
        let mut result = otherwise;
        for edge in edges {
            if edge == decisive {
                return decisive;
            }
            if edge == Readiness::Open {
                result = Readiness::Open;
            }
        }
        result
    }

    /// Steps that have not ended.
    fn open_steps(&self) -> Vec<usize> {
        (0..self.plan.steps.len())
            .filter(|place| !self.status(*place).is_final())
            .collect()
    }

    /// An `error` is handled if a step that the job needs has an edge for it.
    fn unhandled_error(&self) -> Option<usize> {
        let failed = (0..self.plan.steps.len())
            .filter(|place| self.status(*place) == StepStatus::Failed)
            .filter(|place| !is_handled(self.plan, self.needed, *place));
        failed.min_by_key(|place| {
            let state = self.state.steps.get(&self.plan.steps[*place].name);
            state.and_then(|state| state.ended_seq)
        })
    }

    fn end(&self, open: &[usize], failed: Option<usize>, now_ms: i64) -> Option<Decision> {
        let is_over = open.is_empty() || (failed.is_some() && self.state.running == 0);
        if is_over {
            let status = if failed.is_some() {
                JobStatus::Failed
            } else {
                JobStatus::Complete
            };
            return Some(Decision::Finish {
                status,
                error: failed.map(|place| self.step_error(place)),
                cancel: open.to_vec(),
            });
        }
        let timeout_ms = self.plan.timeout_ms;
        (self.state.active_ms(now_ms) >= timeout_ms).then(|| Decision::Finish {
            status: JobStatus::TimedOut,
            error: Some(RecordedError {
                code: "job_timeout".to_owned(),
                message: format!(
                    "the job's steps ran longer than its timeout_ms of {timeout_ms}; give the flow a longer \
                     timeout_ms, or its steps shorter ones"
                ),
            }),
            cancel: open.to_vec(),
        })
    }

    fn step_error(&self, place: usize) -> RecordedError {
        let name = &self.plan.steps[place].name;
        let error = self
            .state
            .steps
            .get(name)
            .and_then(|step| step.error.as_ref());
        let message = error.map_or("it ended with `error`", |error| error.message.as_str());
        RecordedError {
            code: "step_failed".to_owned(),
            message: format!("the step `{name}` failed: {message}"),
        }
    }

    fn is_due(&self, place: usize, now_ms: i64) -> bool {
        let step = &self.plan.steps[place];
        match self.state.steps.get(&step.name) {
            Some(state) if state.status == StepStatus::Waiting => {
                state.retry_at_ms.is_none_or(|at_ms| at_ms <= now_ms)
            }
            Some(state) if state.status == StepStatus::Running => false,
            _ => self.readiness(step) == Readiness::Ready,
        }
    }

    fn is_delayed(&self, place: usize) -> bool {
        let state = self.state.steps.get(&self.plan.steps[place].name);
        state.is_some_and(|state| state.is_delayed)
    }

    /// A job of a sound flow can always go on. One that cannot (a circle of edges) ends, instead of lasting for ever.
    fn wait_or_stuck(&self, open: Vec<usize>, now_ms: i64) -> Decision {
        let times = [self.state.waiting_until_ms(), self.deadline_ms(now_ms)];
        let until_ms = times.into_iter().flatten().min();
        if until_ms.is_some() || self.state.running > 0 {
            return Decision::Wait { until_ms };
        }
        Decision::Finish {
            status: JobStatus::Failed,
            error: Some(RecordedError {
                code: "no_step_can_start".to_owned(),
                message:
                    "no step of the job can start: their edges wait for each other; mend the flow"
                        .to_owned(),
            }),
            cancel: open,
        }
    }

    /// When the job times out if its attempts go on running; none while nothing runs, because waits don't count.
    fn deadline_ms(&self, now_ms: i64) -> Option<i64> {
        (self.state.running > 0).then(|| {
            let left_ms = self.plan.timeout_ms - self.state.active_ms(now_ms);
            now_ms.saturating_add(left_ms)
        })
    }
}
