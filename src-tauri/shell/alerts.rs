//! Which alerts are told on the desktop: those that began since the app did, all that go on in one notification.

use std::collections::BTreeSet;

use serde::Deserialize;
use serde_json::Value;

use crate::page::Page;

/// So many are named in one notification.
const NAMED_MAX: usize = 4;

/// What the shell reads of an alert.
#[derive(Debug, Clone, Deserialize)]
pub struct Alert {
    id: i64,
    rule: String,
    kind: String,
    flow: Option<String>,
    message: String,
    ended_at: Option<String>,
}

/// What becomes of the notification.
#[derive(Debug, PartialEq, Eq)]
pub enum News {
    /// It is shown, in place of the last one.
    Show {
        title: String,
        text: String,
        page: Page,
    },
    /// Nothing goes on any more.
    Gone,
}

/// What was told already.
#[derive(Debug, Default)]
pub struct Told {
    /// Alerts that need no more telling; none before the first look.
    known: Option<BTreeSet<i64>>,
    /// Alerts that the notification names.
    named: BTreeSet<i64>,
}

/// The alerts of an answer of the API, newest first.
pub fn read(page: &Value) -> Vec<Alert> {
    let alerts = page.get("alerts").cloned().unwrap_or_default();
    serde_json::from_value(alerts).unwrap_or_else(|error| {
        tracing::warn!(%error, "alerts cannot be read");
        Vec::new()
    })
}

impl Told {
    /// What there is to tell. What is not wanted now is not told later either.
    pub fn look(&mut self, alerts: Vec<Alert>, is_wanted: bool) -> Option<News> {
        let ids = |alerts: &[Alert]| alerts.iter().map(|it| it.id).collect::<BTreeSet<_>>();
        let all = ids(&alerts);
        let Some(known) = self.known.replace(all) else {
            // What began before the app did is on Home.
            return None;
        };
        let open: Vec<Alert> = alerts
            .into_iter()
            .filter(|it| it.ended_at.is_none())
            .collect();
        let is_new = |alert: &&Alert| !known.contains(&alert.id);
        let has_news = open.iter().any(|alert| is_new(&alert));
        let group: Vec<&Alert> = open
            .iter()
            .filter(|it| is_new(it) || self.named.contains(&it.id))
            .collect();
        if group.is_empty() {
            return (!std::mem::take(&mut self.named).is_empty()).then_some(News::Gone);
        }
        if !has_news || !is_wanted {
            return None;
        }
        let news = written(&group);
        self.named = group.iter().map(|it| it.id).collect();
        Some(news)
    }
}

fn written(group: &[&Alert]) -> News {
    if let [alert] = group {
        return News::Show {
            title: format!("Alert: {}", alert.rule),
            text: alert.message.clone(),
            page: alert.page(),
        };
    }
    let mut lines: Vec<String> = group
        .iter()
        .take(NAMED_MAX)
        .map(|alert| format!("{}: {}", alert.rule, alert.message))
        .collect();
    if group.len() > NAMED_MAX {
        lines.push(format!("and {} more", group.len() - NAMED_MAX));
    }
    News::Show {
        title: format!("{} alerts", group.len()),
        text: lines.join("\n"),
        // All of them stand there.
        page: Page::home(),
    }
}

impl Alert {
    /// Where one sees what it is about.
    fn page(&self) -> Page {
        let flow = self.flow.as_deref();
        match self.kind.as_str() {
            "error_share" => Page::failed_jobs(flow),
            "silence" | "spike" => Page::requests(flow),
            _ => Page::home(),
        }
    }
}

#[cfg(test)]
mod tests {
    use serde_json::json;

    use super::*;

    fn alerts(of: &[(i64, bool)]) -> Vec<Alert> {
        let alert = |(id, is_over): &(i64, bool)| {
            json!({"id": id, "rule": format!("rule {id}"), "kind": "error_share", "flow": "orders",
                "endpoint": null, "began_at": "2026-01-01T00:00:00Z", "message": "Too many jobs fail.",
                "ended_at": is_over.then_some("2026-01-01T00:01:00Z"), "seen": false})
        };
        read(&json!({"alerts": of.iter().map(alert).collect::<Vec<_>>(), "next": null}))
    }

    fn title(news: Option<News>) -> String {
        match news {
            Some(News::Show { title, .. }) => title,
            other => panic!("nothing to show: {other:?}"),
        }
    }

    #[test]
    fn an_alert_is_told_once_with_the_page_that_it_is_about() {
        let mut told = Told::default();
        assert_eq!(told.look(alerts(&[(1, false)]), true), None, "from before");
        let news = told.look(alerts(&[(2, false), (1, false)]), true);
        let expected = News::Show {
            title: "Alert: rule 2".to_owned(),
            text: "Too many jobs fail.".to_owned(),
            page: Page::failed_jobs(Some("orders")),
        };
        assert_eq!(news, Some(expected));
        assert_eq!(told.look(alerts(&[(2, false), (1, false)]), true), None);
    }

    #[test]
    fn alerts_that_go_on_together_are_one_notification_and_it_goes_with_the_last() {
        let mut told = Told::default();
        told.look(Vec::new(), true);
        told.look(alerts(&[(1, false)]), true);
        assert_eq!(
            title(told.look(alerts(&[(2, false), (1, false)]), true)),
            "2 alerts"
        );
        let many: Vec<(i64, bool)> = (1..=9).map(|id| (id, false)).collect();
        let Some(News::Show { title, text, page }) = told.look(alerts(&many), true) else {
            panic!("there are more");
        };
        assert_eq!((title.as_str(), page), ("9 alerts", Page::home()));
        assert_eq!(text.lines().count(), 5);
        assert!(text.ends_with("and 5 more"), "{text}");
        let over: Vec<(i64, bool)> = (1..=9).map(|id| (id, true)).collect();
        assert_eq!(told.look(alerts(&over), true), Some(News::Gone));
        assert_eq!(told.look(alerts(&over), true), None);
    }

    #[test]
    fn what_a_person_saw_in_the_window_or_did_not_want_is_not_told_later() {
        let mut told = Told::default();
        told.look(Vec::new(), true);
        assert_eq!(told.look(alerts(&[(1, false)]), false), None);
        assert_eq!(told.look(alerts(&[(1, false)]), true), None);
        assert_eq!(
            title(told.look(alerts(&[(2, false), (1, false)]), true)),
            "Alert: rule 2"
        );
    }

    #[test]
    fn an_answer_that_is_none_tells_nothing() {
        assert!(read(&json!({"alerts": [{"id": "x"}]})).is_empty());
        assert!(read(&json!(null)).is_empty());
    }
}
