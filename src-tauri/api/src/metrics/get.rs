//! `GET /metrics`

use std::collections::{BTreeMap, HashMap};

use axum::body::Body;
use axum::extract::State;
use axum::response::Response;
use hookloom_engine::histogram::HistogramLook;
use hookloom_secrets::Condition;
use hookloom_store::{Counts, TallyLook, Waiting, free_bytes};
use http::{HeaderValue, header};

use super::exposition::{CONTENT_TYPE, Exposition, Kind};
use crate::error::Error;
use crate::health::{self, ReadyState};
use crate::identity::CanRead;
use crate::state::ApiState;

/// What only the process that runs us can count. None is what its system does not tell.
#[derive(Debug, Clone, Default)]
pub struct ProcessNumbers {
    /// Memory that it has in use.
    pub resident_bytes: Option<u64>,
    /// Files and sockets that it has open.
    pub open_files: Option<u64>,
    /// When it began, Unix seconds.
    pub started_at_s: Option<u64>,
    /// Requests to paths of the receiver that no endpoint has.
    pub unknown_paths: u64,
    /// Requests that the receiver is answering.
    pub requests_under_way: u64,
    /// How long the receiver's answers took.
    pub answer_times: HistogramLook,
}

/// Numbers for a monitor, in the text format of Prometheus. Counters begin at zero with each start.
#[utoipa::path(get, path = "/metrics", tag = "status", security(("bearer" = ["read"])),
    responses((status = 200, description = "The numbers", body = String, content_type = "text/plain")))]
pub(crate) async fn get_metrics(
    _: CanRead,
    State(state): State<ApiState>,
) -> Result<Response, Error> {
    let mut text = Exposition::default();
    of_process(&mut text, &state).await;
    let tally = state.store.tally();
    of_requests(&mut text, &state, &tally).await?;
    let waiting = state.store.waiting().await?;
    of_work(&mut text, &tally, &waiting);
    of_storage(&mut text, &state, &tally, &waiting).await;
    let mut response = Response::new(Body::from(text.into_text()));
    let headers = response.headers_mut();
    for (name, value) in [
        (header::CONTENT_TYPE, CONTENT_TYPE),
        (header::CACHE_CONTROL, "no-store"),
    ] {
        headers.insert(name, HeaderValue::from_static(value));
    }
    Ok(response)
}

async fn of_process(text: &mut Exposition, state: &ApiState) {
    let numbers = state.host.numbers();
    let mut build = text.family("hookloom_build_info", Kind::Gauge, "The release; always 1.");
    build.sample(&[("version", &state.host.version())], 1);
    let (ready, _) = health::look(state).await;
    text.gauge(
        "hookloom_ready",
        "Whether requests of senders are taken: 1 or 0.",
        u64::from(ready == ReadyState::Ready),
    );
    text.gauge(
        "hookloom_vault_ready",
        "Whether the values of secrets can be read: 1 or 0.",
        u64::from(state.secrets.state().state == Condition::Ready),
    );
    let system = [
        (
            "process_resident_memory_bytes",
            "Memory in use, without that of script workers.",
            numbers.resident_bytes,
        ),
        (
            "process_open_fds",
            "Open files and sockets.",
            numbers.open_files,
        ),
        (
            "process_start_time_seconds",
            "When it began, Unix seconds.",
            numbers.started_at_s,
        ),
    ];
    for (name, help, value) in system {
        if let Some(value) = value {
            text.gauge(name, help, value);
        }
    }
    text.counter(
        "hookloom_unknown_paths_total",
        "Requests to paths of the receiver that no endpoint has.",
        numbers.unknown_paths,
    );
    text.gauge(
        "hookloom_requests_under_way",
        "Requests that the receiver is answering.",
        numbers.requests_under_way,
    );
    text.histogram(
        "hookloom_answer_seconds",
        "From the head of a request at the receiver to the head of its answer.",
        &numbers.answer_times,
    );
}

async fn of_requests(
    text: &mut Exposition,
    state: &ApiState,
    tally: &TallyLook,
) -> Result<(), Error> {
    let flows = state.store.flows().await?;
    let names: HashMap<i64, String> = flows.into_iter().map(|it| (it.id.0, it.name)).collect();
    let masked = state.masked();
    // Flows that were deleted since have no name any more, and what is masked looks alike: such are one sample.
    let mut samples: BTreeMap<(String, String, &str), u64> = BTreeMap::new();
    for of_endpoint in &tally.endpoints {
        let flow = names.get(&of_endpoint.flow_id);
        let endpoint = flow.map_or_else(String::new, |_| of_endpoint.endpoint.clone());
        let flow = masked.text(flow.cloned().unwrap_or_default());
        let endpoint = masked.text(endpoint);
        for (verdict, count) in &of_endpoint.requests {
            let key = (flow.clone(), endpoint.clone(), verdict.as_str());
            *samples.entry(key).or_default() += count;
        }
    }
    let mut family = text.family(
        "hookloom_requests_total",
        Kind::Counter,
        "Recorded requests; those of deleted flows have no flow and no endpoint.",
    );
    for ((flow, endpoint, verdict), count) in &samples {
        let labels = [
            ("flow", flow.as_str()),
            ("endpoint", endpoint.as_str()),
            ("verdict", verdict),
        ];
        family.sample(&labels, *count);
    }
    Ok(())
}

fn of_work(text: &mut Exposition, tally: &TallyLook, waiting: &Waiting) {
    text.counter(
        "hookloom_jobs_begun_total",
        "Jobs that began; trials of drafts are none.",
        tally.jobs_begun,
    );
    let by = |text: &mut Exposition, name, kind, help, counts: Vec<(&'static str, u64)>| {
        let mut family = text.family(name, kind, help);
        for (status, count) in counts {
            family.sample(&[("status", status)], count);
        }
    };
    by(
        text,
        "hookloom_jobs_ended_total",
        Kind::Counter,
        "Jobs that ended.",
        named(&tally.jobs_ended, |it| it.as_str()),
    );
    by(
        text,
        "hookloom_jobs_open",
        Kind::Gauge,
        "Jobs that have not ended.",
        named(&waiting.jobs, |it| it.as_str()),
    );
    text.histogram(
        "hookloom_job_seconds",
        "From the first step of a job to its end.",
        &tally.job_times,
    );
    by(
        text,
        "hookloom_deliveries_ended_total",
        Kind::Counter,
        "Deliveries that ended.",
        named(&tally.deliveries_ended, |it| it.as_str()),
    );
    by(
        text,
        "hookloom_deliveries_open",
        Kind::Gauge,
        "Deliveries that have not ended.",
        named(&waiting.deliveries, |it| it.as_str()),
    );
    by(
        text,
        "hookloom_delivery_attempts_total",
        Kind::Counter,
        "Attempts of deliveries that ended.",
        named(&tally.attempts, |it| it.as_str()),
    );
    text.histogram(
        "hookloom_delivery_attempt_seconds",
        "How long attempts of deliveries took.",
        &tally.attempt_times,
    );
}

async fn of_storage(text: &mut Exposition, state: &ApiState, tally: &TallyLook, waiting: &Waiting) {
    text.histogram(
        "hookloom_commit_seconds",
        "How long commits to the database took, with the sync of the disk.",
        &tally.commit_times,
    );
    text.gauge(
        "hookloom_writes_waiting",
        "Writes that wait for the database.",
        u64::try_from(waiting.writes).unwrap_or(u64::MAX),
    );
    text.gauge(
        "hookloom_database_bytes",
        "Of the database's file.",
        waiting.database_bytes,
    );
    text.gauge(
        "hookloom_write_ahead_log_bytes",
        "Of the database's write-ahead log.",
        waiting.log_bytes,
    );
    let folder = state.store.data_folder().to_owned();
    let free = tokio::task::spawn_blocking(move || free_bytes(&folder)).await;
    if let Ok(Some(free)) = free {
        text.gauge(
            "hookloom_disk_free_bytes",
            "Free on the disk of the data folder.",
            free,
        );
    }
    let Counts {
        requests,
        jobs,
        deliveries,
        deliveries_failed: _,
    } = state.store.counts();
    let mut kept = text.family(
        "hookloom_kept",
        Kind::Gauge,
        "What the history holds, also from before this start.",
    );
    for (what, count) in [
        ("requests", requests),
        ("jobs", jobs),
        ("deliveries", deliveries),
    ] {
        kept.sample(&[("what", what)], count.unsigned_abs());
    }
}

fn named<S: Copy>(
    counts: &[(S, u64)],
    name: impl Fn(S) -> &'static str,
) -> Vec<(&'static str, u64)> {
    counts
        .iter()
        .map(|(status, count)| (name(*status), *count))
        .collect()
}
