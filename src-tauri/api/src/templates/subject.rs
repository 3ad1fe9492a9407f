//! What a template is looked at with: a draft, a place in it, and the values of a job.

use std::sync::Arc;

use hookloom_engine::ports::Journal;
use hookloom_engine::{JobLook, LookError};
use hookloom_model::document::{FORMAT, FlowDocument, from_value, is_plain_name};
use hookloom_model::{FlowId, JobId};
use hookloom_store::{FlowRecord, JobFilter};
use http::StatusCode;
use serde_json::{Map, Value, json};

use super::site::Site;
use crate::document::{entries_of, text_of};
use crate::error::{Error, ErrorCode};
use crate::failures::OrMissing;
use crate::state::ApiState;

/// Jobs that are looked at to find one with data.
const JOBS_LOOKED_AT: u32 = 20;

/// What a template is looked at with.
pub(super) struct Subject {
    pub(super) flow: FlowRecord,
    /// The draft as JSON; it may have problems.
    pub(super) document: Value,
    pub(super) site: Site,
    pub(super) look: JobLook,
}

impl Subject {
    /// Opens it: the stored draft unless another one is given, and the last job that has data unless one is named.
    pub(super) async fn open(
        state: &ApiState,
        flow: &str,
        document: Option<Value>,
        place: &str,
        job_id: Option<i64>,
    ) -> Result<Self, Error> {
        let flow = state.store.flow(flow).await;
        let flow = flow.or_missing(ErrorCode::FlowNotFound)?;
        let document = match document {
            Some(document) => document,
            None => serde_json::from_str(&flow.draft).map_err(Error::internal)?,
        };
        let job = match job_id {
            Some(id) => Some(job_of_flow(state, &flow, JobId(id)).await?),
            None => last_job_with_data(state, &flow).await?,
        };
        let journal: Arc<dyn Journal> = Arc::new(state.store.clone());
        let sketch = sketch(&document, &flow.name)?;
        let look = JobLook::open(journal, flow.id, sketch, job).await?;
        Ok(Self {
            site: Site::of(place, &document),
            flow,
            document,
            look,
        })
    }
}

/// A job, if it is one of the flow.
pub(crate) async fn job_of_flow(
    state: &ApiState,
    flow: &FlowRecord,
    id: JobId,
) -> Result<JobId, Error> {
    let row = state
        .store
        .job(id)
        .await
        .or_missing(ErrorCode::JobNotFound)?;
    is_of(flow.id, row.flow_id, id).map(|()| id)
}

fn is_of(flow: FlowId, of: FlowId, job: JobId) -> Result<(), Error> {
    if flow == of {
        return Ok(());
    }
    let message = format!("Job {job} is one of another flow.");
    Err(Error::not_found(ErrorCode::JobNotFound, message).hint("Name a job of this flow, or none."))
}

/// The newest job of the flow that has ended; else the newest one that has begun.
pub(crate) async fn last_job_with_data(
    state: &ApiState,
    flow: &FlowRecord,
) -> Result<Option<JobId>, Error> {
    let filter = JobFilter {
        flow: Some(flow.name.clone()),
        ..JobFilter::default()
    };
    let page = state.store.jobs(filter, None, JOBS_LOOKED_AT).await?;
    let jobs = page.items.iter().filter(|job| job.flow_id == flow.id);
    let begun = || jobs.clone().filter(|job| job.started_at_ms.is_some());
    let ended = begun().find(|job| job.ended_at_ms.is_some());
    Ok(ended.or_else(|| begun().next()).map(|job| job.id))
}

/// Of a document that may have problems, what values depend on: its variables, and what its endpoints call the parts of
/// a request.
fn sketch(document: &Value, name: &str) -> Result<FlowDocument, Error> {
    let endpoint = |endpoint: &Value| {
        let mut sketch = Map::new();
        sketch.insert("name".to_owned(), text_of(endpoint, "name").into());
        sketch.insert("auth".to_owned(), json!({"kind": "none"}));
        for key in ["header_memory", "body_memory", "query_memory"] {
            if is_plain_name(text_of(endpoint, key)) {
                sketch.insert(key.to_owned(), endpoint[key].clone());
            }
        }
        Value::Object(sketch)
    };
    let endpoints: Vec<Value> = entries_of(document, "endpoints").map(endpoint).collect();
    let vars = document["vars"].as_object().cloned().unwrap_or_default();
    // The whole first; what is wrong with a part must not hide the rest.
    let attempts = [
        (&vars, &endpoints[..]),
        (&Map::new(), &endpoints[..]),
        (&vars, &[]),
        (&Map::new(), &[]),
    ];
    let made = attempts.into_iter().find_map(|(vars, endpoints)| {
        let sketch = json!({
            "format": FORMAT, "name": name, "vars": vars, "endpoints": endpoints,
            "steps": [{"name": "nothing", "kind": "set", "values": {}}],
        });
        from_value(sketch).document
    });
    made.ok_or_else(|| Error::internal(std::io::Error::other("a flow's name makes no document")))
}

impl From<LookError> for Error {
    fn from(error: LookError) -> Self {
        match error {
            LookError::TooLarge { .. } => Self::new(
                StatusCode::UNPROCESSABLE_ENTITY,
                ErrorCode::ValueInvalid,
                format!("The values cannot be shown: {error}."),
            ),
            LookError::Values(_) => Self::new(
                StatusCode::CONFLICT,
                ErrorCode::RecordDamaged,
                format!("The job's values cannot be shown: {error}."),
            )
            .hint("Choose another job."),
            LookError::Journal(error) => error.into(),
        }
    }
}

#[cfg(test)]
mod tests {
    use super::*;

    #[test]
    fn a_draft_with_problems_still_says_what_its_requests_are_called() {
        let document = json!({
            "name": "other", "vars": {"colour": "red"},
            "endpoints": [
                {"name": "in", "auth": {"kind": "broken"}, "body_memory": "order", "query_memory": "not a name"},
            ],
            "steps": "none",
        });
        let sketch = sketch(&document, "shop").expect("the name is sound");
        assert_eq!(sketch.name, "shop");
        assert_eq!(sketch.vars["colour"], "red");
        assert_eq!(sketch.endpoints[0].body_memory.as_deref(), Some("order"));
        let hopeless = json!({"vars": {"not a name": 1}, "endpoints": [{}, {}]});
        assert!(super::sketch(&hopeless, "shop").is_ok());
    }
}
