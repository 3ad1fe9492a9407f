//! `condition`: one of two ways, by an expression that gives true or false. Calls nobody.

use async_trait::async_trait;
use hookloom_engine::ports::{Attempt, Outcome, Produced, StepRunner};
use hookloom_engine::record;
use hookloom_model::document::ConditionStep;
use hookloom_template::{Reference, ValueTemplate};
use serde_json::Value;

use crate::produced;
use crate::registry::Wrong;
use crate::value;

/// A compiled `condition` step.
pub(crate) struct ConditionRunner {
    expression: ValueTemplate,
}

impl ConditionRunner {
    pub fn new(step: &ConditionStep) -> Result<Self, Wrong> {
        let expression = value::parse("expression", &step.expression.as_str().into())?;
        Ok(Self { expression })
    }
}

#[async_trait]
impl StepRunner for ConditionRunner {
    fn is_pure(&self) -> bool {
        true
    }

    fn references(&self) -> &[Reference] {
        self.expression.references()
    }

    async fn run(&self, attempt: Attempt<'_>) -> Outcome {
        Outcome::Finished(match self.expression.render(attempt.scope) {
            Ok(Value::Bool(holds)) => Produced {
                exit_code: holds.to_string(),
                ..produced::success(Value::Bool(holds))
            },
            Ok(other) => produced::error(record::error(
                "not_true_or_false",
                format!(
                    "the expression gave {}, not true or false; compare it with something, as in \
                     `requestBody.total > 100`",
                    value::kind_of(&other)
                ),
            )),
            Err(error) => produced::error(record::error(error.code(), error.to_string())),
        })
    }
}
