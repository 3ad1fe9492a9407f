//! Scripts: which program their workers are, and when the first of them is started.

use hookloom_engine::ports::Scripts;
use hookloom_model::Problem;
use hookloom_script::{Limits, Program, Workers};
use hookloom_store::Store;
use serde_json::Value;

pub use hookloom_script::work_if_asked;

use crate::error::Error;
use crate::options::Options;

/// The pool of a data folder's owner. It starts nothing yet.
pub(crate) fn workers(options: &Options) -> Result<Workers, Error> {
    let program = match &options.script_program {
        Some(program) => Program::at(program),
        None => this()?,
    };
    Ok(Workers::new(program, Limits::default()))
}

/// Has a worker ready where a published flow has scripts: its first job must not wait for a process to start.
pub(crate) async fn expect_scripts(store: &Store, scripts: &dyn Scripts) {
    match store.published().await {
        Ok(flows) if flows.iter().any(|flow| has_scripts(&flow.document)) => scripts.expect_runs(),
        Ok(_) => {}
        Err(error) => tracing::warn!(%error, "no script worker is started beforehand"),
    }
}

/// Syntax errors in the scripts of a document, without a data folder.
///
/// # Errors
/// The system does not say which program runs.
pub async fn script_problems(document: &Value) -> Result<Vec<Problem>, Error> {
    let workers = Workers::new(this()?, Limits::default());
    Ok(hookloom_engine::script_problems(&workers, document).await)
}

fn this() -> Result<Program, Error> {
    Program::this().map_err(|error| Error::Internal {
        what: format!("finding the program of script workers: {error}"),
    })
}

fn has_scripts(document: &str) -> bool {
    let document: Value = serde_json::from_str(document).unwrap_or_default();
    let steps = document["steps"].as_array();
    steps.is_some_and(|steps| steps.iter().any(|step| step["kind"] == "script"))
}
