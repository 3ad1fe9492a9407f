//! What changes a flow: drafts, publishing, states, deletion. Each is one write; a refusal changes nothing.

use hookloom_engine::ports::TaskDisable;
use hookloom_model::{FlowId, FlowState};

use crate::change::Tag;
use crate::document::{Names, parse};
use crate::endpoint_moves;
use crate::error::Error;
use crate::flows::etag;
use crate::outbox::disable_task;
use crate::store::Store;
use crate::table::flow_versions::NewVersion;
use crate::table::flows::{self, Flow};
use crate::table::{endpoints, flow_versions, jobs, outputs, schedules, webhook_tasks};
use crate::tx::Tx;

/// What an import made that was published as well.
#[derive(Debug, Clone, Copy, PartialEq, Eq)]
pub struct ImportedVersion {
    /// Whether the flow is new.
    pub created: bool,
    /// The version that was made, or the published one if nothing is new in it.
    pub version: i64,
}

/// New documents of a flow.
#[derive(Debug, Clone)]
pub struct FlowChange {
    /// The flow's name.
    pub name: String,
    /// The etag of the draft that was changed.
    pub base_etag: String,
    /// The version that was changed.
    pub base_version: Option<i64>,
    /// The new draft.
    pub draft: String,
    /// What is published now; none leaves the versions alone.
    pub published: Option<String>,
}

impl Store {
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
            publish(tx, &flow, &flow.draft, state, at_ms)
        })
        .await
    }

    /// The document becomes the draft and a version, in one write; a flow that is not there is made.
    pub async fn import_published_flow(
        &self,
        name: &str,
        document: &str,
        at_ms: i64,
    ) -> Result<ImportedVersion, Error> {
        let (name, document) = (name.to_owned(), document.to_owned());
        let names = Names::of(&document)?;
        self.write("import and publish a flow", move |tx| {
            let known = flows::by_name(tx, &name)?;
            match &known {
                Some(flow) => set_draft(tx, flow, &document, &names, at_ms)?,
                None => create(tx, &name, &document, &names, at_ms)?,
            }
            let flow = flows::named(tx, &name)?;
            Ok(ImportedVersion {
                created: known.is_none(),
                version: publish(tx, &flow, &flow.draft, None, at_ms)?,
            })
        })
        .await
    }

    /// Where the draft's nodes stand on the canvas from now on: the text of a JSON object. It is no part of the draft,
    /// so its etag stays.
    pub async fn save_layout(&self, name: &str, layout: &str) -> Result<(), Error> {
        let (name, layout) = (name.to_owned(), layout.to_owned());
        self.write("save a layout", move |tx| {
            let flow = flows::named(tx, &name)?;
            if flows::set_layout(tx, flow.id, &layout)? {
                tx.changed([Tag::Flow(name.clone())]);
            }
            Ok(())
        })
        .await
    }

    /// Makes a version of the draft with the etag that only a trial knows: it is in no list, nothing of it takes
    /// effect, and it goes when its jobs are gone. Gives its number, which is below zero. A draft that was tried last
    /// keeps the version that it got then.
    pub async fn make_trial_version(
        &self,
        name: &str,
        base_etag: &str,
        at_ms: i64,
    ) -> Result<i64, Error> {
        let (name, base_etag) = (name.to_owned(), base_etag.to_owned());
        self.write("make a trial version", move |tx| {
            let flow = flows::named(tx, &name)?;
            check_etag(&flow, &base_etag)?;
            make_trial(tx, &flow, at_ms)
        })
        .await
    }

    /// Changes draft and published version of a flow in one write, each to a document of its own, if both still are
    /// what they were. A flow without a version gets none. Gives the version.
    pub async fn change_flow(&self, change: FlowChange, at_ms: i64) -> Result<Option<i64>, Error> {
        let names = Names::of(&change.draft)?;
        self.write("change a flow", move |tx| {
            let flow = flows::named(tx, &change.name)?;
            check_etag(&flow, &change.base_etag)?;
            if flow.version != change.base_version {
                return Err(Error::DraftConflict {
                    flow: flow.name.clone(),
                    current_etag: etag(&flow),
                });
            }
            set_draft(tx, &flow, &change.draft, &names, at_ms)?;
            let published = change.published.as_deref();
            published
                .map(|document| publish(tx, &flow, document, None, at_ms))
                .transpose()
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
            if state == FlowState::Live && flow.state != FlowState::Live {
                schedules::restart(tx, flow.id, at_ms)?;
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

pub(crate) fn check_etag(flow: &Flow, base_etag: &str) -> Result<(), Error> {
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

pub(crate) fn create(
    tx: &Tx<'_>,
    name: &str,
    document: &str,
    names: &Names,
    at_ms: i64,
) -> Result<(), Error> {
    let id = flows::insert(tx, name, document, at_ms)?;
    outputs::keep(tx, id, &names.outputs)?;
    webhook_tasks::keep(tx, id, &names.tasks)?;
    changed(tx, name);
    Ok(())
}

/// A draft that is the same already stays as it is: importing twice is no change.
pub(crate) fn set_draft(
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

pub(crate) fn publish(
    tx: &Tx<'_>,
    flow: &Flow,
    document: &str,
    state: Option<FlowState>,
    at_ms: i64,
) -> Result<i64, Error> {
    let names = Names::of(document)?;
    let before = flow
        .version
        .map(|version| flow_versions::document(tx, flow.id, version))
        .transpose()?
        .flatten();
    // Also when nothing is new: another flow may have taken a name meanwhile.
    endpoints::replace(tx, flow.id, &names.endpoints)?;
    let version = match (flow.version, before.as_deref()) {
        (Some(version), Some(before)) if before == document => version,
        _ => flow_versions::insert(tx, &new_version(flow, &names, document, at_ms))?,
    };
    flows::set_published(tx, flow.id, version, at_ms)?;
    let state = state.unwrap_or(match flow.version {
        None => FlowState::Live,
        Some(_) => flow.state,
    });
    flows::set_state(tx, flow.id, state, at_ms)?;
    schedules::replace(tx, flow.id, &names.schedules, at_ms)?;
    if state == FlowState::Live && flow.state != FlowState::Live {
        schedules::restart(tx, flow.id, at_ms)?;
    }
    outputs::keep(tx, flow.id, &names.outputs)?;
    webhook_tasks::keep(tx, flow.id, &names.tasks)?;
    if let Some(before) = &before {
        let (before, now) = (parse(before)?, parse(document)?);
        endpoint_moves::follow(tx, flow, &before, &now, at_ms)?;
    }
    if let Some(before) = before {
        enable_edited_tasks(tx, flow.id, &before, document)?;
    }
    changed(tx, &flow.name);
    Ok(version)
}

fn new_version<'a>(flow: &Flow, names: &'a Names, document: &'a str, at_ms: i64) -> NewVersion<'a> {
    NewVersion {
        flow_id: flow.id,
        title: names.title.as_deref(),
        steps: names.steps,
        document,
        at_ms,
    }
}

/// The trial of the draft as it is: a new one, unless the newest is of the same document.
fn make_trial(tx: &Tx<'_>, flow: &Flow, at_ms: i64) -> Result<i64, Error> {
    if let Some(version) = flow_versions::last_trial(tx, flow.id, &flow.draft)? {
        flow_versions::set_run(tx, flow.id, version, at_ms)?;
        return Ok(version);
    }
    let names = Names::of(&flow.draft)?;
    let version = flows::next_trial(tx, flow.id)?;
    flow_versions::insert_as(tx, version, &new_version(flow, &names, &flow.draft, at_ms))?;
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
    schedules::replace(tx, flow.id, &[], at_ms)?;
    if let Some(version) = flow.version
        && let Some(published) = flow_versions::document(tx, flow.id, version)?
    {
        endpoint_moves::forget(tx, &parse(&published)?, at_ms)?;
    }
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
