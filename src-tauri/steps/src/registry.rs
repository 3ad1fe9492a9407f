//! The registry of step kinds: one line per kind.

use std::sync::Arc;

use hookloom_engine::ports::{StepKinds, StepRunner};
use hookloom_model::Problem;
use hookloom_model::document::{FlowDocument, Step};

/// Every kind of step that this release can run.
#[derive(Debug, Clone, Copy, Default)]
pub struct Kinds;

impl StepKinds for Kinds {
    fn prepare(&self, _flow: &FlowDocument, step: &Step) -> Result<Arc<dyn StepRunner>, Problem> {
        Err(Problem::error(
            Problem::NOT_AVAILABLE,
            "",
            format!("a `{}` step cannot run yet", step.kind.as_str()),
        ))
    }
}
