//! `script`: runs JavaScript, through the port that does it in another process.

use async_trait::async_trait;
use hookloom_engine::ports::{
    Attempt, Outcome, Produced, ScriptFault, ScriptOutcome, ScriptRun, StepRunner,
};
use hookloom_engine::record;
use hookloom_model::document::{FlowDocument, ScriptStep, Step};
use hookloom_template::Reference;
use serde_json::Value;

use crate::produced;

/// The globals of a script that have the same names in templates.
const ROOTS: [&str; 4] = ["job", "steps", "trigger", "vars"];

/// A `script` step with what it uses.
pub(crate) struct ScriptRunner {
    flow: String,
    code: String,
    references: Vec<Reference>,
}

impl ScriptRunner {
    pub fn new(flow: &FlowDocument, step: &Step, script: &ScriptStep) -> Self {
        let upstream = flow.upstream(&step.name);
        let references = ROOTS.iter().filter(|root| names(&script.code, root));
        let references = references.flat_map(|root| match *root {
            // Only what ran before; and of that what the code can mean, because results may be large.
            "steps" => upstream
                .iter()
                .filter(|name| names(&script.code, name))
                .map(|name| reference("steps", &[*name]))
                .collect(),
            root => vec![reference(root, &[])],
        });
        Self {
            flow: flow.name.clone(),
            code: script.code.clone(),
            references: references.collect(),
        }
    }
}

fn reference(root: &str, path: &[&str]) -> Reference {
    Reference {
        root: root.to_owned(),
        path: path.iter().map(|&part| part.to_owned()).collect(),
    }
}

/// Whether a word stands somewhere in the code, be it in a text or a comment.
fn names(code: &str, word: &str) -> bool {
    let is_part = |c: char| c.is_alphanumeric() || c == '_' || c == '$';
    code.match_indices(word).any(|(at, _)| {
        !code[..at].ends_with(is_part) && !code[at + word.len()..].starts_with(is_part)
    })
}

#[async_trait]
impl StepRunner for ScriptRunner {
    /// A script reaches nobody: one that a crash cut off may run again as if it had never begun.
    fn is_pure(&self) -> bool {
        true
    }

    fn references(&self) -> &[Reference] {
        &self.references
    }

    fn reads_memory(&self) -> bool {
        true
    }

    async fn run(&self, attempt: Attempt<'_>) -> Outcome {
        let run = ScriptRun {
            flow: &self.flow,
            code: &self.code,
            timeout_ms: attempt.timeout_ms,
            scope: attempt.scope,
            memory: attempt.memory,
        };
        let end = attempt.scripts.run(run).await;
        let produced = match end.outcome {
            ScriptOutcome::Returned(data) => produced::success(data),
            ScriptOutcome::Exited { exit_code, data } => exited(exit_code, data),
            ScriptOutcome::Failed(fault) => {
                let produced = Produced {
                    logs: end.logs,
                    ..failed(&fault)
                };
                return match fault.kind.is_worth_retrying() {
                    true => Outcome::Retryable(produced),
                    false => Outcome::Finished(produced),
                };
            }
        };
        Outcome::Finished(Produced {
            memory: end.memory,
            logs: end.logs,
            ..produced
        })
    }
}

fn exited(exit_code: String, data: Value) -> Produced {
    let error = (exit_code == "error").then(|| {
        record::error(
            "script_exit",
            "the script ended itself with exit('error'); its data may say why",
        )
    });
    Produced {
        exit_code,
        error,
        ..produced::success(data)
    }
}

fn failed(fault: &ScriptFault) -> Produced {
    produced::error(record::error(fault.kind.as_str(), fault.message.as_str()))
}
