//! Flows: drafts, versions, states. Knows of a document only its names; whether it is sound was checked before.

use std::sync::Arc;

use hookloom_engine::ports::TaskDisable;
use hookloom_model::{FlowId, FlowState, JobId, JobStatus};
use rusqlite::Connection;

use crate::change::Tag;
use crate::document::Names;
use crate::error::Error;
use crate::outbox::disable_task;
use crate::store::Store;
use crate::table::flow_versions::{self, VersionRow};
use crate::table::flows::{self, Flow};
use crate::table::outputs::{self, OutputRow};
use crate::table::webhook_tasks::{self, TaskRow};
use crate::table::{endpoints, jobs};
use crate::tx::Tx;

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
    /// The published document; none before the first version.
    pub published: Option<Arc<str>>,
    /// Versions, newest first.
    pub versions: Vec<VersionRow>,
    /// Of the published document, else of the draft.
    pub outputs: Vec<OutputRow>,
    /// Of the published document, else of the draft.
    pub tasks: Vec<TaskRow>,
    /// The newest job.
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

/// The newest job of a flow.
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

impl Store {
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

    /// A new flow with this draft. Refuses a name that is taken.
    pub async fn create_flow(&self, name: &str, document: &str, at_ms: i64) -> Result<(), Error> {
        let (name, document) = (name.to_owned(), document.to_owned());
        let names = Names::of(&document)?;
        self.write("create a flow", move |tx| {
            if flows::by_name(tx, &name)?.is_some() {
                return Err(Error::FlowExists { flow: name.clone() });
            }
            create(tx, &name, &document, &names, at_ms)
        })
        .await
    }

    /// The draft becomes this document; a flow that is not there is made. Gives whether it was made.
    pub async fn import_flow(&self, name: &str, document: &str, at_ms: i64) -> Result<bool, Error> {
        let (name, document) = (name.to_owned(), document.to_owned());
        let names = Names::of(&document)?;
        self.write("import a flow", move |tx| {
            let Some(flow) = flows::by_name(tx, &name)? else {
                create(tx, &name, &document, &names, at_ms)?;
                return Ok(true);
            };
            set_draft(tx, &flow, &document, &names, at_ms)?;
            Ok(false)
        })
        .await
    }

    /// The draft becomes this document, if it still is the one with the etag.
    pub async fn save_draft(
        &self,
        name: &str,
        document: &str,
        base_etag: &str,
        at_ms: i64,
    ) -> Result<(), Error> {
        let (name, document) = (name.to_owned(), document.to_owned());
        let base_etag = base_etag.to_owned();
        let names = Names::of(&document)?;
        self.write("save a draft", move |tx| {
            let flow = flows::named(tx, &name)?;
            check_etag(&flow, &base_etag)?;
            set_draft(tx, &flow, &document, &names, at_ms)
        })
        .await
    }

    /// The draft with the etag becomes a version, and its outputs, tasks and endpoints take effect. A draft that is
    /// published already makes no new version. Without a state, the first version goes live and later ones keep
    /// the flow's state. Gives the version.
    pub async fn publish_flow(
        &self,
        name: &str,
        base_etag: &str,
        state: Option<FlowState>,
        at_ms: i64,
    ) -> Result<i64, Error> {
        let (name, base_etag) = (name.to_owned(), base_etag.to_owned());
        self.write("publish a flow", move |tx| {
            let flow = flows::named(tx, &name)?;
            check_etag(&flow, &base_etag)?;
            publish(tx, &flow, state, at_ms)
        })
        .await
    }

    /// Switches a published flow.
    pub async fn set_flow_state(
        &self,
        name: &str,
        state: FlowState,
        at_ms: i64,
    ) -> Result<(), Error> {
        let name = name.to_owned();
        self.write("switch a flow", move |tx| {
            let flow = flows::named(tx, &name)?;
            if flow.version.is_none() && state != FlowState::Off {
                return Err(Error::NeverPublished {
                    flow: name.clone(),
                    state,
                });
            }
            flows::set_state(tx, flow.id, state, at_ms)?;
            changed(tx, &name);
            Ok(())
        })
        .await
    }

    /// Deletes a flow whose jobs have all ended. Its name and its endpoints' names are free again, its open deliveries
    /// are canceled, and its history stays.
    pub async fn delete_flow(&self, name: &str, at_ms: i64) -> Result<(), Error> {
        let name = name.to_owned();
        self.write("delete a flow", move |tx| delete(tx, &name, at_ms))
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

    /// Every output that a flow ever had, by name, also after it was deleted: its jobs refer to them.
    pub async fn outputs_of_flow(&self, flow_id: FlowId) -> Result<Vec<OutputRow>, Error> {
        self.read(move |conn| outputs::of_flow(conn, flow_id)).await
    }

    /// Switches a webhook task on or off, beside the document. Off cancels what waits for it.
    pub async fn set_task_enabled(
        &self,
        flow: &str,
        task: &str,
        enabled: bool,
        at_ms: i64,
    ) -> Result<(), Error> {
        let (flow, task) = (flow.to_owned(), task.to_owned());
        self.write("switch a webhook task", move |tx| {
            let found = flows::named(tx, &flow)?;
            let row = webhook_tasks::by_name(tx, found.id, &task)?.ok_or_else(|| {
                Error::not_found(format!("a webhook task `{task}` of the flow `{flow}`"))
            })?;
            if enabled {
                webhook_tasks::enable(tx, row.id)?;
                changed(tx, &flow);
                return Ok(());
            }
            let disable = TaskDisable {
                task_id: row.id,
                reason: "it was switched off by hand".to_owned(),
            };
            disable_task(tx, &disable, at_ms)
        })
        .await
    }
}

fn record(conn: &Connection, flow: Flow) -> Result<FlowRecord, Error> {
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

fn last_job(conn: &Connection, flow_id: FlowId) -> Result<Option<LastJob>, Error> {
    let mut newest = None;
    for status in JobStatus::ALL {
        newest = newest.max(
            jobs::ids_before(conn, flow_id, *status, i64::MAX, 1)?
                .first()
                .copied(),
        );
    }
    let job = match newest {
        Some(id) => jobs::by_id(conn, JobId(id))?,
        None => None,
    };
    Ok(job.map(|job| LastJob {
        id: job.id,
        status: job.status,
        ended_at_ms: job.ended_at_ms,
    }))
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

fn etag(flow: &Flow) -> String {
    format!("{}-{}", flow.id, flow.draft_revision)
}

fn check_etag(flow: &Flow, base_etag: &str) -> Result<(), Error> {
    let current_etag = etag(flow);
    if current_etag == base_etag {
        return Ok(());
    }
    Err(Error::DraftConflict {
        flow: flow.name.clone(),
        current_etag,
    })
}

fn changed(tx: &Tx<'_>, name: &str) {
    tx.changed([Tag::Flows, Tag::Flow(name.to_owned())]);
}

fn create(tx: &Tx<'_>, name: &str, document: &str, names: &Names, at_ms: i64) -> Result<(), Error> {
    let id = flows::insert(tx, name, document, at_ms)?;
    outputs::keep(tx, id, &names.outputs)?;
    webhook_tasks::keep(tx, id, &names.tasks)?;
    changed(tx, name);
    Ok(())
}

/// A draft that is the same already stays as it is: importing twice is no change.
fn set_draft(
    tx: &Tx<'_>,
    flow: &Flow,
    document: &str,
    names: &Names,
    at_ms: i64,
) -> Result<(), Error> {
    if flow.draft == document {
        return Ok(());
    }
    flows::set_draft(tx, flow.id, document, at_ms)?;
    outputs::keep(tx, flow.id, &names.outputs)?;
    webhook_tasks::keep(tx, flow.id, &names.tasks)?;
    changed(tx, &flow.name);
    Ok(())
}

fn publish(tx: &Tx<'_>, flow: &Flow, state: Option<FlowState>, at_ms: i64) -> Result<i64, Error> {
    let names = Names::of(&flow.draft)?;
    let before = flow
        .version
        .map(|version| flow_versions::document(tx, flow.id, version))
        .transpose()?
        .flatten();
    // Also when nothing is new: another flow may have taken a name meanwhile.
    endpoints::replace(tx, flow.id, &names.endpoints)?;
    let version = match (flow.version, before.as_deref()) {
        (Some(version), Some(document)) if document == flow.draft => version,
        _ => flow_versions::insert(tx, flow.id, names.title.as_deref(), &flow.draft, at_ms)?,
    };
    flows::set_published(tx, flow.id, version, at_ms)?;
    let state = state.unwrap_or(match flow.version {
        None => FlowState::Live,
        Some(_) => flow.state,
    });
    flows::set_state(tx, flow.id, state, at_ms)?;
    outputs::keep(tx, flow.id, &names.outputs)?;
    webhook_tasks::keep(tx, flow.id, &names.tasks)?;
    if let Some(before) = before {
        enable_edited_tasks(tx, flow.id, &before, &flow.draft)?;
    }
    changed(tx, &flow.name);
    Ok(version)
}

/// A task that a receiver had switched off gets another chance when its definition has changed.
fn enable_edited_tasks(tx: &Tx<'_>, flow_id: FlowId, before: &str, now: &str) -> Result<(), Error> {
    let edited = Names::edited_tasks(before, now)?;
    for task in webhook_tasks::of_flow(tx, flow_id)? {
        if !task.enabled && edited.contains(&task.name) {
            webhook_tasks::enable(tx, task.id)?;
        }
    }
    Ok(())
}

fn delete(tx: &Tx<'_>, name: &str, at_ms: i64) -> Result<(), Error> {
    let flow = flows::named(tx, name)?;
    let unfinished = jobs::count_unfinished(tx, flow.id)?;
    if unfinished > 0 {
        return Err(Error::FlowBusy {
            flow: name.to_owned(),
            unfinished,
        });
    }
    endpoints::replace(tx, flow.id, &[])?;
    for task in webhook_tasks::of_flow(tx, flow.id)? {
        let disable = TaskDisable {
            task_id: task.id,
            reason: "its flow was deleted".to_owned(),
        };
        disable_task(tx, &disable, at_ms)?;
    }
    flows::mark_deleted(tx, flow.id, at_ms)?;
    changed(tx, name);
    Ok(())
}
