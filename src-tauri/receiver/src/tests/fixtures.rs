//! Endpoints and ports to test with.

use std::sync::Arc;

use hookloom_engine::endpoints::{EndpointTable, LiveEndpoint};
use hookloom_model::document::{
    Auth, BODY_BYTES_MAX_DEFAULT, Endpoint, Mode, SYNC_TIMEOUT_MS_DEFAULT,
};
use hookloom_model::{FlowId, FlowState};

/// An endpoint of the live flow `intake` that takes POST and wants the shared key `orders_key`.
pub(crate) fn live_endpoint(name: &str) -> LiveEndpoint {
    LiveEndpoint {
        endpoint: Endpoint {
            name: name.to_owned(),
            path: None,
            methods: vec!["POST".to_owned()],
            mode: Mode::Async,
            modes_allowed: vec![Mode::Async],
            sync_timeout_ms: SYNC_TIMEOUT_MS_DEFAULT,
            auth: Auth::SharedKey {
                secret: "orders_key".to_owned(),
                header: None,
                previous: None,
            },
            handshake: None,
            header_memory: None,
            body_memory: None,
            query_memory: None,
            credential_headers: Vec::new(),
            content_types: None,
            body_bytes_max: BODY_BYTES_MAX_DEFAULT,
            requests_per_minute_max: None,
            idempotency_key: None,
            schema: None,
            allowed_origins: None,
            response: None,
            off_response: None,
        },
        flow_id: FlowId(7),
        flow_name: "intake".to_owned(),
        version: 3,
        state: FlowState::Live,
        responders: Arc::from(["reply".to_owned()]),
    }
}

/// A table with one flow: `local/intake`.
pub(crate) fn table_of(endpoints: impl IntoIterator<Item = LiveEndpoint>) -> EndpointTable {
    let mut table = EndpointTable::default();
    table.insert_flow("local", "intake", endpoints);
    table
}
