//! `GET /export`

use axum::extract::State;
use hookloom_model::exchange::{
    ExchangedFlow, ExchangedVariable, Note, Notes, WorkspaceDocument, write_curl, write_hooks,
};
use hookloom_sensitive::SHORT_VALUE_CHARS;
use hookloom_store::{Exported, FlowRecord, VariableRow};
use serde::Deserialize;
use serde_json::{Map, Value, json};
use utoipa::IntoParams;

use super::SETTINGS;
use super::shape::{ExportNote, ExportedText};
use crate::answer::Answer;
use crate::error::{Error, ErrorCode};
use crate::flows::Layout;
use crate::identity::CanRead;
use crate::input::Query;
use crate::masked::Masked;
use crate::named::named;
use crate::state::ApiState;

/// The workspace, or some of its flows, as one text. Never has values of secrets, tokens, requests or jobs: those are a
/// backup's.
#[utoipa::path(get, path = "/export", tag = "exchange", security(("bearer" = ["read"])),
    params(ExportQuery),
    responses((status = 200, description = "The text, and what is lost", body = ExportedText)))]
pub(crate) async fn export_workspace(
    _: CanRead,
    State(state): State<ApiState>,
    Query(query): Query<ExportQuery>,
) -> Result<Answer<ExportedText>, Error> {
    let wanted = query.flows.as_deref().map(wanted);
    let mut exported = state.store.exported(SETTINGS).await?;
    if let Some(wanted) = &wanted {
        let has = |name: &&str| exported.flows.iter().any(|flow| flow.name == *name);
        if let Some(missing) = wanted.iter().find(|name| !has(name)) {
            let message = format!("There is no flow named `{missing}`.");
            return Err(Error::not_found(ErrorCode::FlowNotFound, message)
                .hint("`hookloom flow list` shows what there is."));
        }
        exported
            .flows
            .retain(|flow| wanted.contains(&flow.name.as_str()));
    }
    let masked = state.masked();
    let (text, notes, end) = match query.format.unwrap_or(ExportFormat::Workspace) {
        ExportFormat::Workspace => {
            let document = document(exported, wanted.is_none(), &masked)?;
            (document.to_text(), Notes::default(), "workspace.json")
        }
        ExportFormat::Hooks => {
            let documents = active(&exported.flows, &masked)?;
            let (text, notes) = write_hooks(&documents);
            (text, notes, "hooks.json")
        }
        ExportFormat::Curl => {
            let documents = active(&exported.flows, &masked)?;
            let (text, notes) = write_curl(&documents, &state.host.receiver_url());
            (text, notes, "requests.sh")
        }
    };
    let notes = notes.into_vec().into_iter().map(|note| {
        let Note { fate, what, why } = note;
        ExportNote {
            fate: fate.into(),
            what: masked.text(what),
            why,
        }
    });
    let file_name = match wanted.as_deref() {
        Some([one]) => format!("{one}.{end}"),
        _ => format!("hookloom.{end}"),
    };
    Ok(Answer(ExportedText {
        file_name,
        text,
        notes: notes.collect(),
    }))
}

/// What is exported.
#[derive(Debug, Deserialize, IntoParams)]
#[into_params(parameter_in = Query)]
pub struct ExportQuery {
    /// Names of flows, separated by commas; without it the whole workspace.
    pub flows: Option<String>,
    /// Without it `workspace`.
    #[param(inline)]
    pub format: Option<ExportFormat>,
}

named!(
    /// As what: a document of Hookloom, `hooks.json` of adnanh/webhook, or cURL commands.
    ExportFormat { Workspace = "workspace", Hooks = "hooks", Curl = "curl" }
);

fn wanted(names: &str) -> Vec<&str> {
    names
        .split(',')
        .map(str::trim)
        .filter(|name| !name.is_empty())
        .collect()
}

fn parsed(text: &str) -> Result<Value, Error> {
    serde_json::from_str(text).map_err(Error::internal)
}

/// What runs, or would: the published documents, and drafts of flows that were never published.
fn active(flows: &[FlowRecord], masked: &Masked) -> Result<Vec<Value>, Error> {
    let documents = flows.iter().map(|flow| {
        let text = flow.published.as_deref().unwrap_or(&flow.draft);
        parsed(text).map(|document| without_values(document, masked))
    });
    documents.collect()
}

fn document(
    exported: Exported,
    is_whole: bool,
    masked: &Masked,
) -> Result<WorkspaceDocument, Error> {
    let Exported {
        flows,
        variables,
        alert_rules,
        views,
        settings,
    } = exported;
    let flows = flows.into_iter().map(|flow| exchanged(flow, masked));
    let flows = flows.collect::<Result<_, _>>()?;
    if !is_whole {
        return Ok(WorkspaceDocument {
            flows,
            ..WorkspaceDocument::default()
        });
    }
    let clear = |value: Value| without_values(value, masked);
    let variable = |row: VariableRow| ExchangedVariable {
        name: row.name,
        set: row.set,
        value: clear(row.value),
    };
    let rules = alert_rules.into_iter().map(|rule| {
        json!({
            "name": rule.name, "kind": rule.kind.as_str(), "flow": rule.flow, "endpoint": rule.endpoint,
            "threshold": rule.threshold, "window_minutes": rule.window_minutes, "minimum": rule.minimum,
            "is_enabled": rule.is_enabled,
        })
    });
    let views = views.into_iter();
    let views =
        views.map(|view| json!({"name": view.name, "list": view.list, "filter": view.filter}));
    let settings = settings
        .into_iter()
        .map(|(name, text)| Ok((name, parsed(&text)?)));
    Ok(WorkspaceDocument {
        flows,
        variables: variables.rows.into_iter().map(variable).collect(),
        active_variable_set: variables.active_set,
        alert_rules: rules.map(clear).collect(),
        views: views.map(clear).collect(),
        settings: settings.collect::<Result<Map<_, _>, Error>>()?,
    })
}

fn exchanged(flow: FlowRecord, masked: &Masked) -> Result<ExchangedFlow, Error> {
    let mut draft = without_values(parsed(&flow.draft)?, masked);
    if let Some(layout) = &flow.layout {
        Layout::put_into(layout, &mut draft)?;
    }
    let published = flow.published.as_deref().map(parsed).transpose()?;
    let off = flow.tasks.into_iter().filter(|task| !task.enabled);
    Ok(ExchangedFlow {
        name: flow.name,
        draft,
        published: published.map(|published| without_values(published, masked)),
        switched_off_tasks: off.map(|task| task.name).collect(),
    })
}

/// Whatever somebody wrote where a secret's name belongs: its value does not leave the house. Short texts are left alone: a
/// method or a mode may well be what somebody chose as a secret.
fn without_values(value: Value, masked: &Masked) -> Value {
    match value {
        Value::String(text) if text.chars().count() >= SHORT_VALUE_CHARS => {
            Value::String(masked.text(text))
        }
        Value::Array(items) => items
            .into_iter()
            .map(|item| without_values(item, masked))
            .collect(),
        Value::Object(fields) => {
            let fields = fields.into_iter();
            fields
                .map(|(key, field)| (key, without_values(field, masked)))
                .collect()
        }
        other => other,
    }
}
