//! The graph of a flow version, with names resolved to places: what `decide` walks.
//!
//! Knows nothing of templates or of what steps do.

use hookloom_model::document::{Edge, FlowDocument, Join, Retry};

/// The graph of a flow version.
#[derive(Debug, Clone)]
pub struct Plan {
    /// In the document's order.
    pub steps: Vec<PlannedStep>,
    /// The job's timeout, milliseconds of running.
    pub timeout_ms: i64,
    /// Output names and the places of their steps.
    outputs: Vec<(String, usize)>,
}

/// A step of the graph.
#[derive(Debug, Clone)]
pub struct PlannedStep {
    /// Its name.
    pub name: String,
    /// What it comes after.
    pub edges: Vec<PlannedEdge>,
    /// What several edges mean together.
    pub join: Join,
    /// How a failed attempt is tried again.
    pub retry: Retry,
    /// Of one attempt.
    pub timeout_ms: i64,
}

/// An edge of the graph.
#[derive(Debug, Clone)]
pub struct PlannedEdge {
    /// The place of the step that it comes from.
    pub from: usize,
    /// The exit codes that satisfy it; none is every one.
    pub on: Option<Vec<String>>,
}

impl PlannedEdge {
    /// Whether an end with this exit code satisfies the edge.
    pub fn takes(&self, exit_code: &str) -> bool {
        self.on
            .as_ref()
            .is_none_or(|codes| codes.iter().any(|code| code == exit_code))
    }
}

impl Plan {
    /// Resolves a document's names. An edge from a step that is not there is left out: validation refuses it.
    pub fn new(document: &FlowDocument) -> Self {
        let place = |name: &str| document.steps.iter().position(|step| step.name == name);
        let edge = |edge: &Edge| {
            let every = edge.on.iter().any(|code| code == "*");
            Some(PlannedEdge {
                from: place(&edge.step)?,
                on: (!every).then(|| edge.on.clone()),
            })
        };
        let steps = document.steps.iter().map(|step| PlannedStep {
            name: step.name.clone(),
            edges: step.after.iter().filter_map(edge).collect(),
            join: step.join,
            retry: step.retry.clone(),
            timeout_ms: step.timeout_ms,
        });
        let outputs = document
            .outputs
            .iter()
            .filter_map(|output| Some((output.name.clone(), place(&output.step)?)));
        Self {
            steps: steps.collect(),
            timeout_ms: document.timeout_ms,
            outputs: outputs.collect(),
        }
    }

    /// The place of a step.
    pub fn place(&self, step: &str) -> Option<usize> {
        self.steps.iter().position(|planned| planned.name == step)
    }

    /// Which steps a job needs: all of them, or those that lead to the outputs asked for.
    pub fn needed(&self, outputs: Option<&[String]>) -> Vec<bool> {
        let Some(outputs) = outputs else {
            return vec![true; self.steps.len()];
        };
        let mut needed = vec![false; self.steps.len()];
        let asked = self
            .outputs
            .iter()
            .filter(|(name, _)| outputs.contains(name));
        let mut open: Vec<usize> = asked.map(|(_, place)| *place).collect();
        while let Some(place) = open.pop() {
            if !std::mem::replace(&mut needed[place], true) {
                open.extend(self.steps[place].edges.iter().map(|edge| edge.from));
            }
        }
        needed
    }
}
