//! The `Alerts` port, and what the control API reads and changes of rules and alerts.

use async_trait::async_trait;
use hookloom_engine::ports::{AlertRule, Alerts, JournalError, NewAlert, OpenAlert, WindowCounts};
use rusqlite::Connection;

use crate::change::Tag;
use crate::error::Error;
use crate::reads::{PAGE_ROWS_MAX, Page};
use crate::store::Store;
use crate::table::alerts::AlertRow;
use crate::table::{alert_rules, alerts, flows, rollup};

#[async_trait]
impl Alerts for Store {
    async fn rules(&self) -> Result<Vec<AlertRule>, JournalError> {
        Ok(self.alert_rules().await?)
    }

    async fn open(&self) -> Result<Vec<OpenAlert>, JournalError> {
        Ok(self.read(alerts::open).await?)
    }

    async fn count(&self, now_ms: i64) -> Result<(), JournalError> {
        self.roll_up(now_ms).await?;
        Ok(())
    }

    async fn counts(
        &self,
        rule: &AlertRule,
        from_ms: i64,
        until_ms: i64,
    ) -> Result<WindowCounts, JournalError> {
        let rule = rule.clone();
        let counts = self.read(move |conn| match Subject::of(conn, &rule)? {
            None => Ok(WindowCounts::default()),
            Some(of) => {
                let endpoint = rule.endpoint.as_deref();
                rollup::sums(conn, from_ms, until_ms, of.flow_id, endpoint)
            }
        });
        Ok(counts.await?)
    }

    async fn last_request(&self, rule: &AlertRule) -> Result<Option<i64>, JournalError> {
        let rule = rule.clone();
        let last = self.read(move |conn| match Subject::of(conn, &rule)? {
            None => Ok(None),
            Some(of) => rollup::last_of(conn, of.flow_id, rule.endpoint.as_deref()),
        });
        Ok(last.await?)
    }

    async fn begin(&self, alert: NewAlert) -> Result<(), JournalError> {
        let begun = self.write("begin an alert", move |tx| {
            tx.changed([Tag::Alerts]);
            alerts::begin(tx, &alert)
        });
        Ok(begun.await?)
    }

    async fn set_fine_since(&self, id: i64, at_ms: Option<i64>) -> Result<(), JournalError> {
        let set = self.write("note that things are well", move |tx| {
            alerts::set_fine_since(tx, id, at_ms)
        });
        Ok(set.await?)
    }

    async fn end(&self, id: i64, at_ms: i64) -> Result<(), JournalError> {
        let ended = self.write("end an alert", move |tx| {
            tx.changed([Tag::Alerts]);
            alerts::end(tx, id, at_ms)
        });
        Ok(ended.await?)
    }
}

/// Whose counts a rule is about.
struct Subject {
    /// None: of every flow.
    flow_id: Option<i64>,
}

impl Subject {
    /// None if the flow is gone.
    fn of(conn: &Connection, rule: &AlertRule) -> Result<Option<Self>, Error> {
        match &rule.flow {
            None => Ok(Some(Self { flow_id: None })),
            Some(name) => Ok(flows::id_by_name(conn, name)?.map(|id| Self {
                flow_id: Some(id.0),
            })),
        }
    }
}

impl Store {
    /// Every rule, by name.
    pub async fn alert_rules(&self) -> Result<Vec<AlertRule>, Error> {
        self.read(alert_rules::list).await
    }

    /// Keeps a rule, unless there are `max` others already. Gives whether it was kept.
    pub async fn put_alert_rule(&self, rule: AlertRule, max: usize) -> Result<bool, Error> {
        self.write("keep an alert rule", move |tx| {
            tx.changed([Tag::Alerts]);
            alert_rules::put(tx, &rule, max)
        })
        .await
    }

    /// Deletes a rule. Gives whether it was there.
    pub async fn delete_alert_rule(&self, name: &str) -> Result<bool, Error> {
        let name = name.to_owned();
        self.write("delete an alert rule", move |tx| {
            tx.changed([Tag::Alerts]);
            alert_rules::delete(tx, &name)
        })
        .await
    }

    /// Alerts, newest first, before the cursor.
    pub async fn alerts(&self, before: Option<i64>, limit: u32) -> Result<Page<AlertRow>, Error> {
        let limit = limit.clamp(1, PAGE_ROWS_MAX);
        self.read(move |conn| {
            let items = alerts::page(conn, before.unwrap_or(i64::MAX), limit + 1)?;
            Ok(Page::cut(items, limit, |row| row.id))
        })
        .await
    }

    /// Somebody has seen an alert. Gives whether it is there.
    pub async fn set_alert_seen(&self, id: i64) -> Result<bool, Error> {
        self.write("note that an alert was seen", move |tx| {
            tx.changed([Tag::Alerts]);
            alerts::set_seen(tx, id)
        })
        .await
    }
}
