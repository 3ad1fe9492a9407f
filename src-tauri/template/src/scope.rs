//! The names that a template can use, and their values.

use indexmap::IndexMap;
use serde_json::Value;
use std::sync::Arc;

/// A name that a template uses: the root and the constant path below it, as far as it is known without evaluating.
#[derive(Debug, Clone, PartialEq, Eq, Hash)]
pub struct Reference {
    /// `steps`, `secrets`, `requestBody`, …
    pub root: String,
    /// `["enrich", "data", "email"]`; shorter where an expression computes the key.
    pub path: Vec<String>,
}

/// The values of root names.
#[derive(Debug, Clone, Default)]
pub struct Scope {
    roots: IndexMap<String, Arc<Value>>,
}

impl Scope {
    /// Gives a root name its value; the later one wins.
    pub fn insert(&mut self, root: impl Into<String>, value: impl Into<Arc<Value>>) {
        self.roots.insert(root.into(), value.into());
    }

    /// The value of a root name.
    pub fn get(&self, root: &str) -> Option<&Arc<Value>> {
        self.roots.get(root)
    }

    /// The root names that have a value.
    pub fn names(&self) -> impl Iterator<Item = &str> {
        self.roots.keys().map(String::as_str)
    }
}
