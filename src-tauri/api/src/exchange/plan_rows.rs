//! What becomes of variables, alert rules, views and settings of a text. One that this release would not take by its own
//! operation is dropped with that operation's reason.

use std::collections::BTreeMap;

use hookloom_engine::ports::AlertRule;
use hookloom_model::exchange::ExchangedVariable;
use hookloom_store::{BackupSchedule, ImportedVariable, Retention, VariableRow, ViewRow};
use serde_json::{Map, Value};

use super::SETTINGS;
use super::plan::{Planner, free_name};
use super::shape::{Existing, Fate, ImportPart, PartKind};
use crate::alerts::rules as alerts;
use crate::error::Error;
use crate::{backups, storage, variables, views};

const OF_MANY: [Existing; 3] = [Existing::KeepBoth, Existing::Replace, Existing::Skip];
/// Of what there can be only one.
const OF_ONE: [Existing; 2] = [Existing::Replace, Existing::Skip];
const SAME: &str = "It is here already, and is the same.";

impl Planner<'_> {
    pub(super) fn variables(&mut self, given: Vec<ExchangedVariable>, active: Option<String>) {
        let mut sets = Vec::new();
        for variable in given {
            let ExchangedVariable { name, set, value } = variable;
            let set_name = set.as_deref();
            let checked = variables::check_name(&name, "variable");
            let checked = checked.and_then(|()| {
                set_name.map_or(Ok(()), |set| variables::check_name(set, "set of variables"))
            });
            if let Err(error) = checked {
                self.row(
                    PartKind::Variable,
                    &name,
                    set_name,
                    Fate::Dropped,
                    error.to_string(),
                );
                continue;
            }
            sets.extend(set.clone());
            let is_it = |row: &&VariableRow| row.name == name && row.set == set;
            let there = self
                .here
                .rest
                .variables
                .rows
                .iter()
                .find(is_it)
                .map(|row| &row.value);
            let is_same = there.map(|there| *there == value);
            if self.keeps_one(PartKind::Variable, &name, set_name, is_same) {
                self.import
                    .variables
                    .push(ImportedVariable { set, name, value });
            }
        }
        let Some(active) = active else {
            return;
        };
        let kind = PartKind::ActiveVariableSet;
        let there = &self.here.rest.variables;
        let is_known = sets.contains(&active)
            || there
                .rows
                .iter()
                .any(|row| row.set.as_deref() == Some(&active));
        let is_same = there.active_set.as_ref().map(|set| *set == active);
        if !is_known {
            self.row(
                kind,
                &active,
                None,
                Fate::Dropped,
                "There is no variable of this set.".to_owned(),
            );
        } else if self.keeps_one(kind, &active, None, is_same) {
            self.import.active_variable_set = Some(active);
        }
    }

    pub(super) fn alert_rules(&mut self, given: Vec<Value>) {
        let mut names: Vec<String> = self
            .here
            .rest
            .alert_rules
            .iter()
            .map(|rule| rule.name.clone())
            .collect();
        for value in given {
            let name = value["name"].as_str().unwrap_or_default().to_owned();
            let mut rule = match alert_rule(&name, value) {
                Ok(rule) => rule,
                Err(why) => {
                    self.row(PartKind::AlertRule, &name, None, Fate::Dropped, why);
                    continue;
                }
            };
            rule.flow = rule.flow.map(|flow| renamed(&self.renamed_flows, flow));
            rule.endpoint = rule
                .endpoint
                .map(|endpoint| renamed(&self.renamed_endpoints, endpoint));
            let there = self
                .here
                .rest
                .alert_rules
                .iter()
                .find(|there| there.name == name);
            let is_same = there.map(|there| *there == rule);
            if let Some(free) = self.keeps(
                PartKind::AlertRule,
                &name,
                alerts::NAME_CHARS_MAX,
                is_same,
                &mut names,
            ) {
                rule.name = free;
                self.import.alert_rules.push(rule);
            }
        }
    }

    pub(super) fn views(&mut self, given: Vec<Value>) {
        let mut names: Vec<String> = self
            .here
            .rest
            .views
            .iter()
            .map(|view| view.name.clone())
            .collect();
        for value in given {
            let name = value["name"].as_str().unwrap_or_default().to_owned();
            let mut view = match self.view(&name, value) {
                Ok(view) => view,
                Err(why) => {
                    self.row(PartKind::View, &name, None, Fate::Dropped, why);
                    continue;
                }
            };
            let there = self.here.rest.views.iter().find(|there| there.name == name);
            let is_same = there.map(|there| there.list == view.list && there.filter == view.filter);
            if let Some(free) = self.keeps(
                PartKind::View,
                &name,
                views::NAME_CHARS_MAX,
                is_same,
                &mut names,
            ) {
                view.name = free;
                self.import.views.push(view);
            }
        }
    }

    /// What is wrong is told in words only: as the row's reason, whose code is that it is dropped.
    fn view(&self, name: &str, value: Value) -> Result<ViewRow, String> {
        let view: views::ViewToSave =
            serde_json::from_value(value).map_err(|_| not_read("a saved view"))?;
        // The time is that of the write; a plan is the same whenever it is made.
        let mut view =
            views::checked(name.to_owned(), view, 0).map_err(|error| error.to_string())?;
        if let Some(Value::String(flow)) = view.filter.get_mut("flow") {
            *flow = renamed(&self.renamed_flows, std::mem::take(flow));
        }
        Ok(view)
    }

    pub(super) fn settings(&mut self, given: Map<String, Value>) {
        for (name, value) in given {
            let text = match checked_setting(&name, value) {
                Ok(text) => text,
                Err(why) => {
                    self.row(PartKind::Setting, &name, None, Fate::Dropped, why);
                    continue;
                }
            };
            let there = self
                .here
                .rest
                .settings
                .iter()
                .find(|(known, _)| *known == name);
            let is_same = there.map(|(_, there)| *there == text);
            if self.keeps_one(PartKind::Setting, &name, None, is_same) {
                self.import.settings.push((name, text));
            }
        }
    }

    /// Whether a thing is written that there can be only one of. Tells what becomes of it.
    fn keeps_one(
        &mut self,
        kind: PartKind,
        name: &str,
        set: Option<&str>,
        is_same: Option<bool>,
    ) -> bool {
        match is_same {
            None => {
                self.row(kind, name, set, Fate::Kept, String::new());
                true
            }
            Some(true) => {
                self.row(kind, name, set, Fate::Kept, SAME.to_owned());
                false
            }
            Some(false) => {
                let choice = self.choice_of_one(kind, name, set);
                let is_replaced = choice == Existing::Replace;
                let (fate, why) = match is_replaced {
                    true => (Fate::Changed, "It takes the place of the one here."),
                    false => (Fate::Dropped, "Another one is set here, and stays."),
                };
                self.row(kind, name, set, fate, why.to_owned());
                self.chosen(&OF_ONE, choice);
                is_replaced
            }
        }
    }

    /// The name under which a thing is written, if it is. Tells what becomes of it.
    fn keeps(
        &mut self,
        kind: PartKind,
        name: &str,
        chars_max: usize,
        is_same: Option<bool>,
        names: &mut Vec<String>,
    ) -> Option<String> {
        let (fate, why, kept) = match is_same {
            None => (Fate::Kept, String::new(), Some(name.to_owned())),
            Some(true) => (Fate::Kept, SAME.to_owned(), None),
            Some(false) => match self.choice(kind, name, None) {
                Existing::Skip => (
                    Fate::Dropped,
                    "There is one of that name here, and it stays.".to_owned(),
                    None,
                ),
                Existing::Replace => {
                    let why = "It takes the place of the one here.".to_owned();
                    (Fate::Changed, why, Some(name.to_owned()))
                }
                Existing::KeepBoth => {
                    let free = free_name(name, chars_max, |free| {
                        names.iter().any(|name| name == free)
                    });
                    let why =
                        format!("There is one of that name here; this one is called `{free}`.");
                    (Fate::Changed, why, Some(free))
                }
            },
        };
        self.row(kind, name, None, fate, why);
        if is_same == Some(false) {
            let choice = self.choice(kind, name, None);
            self.chosen(&OF_MANY, choice);
        }
        names.extend(kept.clone());
        kept
    }

    fn row(&mut self, kind: PartKind, name: &str, set: Option<&str>, fate: Fate, why: String) {
        self.parts.push(ImportPart {
            kind,
            name: name.to_owned(),
            set: set.map(str::to_owned),
            fate,
            why,
            choices: Vec::new(),
            choice: None,
        });
    }

    /// The part that was told last has a name that is taken.
    fn chosen(&mut self, choices: &[Existing], choice: Existing) {
        if let Some(part) = self.parts.last_mut() {
            part.choices = choices.to_vec();
            part.choice = Some(choice);
        }
    }
}

fn renamed(names: &BTreeMap<String, String>, name: String) -> String {
    names.get(&name).cloned().unwrap_or(name)
}

fn not_read(what: &str) -> String {
    format!("It is not what {what} is made of in this release.")
}

/// What is wrong is told in words, as with a view.
fn alert_rule(name: &str, value: Value) -> Result<AlertRule, String> {
    let rule = serde_json::from_value(value).map_err(|_| not_read("an alert rule"))?;
    alerts::checked(name.to_owned(), rule).map_err(|error| error.to_string())
}

/// As it is kept. What is wrong is told in words, as with a view.
fn checked_setting(name: &str, value: Value) -> Result<String, String> {
    let said = |error: Error| error.to_string();
    let text = match name {
        "retention" => {
            let retention: Retention =
                serde_json::from_value(value).map_err(|_| not_read("the retention"))?;
            storage::check(retention).map_err(said)?;
            serde_json::to_string(&retention)
        }
        "backup_schedule" => {
            let schedule: BackupSchedule =
                serde_json::from_value(value).map_err(|_| not_read("the schedule of backups"))?;
            backups::check(schedule).map_err(said)?;
            serde_json::to_string(&schedule)
        }
        _ => {
            return Err(format!(
                "Only {} travel; the others are a machine's own.",
                SETTINGS.join(" and ")
            ));
        }
    };
    text.map_err(|_| not_read("a setting"))
}
