//! The registry of step kinds: one line per kind.

use std::sync::Arc;

use hookloom_engine::ports::{StepKinds, StepRunner};
use hookloom_model::Problem;
use hookloom_model::document::{FlowDocument, Step, StepKind};

use crate::{condition, delay, fail, http, llm, remote, respond, script, set, switch};

/// Every kind of step that this release can run.
#[derive(Debug, Clone, Copy, Default)]
pub struct Kinds;

impl StepKinds for Kinds {
    fn prepare(&self, flow: &FlowDocument, step: &Step) -> Result<Arc<dyn StepRunner>, Problem> {
        let compiled: Result<Arc<dyn StepRunner>, Wrong> = match &step.kind {
            StepKind::Http(kind) => runner(http::HttpRunner::new(flow, kind)),
            StepKind::Script(kind) => {
                Ok(Arc::new(script::ScriptRunner::new(flow, step, kind)) as _)
            }
            StepKind::Set(kind) => runner(set::SetRunner::new(kind)),
            StepKind::Condition(kind) => runner(condition::ConditionRunner::new(kind)),
            StepKind::Switch(kind) => runner(switch::SwitchRunner::new(kind)),
            StepKind::Fail(kind) => runner(fail::FailRunner::new(kind)),
            StepKind::Delay(kind) => runner(delay::DelayRunner::new(kind)),
            StepKind::Respond(kind) => runner(respond::RespondRunner::new(kind)),
            StepKind::Remote(kind) => runner(remote::RemoteRunner::new(flow, step, kind)),
            StepKind::Llm(kind) => runner(llm::LlmRunner::new(flow, kind)),
        };
        compiled.map_err(|wrong| {
            let place = flow.steps.iter().position(|known| known.name == step.name);
            let place = format!("/steps/{}/{}", place.unwrap_or_default(), wrong.part);
            Problem::error("template", place, wrong.message)
        })
    }
}

fn runner<R: StepRunner + 'static>(
    compiled: Result<R, Wrong>,
) -> Result<Arc<dyn StepRunner>, Wrong> {
    compiled.map(|runner| Arc::new(runner) as _)
}

/// What is wrong with a step, and in which of its parts.
#[derive(Debug, PartialEq, Eq)]
pub(crate) struct Wrong {
    /// `url`, `headers/NAME`, …
    pub part: String,
    /// As a sentence.
    pub message: String,
}

impl Wrong {
    pub fn new(part: impl Into<String>, error: impl std::fmt::Display) -> Self {
        Self {
            part: part.into(),
            message: error.to_string(),
        }
    }
}
