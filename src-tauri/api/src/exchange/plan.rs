//! What an import would do to this workspace, decided before anything is written: a preview shows it, an import does it.

use std::collections::{BTreeMap, BTreeSet};

use hookloom_model::exchange::{self, Incoming, Unreadable};
use hookloom_store::{Exported, FlowRecord, Import};
use http::StatusCode;
use sha2::{Digest, Sha256};

use super::SETTINGS;
use super::shape::{Existing, Fate, ImportPart, ImportReport, ImportText, MissingSecret, PartKind};
use crate::alerts::rules::RULES_MAX;
use crate::error::{Error, ErrorCode};
use crate::flows::Workspace;
use crate::state::ApiState;
use crate::views::VIEWS_MAX;

/// What would be written, and what is said of it.
pub(super) struct Plan {
    pub(super) import: Import,
    pub(super) report: ImportReport,
}

/// What the parts are planned with.
pub(super) struct Planner<'s> {
    pub(super) state: &'s ApiState,
    pub(super) here: Here,
    pub(super) workspace: Workspace,
    pub(super) asked: &'s ImportText,
    pub(super) import: Import,
    pub(super) parts: Vec<ImportPart>,
    /// Names that flows and endpoints of the text get here, where those are others.
    pub(super) renamed_flows: BTreeMap<String, String>,
    pub(super) renamed_endpoints: BTreeMap<String, String>,
    pub(super) missing_secrets: BTreeMap<String, BTreeSet<String>>,
}

/// What is there already.
pub(super) struct Here {
    pub(super) flows: BTreeMap<String, FlowRecord>,
    pub(super) rest: Exported,
}

impl Here {
    async fn read(state: &ApiState) -> Result<Self, Error> {
        let mut rest = state.store.exported(SETTINGS).await?;
        let flows = std::mem::take(&mut rest.flows).into_iter();
        Ok(Self {
            flows: flows.map(|flow| (flow.name.clone(), flow)).collect(),
            rest,
        })
    }
}

/// Plans an import.
pub(super) async fn plan(state: &ApiState, asked: &ImportText) -> Result<Plan, Error> {
    let name = file_stem(&asked.name);
    let Incoming {
        format,
        document,
        notes,
    } = exchange::read(&asked.text, name).map_err(unreadable)?;
    let mut planner = Planner {
        state,
        here: Here::read(state).await?,
        workspace: Workspace::read(state).await?,
        asked,
        import: Import {
            alert_rules_max: RULES_MAX,
            views_max: VIEWS_MAX,
            ..Import::default()
        },
        parts: Vec::new(),
        renamed_flows: BTreeMap::new(),
        renamed_endpoints: BTreeMap::new(),
        missing_secrets: BTreeMap::new(),
    };
    planner.flows(document.flows).await?;
    planner.variables(document.variables, document.active_variable_set);
    planner.alert_rules(document.alert_rules);
    planner.views(document.views);
    planner.settings(document.settings);
    for note in notes.into_vec() {
        planner.tell(PartKind::Other, &note.what, note.fate.into(), note.why);
    }
    Ok(planner.finish(format))
}

/// `/tmp/shop.har` is `shop`.
fn file_stem(name: &str) -> &str {
    let name = name.rsplit(['/', '\\']).next().unwrap_or_default();
    name.split('.').next().unwrap_or_default()
}

fn unreadable(why: Unreadable) -> Error {
    let Unreadable {
        message,
        hint,
        problems,
    } = why;
    Error::new(
        StatusCode::UNPROCESSABLE_ENTITY,
        ErrorCode::ImportUnreadable,
        message,
    )
    .hint(hint)
    .problems(problems.into_iter().map(Into::into).collect())
}

impl Planner<'_> {
    /// What was chosen for a name that is taken.
    pub(super) fn choice(&self, kind: PartKind, name: &str, set: Option<&str>) -> Existing {
        let mut choices = self.asked.choices.iter();
        let chosen =
            choices.find(|it| it.kind == kind && it.name == name && it.set.as_deref() == set);
        chosen.map_or(self.asked.existing, |it| it.existing)
    }

    /// The same where there can be no second one: who wants both keeps what is there.
    pub(super) fn choice_of_one(&self, kind: PartKind, name: &str, set: Option<&str>) -> Existing {
        match self.choice(kind, name, set) {
            Existing::Replace => Existing::Replace,
            Existing::KeepBoth | Existing::Skip => Existing::Skip,
        }
    }

    /// A part whose name is free.
    pub(super) fn tell(&mut self, kind: PartKind, name: &str, fate: Fate, why: impl Into<String>) {
        self.parts.push(ImportPart {
            kind,
            name: name.to_owned(),
            set: None,
            fate,
            why: why.into(),
            choices: Vec::new(),
            choice: None,
        });
    }

    fn finish(self, format: exchange::Format) -> Plan {
        let masked = self.state.masked();
        let parts = self.parts.into_iter().map(|part| ImportPart {
            name: masked.text(part.name),
            why: masked.text(part.why),
            ..part
        });
        let parts: Vec<ImportPart> = parts.collect();
        let missing = self.missing_secrets.into_iter();
        let missing = missing.map(|(name, flows)| MissingSecret {
            name,
            flows: flows.into_iter().collect(),
        });
        let flows = self
            .import
            .flows
            .iter()
            .map(|flow| flow.name.clone())
            .collect();
        let report = ImportReport {
            format: format.into(),
            plan: fingerprint(&self.import),
            parts,
            flows,
            missing_secrets: missing.collect(),
        };
        Plan {
            import: self.import,
            report,
        }
    }
}

/// Everything that would be written has a part in it, also what it would take the place of.
fn fingerprint(import: &Import) -> String {
    hex::encode(Sha256::digest(format!("{import:?}")))
}

/// A name like this one that none of the others is.
pub(super) fn free_name(name: &str, chars_max: usize, is_taken: impl Fn(&str) -> bool) -> String {
    let mut number = 2_u64;
    loop {
        let end = format!("_{number}");
        let begin: String = name.chars().take(chars_max - end.len()).collect();
        let free = format!("{begin}{end}");
        if !is_taken(&free) {
            return free;
        }
        number += 1;
    }
}
