//! Looks at every rule again and again. Everything that it has to remember is on disk, so that a start neither repeats an
//! alert nor loses one.

use std::collections::HashMap;
use std::sync::Arc;

use tokio::sync::Notify;

use super::judge::{BEFORE_MINUTES, Look, judge};
use crate::ports::{AlertKind, AlertRule, Alerts, Clock, JournalError, NewAlert, OpenAlert};

/// Between two looks.
const EVERY_MS: i64 = 10_000;
const MINUTE_MS: i64 = 60_000;
/// An alert ends once things were well for this long: what comes and goes is one alert.
pub(super) const QUIET_MS: i64 = 2 * MINUTE_MS;

/// Looks at the rules until it is dropped; at once after they changed.
pub async fn watch(alerts: Arc<dyn Alerts>, clock: Arc<dyn Clock>, changed: Arc<Notify>) {
    loop {
        let now_ms = clock.now_ms();
        if let Err(error) = look_once(&*alerts, now_ms).await {
            tracing::warn!(%error, "alert rules could not be looked at; they are looked at again");
        }
        tokio::select! {
            () = clock.sleep_until_ms(now_ms + EVERY_MS) => {}
            () = changed.notified() => {}
        }
    }
}

/// One look at every rule.
pub(super) async fn look_once(alerts: &dyn Alerts, now_ms: i64) -> Result<(), JournalError> {
    let rules = alerts.rules().await?;
    let open = alerts.open().await?;
    if rules.is_empty() && open.is_empty() {
        return Ok(());
    }
    alerts.count(now_ms).await?;
    let mut open: HashMap<String, OpenAlert> = open
        .into_iter()
        .map(|alert| (alert.rule.clone(), alert))
        .collect();
    for rule in rules.into_iter().filter(|rule| rule.is_enabled) {
        let open = open.remove(&rule.name);
        let told = judge(&rule, &look_at(alerts, &rule, now_ms).await?);
        settle(alerts, rule, open, told, now_ms).await?;
    }
    // Nobody asks about these any more.
    for alert in open.into_values() {
        alerts.end(alert.id, now_ms).await?;
    }
    Ok(())
}

async fn settle(
    alerts: &dyn Alerts,
    rule: AlertRule,
    open: Option<OpenAlert>,
    told: Option<String>,
    now_ms: i64,
) -> Result<(), JournalError> {
    match (open, told) {
        (None, None) => Ok(()),
        (None, Some(message)) => {
            let alert = NewAlert {
                rule,
                began_at_ms: now_ms,
                message,
            };
            alerts.begin(alert).await
        }
        (Some(alert), Some(_)) => match alert.fine_since_ms {
            Some(_) => alerts.set_fine_since(alert.id, None).await,
            None => Ok(()),
        },
        (Some(alert), None) => match alert.fine_since_ms {
            None => alerts.set_fine_since(alert.id, Some(now_ms)).await,
            Some(since_ms) if now_ms - since_ms >= QUIET_MS => alerts.end(alert.id, since_ms).await,
            Some(_) => Ok(()),
        },
    }
}

async fn look_at(alerts: &dyn Alerts, rule: &AlertRule, now_ms: i64) -> Result<Look, JournalError> {
    // The minute of now counts, as far as it has come.
    let until_ms = now_ms - now_ms.rem_euclid(MINUTE_MS) + MINUTE_MS;
    let from_ms = until_ms - i64::from(rule.window_minutes) * MINUTE_MS;
    let mut look = Look {
        now_ms,
        ..Look::default()
    };
    if rule.kind != AlertKind::Silence {
        look.window = alerts.counts(rule, from_ms, until_ms).await?;
    } else {
        look.last_request_ms = alerts.last_request(rule).await?;
    }
    if rule.kind != AlertKind::ErrorShare {
        let before_ms = from_ms - BEFORE_MINUTES * MINUTE_MS;
        look.before = alerts.counts(rule, before_ms, from_ms).await?;
    }
    Ok(look)
}
