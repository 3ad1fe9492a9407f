//! Live updates: what changed, as cache tags, and for lists the changed row.
//!
//! Says that something changed, never what it was before. A listener that lags is told to read everything again.

use std::collections::BTreeSet;
use std::convert::Infallible;
use std::fmt::Display;
use std::pin::Pin;
use std::time::Duration;

use axum::extract::State;
use axum::response::sse::{Event, KeepAlive, Sse};
use axum::response::{IntoResponse, Response};
use futures::{Stream, StreamExt};
use hookloom_model::{DeliveryId, JobId, RequestId};
use hookloom_secrets::VaultState;
use hookloom_store::{Change, Tag};
use serde::Serialize;
use tokio::sync::broadcast::Receiver;
use tokio::sync::broadcast::error::{RecvError, TryRecvError};
use tokio::sync::watch;
use tokio::time::Instant;
use utoipa::ToSchema;

use crate::deliveries::Delivery;
use crate::error::Error;
use crate::identity::CanRead;
use crate::jobs::JobSummary;
use crate::requests::RequestSummary;
use crate::state::ApiState;

/// Two messages are at least this far apart.
const BETWEEN_MS: u64 = 100;
/// A change waits this long for others, so that what happens together is told together.
const GATHER_MS: u64 = 5;
/// A quiet stream has a comment this often, so that both sides notice when the other one is gone.
const HEARTBEAT_MS: u64 = 15_000;
/// Of a list with more changed rows than this, only the tag is told.
const ROWS_MAX: usize = 50;
/// More changed things of one kind than this are told as all of that kind.
const THINGS_MAX: usize = 500;

/// Server-sent events named `change`, at most ten a second, with a comment as a heartbeat every 15 seconds.
#[utoipa::path(get, path = "/events", tag = "events", security(("bearer" = ["read"])),
    responses((status = 200, description = "The data of each event", body = EventMessage,
        content_type = "text/event-stream")))]
pub(crate) async fn stream_events(
    CanRead(caller): CanRead,
    State(state): State<ApiState>,
) -> Result<Response, Error> {
    let watched = state.clone();
    let messages = events(&state).take_while(move |message| {
        let (state, caller) = (watched.clone(), caller.clone());
        let tokens_changed = message.tags.iter().any(|tag| tag == "tokens");
        // A token that is revoked ends what it opened.
        async move {
            !tokens_changed
                || state
                    .tokens
                    .are_still_good(&caller, state.clock.now_ms())
                    .await
        }
    });
    let events = messages.map(|message| {
        let event = Event::default().event("change").json_data(message);
        Ok::<_, Infallible>(event.unwrap_or_default())
    });
    let heartbeat = KeepAlive::new()
        .interval(Duration::from_millis(HEARTBEAT_MS))
        .text("alive");
    Ok(Sse::new(events).keep_alive(heartbeat).into_response())
}

/// What changed since the last message.
#[derive(Debug, Clone, Serialize, ToSchema)]
pub struct EventMessage {
    /// What a cache has to drop: `jobs`, `job:17`, `requests`, `request:mqr_…`, `deliveries`, `delivery:dlv_…`,
    /// `flows`, `flow:NAME`, `secrets`, `variables`, `tokens`, `views`, `alerts`, `updates`, `status`. `job`, `request`,
    /// `delivery` and `flow` alone mean all of them: too much changed to name each.
    pub tags: Vec<String>,
    /// Rows that changed, to be put into lists in place: of a list either all of them, or none.
    pub rows: Vec<ChangedRow>,
}

/// A row that changed, and the list that it belongs to.
#[derive(Debug, Clone, Serialize, ToSchema)]
#[serde(tag = "list")]
pub enum ChangedRow {
    #[serde(rename = "jobs")]
    Jobs { row: Box<JobSummary> },
    #[serde(rename = "requests")]
    Requests { row: Box<RequestSummary> },
    #[serde(rename = "deliveries")]
    Deliveries { row: Box<Delivery> },
}

/// Everything that changes from now on, until the process stops. For listeners in this process.
pub fn events(state: &ApiState) -> Pin<Box<dyn Stream<Item = EventMessage> + Send>> {
    let listening = Listening {
        changes: state.store.changes(),
        vault: state.secrets.watch(),
        listeners: state.host.watch_listeners(),
        state: state.clone(),
        not_before: Instant::now(),
    };
    let messages = futures::stream::unfold(listening, |mut listening| async {
        let message = listening.next().await?;
        Some((message, listening))
    });
    Box::pin(messages.take_until(state.stopping.clone().cancelled_owned()))
}

struct Listening {
    state: ApiState,
    changes: Receiver<Change>,
    vault: watch::Receiver<VaultState>,
    listeners: Option<watch::Receiver<()>>,
    not_before: Instant,
}

impl Listening {
    async fn next(&mut self) -> Option<EventMessage> {
        let mut gathered = Gathered::default();
        tokio::select! {
            change = self.changes.recv() => gathered.add_received(change)?,
            () = changed(&mut self.listeners) => {}
            changed = self.vault.changed() => changed.ok()?,
        }
        let soon = Instant::now() + Duration::from_millis(GATHER_MS);
        tokio::time::sleep_until(soon.max(self.not_before)).await;
        loop {
            match self.changes.try_recv() {
                Ok(change) => gathered.add(change),
                Err(TryRecvError::Lagged(_)) => gathered.lost = true,
                Err(TryRecvError::Empty | TryRecvError::Closed) => break,
            }
        }
        self.not_before = Instant::now() + Duration::from_millis(BETWEEN_MS);
        Some(gathered.into_message(&self.state).await)
    }
}

/// Waits for the next change; for ever, where there are none.
async fn changed(watched: &mut Option<watch::Receiver<()>>) {
    if let Some(watched) = watched
        && watched.changed().await.is_ok()
    {
        return;
    }
    std::future::pending().await
}

/// What changed since the last message, each thing once.
#[derive(Default)]
struct Gathered {
    /// Changes were missed: everything may have changed.
    lost: bool,
    lists: BTreeSet<&'static str>,
    flows: BTreeSet<String>,
    jobs: BTreeSet<JobId>,
    requests: BTreeSet<RequestId>,
    deliveries: BTreeSet<DeliveryId>,
}

/// Every list there is.
const LISTS: [&str; 9] = [
    "jobs",
    "requests",
    "deliveries",
    "flows",
    "secrets",
    "variables",
    "tokens",
    "views",
    "alerts",
];

impl Gathered {
    /// None: there will be no more.
    fn add_received(&mut self, change: Result<Change, RecvError>) -> Option<()> {
        match change {
            Ok(change) => self.add(change),
            Err(RecvError::Lagged(_)) => self.lost = true,
            Err(RecvError::Closed) => return None,
        }
        Some(())
    }

    fn add(&mut self, Change { tags }: Change) {
        for tag in tags {
            match tag {
                Tag::Jobs => _ = self.lists.insert("jobs"),
                Tag::Job(id) => _ = self.jobs.insert(id),
                Tag::Requests => _ = self.lists.insert("requests"),
                Tag::Request(id) => _ = self.requests.insert(id),
                Tag::Deliveries => _ = self.lists.insert("deliveries"),
                Tag::Delivery(id) => _ = self.deliveries.insert(id),
                Tag::Flows => _ = self.lists.insert("flows"),
                Tag::Flow(name) => _ = self.flows.insert(name),
                Tag::Secrets => _ = self.lists.insert("secrets"),
                Tag::Variables => _ = self.lists.insert("variables"),
                Tag::Tokens => _ = self.lists.insert("tokens"),
                Tag::Views => _ = self.lists.insert("views"),
                Tag::Alerts => _ = self.lists.insert("alerts"),
                Tag::Updates => _ = self.lists.insert("updates"),
            }
        }
    }

    fn tags(&self) -> Vec<String> {
        let lists: Vec<&str> = if self.lost {
            LISTS.to_vec()
        } else {
            self.lists.iter().copied().collect()
        };
        let mut tags: Vec<String> = lists.into_iter().map(str::to_owned).collect();
        self.name_each("flow", &self.flows, &mut tags);
        self.name_each("job", &self.jobs, &mut tags);
        self.name_each("request", &self.requests, &mut tags);
        self.name_each("delivery", &self.deliveries, &mut tags);
        tags.push("status".to_owned());
        tags
    }

    fn name_each<T: Display>(&self, kind: &str, things: &BTreeSet<T>, tags: &mut Vec<String>) {
        if self.lost || things.len() > THINGS_MAX {
            tags.push(kind.to_owned());
        } else {
            tags.extend(things.iter().map(|thing| format!("{kind}:{thing}")));
        }
    }

    async fn into_message(self, state: &ApiState) -> EventMessage {
        let tags = self.tags();
        let mut rows = Vec::new();
        if !self.lost {
            rows = self.rows(state).await.unwrap_or_else(|error| {
                tracing::warn!(%error, "changed rows could not be read for live updates");
                Vec::new()
            });
        }
        EventMessage { tags, rows }
    }

    /// Of a list either every changed row, or none: a listener that got some would think that it has all.
    async fn rows(self, state: &ApiState) -> Result<Vec<ChangedRow>, Error> {
        let mut rows = Vec::new();
        if self.jobs.len() <= ROWS_MAX {
            let jobs = crate::jobs::rows_by_id(state, self.jobs).await?;
            rows.extend(
                jobs.into_iter()
                    .map(|row| ChangedRow::Jobs { row: Box::new(row) }),
            );
        }
        if self.requests.len() <= ROWS_MAX {
            let requests = crate::requests::rows_by_id(state, self.requests).await?;
            rows.extend(
                requests
                    .into_iter()
                    .map(|row| ChangedRow::Requests { row: Box::new(row) }),
            );
        }
        if self.deliveries.len() <= ROWS_MAX {
            let deliveries = crate::deliveries::rows_by_id(state, self.deliveries).await?;
            rows.extend(
                deliveries
                    .into_iter()
                    .map(|row| ChangedRow::Deliveries { row: Box::new(row) }),
            );
        }
        Ok(rows)
    }
}

#[cfg(test)]
mod tests {
    use super::*;

    #[test]
    fn what_changed_twice_is_told_once() {
        let mut gathered = Gathered::default();
        for _ in 0..2 {
            gathered.add(Change {
                tags: vec![Tag::Jobs, Tag::Job(JobId(17)), Tag::Flow("a".into())],
            });
        }
        assert_eq!(gathered.tags(), ["jobs", "flow:a", "job:17", "status"]);
    }

    #[test]
    fn too_many_changed_things_are_told_as_all_of_their_kind() {
        let mut gathered = Gathered::default();
        for id in 0..=i64::try_from(THINGS_MAX).expect("a small number") {
            gathered.add(Change {
                tags: vec![Tag::Job(JobId(id))],
            });
        }
        assert_eq!(gathered.tags(), ["job", "status"]);
    }

    #[test]
    fn a_listener_that_lagged_is_told_to_read_every_list_again() {
        let mut gathered = Gathered::default();
        gathered
            .add_received(Err(RecvError::Lagged(3)))
            .expect("the stream goes on");
        let tags = gathered.tags();
        assert!(
            LISTS.iter().all(|list| tags.iter().any(|tag| tag == list)),
            "{tags:?}"
        );
        assert!(
            tags.iter().any(|tag| tag == "job"),
            "every job may have changed: {tags:?}"
        );
        assert!(
            Gathered::default()
                .add_received(Err(RecvError::Closed))
                .is_none()
        );
    }
}
