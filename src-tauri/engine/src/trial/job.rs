//! A job of a draft. It is as durable as every other, and its journal says that it is a trial: its end sends no webhook
//! task unless that was asked for. Steps with a pinned result do not run.

use std::collections::BTreeSet;

use hookloom_model::RequestId;
use hookloom_model::journal::{Event, INLINE_BYTES_MAX, STEP_DATA_BYTES_MAX, ValueRef};
use hookloom_sensitive::Masker;
use indexmap::IndexMap;
use serde_json::Value;

use crate::core::Core;
use crate::handover::Handover;
use crate::plan::Plan;
use crate::start::{self, Begin, StartError, StartJob, StartedJob};

/// The exit code of a result that was given without one.
const EXIT_CODE_DEFAULT: &str = "success";

/// A draft to run. Its input may hold secret state: it has no `Debug`.
pub struct TrialJob {
    /// What runs: the version must be one that was made for a trial.
    pub start: StartJob,
    /// The inbound request whose headers, query and body its trigger has; `start.input` has the place of the body.
    pub request: Option<RequestId>,
    /// Headers of the trigger beside those of the request. Lower case.
    pub headers: IndexMap<String, String>,
    /// Parameters of the trigger's query beside those of the request.
    pub query: IndexMap<String, String>,
    /// Results of steps that do not run then, by the step's name.
    pub pins: IndexMap<String, Pin>,
    /// Whether its end sends webhook tasks.
    pub send_tasks: bool,
}

/// The result that somebody gave for a step.
#[derive(Debug, Clone, PartialEq)]
pub struct Pin {
    /// What later steps read.
    pub data: Value,
    /// How the step ended; `success` if nobody says.
    pub exit_code: Option<String>,
}

impl Pin {
    pub(super) fn exit_code(&self) -> &str {
        self.exit_code.as_deref().unwrap_or(EXIT_CODE_DEFAULT)
    }
}

/// Writes the job through the inbox.
pub(crate) async fn start(
    core: &Core,
    trial: TrialJob,
) -> Result<(StartedJob, Handover), StartError> {
    let flow = start::load_flow(core, trial.start.flow_id, trial.start.version).await?;
    check_pins(&flow.plan, &trial.pins)?;
    if let Some(id) = trial.request {
        // It must be there: what a job runs again is read with it.
        core.ports.journal.request(id).await?;
    }
    let mut begin = Begin::new(core);
    let masker = core.ports.secrets.masker();
    begin.taken_over.push(Event::JobTries {
        send_tasks: trial.send_tasks,
        headers: masked(&masker, trial.headers),
        query: masked(&masker, trial.query),
    });
    if let Some(request) = trial.request {
        begin.taken_over.push(Event::JobReplays {
            job: None,
            request: Some(request),
        });
    }
    for (number, (step, pin)) in trial.pins.into_iter().enumerate() {
        let exit_code = pin.exit_code().to_owned();
        let mut data = pin.data;
        masker.mask_json(&mut data);
        let key = format!("{}/pinned/{number}", begin.request_id);
        let data = measured(key, data, &mut begin.blobs)?;
        begin.taken_over.push(Event::StepPinned {
            step,
            exit_code,
            data,
        });
    }
    start::begin(core, trial.start, begin).await
}

/// Refuses results for steps that are not there.
pub(super) fn check_pins(plan: &Plan, pins: &IndexMap<String, Pin>) -> Result<(), StartError> {
    let known: BTreeSet<&str> = plan.steps.iter().map(|step| step.name.as_str()).collect();
    match pins.keys().find(|name| !known.contains(name.as_str())) {
        None => Ok(()),
        Some(step) => Err(StartError::UnknownStep {
            step: step.clone(),
            known: plan.steps.iter().map(|step| step.name.clone()).collect(),
        }),
    }
}

fn masked(masker: &Masker, given: IndexMap<String, String>) -> IndexMap<String, String> {
    let mask = |(name, value): (String, String)| (name, masker.mask_str(&value).into_owned());
    given.into_iter().map(mask).collect()
}

/// A value as the journal keeps it: in place when small, else apart.
fn measured(
    key: String,
    value: Value,
    blobs: &mut Vec<(String, Vec<u8>)>,
) -> Result<ValueRef, StartError> {
    let text = value.to_string();
    if text.len() > STEP_DATA_BYTES_MAX {
        return Err(StartError::InputTooLarge {
            bytes: text.len(),
            bytes_max: STEP_DATA_BYTES_MAX,
        });
    }
    if text.len() <= INLINE_BYTES_MAX {
        return Ok(ValueRef::Inline(value));
    }
    let bytes = u64::try_from(text.len()).unwrap_or(u64::MAX);
    blobs.push((key.clone(), text.into_bytes()));
    Ok(ValueRef::Blob { id: key, bytes })
}
