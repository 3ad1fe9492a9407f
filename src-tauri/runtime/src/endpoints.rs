//! The table of endpoints that the receiver looks into, made from what is published.

use std::collections::HashMap;
use std::sync::Arc;

use hookloom_engine::endpoints::{EndpointTable, LiveEndpoint, SharedEndpoints, TokenUrl};
use hookloom_model::FlowId;
use hookloom_model::document::{self, Endpoint, PATH_ROOT, PathPattern};
use hookloom_store::{EndpointTokenRow, PublishedFlow, Store};
use tokio::sync::Mutex;

/// The default workspace's id.
pub(crate) const WORKSPACE: &str = "local";

/// Reads what is published into the table.
pub(crate) struct EndpointReader {
    store: Store,
    table: SharedEndpoints,
    /// Documents are parsed once per version. The lock also keeps an older reading from replacing a newer one.
    parsed: Mutex<Parsed>,
}

/// Endpoints by flow and version.
type Parsed = HashMap<(FlowId, i64), Known>;

/// What of a version matters here.
#[derive(Clone)]
struct Known {
    endpoints: Arc<[Endpoint]>,
    /// Steps whose success answers a sync call.
    responders: Arc<[String]>,
}

impl EndpointReader {
    pub fn new(store: Store) -> Self {
        Self {
            store,
            table: SharedEndpoints::default(),
            parsed: Mutex::default(),
        }
    }

    /// The table that the receiver looks into.
    pub fn table(&self) -> SharedEndpoints {
        Arc::clone(&self.table)
    }

    /// Reads everything again. When it returns the receiver knows it.
    pub async fn reload(&self) -> Result<(), hookloom_store::Error> {
        let mut parsed = self.parsed.lock().await;
        let flows = self.store.published().await?;
        let mut kept = Parsed::with_capacity(flows.len());
        let mut table = EndpointTable::default();
        for flow in flows {
            let key = (flow.id, flow.version);
            let known = match parsed.get(&key) {
                Some(known) => known.clone(),
                None => read(&flow),
            };
            let live = known.endpoints.iter().map(|endpoint| LiveEndpoint {
                endpoint: endpoint.clone(),
                flow_id: flow.id,
                flow_name: flow.name.clone(),
                version: flow.version,
                state: flow.state,
                responders: Arc::clone(&known.responders),
            });
            table.insert_flow(WORKSPACE, &flow.name, live);
            kept.insert(key, known);
        }
        self.insert_urls(&mut table).await?;
        *parsed = kept;
        self.table.store(Arc::new(table));
        Ok(())
    }

    /// What leads to endpoints beside their documents.
    async fn insert_urls(&self, table: &mut EndpointTable) -> Result<(), hookloom_store::Error> {
        for token in self.store.endpoint_tokens().await? {
            let EndpointTokenRow {
                id,
                endpoint,
                name,
                sha256,
                created_at_ms: _,
                last_used_at_ms,
            } = token;
            table.insert_token(sha256, &endpoint, |live| {
                TokenUrl::new(id, name, live, last_used_at_ms)
            });
        }
        for alias in self.store.endpoint_aliases().await? {
            match alias.path.strip_prefix(PATH_ROOT) {
                None => table.insert_alias(&alias.path, &alias.endpoint),
                Some(path) => {
                    // A pattern that was published was sound.
                    if let Ok(pattern) = PathPattern::parse(path) {
                        table.insert_old_path(&pattern, &alias.endpoint);
                    }
                }
            }
        }
        Ok(())
    }
}

fn read(flow: &PublishedFlow) -> Known {
    match document::parse(&flow.document).into_document() {
        Ok(document) => Known {
            responders: document
                .steps
                .iter()
                .filter(|step| step.kind.as_str() == "respond")
                .map(|step| step.name.clone())
                .collect(),
            endpoints: document.endpoints.into(),
        },
        Err(problems) => {
            // It was sound when it was published: another release, or damage. The others go on.
            let problem = problems
                .first()
                .map_or("", |problem| problem.message.as_str());
            tracing::error!(
                flow = flow.name,
                version = flow.version,
                problem,
                "a published document cannot be read"
            );
            Known {
                endpoints: Arc::from([]),
                responders: Arc::from([]),
            }
        }
    }
}
