//! `GET /alerts` and `POST /alerts/{id}/seen`

use axum::extract::State;
use hookloom_store::{AlertRow, Page};
use http::StatusCode;
use serde::Serialize;
use utoipa::ToSchema;

use super::rules::AlertKind;
use crate::answer::Answer;
use crate::error::{Error, ErrorCode};
use crate::identity::{CanRead, CanRun};
use crate::input::{Numbered, Query};
use crate::masked::Masked;
use crate::page::PageQuery;
use crate::state::ApiState;
use crate::time::At;

/// Alerts, newest first: also those that have ended.
#[utoipa::path(get, path = "/alerts", tag = "alerts", security(("bearer" = ["read"])),
    params(PageQuery),
    responses((status = 200, description = "A page of alerts", body = AlertList)))]
pub(crate) async fn list_alerts(
    _: CanRead,
    State(state): State<ApiState>,
    Query(page): Query<PageQuery>,
) -> Result<Answer<AlertList>, Error> {
    let (limit, before) = page.read()?;
    let Page { items, next } = state.store.alerts(before, limit).await?;
    let masked = state.masked();
    Ok(Answer(AlertList {
        alerts: items
            .into_iter()
            .map(|row| Alert::new(row, &masked))
            .collect(),
        next: next.map(|cursor| cursor.to_string()),
    }))
}

/// Notes that somebody has seen an alert.
#[utoipa::path(post, path = "/alerts/{id}/seen", tag = "alerts", security(("bearer" = ["run"])),
    params(("id" = i64, Path, description = "The alert's number")),
    responses((status = 204, description = "Noted")))]
pub(crate) async fn mark_alert_seen(
    _: CanRun,
    State(state): State<ApiState>,
    Numbered(id): Numbered,
) -> Result<StatusCode, Error> {
    if state.store.set_alert_seen(id).await? {
        return Ok(StatusCode::NO_CONTENT);
    }
    let message = format!("There is no alert {id}.");
    Err(Error::not_found(ErrorCode::AlertNotFound, message))
}

/// A page of alerts.
#[derive(Debug, Serialize, ToSchema)]
pub struct AlertList {
    pub alerts: Vec<Alert>,
    /// Give it as `before` to get the next page; null at the end.
    pub next: Option<String>,
}

/// Something that a rule told.
#[derive(Debug, Clone, Serialize, ToSchema)]
pub struct Alert {
    pub id: i64,
    /// The name of its rule, which may be gone.
    pub rule: String,
    pub kind: AlertKind,
    pub flow: Option<String>,
    pub endpoint: Option<String>,
    pub began_at: At,
    /// Null while it goes on.
    pub ended_at: Option<At>,
    /// What happened, for a person.
    pub message: String,
    /// Whether somebody has seen it.
    pub seen: bool,
}

impl Alert {
    fn new(row: AlertRow, masked: &Masked) -> Self {
        let AlertRow {
            id,
            rule,
            kind,
            flow,
            endpoint,
            began_at_ms,
            ended_at_ms,
            message,
            seen,
        } = row;
        Self {
            id,
            rule: masked.text(rule),
            kind: kind.into(),
            flow,
            endpoint,
            began_at: At::from_ms(began_at_ms),
            ended_at: ended_at_ms.map(At::from_ms),
            message: masked.text(message),
            seen,
        }
    }
}
