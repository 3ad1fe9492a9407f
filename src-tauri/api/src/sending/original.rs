//! A stored request as what a new one begins with: its exact body, and the credentials that its record hides.
//!
//! Credentials are put in again only where they belong: into a request to the endpoint that they came to.

use std::collections::HashMap;

use hookloom_engine::ports::Secrets as _;
use hookloom_model::request::{StoredRequest, sealed_headers_context};
use hookloom_sensitive::{MASK, Sensitive};

use crate::error::{Error, ErrorCode};
use crate::failures::OrMissing;
use crate::requests::id_of;
use crate::state::ApiState;

/// Headers that belong to a connection or to a body as it was sent, and not to what is sent now.
const OF_THE_WIRE: [&str; 11] = [
    "host",
    "content-length",
    "content-encoding",
    "transfer-encoding",
    "connection",
    "keep-alive",
    "expect",
    "te",
    "trailer",
    "upgrade",
    "x-forwarded-for",
];

/// A stored request.
pub(super) struct Original {
    pub stored: StoredRequest,
    /// Its credential headers; empty where it came to another endpoint.
    credentials: HashMap<String, Sensitive<String>>,
}

impl Original {
    /// Reads it. What it came with is opened only if it is the endpoint's own.
    pub async fn read(
        state: &ApiState,
        id: &str,
        is_own: impl FnOnce(&StoredRequest) -> bool,
    ) -> Result<Self, Error> {
        let stored = state.store.request(id_of(id)?).await;
        let stored = stored.or_missing(ErrorCode::RequestNotFound)?;
        let mut credentials = HashMap::new();
        if is_own(&stored)
            && let Some(sealed) = &stored.record.sealed_headers
        {
            let key = state.secrets.workspace_key().await?;
            let context = sealed_headers_context(stored.record.id);
            let opened = key.open(sealed, &context).ok();
            let opened: Option<HashMap<String, String>> =
                opened.and_then(|plain| serde_json::from_slice(plain.expose()).ok());
            // What cannot be opened is left out, and that is said.
            let opened = opened.unwrap_or_default().into_iter();
            credentials = opened
                .map(|(name, value)| (name, Sensitive::new(value)))
                .collect();
        }
        Ok(Self {
            stored,
            credentials,
        })
    }

    /// The hidden value of a header.
    pub fn credential(&self, name: &str) -> Option<&Sensitive<String>> {
        self.credentials.get(&name.to_ascii_lowercase())
    }

    /// Path and query as they were stored.
    pub fn target(&self) -> (&str, Option<&str>) {
        let path = self.stored.record.path.as_str();
        match path.split_once('?') {
            Some((path, query)) => (path, Some(query)),
            None => (path, None),
        }
    }
}

/// Whether a header is made anew with every request.
pub(super) fn is_of_the_wire(name: &str) -> bool {
    OF_THE_WIRE
        .into_iter()
        .any(|known| known.eq_ignore_ascii_case(name))
}

/// Whether a part of a value is hidden.
pub(super) fn is_masked(value: &str) -> bool {
    value.contains(MASK)
}
