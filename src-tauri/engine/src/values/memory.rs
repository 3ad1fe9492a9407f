//! The memory of a job as an attempt may ask for it by name: a snapshot of when the attempt began.

use std::sync::Arc;

use async_trait::async_trait;
use hookloom_model::journal::{RecordedError, ValueRef};
use indexmap::IndexMap;
use serde_json::{Map, Value};

use super::job_values::JobValues;
use super::trigger::TriggerMemory;
use super::{Obstacle, trigger};
use crate::ports::{Journal, Memory};
use crate::record;
use crate::state::JobState;

/// The memory of a job at one moment. Values that lie apart are read when they are asked for.
#[derive(Default)]
pub(crate) struct MemorySnapshot {
    values: IndexMap<String, Kept>,
    secret_state: Map<String, Value>,
}

enum Kept {
    Here(Arc<Value>),
    Apart {
        journal: Arc<dyn Journal>,
        id: String,
    },
}

impl JobValues {
    /// Everything that an attempt may ask for by name.
    pub async fn memory_snapshot(&mut self, state: &JobState) -> Result<MemorySnapshot, Obstacle> {
        self.open().await?;
        let mut values = IndexMap::new();
        let flow = Arc::clone(&self.flow);
        if let Some(endpoint) = trigger::endpoint(&flow.document, self.request.as_ref()) {
            let parts = [
                (&endpoint.header_memory, TriggerMemory::Headers),
                (&endpoint.body_memory, TriggerMemory::Body),
                (&endpoint.query_memory, TriggerMemory::Query),
            ];
            for (name, part) in parts {
                if let Some(name) = name.as_ref().filter(|it| !state.memory.contains_key(*it)) {
                    let value = self.trigger_part(part, state).await?;
                    values.insert(name.clone(), Kept::Here(value));
                }
            }
        }
        for (name, value) in &state.memory {
            let kept = match value {
                ValueRef::Inline(value) => Kept::Here(Arc::new(value.clone())),
                ValueRef::Blob { id, .. } => match self.blobs.get(id) {
                    Some((_, value)) => Kept::Here(Arc::clone(value)),
                    None => Kept::Apart {
                        journal: Arc::clone(&self.ports.journal),
                        id: id.clone(),
                    },
                },
            };
            values.insert(name.clone(), kept);
        }
        Ok(MemorySnapshot {
            values,
            secret_state: self.secret_state(),
        })
    }
}

#[async_trait]
impl Memory for MemorySnapshot {
    fn values(&self) -> Vec<(&str, Option<Arc<Value>>)> {
        let value = |kept: &Kept| match kept {
            Kept::Here(value) => Some(Arc::clone(value)),
            Kept::Apart { .. } => None,
        };
        let values = self.values.iter();
        values
            .map(|(name, kept)| (name.as_str(), value(kept)))
            .collect()
    }

    async fn load(&self, name: &str) -> Result<Option<Arc<Value>>, RecordedError> {
        let (journal, id) = match self.values.get(name) {
            None => return Ok(None),
            Some(Kept::Here(value)) => return Ok(Some(Arc::clone(value))),
            Some(Kept::Apart { journal, id }) => (journal, id),
        };
        let wrong = |error: &dyn std::fmt::Display| {
            let message = format!("the memory `{name}` cannot be read: {error}");
            record::error("stored_value", message)
        };
        let text = journal.blob(id).await;
        let text = text.map_err(|error| wrong(&error))?;
        let value: Value = serde_json::from_slice(&text).map_err(|error| wrong(&error))?;
        Ok(Some(Arc::new(value)))
    }

    fn secret_state(&self, name: &str) -> Option<Value> {
        self.secret_state.get(name).cloned()
    }
}
