//! What a commit changed: cache tags for the control API. Published after the commit, never before.

use hookloom_model::{DeliveryId, JobId, RequestId};

/// How many batches a slow listener may lag behind before it is told to read everything again.
pub(crate) const CHANGES_KEPT_MAX: usize = 1024;

/// What the commits of one batch changed.
#[derive(Debug, Clone, PartialEq, Eq)]
pub struct Change {
    /// Each once, in the order of the first change.
    pub tags: Vec<Tag>,
}

/// A list or a thing whose copies are stale now.
#[derive(Debug, Clone, PartialEq, Eq, Hash)]
pub enum Tag {
    /// The list of jobs.
    Jobs,
    /// One job: its state, its journal, its deliveries.
    Job(JobId),
    /// The list of requests.
    Requests,
    /// One request.
    Request(RequestId),
    /// The list of deliveries.
    Deliveries,
    /// One delivery and its attempts.
    Delivery(DeliveryId),
    /// The list of flows.
    Flows,
    /// One flow, by name: its draft, versions, state or tasks.
    Flow(String),
    /// The names of the secrets.
    Secrets,
    /// The workspace's variables.
    Variables,
    /// The access tokens.
    Tokens,
    /// The saved views.
    Views,
    /// The alerts and their rules.
    Alerts,
    /// What is known of newer releases.
    Updates,
}
