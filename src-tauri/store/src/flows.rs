//! Flows as they are shown and run. Knows of a document only its names; whether it is sound was checked before.

use std::sync::Arc;

use hookloom_model::{FlowId, FlowState, JobId, JobStatus, OutputId, TaskId, is_trial};
use rusqlite::Connection;

use crate::document::Names;
use crate::error::Error;
use crate::store::Store;
use crate::table::flow_versions::{self, VersionRow};
use crate::table::flows::{self, Flow};
use crate::table::jobs;
use crate::table::outputs::{self, OutputRow};
use crate::table::webhook_tasks::{self, TaskRow};

/// Trials in a row behind which the last real job is looked for.
const TRIALS_PASSED_MAX: u32 = 20;

/// A flow with what its list and its page show.
#[derive(Debug, Clone)]
pub struct FlowRecord {
    /// Never reused.
    pub id: FlowId,
    /// Unique among the flows that are not deleted.
    pub name: String,
    /// Whether the published version reacts to its triggers.
    pub state: FlowState,
    /// The published version; none before the first.
    pub version: Option<i64>,
    /// The working copy, as it was given.
    pub draft: String,
    /// Changes with every change of the draft.
    pub draft_etag: String,
    /// Where the draft's nodes stand on the canvas, the text of a JSON object; none if nobody moved one.
    pub layout: Option<String>,
    /// The published document; none before the first version.
    pub published: Option<Arc<str>>,
    /// Versions, newest first.
    pub versions: Vec<VersionRow>,
    /// Of the published document, else of the draft.
    pub outputs: Vec<OutputRow>,
    /// Of the published document, else of the draft.
    pub tasks: Vec<TaskRow>,
    /// The newest job that is no trial.
    pub last_job: Option<LastJob>,
    /// When the draft, the version or the state was changed last, Unix milliseconds.
    pub updated_at_ms: i64,
}

impl FlowRecord {
    /// Whether the draft differs from what is published.
    pub fn draft_changed(&self) -> bool {
        self.published.as_deref() != Some(self.draft.as_str())
    }
}

/// The newest job of a flow that is no trial.
#[derive(Debug, Clone, Copy, PartialEq, Eq)]
pub struct LastJob {
    /// Its id.
    pub id: JobId,
    /// Where it is.
    pub status: JobStatus,
    /// Unix milliseconds.
    pub ended_at_ms: Option<i64>,
}

/// A flow that can have jobs.
#[derive(Debug, Clone)]
pub struct PublishedFlow {
    /// Its id.
    pub id: FlowId,
    /// Its name today.
    pub name: String,
    /// Whether it reacts to its triggers.
    pub state: FlowState,
    /// The published version.
    pub version: i64,
    /// That version's document.
    pub document: Arc<str>,
}

/// An output by the names that it goes by.
#[derive(Debug, Clone, PartialEq, Eq)]
pub struct NamedOutput {
    /// The flow's name today.
    pub flow: String,
    /// The output's name.
    pub name: String,
}

/// A webhook task by the names that it goes by.
#[derive(Debug, Clone, PartialEq, Eq)]
pub struct NamedTask {
    /// The flow's name today.
    pub flow: String,
    /// The task's name.
    pub name: String,
}

impl Store {
    /// The name of a flow.
    pub async fn flow_name(&self, id: FlowId) -> Result<String, Error> {
        self.read(move |conn| living_name(conn, id)).await
    }

    /// An output of a flow, also one that its published version has no more.
    pub async fn output(&self, id: OutputId) -> Result<NamedOutput, Error> {
        self.read(move |conn| {
            let found = outputs::by_id(conn, id)?;
            let (flow_id, name) =
                found.ok_or_else(|| Error::not_found(format!("output {}", id.0)))?;
            let flow = living_name(conn, flow_id)?;
            Ok(NamedOutput { flow, name })
        })
        .await
    }

    /// A webhook task of a flow, also one that its published version has no more.
    pub async fn webhook_task(&self, id: TaskId) -> Result<NamedTask, Error> {
        self.read(move |conn| {
            let found = webhook_tasks::by_id(conn, id)?;
            let (flow_id, name) =
                found.ok_or_else(|| Error::not_found(format!("webhook task {}", id.0)))?;
            let flow = living_name(conn, flow_id)?;
            Ok(NamedTask { flow, name })
        })
        .await
    }

    /// Every flow, by name.
    pub async fn flows(&self) -> Result<Vec<FlowRecord>, Error> {
        self.read(|conn| {
            let rows = flows::all(conn)?;
            rows.into_iter().map(|flow| record(conn, flow)).collect()
        })
        .await
    }

    /// One flow.
    pub async fn flow(&self, name: &str) -> Result<FlowRecord, Error> {
        let name = name.to_owned();
        self.read(move |conn| record(conn, flows::named(conn, &name)?))
            .await
    }

    /// Every published flow that was not deleted: what the table of endpoints is made of.
    pub async fn published(&self) -> Result<Vec<PublishedFlow>, Error> {
        self.read(|conn| {
            let rows = flows::all(conn)?;
            rows.into_iter()
                .filter_map(|flow| published(conn, flow).transpose())
                .collect()
        })
        .await
    }

    /// The document of a version.
    pub async fn flow_document(&self, name: &str, version: i64) -> Result<Arc<str>, Error> {
        let name = name.to_owned();
        self.read(move |conn| {
            let flow = flows::named(conn, &name)?;
            flow_versions::document(conn, flow.id, version)?
                .ok_or_else(|| Error::not_found(format!("version {version} of the flow `{name}`")))
        })
        .await
    }

    /// What was published of a flow, newest first, and the version that is published now.
    pub async fn flow_versions(&self, name: &str) -> Result<(Vec<VersionRow>, Option<i64>), Error> {
        let name = name.to_owned();
        self.read(move |conn| {
            let flow = flows::named(conn, &name)?;
            Ok((flow_versions::list(conn, flow.id)?, flow.version))
        })
        .await
    }

    /// Every output that a flow ever had, by name, also after it was deleted: its jobs refer to them.
    pub async fn outputs_of_flow(&self, flow_id: FlowId) -> Result<Vec<OutputRow>, Error> {
        self.read(move |conn| outputs::of_flow(conn, flow_id)).await
    }
}

pub(crate) fn record(conn: &Connection, flow: Flow) -> Result<FlowRecord, Error> {
    let published = flow
        .version
        .map(|version| flow_versions::document(conn, flow.id, version))
        .transpose()?
        .flatten();
    let names = Names::of(published.as_deref().unwrap_or(&flow.draft))?;
    let mut outputs = outputs::of_flow(conn, flow.id)?;
    outputs.retain(|output| names.outputs.contains(&output.name));
    let mut tasks = webhook_tasks::of_flow(conn, flow.id)?;
    tasks.retain(|task| names.tasks.contains(&task.name));
    Ok(FlowRecord {
        id: flow.id,
        draft_etag: etag(&flow),
        layout: flows::layout(conn, flow.id)?,
        versions: flow_versions::list(conn, flow.id)?,
        last_job: last_job(conn, flow.id)?,
        name: flow.name,
        state: flow.state,
        version: flow.version,
        draft: flow.draft,
        published,
        outputs,
        tasks,
        updated_at_ms: flow.updated_at_ms,
    })
}

/// How a flow does is told by its real jobs, not by those that only tried a draft.
fn last_job(conn: &Connection, flow_id: FlowId) -> Result<Option<LastJob>, Error> {
    let mut before = i64::MAX;
    for _ in 0..TRIALS_PASSED_MAX {
        let mut newest = None;
        for status in JobStatus::ALL {
            let ids = jobs::ids_before(conn, flow_id, *status, before, 1)?;
            newest = newest.max(ids.first().copied());
        }
        let Some(id) = newest else {
            return Ok(None);
        };
        let job = jobs::by_id(conn, JobId(id))?;
        if let Some(job) = job.filter(|job| !is_trial(job.version)) {
            return Ok(Some(LastJob {
                id: job.id,
                status: job.status,
                ended_at_ms: job.ended_at_ms,
            }));
        }
        before = id;
    }
    Ok(None)
}

fn published(conn: &Connection, flow: Flow) -> Result<Option<PublishedFlow>, Error> {
    let Some(version) = flow.version else {
        return Ok(None);
    };
    let document = flow_versions::document(conn, flow.id, version)?.ok_or_else(|| {
        Error::not_found(format!("version {version} of the flow `{}`", flow.name))
    })?;
    Ok(Some(PublishedFlow {
        id: flow.id,
        name: flow.name,
        state: flow.state,
        version,
        document,
    }))
}

/// Names the draft: it changes with every change of it.
pub(crate) fn etag(flow: &Flow) -> String {
    format!("{}-{}", flow.id, flow.draft_revision)
}

fn living_name(conn: &Connection, id: FlowId) -> Result<String, Error> {
    flows::living_name_of(conn, id)?.ok_or_else(|| Error::not_found(format!("flow {}", id.0)))
}
