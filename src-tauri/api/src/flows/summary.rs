//! A flow as a row of a list.

use std::borrow::Cow;

use hookloom_model::Severity;
use hookloom_model::document::PathPattern;
use hookloom_store::{self as stored, FlowRecord, OutputRow};
use serde::Serialize;
use serde::de::DeserializeOwned;
use serde_json::Value;
use utoipa::ToSchema;

use super::problems::Looked;
use crate::document::{entries_of, text_of};
use crate::error::Error;
use crate::named::named;
use crate::parts::{EndpointMode, FlowState, JobStatus};
use crate::time::At;

/// The one workspace of a data folder.
pub(crate) const WORKSPACE: &str = "local";

/// A flow as a row of a list.
#[derive(Debug, Clone, Serialize, ToSchema)]
pub struct FlowSummary {
    /// Never reused, and the same after a rename.
    pub id: i64,
    pub name: String,
    /// The name, if the document gives no title.
    pub title: String,
    pub state: FlowState,
    /// The published version that the triggers start.
    pub version: Option<i64>,
    /// Whether the draft differs from the published version.
    pub draft_changed: bool,
    /// Of the published version; of the draft while there is none.
    pub endpoints: Vec<EndpointSummary>,
    pub outputs: Vec<FlowOutput>,
    /// Problems of the draft that stand in the way of publishing.
    pub errors_count: u32,
    /// Problems of the draft that somebody should look at.
    pub warnings_count: u32,
    pub last_job: Option<LastJob>,
    pub updated_at: At,
}

/// An endpoint of a flow.
#[derive(Debug, Clone, PartialEq, Eq, Serialize, ToSchema)]
pub struct EndpointSummary {
    pub name: String,
    pub mode: EndpointMode,
    pub methods: Vec<String>,
    pub auth_kind: AuthKind,
    /// Absolute; where a key belongs it says `YOUR_KEY`.
    pub url: String,
    /// Every URL that leads to it, but for those with a token and old paths. The first is `url`.
    pub urls: Vec<EndpointUrl>,
}

/// A URL of an endpoint.
#[derive(Debug, Clone, PartialEq, Eq, Serialize, ToSchema)]
pub struct EndpointUrl {
    pub kind: EndpointUrlKind,
    /// Absolute; where a key belongs it says `YOUR_KEY`. A path may have parameters in braces.
    pub url: String,
}

named!(
    /// Where a URL of an endpoint comes from: the flow's own, with the endpoint's name, the endpoint's `path`, or the
    /// one whose caller chooses the mode.
    EndpointUrlKind { Flow = "flow", Endpoint = "endpoint", Path = "path", Call = "call" }
);

named!(
    /// How a caller of an endpoint shows who it is.
    AuthKind {
        None = "none", SharedKey = "shared_key", ApiKey = "api_key", Bearer = "bearer", Basic = "basic",
        Jwt = "jwt", Signature = "signature", Ip = "ip", Any = "any", All = "all",
    }
);

/// A named result of a flow.
#[derive(Debug, Clone, PartialEq, Eq, Serialize, ToSchema)]
pub struct FlowOutput {
    /// Never reused, and kept by name over versions and imports.
    pub id: i64,
    pub name: String,
}

/// The job that began last.
#[derive(Debug, Clone, PartialEq, Eq, Serialize, ToSchema)]
pub struct LastJob {
    pub id: i64,
    pub status: JobStatus,
    pub ended_at: Option<At>,
}

impl From<stored::LastJob> for LastJob {
    fn from(job: stored::LastJob) -> Self {
        let stored::LastJob {
            id,
            status,
            ended_at_ms,
        } = job;
        Self {
            id: id.0,
            status: status.into(),
            ended_at: ended_at_ms.map(At::from_ms),
        }
    }
}

impl FlowSummary {
    /// A flow of the store with what was found in its draft.
    pub(super) fn new(
        flow: &FlowRecord,
        draft: &Looked,
        receiver_url: &str,
    ) -> Result<Self, Error> {
        let effective: Cow<'_, Value> = match &flow.published {
            Some(text) if flow.draft_changed() => {
                Cow::Owned(serde_json::from_str(text).map_err(Error::internal)?)
            }
            _ => Cow::Borrowed(draft.json()),
        };
        let count = |severity: Severity| {
            let problems = draft
                .problems
                .iter()
                .filter(|problem| problem.severity == severity);
            u32::try_from(problems.count()).unwrap_or(u32::MAX)
        };
        Ok(Self {
            id: flow.id.0,
            name: flow.name.clone(),
            title: effective["title"].as_str().unwrap_or(&flow.name).to_owned(),
            state: flow.state.into(),
            version: flow.version,
            draft_changed: flow.draft_changed(),
            endpoints: endpoints(&effective, &flow.name, receiver_url),
            outputs: flow
                .outputs
                .iter()
                .map(|OutputRow { id, name }| FlowOutput {
                    id: id.0,
                    name: name.clone(),
                })
                .collect(),
            errors_count: count(Severity::Error),
            warnings_count: count(Severity::Warning),
            last_job: flow.last_job.map(LastJob::from),
            updated_at: At::from_ms(flow.updated_at_ms),
        })
    }
}

/// Read leniently: a draft with problems is shown as well.
fn endpoints(document: &Value, flow: &str, receiver_url: &str) -> Vec<EndpointSummary> {
    let shown = |(place, endpoint): (usize, &Value)| {
        let name = text_of(endpoint, "name").to_owned();
        let auth = &endpoint["auth"];
        let auth_kind = from_name(&auth["kind"]).unwrap_or(AuthKind::None);
        let is_keyed = auth_kind == AuthKind::SharedKey && auth["header"].is_null();
        let key = if is_keyed { "?key=YOUR_KEY" } else { "" };
        let own = |kind, path: String| EndpointUrl {
            kind,
            url: format!("{receiver_url}{path}{key}"),
        };
        let of_flow = format!("/api/webhook/{WORKSPACE}/{flow}");
        let mut urls = Vec::new();
        if place == 0 {
            urls.push(own(EndpointUrlKind::Flow, of_flow.clone()));
        }
        urls.push(own(EndpointUrlKind::Endpoint, format!("{of_flow}/{name}")));
        if let Ok(path) = PathPattern::parse(text_of(endpoint, "path")) {
            urls.push(own(EndpointUrlKind::Path, path.to_string()));
        }
        urls.push(own(EndpointUrlKind::Call, format!("/api/call/{name}")));
        let methods = endpoint["methods"].as_array().map(|methods| {
            methods
                .iter()
                .filter_map(Value::as_str)
                .map(str::to_ascii_uppercase)
                .collect()
        });
        EndpointSummary {
            name,
            mode: from_name(&endpoint["mode"]).unwrap_or(EndpointMode::Async),
            methods: methods.unwrap_or_else(|| vec!["POST".to_owned()]),
            auth_kind,
            url: urls.first().map(|it| it.url.clone()).unwrap_or_default(),
            urls,
        }
    };
    entries_of(document, "endpoints")
        .enumerate()
        .map(shown)
        .collect()
}

fn from_name<T: DeserializeOwned>(name: &Value) -> Option<T> {
    serde_json::from_value(name.clone()).ok()
}

#[cfg(test)]
mod tests {
    use serde_json::json;

    use super::*;

    #[test]
    fn an_endpoint_s_url_has_a_place_for_the_key_and_never_the_key() {
        let document = json!({"endpoints": [
            {"name": "orders", "auth": {"kind": "shared_key", "secret": "k"}},
            {"name": "open", "methods": ["get"], "auth": {"kind": "none"}},
            {"name": "by_header", "auth": {"kind": "shared_key", "secret": "k", "header": "X-Key"}},
        ]});
        let urls: Vec<String> = endpoints(&document, "order_intake", "http://127.0.0.1:4747")
            .into_iter()
            .map(|it| it.url)
            .collect();
        assert_eq!(
            urls,
            [
                "http://127.0.0.1:4747/api/webhook/local/order_intake?key=YOUR_KEY",
                "http://127.0.0.1:4747/api/webhook/local/order_intake/open",
                "http://127.0.0.1:4747/api/webhook/local/order_intake/by_header",
            ]
        );
    }

    #[test]
    fn every_url_of_an_endpoint_is_told_and_a_path_keeps_its_parameters() {
        let document = json!({"endpoints": [
            {"name": "orders", "auth": {"kind": "none"}},
            {"name": "refunds", "auth": {"kind": "shared_key", "secret": "k"}, "path": "refunds/{id}"},
        ]});
        let urls: Vec<Vec<String>> = endpoints(&document, "shop", "https://hooks.example")
            .into_iter()
            .map(|it| it.urls.into_iter().map(|it| it.url).collect())
            .collect();
        assert_eq!(
            urls,
            [
                vec![
                    "https://hooks.example/api/webhook/local/shop",
                    "https://hooks.example/api/webhook/local/shop/orders",
                    "https://hooks.example/api/call/orders",
                ],
                vec![
                    "https://hooks.example/api/webhook/local/shop/refunds?key=YOUR_KEY",
                    "https://hooks.example/in/refunds/{id}?key=YOUR_KEY",
                    "https://hooks.example/api/call/refunds?key=YOUR_KEY",
                ],
            ]
        );
    }
}
