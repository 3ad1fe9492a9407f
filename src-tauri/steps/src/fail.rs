//! `fail`: ends with an error on purpose. Calls nobody.

use async_trait::async_trait;
use hookloom_engine::ports::{Attempt, Outcome, Produced, StepRunner};
use hookloom_engine::record;
use hookloom_model::document::FailStep;
use hookloom_template::{Place, Reference, Template};
use serde_json::json;

use crate::produced;
use crate::registry::Wrong;

/// A compiled `fail` step.
pub(crate) struct FailRunner {
    message: Template,
    exit_code: String,
}

impl FailRunner {
    pub fn new(step: &FailStep) -> Result<Self, Wrong> {
        let message = Template::parse(&step.message, Place::Text);
        Ok(Self {
            message: message.map_err(|error| Wrong::new("message", error))?,
            exit_code: step.exit_code.clone(),
        })
    }
}

#[async_trait]
impl StepRunner for FailRunner {
    fn is_pure(&self) -> bool {
        true
    }

    fn references(&self) -> &[Reference] {
        self.message.references()
    }

    async fn run(&self, attempt: Attempt<'_>) -> Outcome {
        Outcome::Finished(match self.message.render(attempt.scope, None) {
            Ok(message) => Produced {
                exit_code: self.exit_code.clone(),
                data: json!({"message": message}),
                ..produced::error(record::error("fail", message))
            },
            Err(error) => produced::error(record::error(error.code(), error.to_string())),
        })
    }
}
