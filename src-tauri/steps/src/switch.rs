//! `switch`: one of several ways, by a value that is compared with each case. Calls nobody.

use async_trait::async_trait;
use hookloom_engine::ports::{Attempt, Outcome, Produced, StepRunner};
use hookloom_engine::record;
use hookloom_model::document::SwitchStep;
use hookloom_template::{Reference, RenderError, Scope, ValueTemplate};
use serde_json::Value;

use crate::registry::Wrong;
use crate::{produced, value};

/// A compiled `switch` step.
pub(crate) struct SwitchRunner {
    expression: ValueTemplate,
    cases: Vec<(String, ValueTemplate)>,
    default: Option<String>,
    references: Vec<Reference>,
}

impl SwitchRunner {
    pub fn new(step: &SwitchStep) -> Result<Self, Wrong> {
        let expression = value::parse("expression", &step.expression)?;
        let mut cases = Vec::with_capacity(step.cases.len());
        for (code, case) in &step.cases {
            let part = format!("cases/{}", value::escape_pointer(code));
            cases.push((code.clone(), value::parse(&part, case)?));
        }
        let templates = cases.iter().map(|(_, case)| case).chain([&expression]);
        let references = value::references(templates.flat_map(ValueTemplate::references));
        Ok(Self {
            expression,
            cases,
            default: step.default.clone(),
            references,
        })
    }

    /// The value, and the exit code of the first case that is equal to it.
    fn choose(&self, scope: &Scope) -> Result<(Value, Option<&str>), RenderError> {
        let chosen = self.expression.render(scope)?;
        for (code, case) in &self.cases {
            if value::equal(&case.render(scope)?, &chosen) {
                return Ok((chosen, Some(code)));
            }
        }
        Ok((chosen, self.default.as_deref()))
    }
}

#[async_trait]
impl StepRunner for SwitchRunner {
    fn is_pure(&self) -> bool {
        true
    }

    fn references(&self) -> &[Reference] {
        &self.references
    }

    async fn run(&self, attempt: Attempt<'_>) -> Outcome {
        Outcome::Finished(match self.choose(attempt.scope) {
            Ok((chosen, Some(code))) => Produced {
                exit_code: code.to_owned(),
                error: (code == "error")
                    .then(|| record::error("switch", "the step chose the exit code `error`")),
                ..produced::success(chosen)
            },
            Ok((chosen, None)) => Produced {
                data: chosen,
                ..produced::error(record::error(
                    "no_case",
                    "no case is equal to the value, which is the step's data; add a case for it, or a `default`",
                ))
            },
            Err(error) => produced::error(record::error(error.code(), error.to_string())),
        })
    }
}
