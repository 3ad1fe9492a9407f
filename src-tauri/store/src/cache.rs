//! What every job asks for: documents of flow versions, which never change, and the workspace's variables.

use std::collections::HashMap;
use std::sync::Arc;

use hookloom_model::FlowId;
use parking_lot::RwLock;
use serde_json::{Map, Value};

/// Documents kept in memory; beyond, the cache begins anew.
const DOCUMENTS_KEPT_MAX: usize = 256;

/// Copies of rows that many reads ask for.
#[derive(Default)]
pub(crate) struct Cache {
    documents: RwLock<HashMap<(FlowId, i64), Arc<str>>>,
    variables: RwLock<Variables>,
}

#[derive(Default)]
struct Variables {
    known: Option<Map<String, Value>>,
    /// Counts the changes: a read that began before one must not put back what it saw.
    changes: u64,
}

impl Cache {
    pub(crate) fn document(&self, flow_id: FlowId, version: i64) -> Option<Arc<str>> {
        self.documents.read().get(&(flow_id, version)).cloned()
    }

    pub(crate) fn keep_document(&self, flow_id: FlowId, version: i64, document: &Arc<str>) {
        let mut documents = self.documents.write();
        if documents.len() >= DOCUMENTS_KEPT_MAX {
            documents.clear();
        }
        documents.insert((flow_id, version), Arc::clone(document));
    }

    /// The variables if they are known, and the mark to keep them with if not.
    pub(crate) fn variables(&self) -> Result<Map<String, Value>, u64> {
        let variables = self.variables.read();
        variables.known.clone().ok_or(variables.changes)
    }

    pub(crate) fn keep_variables(&self, mark: u64, known: &Map<String, Value>) {
        let mut variables = self.variables.write();
        if variables.changes == mark {
            variables.known = Some(known.clone());
        }
    }

    /// After the commit of a change.
    pub(crate) fn forget_variables(&self) {
        let mut variables = self.variables.write();
        variables.changes += 1;
        variables.known = None;
    }
}
