//! What alert rules look at, and where alerts are kept.

use async_trait::async_trait;

use super::journal::JournalError;

/// When somebody wants to be told.
#[derive(Debug, Clone, PartialEq)]
pub struct AlertRule {
    /// Unique.
    pub name: String,
    /// What it is about.
    pub kind: AlertKind,
    /// Of this flow alone.
    pub flow: Option<String>,
    /// Of this endpoint alone.
    pub endpoint: Option<String>,
    /// The share of jobs that fail, from 0 to 1; or how many times as many requests as usual.
    pub threshold: f64,
    /// How far back it looks.
    pub window_minutes: u32,
    /// With fewer jobs or requests than this it says nothing. Of a silence: how many there were in the day before it.
    pub minimum: u64,
    /// Whether it is looked at.
    pub is_enabled: bool,
}

/// What a rule is about.
#[derive(Debug, Clone, Copy, PartialEq, Eq)]
pub enum AlertKind {
    /// Too many jobs fail.
    ErrorShare,
    /// No request comes.
    Silence,
    /// Many more requests come than usual.
    Spike,
}

impl AlertKind {
    /// Every kind.
    pub const ALL: [Self; 3] = [Self::ErrorShare, Self::Silence, Self::Spike];

    /// The stable name.
    pub fn as_str(self) -> &'static str {
        match self {
            Self::ErrorShare => "error_share",
            Self::Silence => "silence",
            Self::Spike => "spike",
        }
    }
}

/// What was counted in a span of time.
#[derive(Debug, Clone, Copy, Default, PartialEq, Eq)]
pub struct WindowCounts {
    /// Requests, whatever became of them.
    pub requests: u64,
    /// Jobs that ended well.
    pub complete: u64,
    /// Jobs that failed or ran out of time.
    pub failed: u64,
}

/// An alert that has begun and not ended.
#[derive(Debug, Clone, PartialEq, Eq)]
pub struct OpenAlert {
    /// Its number.
    pub id: i64,
    /// The rule's name.
    pub rule: String,
    /// Since when things are well again, Unix milliseconds; none while they are not.
    pub fine_since_ms: Option<i64>,
}

/// An alert that begins.
#[derive(Debug, Clone, PartialEq)]
pub struct NewAlert {
    /// The rule that it is of.
    pub rule: AlertRule,
    /// Unix milliseconds.
    pub began_at_ms: i64,
    /// What happened, for a person.
    pub message: String,
}

/// Rules, counts and alerts.
#[async_trait]
pub trait Alerts: Send + Sync {
    /// Every rule.
    async fn rules(&self) -> Result<Vec<AlertRule>, JournalError>;

    /// Every alert that has not ended.
    async fn open(&self) -> Result<Vec<OpenAlert>, JournalError>;

    /// Brings the counts up to now.
    async fn count(&self, now_ms: i64) -> Result<(), JournalError>;

    /// What was counted from one minute to another, of what a rule is about.
    async fn counts(
        &self,
        rule: &AlertRule,
        from_ms: i64,
        until_ms: i64,
    ) -> Result<WindowCounts, JournalError>;

    /// When the last request came to what a rule is about, Unix milliseconds.
    async fn last_request(&self, rule: &AlertRule) -> Result<Option<i64>, JournalError>;

    /// Begins an alert, unless the rule has one already.
    async fn begin(&self, alert: NewAlert) -> Result<(), JournalError>;

    /// Things are well again since then, or they are not.
    async fn set_fine_since(&self, id: i64, at_ms: Option<i64>) -> Result<(), JournalError>;

    /// Ends an alert.
    async fn end(&self, id: i64, at_ms: i64) -> Result<(), JournalError>;
}
