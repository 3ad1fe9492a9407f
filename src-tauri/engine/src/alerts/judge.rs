//! Whether a rule has something to say: from numbers alone, without a clock or a database.

use crate::ports::{AlertKind, AlertRule, WindowCounts};

/// What is usual is what was usual in the day before.
pub(super) const BEFORE_MINUTES: i64 = 24 * 60;
const MINUTE_MS: i64 = 60_000;

/// What a rule looks at.
#[derive(Debug, Clone, Copy, Default)]
pub(super) struct Look {
    pub now_ms: i64,
    /// In the rule's window.
    pub window: WindowCounts,
    /// In the day before the window.
    pub before: WindowCounts,
    pub last_request_ms: Option<i64>,
}

/// What is to be told, if something is.
pub(super) fn judge(rule: &AlertRule, look: &Look) -> Option<String> {
    match rule.kind {
        AlertKind::ErrorShare => error_share(rule, look),
        AlertKind::Silence => silence(rule, look),
        AlertKind::Spike => spike(rule, look),
    }
}

fn error_share(rule: &AlertRule, look: &Look) -> Option<String> {
    let WindowCounts {
        complete, failed, ..
    } = look.window;
    let ended = complete + failed;
    let share = failed as f64 / ended.max(1) as f64;
    let is_bad = failed > 0 && ended >= rule.minimum && share >= rule.threshold;
    is_bad.then(|| {
        format!(
            "{failed} of {ended} jobs of {} failed in the last {}: {:.0} %.",
            subject(rule),
            minutes(rule),
            share * 100.0
        )
    })
}

fn silence(rule: &AlertRule, look: &Look) -> Option<String> {
    let window_ms = i64::from(rule.window_minutes) * MINUTE_MS;
    let is_silent = look
        .last_request_ms
        .is_none_or(|at_ms| look.now_ms - at_ms >= window_ms);
    let is_bad = is_silent && look.before.requests >= rule.minimum;
    is_bad.then(|| {
        format!(
            "No request came to {} in the last {}.",
            subject(rule),
            minutes(rule)
        )
    })
}

fn spike(rule: &AlertRule, look: &Look) -> Option<String> {
    let requests = look.window.requests;
    let usual =
        look.before.requests as f64 * f64::from(rule.window_minutes) / BEFORE_MINUTES as f64;
    // Where nothing ever came nothing is usual.
    let is_bad = look.before.requests > 0
        && requests >= rule.minimum.max(1)
        && requests as f64 >= usual * rule.threshold;
    is_bad.then(|| {
        format!(
            "{requests} requests came to {} in the last {}; {usual:.1} are usual.",
            subject(rule),
            minutes(rule)
        )
    })
}

fn subject(rule: &AlertRule) -> String {
    match (&rule.flow, &rule.endpoint) {
        (_, Some(endpoint)) => format!("the endpoint `{endpoint}`"),
        (Some(flow), None) => format!("the flow `{flow}`"),
        (None, None) => "all flows".to_owned(),
    }
}

fn minutes(rule: &AlertRule) -> String {
    match rule.window_minutes {
        1 => "minute".to_owned(),
        count => format!("{count} minutes"),
    }
}
