//! `GET /flows/{name}/schedules`

use axum::extract::State;
use hookloom_model::{FlowState, Timetable};
use hookloom_store::ScheduleRow;
use serde::Serialize;
use serde_json::Value;
use utoipa::ToSchema;

use crate::answer::Answer;
use crate::document::{entries_of, text_of};
use crate::error::{Error, ErrorCode};
use crate::failures::OrMissing;
use crate::identity::CanRead;
use crate::input::Named;
use crate::state::ApiState;
use crate::time::At;

/// So many of the next times are named.
const NEXT_MAX: usize = 10;

/// The schedules of a flow's published version, or of its draft before the first one, with their next times.
#[utoipa::path(get, path = "/flows/{name}/schedules", tag = "flows", security(("bearer" = ["read"])),
    params(("name" = String, Path, description = "The flow's name")),
    responses((status = 200, description = "The schedules, in the order of the document", body = FlowSchedules)))]
pub(crate) async fn list_schedules(
    _: CanRead,
    State(state): State<ApiState>,
    Named(name): Named,
) -> Result<Answer<FlowSchedules>, Error> {
    let flow = state
        .store
        .flow(&name)
        .await
        .or_missing(ErrorCode::FlowNotFound)?;
    let rows = state.store.schedules_of_flow(flow.id).await?;
    let text = flow.published.as_deref().unwrap_or(&flow.draft);
    let document: Value = serde_json::from_str(text).map_err(Error::internal)?;
    let is_live = flow.state == FlowState::Live && flow.published.is_some();
    let now_ms = state.clock.now_ms();
    let items = entries_of(&document, "schedules").map(|entry| {
        let row = rows.iter().find(|row| row.name == text_of(entry, "name"));
        FlowSchedule::new(entry, row, is_live, now_ms)
    });
    Ok(Answer(FlowSchedules {
        items: items.collect(),
    }))
}

/// Schedules, in the order of the document.
#[derive(Debug, Serialize, ToSchema)]
pub struct FlowSchedules {
    pub items: Vec<FlowSchedule>,
}

/// A schedule with its next times.
#[derive(Debug, Serialize, ToSchema)]
pub struct FlowSchedule {
    pub name: String,
    /// Minute, hour, day, month, weekday.
    pub cron: String,
    /// Its name in the IANA database.
    pub time_zone: String,
    /// `skip` or `run_once`: what becomes of times at which Hookloom was not running.
    pub missed: String,
    pub enabled: bool,
    /// Whether it begins jobs now: it is enabled, and the flow is live.
    pub active: bool,
    /// The next times, as they would be while it is active; empty if the pattern cannot be read.
    pub next: Vec<At>,
    /// The last time for which a job began.
    pub last_due_at: Option<At>,
    /// That job.
    pub last_job_id: Option<i64>,
    /// How many times were missed since it was published.
    pub missed_count: u64,
    /// When times were last found to be missed.
    pub missed_at: Option<At>,
}

impl FlowSchedule {
    fn new(entry: &Value, row: Option<&ScheduleRow>, is_live: bool, now_ms: i64) -> Self {
        let or_else = |key: &str, default: &str| match text_of(entry, key) {
            "" => default.to_owned(),
            text => text.to_owned(),
        };
        let time_zone = or_else("time_zone", "UTC");
        let cron = text_of(entry, "cron").to_owned();
        let enabled = entry["enabled"].as_bool().unwrap_or(true);
        let done_until_ms = row.map_or(now_ms, |row| row.done_until_ms);
        Self {
            name: text_of(entry, "name").to_owned(),
            next: next(&cron, &time_zone, now_ms.max(done_until_ms)),
            missed: or_else("missed", "skip"),
            enabled,
            active: enabled && is_live,
            last_due_at: row.and_then(|row| row.last_due_at_ms).map(At::from_ms),
            last_job_id: row.and_then(|row| row.last_job_id).map(|id| id.0),
            missed_count: row.map_or(0, |row| row.missed_count),
            missed_at: row.and_then(|row| row.missed_at_ms).map(At::from_ms),
            cron,
            time_zone,
        }
    }
}

fn next(cron: &str, time_zone: &str, after_ms: i64) -> Vec<At> {
    let Ok(timetable) = Timetable::new(cron, time_zone) else {
        return Vec::new();
    };
    let times = std::iter::successors(timetable.next_after_ms(after_ms), |at_ms| {
        timetable.next_after_ms(*at_ms)
    });
    times.take(NEXT_MAX).map(At::from_ms).collect()
}
