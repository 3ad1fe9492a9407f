//! What only somebody who can read JavaScript finds wrong with a document. That is no part of validation in the model,
//! which reads no code: whoever shows or publishes a document adds it.

use hookloom_model::Problem;
use serde_json::Value;

use crate::ports::Scripts;

/// Syntax errors in the scripts of a document, each at its step. A check that cannot be made is a warning.
pub async fn script_problems(scripts: &dyn Scripts, document: &Value) -> Vec<Problem> {
    let mut problems = Vec::new();
    let steps = document["steps"].as_array();
    for (place, step) in steps.into_iter().flatten().enumerate() {
        let code = match (step["kind"].as_str(), step["code"].as_str()) {
            (Some("script"), Some(code)) => code,
            _ => continue,
        };
        if code.len() > hookloom_model::document::SCRIPT_CODE_BYTES_MAX {
            continue;
        }
        let place = format!("/steps/{place}/code");
        match scripts.check(code).await {
            Ok(None) => {}
            Ok(Some(fault)) => {
                problems.push(Problem::error(fault.kind.as_str(), place, fault.message));
            }
            Err(fault) => {
                let message = format!("the script could not be checked: {fault}");
                problems.push(Problem::warning("script_unchecked", place, message));
            }
        }
    }
    problems
}

#[cfg(test)]
mod tests {
    use std::sync::Arc;

    use serde_json::json;

    use super::*;
    use crate::testing::{FakeScripts, VirtualClock, block_on};

    #[test]
    fn a_syntax_error_is_a_problem_at_its_step() {
        let clock = VirtualClock::new(0);
        let scripts = FakeScripts(Arc::clone(&clock) as _);
        let document = json!({"steps": [
            {"name": "a", "kind": "set", "code": "{"},
            {"name": "b", "kind": "script", "code": "{}"},
            {"name": "c", "kind": "script", "code": "{"},
        ]});
        let problems = block_on(&clock, async { script_problems(&scripts, &document).await });
        let found: Vec<_> = problems
            .iter()
            .map(|it| (it.code.as_str(), it.place.as_str(), it.blocks_publish()))
            .collect();
        assert_eq!(found, [("script_syntax", "/steps/2/code", true)]);
    }
}
