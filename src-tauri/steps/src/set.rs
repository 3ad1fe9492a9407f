//! `set`: computes values from templates. Calls nobody.

use async_trait::async_trait;
use hookloom_engine::ports::{Attempt, Outcome, StepRunner};
use hookloom_engine::record;
use hookloom_model::document::SetStep;
use hookloom_template::{Reference, ValueTemplate};
use serde_json::Value;

use crate::registry::Wrong;
use crate::{produced, value};

/// A compiled `set` step.
pub(crate) struct SetRunner {
    values: ValueTemplate,
}

impl SetRunner {
    pub fn new(step: &SetStep) -> Result<Self, Wrong> {
        let values = step
            .values
            .iter()
            .map(|(name, value)| (name.clone(), value.clone()));
        let values = value::parse("values", &Value::Object(values.collect()))?;
        Ok(Self { values })
    }
}

#[async_trait]
impl StepRunner for SetRunner {
    fn is_pure(&self) -> bool {
        true
    }

    fn references(&self) -> &[Reference] {
        self.values.references()
    }

    async fn run(&self, attempt: Attempt<'_>) -> Outcome {
        Outcome::Finished(match self.values.render(attempt.scope) {
            Ok(data) => produced::success(data),
            Err(error) => produced::error(record::error(error.code(), error.to_string())),
        })
    }
}
