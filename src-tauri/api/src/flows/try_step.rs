//! `POST /flows/{name}/steps/try`

use std::collections::BTreeMap;

use axum::extract::State;
use hookloom_engine::{StepTrial, StepTrialError, StepTried as Tried, TriedExchange};
use hookloom_model::document::{FlowDocument, GivenJson, Parsed, from_json, from_value};
use hookloom_model::{JobId, Problem};
use http::StatusCode;
use serde::{Deserialize, Serialize};
use serde_json::{Map, Value, json};
use utoipa::ToSchema;

use super::changed::publish_refused;
use super::trial::{self, TriggerInput};
use crate::answer::Answer;
use crate::deliveries::ReceivedAnswer;
use crate::document::text_of;
use crate::error::{Error, ErrorCode};
use crate::failures::OrMissing;
use crate::identity::CanManage;
use crate::input::{Body, Named};
use crate::jobs::Shown;
use crate::masked::Masked;
use crate::named::named;
use crate::parts::{Fault, SentRequest};
use crate::state::ApiState;
use crate::templates::{job_of_flow, last_job_with_data};
use crate::time::At;

/// Runs one attempt of one step of the draft, really: a call goes out. Nothing is recorded, and nothing is tried again.
/// It wants `manage`, because the document may come with the call, and with it what becomes of secrets.
#[utoipa::path(post, path = "/flows/{name}/steps/try", tag = "flows", security(("bearer" = ["manage"])),
    params(("name" = String, Path, description = "The flow's name")),
    request_body = StepTry,
    responses((status = 200, description = "How the attempt ended", body = StepTried)))]
pub(crate) async fn try_step(
    _: CanManage,
    State(state): State<ApiState>,
    Named(name): Named,
    Body(given): Body<StepTry>,
) -> Result<Answer<StepTried>, Error> {
    let StepTry {
        document,
        step,
        job_id,
        pins,
        exit_codes,
        input,
    } = given;
    let flow = state.store.flow(&name).await;
    let flow = flow.or_missing(ErrorCode::FlowNotFound)?;
    let document = match document {
        Some(document) => document,
        None => serde_json::from_str(&flow.draft).map_err(Error::internal)?,
    };
    let document = runnable(from_json(document), &step).map_err(publish_refused)?;
    let job = match (job_id, &input) {
        (Some(id), _) => Some(job_of_flow(&state, &flow, JobId(id)).await?),
        (None, Some(_)) => None,
        (None, None) => last_job_with_data(&state, &flow).await?,
    };
    let TriggerInput {
        headers,
        body,
        query,
    } = input.unwrap_or_default();
    trial::check_query(&query)?;
    let trial = StepTrial {
        flow_id: flow.id,
        document,
        step,
        job,
        pins: trial::pins(pins, exit_codes)?,
        body,
        headers: trial::headers(headers)?,
        query,
    };
    let tried = state.work.try_step(trial).await?;
    Ok(Answer(shown(tried, job, &state)))
}

/// A step to try, and with what. It may hold anything: there is no `Debug`.
#[derive(Deserialize, ToSchema)]
pub struct StepTry {
    /// The draft as the caller has it; the stored one if it is left out. What is wrong with other parts does not matter.
    #[serde(default)]
    #[schema(value_type = Option<Object>)]
    pub document: Option<GivenJson>,
    /// The step's name.
    pub step: String,
    /// The job whose values are taken. Left out, it is the last one that has any, or none if there is an `input`.
    #[serde(default)]
    pub job_id: Option<i64>,
    /// Data of earlier steps by name, in place of those of the job.
    #[serde(default)]
    #[schema(value_type = Object, required = false)]
    pub pins: Map<String, Value>,
    /// Exit codes of steps in `pins`; `success` where there is none.
    #[serde(default)]
    #[schema(required = false)]
    pub exit_codes: BTreeMap<String, String>,
    /// The trigger, in place of the job's.
    #[serde(default)]
    pub input: Option<TriggerInput>,
}

named!(
    /// How a step ended that was tried; `waiting` would go on at a time.
    StepTriedStatus { Complete = "complete", Failed = "failed", Waiting = "waiting" }
);

/// How an attempt ended. Masked.
#[derive(Debug, Serialize, ToSchema)]
pub struct StepTried {
    pub status: StepTriedStatus,
    /// `success`, `error`, or the step's own; null if it would wait.
    pub exit_code: Option<String>,
    /// Until when it would wait.
    pub waiting_until: Option<At>,
    /// What it would leave for later steps.
    pub data: Value,
    /// Whether `data` is only the beginning of the JSON text.
    pub data_truncated: bool,
    pub error: Option<Fault>,
    /// What it would put into memory.
    #[schema(value_type = Object)]
    pub memory: Map<String, Value>,
    /// Names of the secret state that it would put.
    pub secret_state_names: Vec<String>,
    /// What it logged, in order.
    pub log: Vec<String>,
    pub at: At,
    pub duration_ms: i64,
    /// The job whose values were taken.
    pub job_id: Option<i64>,
    /// Its call; null if it made none.
    pub exchange: Option<StepExchange>,
}

/// A call of a step.
#[derive(Debug, Serialize, ToSchema)]
pub struct StepExchange {
    pub request: SentRequest,
    /// Null without an answer.
    pub response: Option<ReceivedAnswer>,
}

/// The document as far as the step needs it. What is wrong with the step itself is refused; other parts that have
/// problems are left out, or stand there without doing anything.
fn runnable(parsed: Parsed, step: &str) -> Result<FlowDocument, Vec<Problem>> {
    let Parsed {
        json,
        document,
        problems,
        ..
    } = parsed;
    if let Some(document) = document {
        return Ok(document);
    }
    let broken: Vec<&str> = problems
        .iter()
        .filter(|problem| problem.blocks_publish())
        .map(|problem| problem.place.as_str())
        .collect();
    let is_broken = |place: &str| {
        let below = format!("{place}/");
        broken
            .iter()
            .any(|it| *it == place || it.starts_with(&below))
    };
    let mut reduced = json;
    for list in ["outputs", "schedules", "webhook_tasks"] {
        if let Some(document) = reduced.as_object_mut() {
            document.shift_remove(list);
        }
    }
    let entries = |reduced: &mut Value, list: &str| match reduced.get_mut(list) {
        Some(Value::Array(entries)) => std::mem::take(entries),
        _ => Vec::new(),
    };
    let mut steps = entries(&mut reduced, "steps");
    for (place, entry) in steps.iter_mut().enumerate() {
        if text_of(entry, "name") != step && is_broken(&format!("/steps/{place}")) {
            *entry = json!({"name": entry["name"], "kind": "set", "values": {}});
        }
    }
    let mut endpoints = entries(&mut reduced, "endpoints");
    let mut place = 0..;
    endpoints.retain(|_| {
        place
            .next()
            .is_none_or(|place| !is_broken(&format!("/endpoints/{place}")))
    });
    reduced["steps"] = steps.into();
    reduced["endpoints"] = endpoints.into();
    from_value(reduced).document.ok_or(problems)
}

fn shown(tried: Tried, job: Option<JobId>, state: &ApiState) -> StepTried {
    let Tried {
        exit_code,
        until_ms,
        data,
        error,
        memory,
        secret_state,
        logs,
        exchange,
        started_at_ms,
        ended_at_ms,
    } = tried;
    let masked = state.masked();
    let mut cut = Shown::new(&state.store, &masked);
    let data = cut.cut(data);
    let memory = memory
        .into_iter()
        .map(|(name, value)| (name, cut.cut(value).value));
    let memory = memory.collect();
    StepTried {
        status: match (until_ms, exit_code.as_deref()) {
            (Some(_), _) => StepTriedStatus::Waiting,
            (None, Some("error")) => StepTriedStatus::Failed,
            (None, _) => StepTriedStatus::Complete,
        },
        exit_code,
        waiting_until: until_ms.map(At::from_ms),
        data: data.value,
        data_truncated: data.truncated,
        error: error.map(|error| Fault::new(masked.error(error), ended_at_ms)),
        memory,
        secret_state_names: secret_state,
        log: logs.into_iter().map(|line| masked.text(line)).collect(),
        at: At::from_ms(started_at_ms),
        duration_ms: (ended_at_ms - started_at_ms).max(0),
        job_id: job.map(|id| id.0),
        exchange: exchange.map(|exchange| exchange_of(exchange, &masked)),
    }
}

fn exchange_of(exchange: TriedExchange, masked: &Masked) -> StepExchange {
    let TriedExchange {
        sent,
        status,
        headers,
        body,
        body_bytes,
        body_truncated,
    } = exchange;
    StepExchange {
        request: masked.sent(sent).into(),
        response: status.map(|status| ReceivedAnswer {
            status,
            headers: masked.headers(headers),
            body: masked.text(body),
            body_bytes,
            body_truncated,
        }),
    }
}

impl From<StepTrialError> for Error {
    fn from(error: StepTrialError) -> Self {
        let refused =
            |status, code| Self::new(status, code, format!("The step cannot be tried: {error}."));
        match error {
            StepTrialError::Broken { .. } => {
                refused(StatusCode::UNPROCESSABLE_ENTITY, ErrorCode::FlowBroken)
                    .hint("Mend the step and try again.")
            }
            StepTrialError::BadRecord { .. } => {
                refused(StatusCode::CONFLICT, ErrorCode::RecordDamaged).hint("Choose another job.")
            }
            StepTrialError::Busy => Self::unavailable(
                ErrorCode::Unavailable,
                format!("The step cannot be tried now: {error}."),
            ),
            StepTrialError::Step(error) => error.into(),
            StepTrialError::Journal(error) => error.into(),
        }
    }
}

#[cfg(test)]
mod tests {
    use super::*;

    #[test]
    fn what_is_wrong_elsewhere_does_not_keep_a_step_from_being_tried() {
        let document = json!({
            "format": "hookloom.flow/1", "name": "shop",
            "endpoints": [
                {"name": "in", "auth": {"kind": "none"}, "body_memory": "order"},
                {"name": "broken", "auth": {"kind": "no such"}},
            ],
            "steps": [
                {"name": "half", "kind": "http"},
                {"name": "it", "kind": "set", "after": [{"step": "half"}],
                 "values": {"a": "{{steps.half.data.body}} {{order.id}}"}},
                {"name": "wrong", "kind": "set", "after": [{"step": "it"}], "values": {"a": "{{ open"}},
            ],
            "outputs": [{"name": "gone", "step": "nowhere"}],
        });
        let parsed = || from_value(document.clone());
        let made = runnable(parsed(), "it").expect("the step itself is sound");
        assert_eq!(made.steps.len(), 3);
        assert_eq!(made.endpoints.len(), 1);
        let problems = runnable(parsed(), "wrong").expect_err("its template is open");
        assert!(
            problems
                .iter()
                .any(|problem| problem.place.starts_with("/steps/2"))
        );
    }
}
