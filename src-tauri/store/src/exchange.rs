//! Everything that an import brings, in one write; and everything that an export takes, in one snapshot. Which names are
//! taken, and what becomes of those, was decided before; what changed since then refuses the whole of it.

use hookloom_engine::ports::AlertRule;
use hookloom_model::FlowState;
use serde_json::Value;

use crate::change::Tag;
use crate::document::Names;
use crate::error::Error;
use crate::flow_changes::{check_etag, create, publish, set_draft};
use crate::flows::{FlowRecord, record};
use crate::store::Store;
use crate::table::variables::VariableRows;
use crate::table::views::ViewRow;
use crate::table::{alert_rules, flows, settings, variables, views, webhook_tasks};
use crate::tx::Tx;

/// Why a webhook task of an imported flow is off.
const SWITCHED_OFF: &str = "it was switched off where it was exported";

/// What an import writes: all of it or nothing.
#[derive(Debug, Clone, Default)]
pub struct Import {
    pub flows: Vec<ImportedFlow>,
    pub variables: Vec<ImportedVariable>,
    /// The set of variables that counts from then on; none leaves it as it is.
    pub active_variable_set: Option<String>,
    pub alert_rules: Vec<AlertRule>,
    pub views: Vec<ViewRow>,
    /// Names and JSON texts.
    pub settings: Vec<(String, String)>,
    /// There are never more rules than this.
    pub alert_rules_max: usize,
    /// There are never more views than this.
    pub views_max: usize,
}

/// A flow that an import brings.
#[derive(Debug, Clone)]
pub struct ImportedFlow {
    pub name: String,
    pub draft: String,
    /// The text of a JSON object.
    pub layout: Option<String>,
    pub kept: KeptAs,
}

/// What it is to the workspace.
#[derive(Debug, Clone)]
pub enum KeptAs {
    /// A flow of its own, which is off. Refused if there is one of that name by now.
    New {
        /// Becomes its first version.
        published: Option<String>,
        /// Webhook tasks that stay off when the flow goes live.
        switched_off_tasks: Vec<String>,
    },
    /// The draft of the flow of that name. What is published of it stays.
    Draft {
        /// The draft that it takes the place of; refused if that is another one by now.
        base_etag: String,
    },
}

/// A variable that an import brings.
#[derive(Debug, Clone)]
pub struct ImportedVariable {
    pub set: Option<String>,
    pub name: String,
    pub value: Value,
}

/// What an export takes.
#[derive(Debug, Clone)]
pub struct Exported {
    pub flows: Vec<FlowRecord>,
    pub variables: VariableRows,
    pub alert_rules: Vec<AlertRule>,
    pub views: Vec<ViewRow>,
    /// Names and JSON texts of the settings that were asked for and are set.
    pub settings: Vec<(String, String)>,
}

impl Store {
    /// Writes an import. Nothing of it runs: new flows are off, and drafts of others are drafts.
    pub async fn import(&self, import: Import, at_ms: i64) -> Result<(), Error> {
        let written = self
            .write("import", move |tx| write(tx, &import, at_ms))
            .await;
        self.cache().forget_variables();
        written
    }

    /// What there is to export, with the settings of these names.
    pub async fn exported(&self, names: &'static [&'static str]) -> Result<Exported, Error> {
        self.read(move |conn| {
            let mut set = Vec::new();
            for name in names {
                let text = settings::get(conn, name)?;
                set.extend(text.map(|text| ((*name).to_owned(), text)));
            }
            let rows = flows::all(conn)?.into_iter();
            Ok(Exported {
                flows: rows
                    .map(|flow| record(conn, flow))
                    .collect::<Result<_, _>>()?,
                variables: variables::list(conn)?,
                alert_rules: alert_rules::list(conn)?,
                views: views::list(conn)?,
                settings: set,
            })
        })
        .await
    }
}

fn write(tx: &Tx<'_>, import: &Import, at_ms: i64) -> Result<(), Error> {
    for flow in &import.flows {
        write_flow(tx, flow, at_ms)?;
    }
    for ImportedVariable { set, name, value } in &import.variables {
        variables::put(tx, set.as_deref(), name, value, at_ms)?;
    }
    if let Some(set) = &import.active_variable_set {
        variables::activate(tx, Some(set))?;
    }
    for rule in &import.alert_rules {
        if !alert_rules::put(tx, rule, import.alert_rules_max)? {
            return Err(too_many("alert rules", import.alert_rules_max));
        }
    }
    for view in &import.views {
        if !views::put(tx, view, import.views_max)? {
            return Err(too_many("saved views", import.views_max));
        }
    }
    for (name, text) in &import.settings {
        settings::set(tx, name, text)?;
    }
    tx.changed([Tag::Flows, Tag::Variables, Tag::Views, Tag::Alerts]);
    Ok(())
}

fn write_flow(tx: &Tx<'_>, import: &ImportedFlow, at_ms: i64) -> Result<(), Error> {
    let ImportedFlow {
        name,
        draft,
        layout,
        kept,
    } = import;
    let names = Names::of(draft)?;
    let there = flows::by_name(tx, name)?;
    match kept {
        KeptAs::New { .. } if there.is_some() => {
            return Err(Error::FlowExists { flow: name.clone() });
        }
        KeptAs::New { .. } => create(tx, name, draft, &names, at_ms)?,
        KeptAs::Draft { base_etag } => {
            let flow = there.ok_or_else(|| Error::not_found(format!("a flow named `{name}`")))?;
            check_etag(&flow, base_etag)?;
            set_draft(tx, &flow, draft, &names, at_ms)?;
        }
    }
    let flow = flows::named(tx, name)?;
    if let Some(layout) = layout {
        flows::set_layout(tx, flow.id, layout)?;
    }
    let KeptAs::New {
        published,
        switched_off_tasks,
    } = kept
    else {
        return Ok(());
    };
    if let Some(published) = published {
        publish(tx, &flow, published, Some(FlowState::Off), at_ms)?;
    }
    for task in switched_off_tasks {
        if let Some(task) = webhook_tasks::by_name(tx, flow.id, task)? {
            webhook_tasks::disable(tx, task.id, SWITCHED_OFF)?;
        }
    }
    Ok(())
}

fn too_many(what: &'static str, max: usize) -> Error {
    Error::TooMany { what, max }
}
