//! Operations on alert rules.

use axum::extract::State;
use hookloom_engine::ports;
use http::StatusCode;
use serde::{Deserialize, Serialize};
use utoipa::ToSchema;

use crate::answer::Answer;
use crate::error::{Error, ErrorCode};
use crate::identity::{CanManage, CanRead};
use crate::input::{Body, Named};
use crate::named::named;
use crate::state::ApiState;

/// Each costs a look every few seconds.
pub(crate) const RULES_MAX: usize = 100;
pub(crate) const NAME_CHARS_MAX: usize = 80;
/// What is compared with the day before is at most a day.
const WINDOW_MINUTES_MAX: u32 = 24 * 60;
/// More times as many as usual than this are no measure.
const FACTOR_MAX: f64 = 1_000.0;

/// Every alert rule, by name.
#[utoipa::path(get, path = "/alert_rules", tag = "alerts", security(("bearer" = ["read"])),
    responses((status = 200, description = "The rules", body = AlertRuleList)))]
pub(crate) async fn list_alert_rules(
    _: CanRead,
    State(state): State<ApiState>,
) -> Result<Answer<AlertRuleList>, Error> {
    let masked = state.masked();
    let rules = state.store.alert_rules().await?.into_iter();
    Ok(Answer(AlertRuleList {
        rules: rules
            .map(|rule| AlertRule {
                name: masked.text(rule.name),
                kind: rule.kind.into(),
                flow: rule.flow,
                endpoint: rule.endpoint,
                threshold: rule.threshold,
                window_minutes: rule.window_minutes,
                minimum: rule.minimum,
                is_enabled: rule.is_enabled,
            })
            .collect(),
    }))
}

/// Sets a rule, in place of the one of that name. It is looked at at once, and then every few seconds.
#[utoipa::path(put, path = "/alert_rules/{name}", tag = "alerts", security(("bearer" = ["manage"])),
    params(("name" = String, Path, description = "The rule's name")),
    request_body = AlertRuleToSet,
    responses((status = 204, description = "Set")))]
pub(crate) async fn set_alert_rule(
    _: CanManage,
    State(state): State<ApiState>,
    Named(name): Named,
    Body(given): Body<AlertRuleToSet>,
) -> Result<StatusCode, Error> {
    let rule = checked(name, given)?;
    if !state.store.put_alert_rule(rule, RULES_MAX).await? {
        let message = format!("There are RULES_MAX = {RULES_MAX} alert rules already.");
        return Err(refused(ErrorCode::TooMany, message).hint("Delete one that nobody needs."));
    }
    state.host.alert_rules_changed();
    Ok(StatusCode::NO_CONTENT)
}

/// Deletes a rule. Its alert ends; what it told stays.
#[utoipa::path(delete, path = "/alert_rules/{name}", tag = "alerts", security(("bearer" = ["manage"])),
    params(("name" = String, Path, description = "The rule's name")),
    responses((status = 204, description = "Deleted")))]
pub(crate) async fn delete_alert_rule(
    _: CanManage,
    State(state): State<ApiState>,
    Named(name): Named,
) -> Result<StatusCode, Error> {
    if state.store.delete_alert_rule(&name).await? {
        state.host.alert_rules_changed();
        return Ok(StatusCode::NO_CONTENT);
    }
    let message = format!("There is no alert rule named `{name}`.");
    Err(Error::not_found(ErrorCode::AlertRuleNotFound, message))
}

named!(
    /// What an alert rule is about: too many jobs fail, no request comes, or many more than usual.
    AlertKind from ports::AlertKind { ErrorShare = "error_share", Silence = "silence", Spike = "spike" }
);

/// Every alert rule, by name.
#[derive(Debug, Serialize, ToSchema)]
pub struct AlertRuleList {
    pub rules: Vec<AlertRule>,
}

/// When somebody wants to be told.
#[derive(Debug, Clone, Serialize, ToSchema)]
pub struct AlertRule {
    pub name: String,
    pub kind: AlertKind,
    /// Null: of every flow.
    pub flow: Option<String>,
    /// Null: of every endpoint.
    pub endpoint: Option<String>,
    /// Of an error share the share, from 0 to 1; of a spike how many times as many requests as usual.
    pub threshold: f64,
    /// How far back it looks.
    pub window_minutes: u32,
    /// With fewer jobs or requests than this it says nothing. Of a silence: how many requests came in the day before.
    pub minimum: u64,
    pub is_enabled: bool,
}

/// A rule to set.
#[derive(Debug, Deserialize, ToSchema)]
pub struct AlertRuleToSet {
    pub kind: AlertKind,
    #[serde(default)]
    pub flow: Option<String>,
    #[serde(default)]
    pub endpoint: Option<String>,
    /// Of an error share the share, over 0 and up to 1; of a spike a factor over 1; a silence has none.
    #[serde(default)]
    pub threshold: Option<f64>,
    /// 1 to 1440.
    pub window_minutes: u32,
    #[serde(default)]
    pub minimum: u64,
    #[serde(default = "yes")]
    #[schema(default = true)]
    pub is_enabled: bool,
}

fn yes() -> bool {
    true
}

pub(crate) fn checked(name: String, given: AlertRuleToSet) -> Result<ports::AlertRule, Error> {
    let AlertRuleToSet {
        kind,
        flow,
        endpoint,
        threshold,
        window_minutes,
        minimum,
        is_enabled,
    } = given;
    let chars = name.chars().count();
    if !(1..=NAME_CHARS_MAX).contains(&chars)
        || name.trim() != name
        || name.chars().any(char::is_control)
    {
        let hint = format!(
            "A name has 1 to {NAME_CHARS_MAX} characters, and none of them is a line break."
        );
        return Err(refused(ErrorCode::NameInvalid, "This cannot name an alert rule.").hint(hint));
    }
    if !(1..=WINDOW_MINUTES_MAX).contains(&window_minutes) {
        let message = format!(
            "The window of {window_minutes} minutes is not between 1 and WINDOW_MINUTES_MAX = {WINDOW_MINUTES_MAX}."
        );
        return Err(refused(ErrorCode::ValueInvalid, message));
    }
    let threshold = match (kind, threshold) {
        (AlertKind::Silence, _) => 0.0,
        (AlertKind::ErrorShare, Some(share)) if share > 0.0 && share <= 1.0 => share,
        (AlertKind::Spike, Some(factor)) if factor > 1.0 && factor <= FACTOR_MAX => factor,
        (AlertKind::ErrorShare, _) => {
            return Err(refused(
                ErrorCode::ValueInvalid,
                "The threshold of an error share is over 0 and at most 1.",
            ));
        }
        (AlertKind::Spike, _) => {
            let message = format!(
                "The threshold of a spike is over 1 and at most FACTOR_MAX = {FACTOR_MAX}."
            );
            return Err(refused(ErrorCode::ValueInvalid, message));
        }
    };
    Ok(ports::AlertRule {
        name,
        kind: kind.into(),
        flow,
        endpoint,
        threshold,
        window_minutes,
        minimum,
        is_enabled,
    })
}

fn refused(code: ErrorCode, message: impl Into<String>) -> Error {
    Error::new(StatusCode::UNPROCESSABLE_ENTITY, code, message)
}
