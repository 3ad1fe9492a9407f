//! The endpoints that can be reached now: a snapshot that is replaced as a whole when a flow is published,
//! switched, renamed or deleted.
//!
//! It knows no URL scheme and no HTTP: the receiver turns paths into the names that are looked up here.

mod paths;

use std::collections::HashMap;
use std::sync::Arc;
use std::sync::atomic::{AtomicI64, Ordering};

use arc_swap::ArcSwap;
use hookloom_model::document::{Endpoint, PathPattern};
use hookloom_model::{FlowId, FlowState};
use serde_json::{Map, Value};

use self::paths::PathTree;

/// The current table, shared by the one who publishes and the one who receives.
pub type SharedEndpoints = Arc<ArcSwap<EndpointTable>>;

/// Every endpoint of every published flow, by the names in its URL.
#[derive(Debug, Clone, Default)]
pub struct EndpointTable {
    workspaces: HashMap<String, HashMap<String, FlowEndpoints>>,
    /// By name alone: names of endpoints are unique.
    endpoints: HashMap<String, Arc<LiveEndpoint>>,
    paths: PathTree<Arc<LiveEndpoint>>,
    old_paths: PathTree<Arc<LiveEndpoint>>,
    /// Old paths without parameters, whole.
    aliases: HashMap<String, Arc<LiveEndpoint>>,
    /// By the SHA-256 of the token: what a lookup takes says nothing of the token.
    tokens: HashMap<[u8; 32], Arc<TokenUrl>>,
}

/// A URL with a token, which leads to an endpoint.
#[derive(Debug)]
pub struct TokenUrl {
    /// The token's id.
    pub id: i64,
    /// What the user calls it.
    pub name: String,
    /// Where it leads.
    pub live: Arc<LiveEndpoint>,
    /// The last use that was noted, Unix milliseconds.
    noted_at_ms: AtomicI64,
}

/// A token's last use is told to this many milliseconds: not every call is worth a commit.
const TOKEN_USE_EVERY_MS: i64 = 60_000;

impl TokenUrl {
    /// A URL of a token that was used last at this time.
    pub fn new(id: i64, name: String, live: Arc<LiveEndpoint>, used_at_ms: Option<i64>) -> Self {
        Self {
            id,
            name,
            live,
            noted_at_ms: AtomicI64::new(used_at_ms.unwrap_or(i64::MIN)),
        }
    }

    /// It is used now. Whether that is to be noted: once a minute at most.
    pub fn is_used(&self, now_ms: i64) -> bool {
        let noted_at_ms = self.noted_at_ms.load(Ordering::Relaxed);
        now_ms.saturating_sub(noted_at_ms) >= TOKEN_USE_EVERY_MS
            && self
                .noted_at_ms
                .compare_exchange(noted_at_ms, now_ms, Ordering::Relaxed, Ordering::Relaxed)
                .is_ok()
    }
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
    /// A flow without endpoints is not in the table. Each flow is taken in once.
    pub fn insert_flow(
        &mut self,
        workspace: &str,
        flow: &str,
        endpoints: impl IntoIterator<Item = LiveEndpoint>,
    ) {
        let endpoints: Vec<Arc<LiveEndpoint>> = endpoints.into_iter().map(Arc::new).collect();
        let flows = self.workspaces.entry(workspace.to_owned()).or_default();
        if let Some(default) = endpoints.first().cloned() {
            for live in &endpoints {
                let name = live.endpoint.name.clone();
                self.endpoints.insert(name, Arc::clone(live));
                if let Some(path) = &live.endpoint.path {
                    self.paths.insert(path, Arc::clone(live));
                }
            }
            let by_name = endpoints
                .into_iter()
                .map(|live| (live.endpoint.name.clone(), live))
                .collect();
            flows.insert(flow.to_owned(), FlowEndpoints { default, by_name });
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

    /// An endpoint by its name alone.
    pub fn by_name(&self, endpoint: &str) -> Option<&Arc<LiveEndpoint>> {
        self.endpoints.get(endpoint)
    }

    /// A URL by the SHA-256 of its token.
    pub fn by_token(&self, sha256: &[u8; 32]) -> Option<&Arc<TokenUrl>> {
        self.tokens.get(sha256)
    }

    /// The endpoints that have this path of a user's own, with its parameters; else those that had it once.
    pub fn at_path(&self, segments: &[&str]) -> Vec<(&Arc<LiveEndpoint>, Map<String, Value>)> {
        let now = self.paths.find(segments);
        match now.is_empty() {
            true => self.old_paths.find(segments),
            false => now,
        }
    }

    /// The endpoint that had this path once.
    pub fn at_alias(&self, path: &str) -> Option<&Arc<LiveEndpoint>> {
        self.aliases.get(path)
    }

    /// A token leads to an endpoint. One of an endpoint that is not live leads nowhere.
    pub fn insert_token(
        &mut self,
        sha256: [u8; 32],
        endpoint: &str,
        token: impl FnOnce(Arc<LiveEndpoint>) -> TokenUrl,
    ) {
        if let Some(live) = self.endpoints.get(endpoint) {
            self.tokens
                .insert(sha256, Arc::new(token(Arc::clone(live))));
        }
    }

    /// An old path of the user's own leads to an endpoint.
    pub fn insert_old_path(&mut self, path: &PathPattern, endpoint: &str) {
        if let Some(live) = self.endpoints.get(endpoint) {
            self.old_paths.insert(path, Arc::clone(live));
        }
    }

    /// Another old path leads to an endpoint.
    pub fn insert_alias(&mut self, path: &str, endpoint: &str) {
        if let Some(live) = self.endpoints.get(endpoint) {
            self.aliases.insert(path.to_owned(), Arc::clone(live));
        }
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
                path: None,
                methods: vec!["POST".to_owned()],
                mode: Mode::Async,
                modes_allowed: vec![Mode::Async],
                sync_timeout_ms: SYNC_TIMEOUT_MS_DEFAULT,
                auth: Auth::None,
                handshake: None,
                header_memory: None,
                body_memory: None,
                query_memory: None,
                credential_headers: Vec::new(),
                content_types: None,
                body_bytes_max: 1,
                requests_per_minute_max: None,
                idempotency_key: None,
                schema: None,
                allowed_origins: None,
                response: None,
                off_response: None,
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
        table.insert_flow("local", "intake", []);
        assert!(table.default_of("local", "intake").is_none());
        assert!(table.named("other", "intake", "orders").is_none());
    }

    #[test]
    fn a_token_leads_to_a_live_endpoint_and_its_use_is_noted_once_a_minute() {
        let mut table = EndpointTable::default();
        table.insert_flow("local", "intake", [live("orders")]);
        for (n, endpoint) in [(1, "orders"), (2, "gone")] {
            table.insert_token([n; 32], endpoint, |live| {
                TokenUrl::new(7, "shop".into(), live, None)
            });
        }
        assert!(table.by_token(&[2; 32]).is_none());
        let url = table.by_token(&[1; 32]).expect("it leads there");
        assert_eq!(url.live.endpoint.name, "orders");
        let noted: Vec<bool> = [0, 1, 59_999, 60_000, 60_001]
            .into_iter()
            .map(|at_ms| url.is_used(at_ms))
            .collect();
        assert_eq!(noted, [true, false, false, true, false]);
    }

    #[test]
    fn a_path_of_today_goes_before_an_old_one() {
        let path = |text| PathPattern::parse(text).expect("a path");
        let mut orders = live("orders");
        orders.endpoint.path = Some(path("orders/{id}"));
        let mut table = EndpointTable::default();
        table.insert_flow("local", "intake", [orders, live("refunds")]);
        table.insert_old_path(&path("orders/{id}"), "refunds");
        table.insert_old_path(&path("back/{id}"), "refunds");
        let names = |segments: &[&str]| -> Vec<String> {
            let found = table.at_path(segments).into_iter();
            found.map(|(live, _)| live.endpoint.name.clone()).collect()
        };
        assert_eq!(names(&["orders", "7"]), ["orders"]);
        assert_eq!(names(&["back", "7"]), ["refunds"]);
        assert!(names(&["other"]).is_empty());
    }
}
