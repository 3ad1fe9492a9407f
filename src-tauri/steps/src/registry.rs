//! The registry of step kinds: one line per kind.

use std::sync::Arc;

use hookloom_engine::ports::{StepKinds, StepRunner};
use hookloom_model::Problem;
use hookloom_model::document::{FlowDocument, Step, StepKind};

use crate::{http, set};

/// Every kind of step that this release can run.
#[derive(Debug, Clone, Copy, Default)]
pub struct Kinds;

impl StepKinds for Kinds {
    fn prepare(&self, flow: &FlowDocument, step: &Step) -> Result<Arc<dyn StepRunner>, Problem> {
        let compiled: Result<Arc<dyn StepRunner>, Wrong> = match &step.kind {
            StepKind::Http(kind) => http::HttpRunner::new(kind).map(|runner| Arc::new(runner) as _),
            StepKind::Set(kind) => set::SetRunner::new(kind).map(|runner| Arc::new(runner) as _),
        };
        compiled.map_err(|wrong| {
            let place = flow.steps.iter().position(|known| known.name == step.name);
            let place = format!("/steps/{}/{}", place.unwrap_or_default(), wrong.part);
            Problem::error("template", place, wrong.message)
        })
    }
}

/// What is wrong with a step, and in which of its parts.
#[derive(Debug, PartialEq, Eq)]
pub(crate) struct Wrong {
    /// `url`, `headers/NAME`, …
    pub part: String,
    /// As a sentence.
    pub message: String,
}
