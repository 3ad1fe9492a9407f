//! The document of a whole workspace, or of some of its flows: what travels from one installation to another.
//!
//! It has no secret values, no tokens, no requests and no jobs: those are a backup's. What stands in a flow, a rule, a
//! view or a setting is read by whoever keeps it; here only the frame is.

use serde_json::{Map, Value, json};

use super::notes::quoted;
use crate::document::{canonical, is_address_name};
use crate::problem::Problem;

/// The version mark that this release reads and writes.
pub const WORKSPACE_FORMAT: &str = "hookloom.workspace/1";
/// Flows of one document.
pub const EXCHANGED_FLOWS_MAX: usize = 1_000;
/// Entries of each other list.
pub const EXCHANGED_ROWS_MAX: usize = 10_000;

const KEYS: [&str; 7] = [
    "format",
    "flows",
    "variables",
    "active_variable_set",
    "alert_rules",
    "views",
    "settings",
];
const FLOW_KEYS: [&str; 3] = ["draft", "published", "switched_off_tasks"];
const VARIABLE_KEYS: [&str; 3] = ["name", "set", "value"];
/// In the place of a published document that is the draft.
const AS_DRAFT: &str = "draft";

/// What travels.
#[derive(Debug, Clone, Default, PartialEq)]
pub struct WorkspaceDocument {
    /// In their order; no name is there twice.
    pub flows: Vec<ExchangedFlow>,
    /// No name is there twice in one set.
    pub variables: Vec<ExchangedVariable>,
    pub active_variable_set: Option<String>,
    /// An object each, with a `name`; none is there twice.
    pub alert_rules: Vec<Value>,
    /// An object each, with a `name`; none is there twice.
    pub views: Vec<Value>,
    /// By the names of the settings.
    pub settings: Map<String, Value>,
}

/// A flow with its draft and what is published of it.
#[derive(Debug, Clone, PartialEq)]
pub struct ExchangedFlow {
    pub name: String,
    /// May end with the `layout` of the canvas.
    pub draft: Value,
    pub published: Option<Value>,
    /// Webhook tasks that were switched off beside the document.
    pub switched_off_tasks: Vec<String>,
}

/// A value of the workspace, in every environment or in one set.
#[derive(Debug, Clone, PartialEq)]
pub struct ExchangedVariable {
    pub name: String,
    pub set: Option<String>,
    pub value: Value,
}

impl WorkspaceDocument {
    /// A document with one draft.
    pub fn of_draft(name: String, draft: Value) -> Self {
        let flow = ExchangedFlow {
            name,
            draft,
            published: None,
            switched_off_tasks: Vec::new(),
        };
        Self {
            flows: vec![flow],
            ..Self::default()
        }
    }

    /// As it is written: keys in a fixed order, two spaces, a newline at the end. Empty parts are left out.
    pub fn to_text(&self) -> String {
        let Self {
            flows,
            variables,
            active_variable_set,
            alert_rules,
            views,
            settings,
        } = self;
        let mut document = Map::new();
        let mut put = |key: &str, value: Value| document.insert(key.to_owned(), value);
        put("format", WORKSPACE_FORMAT.into());
        put("flows", flows.iter().map(ExchangedFlow::to_json).collect());
        if !variables.is_empty() {
            let variables = variables.iter().map(ExchangedVariable::to_json);
            put("variables", variables.collect());
        }
        if let Some(set) = active_variable_set {
            put("active_variable_set", set.as_str().into());
        }
        if !alert_rules.is_empty() {
            put("alert_rules", alert_rules.clone().into());
        }
        if !views.is_empty() {
            put("views", views.clone().into());
        }
        if !settings.is_empty() {
            put("settings", settings.clone().into());
        }
        // A `Value` has only text keys and finite numbers: it can always be written.
        let mut text = serde_json::to_string_pretty(&document).unwrap_or_default();
        text.push('\n');
        text
    }

    /// Reads it.
    ///
    /// # Errors
    /// Everything that is wrong with its frame, each with its place.
    pub fn from_json(document: Value) -> Result<Self, Vec<Problem>> {
        let mut problems = Vec::new();
        let Value::Object(mut fields) = document else {
            return Err(vec![not("", "an object")]);
        };
        unknown_keys(&fields, &KEYS, "", &mut problems);
        let mut list = |key: &str, max: usize, problems: &mut Vec<Problem>| {
            let entries = match fields.shift_remove(key) {
                None => Vec::new(),
                Some(Value::Array(entries)) => entries,
                Some(_) => {
                    problems.push(not(&format!("/{key}"), "a list"));
                    Vec::new()
                }
            };
            if entries.len() > max {
                let message = format!(
                    "this list has {} entries; at most {max} are possible",
                    entries.len()
                );
                problems.push(Problem::error("out_of_range", format!("/{key}"), message));
                return Vec::new();
            }
            entries
        };
        let flows = list("flows", EXCHANGED_FLOWS_MAX, &mut problems);
        let variables = list("variables", EXCHANGED_ROWS_MAX, &mut problems);
        let alert_rules = list("alert_rules", EXCHANGED_ROWS_MAX, &mut problems);
        let views = list("views", EXCHANGED_ROWS_MAX, &mut problems);
        let read = Self {
            flows: each("/flows", flows, ExchangedFlow::from_json, &mut problems),
            variables: each(
                "/variables",
                variables,
                ExchangedVariable::from_json,
                &mut problems,
            ),
            active_variable_set: text(
                fields.shift_remove("active_variable_set"),
                "/active_variable_set",
                &mut problems,
            ),
            alert_rules: each("/alert_rules", alert_rules, named, &mut problems),
            views: each("/views", views, named, &mut problems),
            settings: match fields.shift_remove("settings") {
                None => Map::new(),
                Some(Value::Object(settings)) => settings,
                Some(_) => {
                    problems.push(not("/settings", "an object"));
                    Map::new()
                }
            },
        };
        read.check_names(&mut problems);
        match problems.is_empty() {
            true => Ok(read),
            false => Err(problems),
        }
    }

    /// A name that is there twice would be written twice, the later over the earlier.
    fn check_names(&self, problems: &mut Vec<Problem>) {
        let flows: Vec<String> = self.flows.iter().map(|flow| flow.name.clone()).collect();
        let variables = self.variables.iter();
        let variables = variables.map(|it| match &it.set {
            None => it.name.clone(),
            Some(set) => format!("{} in {set}", it.name),
        });
        let variables: Vec<String> = variables.collect();
        let names = |list: &[Value]| -> Vec<String> { list.iter().map(name_of).collect() };
        let lists = [
            ("flows", flows),
            ("variables", variables),
            ("alert_rules", names(&self.alert_rules)),
            ("views", names(&self.views)),
        ];
        for (key, names) in lists {
            let mut seen = std::collections::BTreeSet::new();
            for (index, name) in names.iter().enumerate() {
                if !seen.insert(name) {
                    let message = format!("{} is there twice", quoted(name));
                    problems.push(Problem::error(
                        "duplicate_name",
                        format!("/{key}/{index}"),
                        message,
                    ));
                }
            }
        }
    }
}

impl ExchangedFlow {
    fn to_json(&self) -> Value {
        let mut flow = Map::new();
        flow.insert("draft".to_owned(), in_order(&self.draft));
        if let Some(published) = &self.published {
            let is_draft = *published == without_layout(&self.draft);
            let published = if is_draft {
                AS_DRAFT.into()
            } else {
                in_order(published)
            };
            flow.insert("published".to_owned(), published);
        }
        if !self.switched_off_tasks.is_empty() {
            let tasks = self.switched_off_tasks.clone();
            flow.insert("switched_off_tasks".to_owned(), tasks.into());
        }
        Value::Object(flow)
    }

    fn from_json(entry: Value, place: &str, problems: &mut Vec<Problem>) -> Option<Self> {
        let mut fields = object(entry, place, problems)?;
        unknown_keys(&fields, &FLOW_KEYS, place, problems);
        let Some(draft) = fields.shift_remove("draft").filter(Value::is_object) else {
            problems.push(not(&format!("{place}/draft"), "a flow document"));
            return None;
        };
        let published = match fields.shift_remove("published") {
            None => None,
            Some(Value::String(text)) if text == AS_DRAFT => Some(without_layout(&draft)),
            Some(document @ Value::Object(_)) => Some(document),
            Some(_) => {
                let place = format!("{place}/published");
                problems.push(not(
                    &place,
                    "a flow document, or \"draft\" if it is the draft",
                ));
                None
            }
        };
        let name = name_of(&draft);
        if !is_address_name(&name) {
            let message = format!("{} cannot be the name of a flow", quoted(&name));
            problems.push(Problem::error(
                "bad_name",
                format!("{place}/draft/name"),
                message,
            ));
            return None;
        }
        if published.as_ref().is_some_and(|it| name_of(it) != name) {
            let message = format!("what is published of {} has another name", quoted(&name));
            problems.push(Problem::error(
                "other_flow",
                format!("{place}/published/name"),
                message,
            ));
        }
        let tasks = fields.shift_remove("switched_off_tasks");
        let place = format!("{place}/switched_off_tasks");
        Some(Self {
            name,
            draft,
            published,
            switched_off_tasks: texts(tasks, &place, problems),
        })
    }
}

impl ExchangedVariable {
    fn to_json(&self) -> Value {
        let Self { name, set, value } = self;
        match set {
            None => json!({"name": name, "value": value}),
            Some(set) => json!({"name": name, "set": set, "value": value}),
        }
    }

    fn from_json(entry: Value, place: &str, problems: &mut Vec<Problem>) -> Option<Self> {
        let mut fields = object(entry, place, problems)?;
        unknown_keys(&fields, &VARIABLE_KEYS, place, problems);
        let name = text(
            fields.shift_remove("name"),
            &format!("{place}/name"),
            problems,
        );
        let set = text(
            fields.shift_remove("set"),
            &format!("{place}/set"),
            problems,
        );
        let value = fields.shift_remove("value");
        let (Some(name), Some(value)) = (name, value) else {
            problems.push(not(place, "a variable with its `name` and `value`"));
            return None;
        };
        Some(Self { name, set, value })
    }
}

/// The text of an entry's `name`; empty if it has none.
fn name_of(entry: &Value) -> String {
    entry["name"].as_str().unwrap_or_default().to_owned()
}

fn without_layout(draft: &Value) -> Value {
    let mut document = draft.clone();
    if let Some(fields) = document.as_object_mut() {
        fields.shift_remove("layout");
    }
    document
}

/// A flow document with its keys in the order of the contract.
fn in_order(document: &Value) -> Value {
    serde_json::from_str(&canonical(document)).unwrap_or_else(|_| document.clone())
}

fn not(place: &str, what: &str) -> Problem {
    Problem::error("wrong_type", place, format!("expected {what}"))
}

fn object(entry: Value, place: &str, problems: &mut Vec<Problem>) -> Option<Map<String, Value>> {
    match entry {
        Value::Object(fields) => Some(fields),
        _ => {
            problems.push(not(place, "an object"));
            None
        }
    }
}

fn named(entry: Value, place: &str, problems: &mut Vec<Problem>) -> Option<Value> {
    if name_of(&entry).is_empty() {
        problems.push(not(place, "an object with a `name`"));
        return None;
    }
    Some(entry)
}

fn text(value: Option<Value>, place: &str, problems: &mut Vec<Problem>) -> Option<String> {
    match value {
        None | Some(Value::Null) => None,
        Some(Value::String(text)) => Some(text),
        Some(_) => {
            problems.push(not(place, "a text"));
            None
        }
    }
}

fn texts(value: Option<Value>, place: &str, problems: &mut Vec<Problem>) -> Vec<String> {
    let Some(Value::Array(items)) = value else {
        if value.is_some() {
            problems.push(not(place, "a list"));
        }
        return Vec::new();
    };
    let texts = items.into_iter().enumerate();
    let texts =
        texts.filter_map(|(index, item)| text(Some(item), &format!("{place}/{index}"), problems));
    texts.collect()
}

fn each<T>(
    place: &str,
    entries: Vec<Value>,
    read: fn(Value, &str, &mut Vec<Problem>) -> Option<T>,
    problems: &mut Vec<Problem>,
) -> Vec<T> {
    let entries = entries.into_iter().enumerate();
    let entries =
        entries.filter_map(|(index, entry)| read(entry, &format!("{place}/{index}"), problems));
    entries.collect()
}

fn unknown_keys(
    fields: &Map<String, Value>,
    known: &[&str],
    place: &str,
    problems: &mut Vec<Problem>,
) {
    for key in fields.keys().filter(|key| !known.contains(&key.as_str())) {
        let message = format!("{} is no key that can stand here", quoted(key));
        let problem = Problem::error("unknown_key", place, message);
        problems.push(problem.with_hint(format!("there are {}", known.join(", "))));
    }
}

#[cfg(test)]
mod tests {
    use super::*;

    fn document() -> Value {
        let draft = json!({"format": "hookloom.flow/1", "name": "a", "title": "New", "steps": [], "layout": {"step:a": {"x": 1.5, "y": 2}}});
        let published = json!({"format": "hookloom.flow/1", "name": "a", "steps": []});
        let same = json!({"format": "hookloom.flow/1", "name": "b", "steps": []});
        json!({
            "format": WORKSPACE_FORMAT,
            "flows": [
                {"draft": draft, "published": published, "switched_off_tasks": ["Tell"]},
                {"draft": same, "published": "draft"},
            ],
            "variables": [{"name": "url", "value": [1, 2.5]}, {"name": "url", "set": "staging", "value": null}],
            "active_variable_set": "staging",
            "alert_rules": [{"name": "errors", "kind": "error_share"}],
            "views": [{"name": "mine", "list": "jobs", "filter": {}}],
            "settings": {"retention": {"days": 3, "bytes_max": null}},
        })
    }

    #[test]
    fn what_is_written_is_read_as_it_was_and_written_again_as_it_is() {
        let read = WorkspaceDocument::from_json(document()).expect("nothing is wrong");
        assert_eq!(read.flows[1].published.as_ref(), Some(&read.flows[1].draft));
        let text = read.to_text();
        let value: Value = serde_json::from_str(&text).expect("JSON");
        assert_eq!(value, document());
        let again = WorkspaceDocument::from_json(value).expect("nothing is wrong");
        assert_eq!(again, read);
        assert_eq!(again.to_text(), text);
    }

    #[test]
    fn everything_that_is_wrong_with_the_frame_is_told_with_its_place() {
        let mut wrong = document();
        wrong["secrets"] = json!([]);
        wrong["flows"][0]["draft"]["name"] = "b".into();
        wrong["flows"][0]["state"] = "live".into();
        wrong["variables"][1]["set"] = Value::Null;
        wrong["views"] = json!({});
        wrong["alert_rules"][0] = json!("errors");
        let problems = WorkspaceDocument::from_json(wrong).expect_err("much is wrong");
        let found = |code: &str, place: &str| {
            problems
                .iter()
                .any(|it| it.code == code && it.place == place)
        };
        assert!(
            found("unknown_key", "") && found("unknown_key", "/flows/0"),
            "{problems:?}"
        );
        assert!(
            found("other_flow", "/flows/0/published/name"),
            "{problems:?}"
        );
        assert!(
            found("duplicate_name", "/flows/1") && found("duplicate_name", "/variables/1"),
            "{problems:?}"
        );
        assert!(
            found("wrong_type", "/views") && found("wrong_type", "/alert_rules/0"),
            "{problems:?}"
        );
    }
}
