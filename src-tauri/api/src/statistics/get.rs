//! `GET /statistics`

use std::collections::{BTreeMap, HashMap};

use axum::extract::State;
use hookloom_store::{FlowRecord, RollupRow};
use serde::Deserialize;
use utoipa::IntoParams;

use super::buckets::{Span, StatisticsSpan, Sum};
use super::shape::{DurationShares, EndpointStatistics, FlowStatistics, Statistics};
use crate::answer::Answer;
use crate::error::{Error, ErrorCode};
use crate::failures::OrMissing;
use crate::flows::LastJob;
use crate::identity::CanRead;
use crate::input::Query;
use crate::state::ApiState;
use crate::time::At;

/// Pieces that are counted before an answer, of 5,000 jobs each. More is counted in the background.
const PIECES_MAX: usize = 10;

/// What happened in the last hour or day: requests and jobs over time, by flow and by endpoint. Counted behind what is
/// written, so the last second or two may be missing.
#[utoipa::path(get, path = "/statistics", tag = "statistics", security(("bearer" = ["read"])),
    params(StatisticsQuery),
    responses((status = 200, description = "The statistics", body = Statistics)))]
pub(crate) async fn get_statistics(
    _: CanRead,
    State(state): State<ApiState>,
    Query(StatisticsQuery { span, flow }): Query<StatisticsQuery>,
) -> Result<Answer<Statistics>, Error> {
    let now_ms = state.clock.now_ms();
    for _ in 0..PIECES_MAX {
        if !state.store.roll_up(now_ms).await? {
            break;
        }
    }
    let name = span.unwrap_or(StatisticsSpan::Hour);
    let span = Span::until(now_ms, name);
    let flows = match &flow {
        None => state.store.flows().await?,
        Some(name) => {
            let found = state.store.flow(name).await;
            vec![found.or_missing(ErrorCode::FlowNotFound)?]
        }
    };
    let flow_id = flow.is_some().then(|| flows[0].id.0);
    let rows = state.store.rollup(span.from_ms, span.to_ms, flow_id);
    let rows = rows.await?;
    let last = state.store.last_requests().await?;
    let last: HashMap<(i64, String), i64> = last
        .into_iter()
        .map(|(flow, endpoint, at_ms)| ((flow, endpoint), at_ms))
        .collect();
    let owners = state.store.endpoint_owners().await?;
    Ok(Answer(Statistics {
        span: name,
        from: At::from_ms(span.from_ms),
        to: At::from_ms(span.to_ms),
        bucket_ms: span.bucket_ms,
        buckets: span.buckets(&rows),
        endpoints: by_endpoint(span, &flows, &owners, &last, &rows),
        flows: by_flow(flows, &rows),
    }))
}

/// Which statistics.
#[derive(Debug, Default, Deserialize, IntoParams)]
#[into_params(parameter_in = Query)]
pub struct StatisticsQuery {
    /// The last hour if nothing is said.
    pub span: Option<StatisticsSpan>,
    /// The name of a flow; without it all of them.
    pub flow: Option<String>,
}

fn by_flow(flows: Vec<FlowRecord>, rows: &[RollupRow]) -> Vec<FlowStatistics> {
    let mut sums: HashMap<i64, Sum> = HashMap::new();
    for row in rows {
        sums.entry(row.key.flow_id).or_default().add(row);
    }
    let shown = |flow: FlowRecord| {
        let sum = sums.remove(&flow.id.0).unwrap_or_default();
        FlowStatistics {
            flow: flow.name,
            jobs: sum.jobs,
            last_job: flow.last_job.map(LastJob::from),
            success_share: sum.jobs.success_share(),
            duration_ms: DurationShares::of(&sum.durations),
        }
    };
    flows.into_iter().map(shown).collect()
}

/// Endpoints that there are, and those that there were in the span.
fn by_endpoint(
    span: Span,
    flows: &[FlowRecord],
    owners: &[(String, String)],
    last: &HashMap<(i64, String), i64>,
    rows: &[RollupRow],
) -> Vec<EndpointStatistics> {
    let names: HashMap<i64, &str> = flows
        .iter()
        .map(|flow| (flow.id.0, flow.name.as_str()))
        .collect();
    let ids: HashMap<&str, i64> = flows
        .iter()
        .map(|flow| (flow.name.as_str(), flow.id.0))
        .collect();
    let mut sums: BTreeMap<(&str, &str), (i64, Sum)> = BTreeMap::new();
    for (endpoint, flow) in owners {
        if let Some(id) = ids.get(flow.as_str()) {
            sums.insert((flow, endpoint), (*id, Sum::default()));
        }
    }
    for row in rows.iter().filter(|row| !row.key.endpoint.is_empty()) {
        if let Some(flow) = names.get(&row.key.flow_id) {
            let of = sums.entry((flow, &row.key.endpoint));
            let (_, sum) = of.or_insert((row.key.flow_id, Sum::default()));
            sum.add(row);
        }
    }
    sums.into_iter()
        .map(|((flow, endpoint), (flow_id, sum))| {
            let last = last.get(&(flow_id, endpoint.to_owned()));
            EndpointStatistics {
                flow: flow.to_owned(),
                endpoint: endpoint.to_owned(),
                requests: sum.requests,
                per_minute: sum.requests.all() as f64 / span.minutes(),
                p95_ms: sum.durations.quantile(0.95),
                last_request_at: last.copied().map(At::from_ms),
            }
        })
        .collect()
}
