//! `POST /flows/{name}/run`

use std::collections::BTreeMap;

use axum::extract::State;
use hookloom_engine::{StartJob, StartedJob, TrialJob};
use hookloom_model::{RequestId, TriggerKind};
use hookloom_store::FlowRecord;
use http::StatusCode;
use indexmap::IndexMap;
use serde::{Deserialize, Serialize};
use serde_json::{Map, Value};
use utoipa::ToSchema;

use super::changed::trial_refused;
use super::problems::Workspace;
use super::trial;
use crate::answer::Answer;
use crate::error::{Error, ErrorCode};
use crate::failures::OrMissing;
use crate::identity::{Caller, CanRun};
use crate::input::{Body, Named};
use crate::state::ApiState;

/// Starts a job of the published version, or with `draft` one that only tries the draft: it is as durable as every
/// other, but it publishes nothing, and it sends no webhook tasks unless that is asked for. The answer comes once the job
/// is on disk.
#[utoipa::path(post, path = "/flows/{name}/run", tag = "flows", security(("bearer" = ["run"])),
    params(("name" = String, Path, description = "The flow's name")),
    request_body = FlowRun,
    responses((status = 202, description = "The job is on disk", body = JobStarted)))]
pub(crate) async fn run_flow(
    CanRun(caller): CanRun,
    State(state): State<ApiState>,
    Named(name): Named,
    Body(run): Body<FlowRun>,
) -> Result<(StatusCode, Answer<JobStarted>), Error> {
    let started = match run.draft {
        true => try_draft(&state, &caller, &name, run).await?,
        false => {
            run.refuse_what_a_trial_has()?;
            let FlowRun { input, outputs, .. } = run;
            let input = (!input.is_null()).then_some(input);
            start(&state, &caller, &name, input, outputs).await?
        }
    };
    Ok((StatusCode::ACCEPTED, Answer(started.into())))
}

/// Starts a job of the flow's published version.
pub(crate) async fn start(
    state: &ApiState,
    caller: &Caller,
    name: &str,
    input: Option<Value>,
    outputs: Option<Vec<String>>,
) -> Result<StartedJob, Error> {
    let flow = state
        .store
        .flow(name)
        .await
        .or_missing(ErrorCode::FlowNotFound)?;
    let Some(version) = flow.version else {
        return Err(never_published(name));
    };
    let start = start_of(&flow, version, caller, input, outputs);
    Ok(state.work.start_job(start).await?)
}

fn start_of(
    flow: &FlowRecord,
    version: i64,
    caller: &Caller,
    input: Option<Value>,
    outputs: Option<Vec<String>>,
) -> StartJob {
    StartJob {
        flow_id: flow.id,
        version,
        trigger: if caller.is_owner() {
            TriggerKind::Manual
        } else {
            TriggerKind::Api
        },
        trigger_name: caller.name().to_owned(),
        input,
        outputs,
        depth: caller.depth(),
    }
}

/// Starts a job of the draft.
async fn try_draft(
    state: &ApiState,
    caller: &Caller,
    name: &str,
    run: FlowRun,
) -> Result<StartedJob, Error> {
    let FlowRun {
        input,
        outputs,
        draft: _,
        request_id,
        headers,
        query,
        pins,
        exit_codes,
        send_tasks,
    } = run;
    let flow = state.store.flow(name).await;
    let flow = flow.or_missing(ErrorCode::FlowNotFound)?;
    let looked = Workspace::read(state).await?.look_at_draft(&flow).await?;
    if looked.blocks_publish() {
        return Err(trial_refused(looked.problems));
    }
    let request = match request_id {
        Some(id) => Some(request_of_flow(state, &flow, &id).await?),
        None => None,
    };
    let mut headers = trial::headers(headers)?;
    trial::hide_credentials(&mut headers, looked.json());
    trial::check_query(&query)?;
    let pins = trial::pins(pins, exit_codes)?;
    // Last of all, when nothing refuses it any more.
    let now_ms = state.clock.now_ms();
    let version = state
        .store
        .make_trial_version(name, &flow.draft_etag, now_ms);
    let version = version.await.or_missing(ErrorCode::FlowNotFound)?;
    let input = (!input.is_null()).then_some(input);
    let trial = TrialJob {
        start: start_of(&flow, version, caller, input, outputs),
        request,
        headers,
        query,
        pins,
        send_tasks,
    };
    Ok(state.work.try_draft(trial).await?)
}

/// A stored request, if it came to the flow.
async fn request_of_flow(
    state: &ApiState,
    flow: &FlowRecord,
    id: &str,
) -> Result<RequestId, Error> {
    let not_found = |message: String| {
        Error::not_found(ErrorCode::RequestNotFound, message)
            .hint("`hookloom request list` shows what there is.")
    };
    let parsed: RequestId = id
        .parse()
        .map_err(|error| not_found(format!("There is no such request: {error}.")))?;
    let stored = state.store.request(parsed).await;
    let stored = stored.or_missing(ErrorCode::RequestNotFound)?;
    if stored.record.flow_id != flow.id {
        let message = format!("The request {parsed} came to another flow.");
        return Err(not_found(message));
    }
    Ok(parsed)
}

/// What to run with. It may hold anything: there is no `Debug`.
#[derive(Default, Deserialize, ToSchema)]
pub struct FlowRun {
    /// Becomes the body of the trigger: any JSON; null if it is left out.
    #[serde(default)]
    #[schema(required = false)]
    pub input: Value,
    /// The outputs to compute; all if it is left out.
    #[serde(default)]
    pub outputs: Option<Vec<String>>,
    /// Try the draft instead of running the published version. What follows goes with it alone.
    #[serde(default)]
    #[schema(required = false)]
    pub draft: bool,
    /// A stored request of the flow, whose headers, query and body the trigger has; an `input` has the place of the
    /// body.
    #[serde(default)]
    pub request_id: Option<String>,
    /// Headers of the trigger, in place of those of the request. Credentials are recorded as a mask.
    #[serde(default)]
    #[schema(required = false)]
    #[schema(value_type = BTreeMap<String, String>)]
    pub headers: IndexMap<String, String>,
    /// Parameters of the trigger's query, in place of those of the request.
    #[serde(default)]
    #[schema(required = false)]
    #[schema(value_type = BTreeMap<String, String>)]
    pub query: IndexMap<String, String>,
    /// Data of steps by name: they do not run, and later steps read this.
    #[serde(default)]
    #[schema(value_type = Object, required = false)]
    pub pins: Map<String, Value>,
    /// Exit codes of steps in `pins`; `success` where there is none.
    #[serde(default)]
    #[schema(required = false)]
    pub exit_codes: BTreeMap<String, String>,
    /// Whether the end of the job sends the draft's webhook tasks.
    #[serde(default)]
    #[schema(required = false)]
    pub send_tasks: bool,
}

impl FlowRun {
    fn refuse_what_a_trial_has(&self) -> Result<(), Error> {
        let given = [
            ("request_id", self.request_id.is_some()),
            ("headers", !self.headers.is_empty()),
            ("query", !self.query.is_empty()),
            ("pins", !self.pins.is_empty()),
            ("exit_codes", !self.exit_codes.is_empty()),
            ("send_tasks", self.send_tasks),
        ];
        match given.iter().find(|(_, is_given)| *is_given) {
            None => Ok(()),
            Some((name, _)) => Err(trial::invalid(format!(
                "`{name}` goes only with `draft`: a published version runs with what its trigger brings."
            ))),
        }
    }
}

impl From<StartedJob> for JobStarted {
    fn from(started: StartedJob) -> Self {
        let StartedJob { job_id, request_id } = started;
        Self {
            job_id: job_id.0,
            request_id: request_id.to_string(),
        }
    }
}

/// The job that was started.
#[derive(Debug, Serialize, ToSchema)]
pub struct JobStarted {
    pub job_id: i64,
    pub request_id: String,
}

pub(crate) fn never_published(name: &str) -> Error {
    let message =
        format!("The flow `{name}` has no published version, so there is nothing to run.");
    Error::new(StatusCode::CONFLICT, ErrorCode::NotPublished, message)
        .hint(format!("Publish it first: `hookloom flow publish {name}`."))
}
