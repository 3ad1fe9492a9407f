//! What others ask a sound document.

use std::collections::BTreeSet;

use super::graph;
use super::types::{Endpoint, FlowDocument, Step};

impl FlowDocument {
    /// The endpoint with this name.
    pub fn endpoint(&self, name: &str) -> Option<&Endpoint> {
        self.endpoints.iter().find(|endpoint| endpoint.name == name)
    }

    /// The endpoint that a call without an endpoint's name reaches, and whose memory an input fills: the first.
    pub fn default_endpoint(&self) -> Option<&Endpoint> {
        self.endpoints.first()
    }

    /// The step with this name.
    pub fn step(&self, name: &str) -> Option<&Step> {
        self.steps.iter().find(|step| step.name == name)
    }

    /// The steps that a step waits for, also through others.
    pub fn upstream(&self, step: &str) -> BTreeSet<&str> {
        let edges_of = |name: &str| match self.step(name) {
            Some(step) => step.after.iter().map(|edge| edge.step.as_str()).collect(),
            None => Vec::new(),
        };
        graph::upstream(step, &edges_of)
    }
}
