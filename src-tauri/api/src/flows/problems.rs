//! Everything that is wrong with a document in this workspace: what the model finds in it, and what only the
//! workspace knows: secrets that are not set, names of endpoints that are another flow's.

use std::collections::{BTreeMap, BTreeSet};

use hookloom_model::Problem;
use hookloom_model::document::{Parsed, from_value};
use hookloom_sensitive::SHORT_VALUE_CHARS;
use hookloom_template::{Place, Template};
use serde_json::Value;

use crate::document::{entries_of, text_of};
use crate::error::Error;
use crate::masked::Masked;
use crate::state::ApiState;

/// What a document is looked at against.
pub(super) struct Workspace {
    secrets: BTreeSet<String>,
    /// Published endpoints, and whose they are.
    endpoints: BTreeMap<String, String>,
    masked: Masked,
}

/// A document and what was found in it.
pub(super) struct Looked {
    /// The name that it gives its flow, if that is a name.
    pub(super) name: Option<String>,
    pub(super) json: Value,
    pub(super) problems: Vec<Problem>,
    /// Whether it cannot even be taken in. What only this workspace objects to can be mended after the import.
    pub(super) blocks_import: bool,
}

impl Looked {
    pub(super) fn blocks_publish(&self) -> bool {
        self.problems.iter().any(Problem::blocks_publish)
    }
}

impl Workspace {
    pub(super) async fn read(state: &ApiState) -> Result<Self, Error> {
        let secrets = state.secrets.list().await?;
        let mut endpoints = BTreeMap::new();
        for flow in state.store.published().await? {
            let document: Value = serde_json::from_str(&flow.document).map_err(Error::internal)?;
            for endpoint in entries_of(&document, "endpoints") {
                endpoints.insert(text_of(endpoint, "name").to_owned(), flow.name.clone());
            }
        }
        Ok(Self {
            secrets: secrets.into_iter().map(|row| row.name).collect(),
            endpoints,
            masked: state.masked(),
        })
    }

    /// Looks at a document that is kept.
    pub(super) fn look_at(&self, text: &str, flow: &str) -> Result<Looked, Error> {
        let document = serde_json::from_str(text).map_err(Error::internal)?;
        Ok(self.look_at_value(document, Some(flow)))
    }

    /// Looks at a document. `flow` is the flow that it belongs to, where that is not the one that it names.
    pub(super) fn look_at_value(&self, document: Value, flow: Option<&str>) -> Looked {
        let parsed = from_value(document);
        let flow = flow
            .or(parsed.name.as_deref())
            .unwrap_or_default()
            .to_owned();
        let blocks_import = parsed.blocks_import();
        let clashes = self.endpoint_clashes(&parsed.json, &flow);
        let missing = self.secrets_not_set(&parsed.json);
        let bare = self.values_of_secrets(&parsed.json);
        let Parsed {
            name,
            json,
            mut problems,
            title: _,
            document: _,
        } = parsed;
        problems.extend(clashes);
        problems.extend(missing);
        problems.extend(bare);
        Looked {
            name,
            json,
            problems,
            blocks_import,
        }
    }

    /// Secrets that a document names and nobody has set.
    pub(super) fn missing_secrets(&self, document: &Value) -> Vec<String> {
        let named = secret_names_in(document).into_iter().map(|(name, _)| name);
        let missing: BTreeSet<String> = named.filter(|name| !self.secrets.contains(name)).collect();
        missing.into_iter().collect()
    }

    /// Whether an endpoint of that name is another flow's.
    pub(super) fn is_endpoint_taken(&self, endpoint: &str, flow: &str) -> bool {
        self.endpoints
            .get(endpoint)
            .is_some_and(|owner| owner != flow)
    }

    fn endpoint_clashes(&self, document: &Value, flow: &str) -> Vec<Problem> {
        let mut problems = Vec::new();
        for (place, endpoint) in entries_of(document, "endpoints").enumerate() {
            let name = text_of(endpoint, "name");
            if self.is_endpoint_taken(name, flow) {
                let owner = &self.endpoints[name];
                let problem = Problem::error(
                    "endpoint_taken",
                    format!("/endpoints/{place}/name"),
                    format!("The endpoint name `{name}` belongs to the flow `{owner}` already."),
                );
                problems.push(problem.with_hint(
                    "Names of endpoints are unique in the workspace: choose another one.",
                ));
            }
        }
        problems
    }

    /// Short texts are left alone: a method or a mode may well be what somebody chose as a secret.
    fn values_of_secrets(&self, document: &Value) -> Vec<Problem> {
        let mut problems = Vec::new();
        for_each_text(document, &mut |_, place, text| {
            if text.chars().count() >= SHORT_VALUE_CHARS && self.masked.hides(text) {
                problems.push(bare_value(place.to_owned()));
            }
        });
        problems
    }

    fn secrets_not_set(&self, document: &Value) -> Vec<Problem> {
        let missing = secret_names_in(document)
            .into_iter()
            .filter(|(name, _)| !self.secrets.contains(name));
        let problem = |(name, place): (String, String)| {
            Problem::warning(
                "secret_missing",
                place,
                format!("The secret `{name}` is not set yet."),
            )
            .with_hint(format!(
                "Set it under Secrets, or with `hookloom secret set {name}`."
            ))
        };
        missing.map(problem).collect()
    }
}

/// A text that is a secret's value itself, where the document should name the secret.
fn bare_value(place: String) -> Problem {
    let message =
        "This text holds the value of a secret, and everybody who gets the document gets it.";
    Problem::warning("secret_value", place, message)
        .with_hint("Write `{{secrets.NAME}}` there instead, and give the secret a new value.")
}

/// The secrets that a document names, each with the place: as a `secret`, or in a template.
pub(crate) fn secret_names_in(document: &Value) -> Vec<(String, String)> {
    let mut found = Vec::new();
    for_each_text(document, &mut |key, place, text| {
        if key == "secret" {
            found.push((text.to_owned(), place.to_owned()));
        } else if !PLAIN.contains(&key) && text.contains("secrets") {
            // What does not parse is a problem of its own.
            let template = Template::parse_task_body(text, Place::Text);
            let references = template
                .as_ref()
                .map(Template::references)
                .unwrap_or_default();
            let names = references.iter().filter(|used| used.root == "secrets");
            for name in names.filter_map(|used| used.path.first()) {
                found.push((name.clone(), place.to_owned()));
            }
        }
    });
    found
}

/// Texts that are no templates.
const PLAIN: [&str; 4] = ["title", "description", "code", "name"];

/// Every text of a document with its key (empty in a list) and its place.
fn for_each_text(document: &Value, see: &mut impl FnMut(&str, &str, &str)) {
    walk(document, "", &mut String::new(), see);
}

fn walk(value: &Value, key: &str, place: &mut String, see: &mut impl FnMut(&str, &str, &str)) {
    let mut below = |name: &str, inner: &Value, see: &mut _| {
        let before = place.len();
        place.push('/');
        place.push_str(&name.replace('~', "~0").replace('/', "~1"));
        let key = if value.is_object() { name } else { "" };
        walk(inner, key, place, see);
        place.truncate(before);
    };
    match value {
        Value::Object(fields) => {
            for (name, field) in fields {
                below(name, field, see);
            }
        }
        Value::Array(items) => {
            for (index, item) in items.iter().enumerate() {
                below(&index.to_string(), item, see);
            }
        }
        Value::String(text) => see(key, place, text),
        Value::Null | Value::Bool(_) | Value::Number(_) => {}
    }
}

#[cfg(test)]
mod tests {
    use hookloom_sensitive::Masker;
    use serde_json::json;

    use super::*;

    fn document() -> Value {
        json!({
            "name": "order_intake",
            "description": "never {{secrets.in_words}}",
            "endpoints": [{"name": "orders", "auth": {"kind": "shared_key", "secret": "orders_key"}}],
            "steps": [{"name": "ship", "kind": "http", "headers": {"a/b": "Bearer {{secrets.shop_token}}"}}],
            "webhook_tasks": [{"url": "https://x.example/{{secrets.slack_path | path}}", "secret": "slack_signing"}],
        })
    }

    #[test]
    fn secrets_are_found_by_name_and_in_templates_with_their_places() {
        let found = secret_names_in(&document());
        let expected = [
            ("orders_key", "/endpoints/0/auth/secret"),
            ("shop_token", "/steps/0/headers/a~1b"),
            ("slack_path", "/webhook_tasks/0/url"),
            ("slack_signing", "/webhook_tasks/0/secret"),
        ];
        let expected: Vec<_> = expected
            .map(|(name, place)| (name.to_owned(), place.to_owned()))
            .into();
        assert_eq!(found, expected);
    }

    #[test]
    fn a_secret_s_value_in_a_document_is_warned_of_at_its_place() {
        let mut document = document();
        document["steps"][0]["headers"]["X-Key"] = "Bearer hunter2hunter2".into();
        document["steps"][0]["method"] = "POST".into();
        let workspace = Workspace {
            secrets: BTreeSet::new(),
            endpoints: BTreeMap::new(),
            masked: Masked::new(Masker::new(["hunter2hunter2", "POST"]).into()),
        };
        let places: Vec<_> = workspace
            .values_of_secrets(&document)
            .into_iter()
            .map(|problem| problem.place)
            .collect();
        assert_eq!(places, ["/steps/0/headers/X-Key"]);
    }

    #[test]
    fn a_secret_that_is_not_set_is_a_warning_and_a_taken_endpoint_an_error() {
        let workspace = Workspace {
            secrets: ["orders_key", "shop_token", "slack_path"]
                .map(str::to_owned)
                .into(),
            endpoints: [("orders".to_owned(), "other".to_owned())].into(),
            masked: Masked::default(),
        };
        let looked = workspace.look_at_value(document(), Some("order_intake"));
        let ours: Vec<_> = looked
            .problems
            .iter()
            .filter(|problem| ["endpoint_taken", "secret_missing"].contains(&problem.code.as_str()))
            .map(|problem| (problem.code.as_str(), problem.blocks_publish()))
            .collect();
        assert_eq!(ours, [("endpoint_taken", true), ("secret_missing", false)]);
        assert_eq!(workspace.missing_secrets(&document()), ["slack_signing"]);
        assert!(!workspace.is_endpoint_taken("orders", "other"));
    }
}
