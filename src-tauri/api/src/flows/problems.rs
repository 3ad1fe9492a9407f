//! Everything that is wrong with a document in this workspace: what reading it finds, what a script worker finds in its
//! code, and what only the workspace knows: secrets that are not set, names of endpoints that are another flow's.

use std::collections::{BTreeMap, BTreeSet};
use std::sync::Arc;

use hookloom_engine::ports::Scripts;
use hookloom_engine::script_problems;
use hookloom_model::Problem;
use hookloom_model::document::GivenJson;
use hookloom_store::FlowRecord;
use serde_json::Value;

use super::reading::{Drafts, Reading};
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
    drafts: Arc<Drafts>,
    scripts: Arc<dyn Scripts>,
}

/// A document and what was found in it.
pub(super) struct Looked {
    pub(super) reading: Arc<Reading>,
    /// All of them. What only this workspace objects to can be mended after an import.
    pub(super) problems: Vec<Problem>,
}

impl Looked {
    pub(super) fn blocks_publish(&self) -> bool {
        self.problems.iter().any(Problem::blocks_publish)
    }

    pub(super) fn json(&self) -> &Value {
        &self.reading.json
    }
}

impl Workspace {
    pub(super) async fn read(state: &ApiState) -> Result<Self, Error> {
        let secrets = state.secrets.list().await?;
        Ok(Self {
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
    pub(super) async fn look_at_given(&self, given: GivenJson, flow: Option<&str>) -> Looked {
        let reading = Arc::new(Reading::of(given));
        let named = reading.name.clone().unwrap_or_default();
        self.look(reading, flow.unwrap_or(&named)).await
    }

    async fn look(&self, reading: Arc<Reading>, flow: &str) -> Looked {
        let mut problems = reading.problems.clone();
        problems.extend(self.endpoint_clashes(&reading.json, flow));
        problems.extend(self.secrets_not_set(&reading));
        let bare = reading.bare_values(&self.masked);
        problems.extend(bare.iter().map(|place| bare_value(place)));
        problems.extend(script_problems(&*self.scripts, &reading.json).await);
        Looked { reading, problems }
    }

    /// Secrets that a document names and nobody has set.
    pub(super) fn missing_secrets(&self, looked: &Looked) -> Vec<String> {
        let named = looked.reading.secrets.iter().map(|(name, _)| name.clone());
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
