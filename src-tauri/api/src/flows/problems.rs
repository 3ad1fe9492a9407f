//! Everything that is wrong with a document in this workspace: what reading it finds, what a script worker finds in its
//! code, and what only the workspace knows: secrets that are not set, names of endpoints that are another flow's.

use std::collections::{BTreeMap, BTreeSet};
use std::sync::Arc;

use hookloom_engine::ports::Scripts;
use hookloom_engine::script_problems;
use hookloom_model::Problem;
use hookloom_model::document::{GivenJson, PathPattern};
use hookloom_store::FlowRecord;
use serde_json::Value;

use super::reading::{Drafts, Reading};
use crate::document::{entries_of, text_of};
use crate::error::Error;
use crate::masked::Masked;
use crate::state::ApiState;

/// What a document is looked at against.
pub(crate) struct Workspace {
    secrets: BTreeSet<String>,
    /// Published endpoints, and whose they are.
    endpoints: BTreeMap<String, String>,
    paths: Vec<PublishedPath>,
    masked: Masked,
    drafts: Arc<Drafts>,
    scripts: Arc<dyn Scripts>,
}

/// A path of a user's own that an endpoint of a published flow has.
struct PublishedPath {
    path: PathPattern,
    methods: Vec<String>,
    flow: String,
    endpoint: String,
}

impl PublishedPath {
    fn of(endpoint: &Value, flow: &str) -> Option<Self> {
        let methods = endpoint["methods"].as_array().map(|methods| {
            let methods = methods.iter().filter_map(Value::as_str);
            methods.map(str::to_owned).collect()
        });
        Some(Self {
            path: PathPattern::parse(endpoint["path"].as_str()?).ok()?,
            methods: methods.unwrap_or_else(|| vec!["POST".to_owned()]),
            flow: flow.to_owned(),
            endpoint: text_of(endpoint, "name").to_owned(),
        })
    }

    /// A method that both take at the same path.
    fn shared_method(&self, other: &Self) -> Option<&str> {
        if !self.path.means_the_same_as(&other.path) {
            return None;
        }
        let mut methods = self.methods.iter();
        methods
            .find(|method| other.methods.contains(method))
            .map(String::as_str)
    }
}

/// A document and what was found in it.
pub(crate) struct Looked {
    pub(super) reading: Arc<Reading>,
    /// All of them. What only this workspace objects to can be mended after an import.
    pub(crate) problems: Vec<Problem>,
}

impl Looked {
    pub(super) fn blocks_publish(&self) -> bool {
        self.problems.iter().any(Problem::blocks_publish)
    }

    /// What stands in the way of publishing it: the first of it, as a sentence.
    pub(crate) fn blocking(&self) -> Option<&str> {
        let mut problems = self.problems.iter();
        let first = problems.find(|problem| problem.blocks_publish())?;
        Some(&first.message)
    }

    pub(crate) fn json(&self) -> &Value {
        &self.reading.json
    }

    /// What requests may reach inside by this document: whoever takes it in from elsewhere is told.
    pub(crate) fn inner_note(&self) -> Option<String> {
        let inner = self.json()["inner_destinations"].as_array()?;
        let inner: Vec<&str> = inner.iter().filter_map(Value::as_str).collect();
        (!inner.is_empty()).then(|| {
            format!(
                "Requests may make the flow call these places in your networks (`inner_destinations`): {}.",
                inner.join(", ")
            )
        })
    }
}

impl Workspace {
    pub(crate) async fn read(state: &ApiState) -> Result<Self, Error> {
        let secrets = state.secrets.list().await?;
        let mut paths = Vec::new();
        for flow in state.store.published().await? {
            if !flow.document.contains("\"path\"") {
                continue;
            }
            let document: Value = serde_json::from_str(&flow.document).map_err(Error::internal)?;
            let endpoints = entries_of(&document, "endpoints");
            paths.extend(endpoints.filter_map(|it| PublishedPath::of(it, &flow.name)));
        }
        Ok(Self {
            paths,
            secrets: secrets.into_iter().map(|row| row.name).collect(),
            endpoints: state.store.endpoint_owners().await?.into_iter().collect(),
            masked: state.masked(),
            drafts: Arc::clone(&state.drafts),
            scripts: Arc::clone(&state.scripts),
        })
    }

    /// Looks at the draft of a flow.
    pub(super) async fn look_at_draft(&self, flow: &FlowRecord) -> Result<Looked, Error> {
        Ok(self.look(self.drafts.read(flow)?, &flow.name).await)
    }

    /// Looks at a version's document.
    pub(super) async fn look_at(&self, text: &str, flow: &str) -> Result<Looked, Error> {
        Ok(self.look(Arc::new(Reading::of_text(text)?), flow).await)
    }

    /// Looks at a document that somebody gave. `flow` is the flow that it belongs to, where that is not the one that it
    /// names.
    pub(crate) async fn look_at_given(&self, given: GivenJson, flow: Option<&str>) -> Looked {
        let reading = Arc::new(Reading::of(given));
        let named = reading.name.clone().unwrap_or_default();
        self.look(reading, flow.unwrap_or(&named)).await
    }

    async fn look(&self, reading: Arc<Reading>, flow: &str) -> Looked {
        let mut problems = reading.problems.clone();
        problems.extend(self.endpoint_clashes(&reading.json, flow));
        problems.extend(self.path_clashes(&reading.json, flow));
        problems.extend(self.secrets_not_set(&reading));
        let bare = reading.bare_values(&self.masked);
        problems.extend(bare.iter().map(|place| bare_value(place)));
        problems.extend(script_problems(&*self.scripts, &reading.json).await);
        // They quote what stands in the document.
        for problem in &mut problems {
            problem.message = self.masked.text(std::mem::take(&mut problem.message));
            problem.hint = problem.hint.take().map(|hint| self.masked.text(hint));
        }
        Looked { reading, problems }
    }

    /// Secrets that a document names and nobody has set.
    pub(crate) fn missing_secrets(&self, looked: &Looked) -> Vec<String> {
        let named = looked.reading.secrets.iter().map(|(name, _)| name.clone());
        let missing: BTreeSet<String> = named.filter(|name| !self.secrets.contains(name)).collect();
        missing.into_iter().collect()
    }

    /// Whether an endpoint of that name is another flow's.
    pub(crate) fn is_endpoint_taken(&self, endpoint: &str, flow: &str) -> bool {
        self.owner_of_endpoint(endpoint, flow).is_some()
    }

    /// The other flow that has an endpoint of that name.
    pub(crate) fn owner_of_endpoint(&self, endpoint: &str, flow: &str) -> Option<&str> {
        let owner = self.endpoints.get(endpoint)?;
        (owner != flow).then_some(owner)
    }

    /// The flow that has the path of an endpoint, for one of its methods.
    pub(crate) fn owner_of_path(&self, endpoint: &Value, flow: &str) -> Option<&str> {
        let path = PublishedPath::of(endpoint, flow)?;
        let mut others = self.paths.iter().filter(|other| other.flow != flow);
        let owner = others.find(|other| path.shared_method(other).is_some())?;
        Some(&owner.flow)
    }

    /// Takes a document for published, beside what is: others may not clash with it.
    pub(crate) fn add(&mut self, document: &Value, flow: &str) {
        for endpoint in entries_of(document, "endpoints") {
            let name = text_of(endpoint, "name").to_owned();
            self.endpoints.insert(name, flow.to_owned());
            self.paths.extend(PublishedPath::of(endpoint, flow));
        }
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

    /// Paths that an endpoint of another flow, or one before it in the document, has with the same method.
    fn path_clashes(&self, document: &Value, flow: &str) -> Vec<Problem> {
        let mut problems = Vec::new();
        let mut own: Vec<PublishedPath> = Vec::new();
        for (place, endpoint) in entries_of(document, "endpoints").enumerate() {
            let Some(path) = PublishedPath::of(endpoint, flow) else {
                continue;
            };
            let others = self.paths.iter().filter(|other| other.flow != flow);
            let clash = others
                .chain(&own)
                .find_map(|other| Some((path.shared_method(other)?, other)));
            if let Some((method, other)) = clash {
                let problem = Problem::error(
                    "path_taken",
                    format!("/endpoints/{place}/path"),
                    format!(
                        "{method} {} belongs to the endpoint `{}` of the flow `{}` already.",
                        path.path, other.endpoint, other.flow
                    ),
                );
                problems.push(problem.with_hint("Choose another path, or other methods."));
            }
            own.push(path);
        }
        problems
    }

    fn secrets_not_set<'r>(&'r self, reading: &'r Reading) -> impl Iterator<Item = Problem> + 'r {
        let named = reading.secrets.iter();
        let missing = named.filter(|(name, _)| !self.secrets.contains(name));
        missing.map(|(name, place)| {
            Problem::warning(
                "secret_missing",
                place,
                format!("The secret `{name}` is not set yet."),
            )
            .with_hint(format!(
                "Set it under Secrets, or with `hookloom secret set {name}`."
            ))
        })
    }
}

/// A text that is a secret's value itself, where the document should name the secret.
fn bare_value(place: &str) -> Problem {
    let message =
        "This text holds the value of a secret, and everybody who gets the document gets it.";
    Problem::warning("secret_value", place, message)
        .with_hint("Write `{{secrets.NAME}}` there instead, and give the secret a new value.")
}

#[cfg(test)]
mod tests {
    use serde_json::json;

    use super::*;
    use crate::testing::TestScripts;

    #[test]
    fn a_path_that_another_flow_has_is_an_error_that_names_it() {
        let endpoint = |name: &str, path: &str, method: &str| json!({"name": name, "path": path, "methods": [method], "auth": {"kind": "none"}});
        let other = endpoint("theirs", "/in/orders/{id}", "POST");
        let workspace = Workspace {
            secrets: BTreeSet::new(),
            endpoints: BTreeMap::new(),
            paths: PublishedPath::of(&other, "other").into_iter().collect(),
            masked: Masked::default(),
            drafts: Arc::default(),
            scripts: Arc::new(TestScripts),
        };
        let found = |endpoints: Value, flow: &str| -> Vec<(String, String)> {
            let problems = workspace.path_clashes(&json!({"endpoints": endpoints}), flow);
            problems
                .into_iter()
                .map(|problem| (problem.place, problem.message))
                .collect()
        };
        let clash = found(json!([endpoint("ours", "orders/{order}", "POST")]), "ours");
        let message =
            "POST /in/orders/{order} belongs to the endpoint `theirs` of the flow `other` already.";
        assert_eq!(
            clash,
            [("/endpoints/0/path".to_owned(), message.to_owned())]
        );
        assert!(found(json!([endpoint("ours", "orders/{order}", "PUT")]), "ours").is_empty());
        assert!(found(json!([other]), "other").is_empty(), "it is its own");
        let twice = json!([endpoint("a", "x", "GET"), endpoint("b", "/in/x", "GET")]);
        assert_eq!(found(twice, "ours").len(), 1);
    }

    #[tokio::test]
    async fn a_secret_that_is_not_set_is_a_warning_and_a_taken_endpoint_an_error() {
        let document = json!({
            "name": "order_intake",
            "endpoints": [{"name": "orders", "auth": {"kind": "shared_key", "secret": "orders_key"}}],
            "webhook_tasks": [{"url": "https://x.example/", "secret": "slack_signing"}],
        });
        let workspace = Workspace {
            secrets: [String::from("orders_key")].into(),
            endpoints: [("orders".to_owned(), "other".to_owned())].into(),
            paths: Vec::new(),
            masked: Masked::default(),
            drafts: Arc::default(),
            scripts: Arc::new(TestScripts),
        };
        let looked = workspace
            .look_at_given(document.into(), Some("order_intake"))
            .await;
        let ours: Vec<_> = looked
            .problems
            .iter()
            .filter(|problem| ["endpoint_taken", "secret_missing"].contains(&problem.code.as_str()))
            .map(|problem| (problem.code.as_str(), problem.blocks_publish()))
            .collect();
        assert_eq!(ours, [("endpoint_taken", true), ("secret_missing", false)]);
        assert_eq!(workspace.missing_secrets(&looked), ["slack_signing"]);
        assert!(!workspace.is_endpoint_taken("orders", "other"));
    }
}
