//! The endpoints that can be reached now: a snapshot that is replaced as a whole when a flow is published,
//! switched, renamed or deleted.
//!
//! It knows no URL scheme and no HTTP: the receiver turns paths into the names that are looked up here.

use std::collections::HashMap;
use std::sync::Arc;

use arc_swap::ArcSwap;
use hookloom_model::document::Endpoint;
use hookloom_model::{FlowId, FlowState};

/// The current table, shared by the one who publishes and the one who receives.
pub type SharedEndpoints = Arc<ArcSwap<EndpointTable>>;

/// Every endpoint of every published flow, by the names in its URL.
#[derive(Debug, Clone, Default)]
pub struct EndpointTable {
    workspaces: HashMap<String, HashMap<String, FlowEndpoints>>,
}

/// An endpoint of a published version.
#[derive(Debug, Clone, PartialEq)]
pub struct LiveEndpoint {
    /// What the document says.
    pub endpoint: Endpoint,
    /// Whose endpoint.
    pub flow_id: FlowId,
    /// The flow's name today.
    pub flow_name: String,
    /// The published version that its jobs are pinned to.
    pub version: i64,
    /// Requests of a flow that is not live are recorded and begin nothing.
    pub state: FlowState,
    /// The flow's steps whose success answers a sync call.
    pub responders: Arc<[String]>,
}

#[derive(Debug, Clone)]
struct FlowEndpoints {
    default: Arc<LiveEndpoint>,
    by_name: HashMap<String, Arc<LiveEndpoint>>,
}

impl EndpointTable {
    /// Takes in the endpoints of one flow, in the order of its document; the first one is the default.
    /// A flow without endpoints is not in the table.
    pub fn insert_flow(
        &mut self,
        workspace: &str,
        flow: &str,
        endpoints: impl IntoIterator<Item = LiveEndpoint>,
    ) {
        let endpoints: Vec<Arc<LiveEndpoint>> = endpoints.into_iter().map(Arc::new).collect();
        let flows = self.workspaces.entry(workspace.to_owned()).or_default();
        match endpoints.first().cloned() {
            Some(default) => {
                let by_name = endpoints
                    .into_iter()
                    .map(|live| (live.endpoint.name.clone(), live))
                    .collect();
                flows.insert(flow.to_owned(), FlowEndpoints { default, by_name });
            }
            None => {
                flows.remove(flow);
            }
        }
    }

    /// The endpoint that a flow's URL without an endpoint name means.
    pub fn default_of(&self, workspace: &str, flow: &str) -> Option<&Arc<LiveEndpoint>> {
        self.flow(workspace, flow).map(|flow| &flow.default)
    }

    /// An endpoint by its own name.
    pub fn named(&self, workspace: &str, flow: &str, endpoint: &str) -> Option<&Arc<LiveEndpoint>> {
        self.flow(workspace, flow)?.by_name.get(endpoint)
    }

    /// Every endpoint, in no order.
    pub fn iter(&self) -> impl Iterator<Item = &Arc<LiveEndpoint>> {
        self.workspaces
            .values()
            .flat_map(HashMap::values)
            .flat_map(|flow| flow.by_name.values())
    }

    fn flow(&self, workspace: &str, flow: &str) -> Option<&FlowEndpoints> {
        self.workspaces.get(workspace)?.get(flow)
    }
}

#[cfg(test)]
mod tests {
    use hookloom_model::document::{Auth, Mode, SYNC_TIMEOUT_MS_DEFAULT};

    use super::*;

    fn live(name: &str) -> LiveEndpoint {
        LiveEndpoint {
            endpoint: Endpoint {
                name: name.to_owned(),
                methods: vec!["POST".to_owned()],
                mode: Mode::Async,
                modes_allowed: vec![Mode::Async],
                sync_timeout_ms: SYNC_TIMEOUT_MS_DEFAULT,
                auth: Auth::None,
                header_memory: None,
                body_memory: None,
                query_memory: None,
                credential_headers: Vec::new(),
                content_types: None,
                body_bytes_max: 1,
                requests_per_minute_max: None,
                idempotency_key: None,
                schema: None,
            },
            flow_id: FlowId(1),
            flow_name: "intake".to_owned(),
            version: 1,
            state: FlowState::Live,
            responders: Arc::default(),
        }
    }

    #[test]
    fn the_first_endpoint_of_a_document_is_the_default() {
        let mut table = EndpointTable::default();
        table.insert_flow("local", "intake", [live("orders"), live("refunds")]);
        let default = table.default_of("local", "intake").expect("a default");
        assert_eq!(default.endpoint.name, "orders");
        let named = table
            .named("local", "intake", "refunds")
            .expect("found by its name");
        assert_eq!(named.endpoint.name, "refunds");
        assert_eq!(table.iter().count(), 2);
    }

    #[test]
    fn a_flow_without_endpoints_cannot_be_reached() {
        let mut table = EndpointTable::default();
        table.insert_flow("local", "intake", [live("orders")]);
        table.insert_flow("local", "intake", []);
        assert!(table.default_of("local", "intake").is_none());
        assert!(table.named("other", "intake", "orders").is_none());
    }
}
