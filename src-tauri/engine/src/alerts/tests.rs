//! Alerts over virtual time: each begins once and ends once.

use std::sync::Arc;

use async_trait::async_trait;
use parking_lot::Mutex;
use tokio::sync::Notify;

use super::watch;
use super::watch::{QUIET_MS, look_once};
use crate::ports::{
    AlertKind, AlertRule, Alerts, Clock, JournalError, NewAlert, OpenAlert, WindowCounts,
};
use crate::testing::{VirtualClock, block_on};

const NOW_MS: i64 = 1_795_306_812_000;
const MINUTE_MS: i64 = 60_000;

/// One thing that was counted.
#[derive(Debug, Clone, Copy)]
enum Counted {
    Request,
    Complete,
    Failed,
}

/// What was told of an alert.
#[derive(Debug, Clone, PartialEq, Eq)]
struct Told {
    rule: String,
    message: String,
    began_at_ms: i64,
    fine_since_ms: Option<i64>,
    ended_at_ms: Option<i64>,
}

/// Rules, counts and alerts in memory: what would be on disk.
#[derive(Default)]
struct Disk {
    rules: Mutex<Vec<AlertRule>>,
    counted: Mutex<Vec<(i64, Counted)>>,
    told: Mutex<Vec<Told>>,
}

#[async_trait]
impl Alerts for Disk {
    async fn rules(&self) -> Result<Vec<AlertRule>, JournalError> {
        Ok(self.rules.lock().clone())
    }

    async fn open(&self) -> Result<Vec<OpenAlert>, JournalError> {
        let told = self.told.lock();
        let open = (0..)
            .zip(told.iter())
            .filter(|(_, it)| it.ended_at_ms.is_none());
        Ok(open
            .map(|(id, it)| OpenAlert {
                id,
                rule: it.rule.clone(),
                fine_since_ms: it.fine_since_ms,
            })
            .collect())
    }

    async fn count(&self, _now_ms: i64) -> Result<(), JournalError> {
        Ok(())
    }

    async fn counts(
        &self,
        _rule: &AlertRule,
        from_ms: i64,
        until_ms: i64,
    ) -> Result<WindowCounts, JournalError> {
        let mut counts = WindowCounts::default();
        for (_, counted) in self
            .counted
            .lock()
            .iter()
            .filter(|(at_ms, _)| (from_ms..until_ms).contains(at_ms))
        {
            match counted {
                Counted::Request => counts.requests += 1,
                Counted::Complete => counts.complete += 1,
                Counted::Failed => counts.failed += 1,
            }
        }
        Ok(counts)
    }

    async fn last_request(&self, _rule: &AlertRule) -> Result<Option<i64>, JournalError> {
        let counted = self.counted.lock();
        let requests = counted
            .iter()
            .filter(|(_, it)| matches!(it, Counted::Request));
        Ok(requests.map(|(at_ms, _)| *at_ms).max())
    }

    async fn begin(&self, alert: NewAlert) -> Result<(), JournalError> {
        self.told.lock().push(Told {
            rule: alert.rule.name,
            message: alert.message,
            began_at_ms: alert.began_at_ms,
            fine_since_ms: None,
            ended_at_ms: None,
        });
        Ok(())
    }

    async fn set_fine_since(&self, id: i64, at_ms: Option<i64>) -> Result<(), JournalError> {
        self.told.lock()[usize::try_from(id).expect("a place")].fine_since_ms = at_ms;
        Ok(())
    }

    async fn end(&self, id: i64, at_ms: i64) -> Result<(), JournalError> {
        self.told.lock()[usize::try_from(id).expect("a place")].ended_at_ms = Some(at_ms);
        Ok(())
    }
}

impl Disk {
    fn with(rule: AlertRule) -> Arc<Self> {
        let disk = Self::default();
        disk.rules.lock().push(rule);
        Arc::new(disk)
    }

    fn add(&self, at_ms: i64, counted: Counted, times: usize) {
        self.counted.lock().extend(vec![(at_ms, counted); times]);
    }

    fn told(&self) -> Vec<Told> {
        self.told.lock().clone()
    }
}

fn rule(kind: AlertKind, threshold: f64, window_minutes: u32, minimum: u64) -> AlertRule {
    AlertRule {
        name: "one".into(),
        kind,
        flow: Some("shop".into()),
        endpoint: None,
        threshold,
        window_minutes,
        minimum,
        is_enabled: true,
    }
}

/// Looks every ten seconds from one time to another.
fn look(disk: &Disk, from_ms: i64, until_ms: i64) {
    let mut at_ms = from_ms;
    while at_ms < until_ms {
        futures::executor::block_on(look_once(disk, at_ms)).expect("it is in memory");
        at_ms += 10_000;
    }
}

#[test]
fn a_share_of_failures_begins_and_ends_one_alert() {
    let disk = Disk::with(rule(AlertKind::ErrorShare, 0.5, 5, 4));
    disk.add(NOW_MS, Counted::Failed, 3);
    look(&disk, NOW_MS, NOW_MS + MINUTE_MS);
    assert!(disk.told().is_empty(), "three are too few to say anything");
    disk.add(NOW_MS + MINUTE_MS, Counted::Complete, 3);
    look(&disk, NOW_MS + MINUTE_MS, NOW_MS + 20 * MINUTE_MS);
    let told = disk.told();
    assert_eq!(told.len(), 1);
    assert_eq!(
        told[0].message,
        "3 of 6 jobs of the flow `shop` failed in the last 5 minutes: 50 %."
    );
    let ended_at_ms = told[0].ended_at_ms.expect("the failures passed by");
    assert!(
        (4 * MINUTE_MS..7 * MINUTE_MS).contains(&(ended_at_ms - NOW_MS)),
        "{told:?}"
    );
    assert!(told[0].began_at_ms < ended_at_ms);
}

#[test]
fn a_silence_is_told_where_requests_were_usual_and_ends_with_the_next_one() {
    let disk = Disk::with(rule(AlertKind::Silence, 0.0, 10, 3));
    disk.add(NOW_MS - 60 * MINUTE_MS, Counted::Request, 2);
    look(&disk, NOW_MS, NOW_MS + MINUTE_MS);
    assert!(disk.told().is_empty(), "two a day are not usual");
    disk.add(NOW_MS - 30 * MINUTE_MS, Counted::Request, 1);
    look(&disk, NOW_MS, NOW_MS + MINUTE_MS);
    assert_eq!(disk.told().len(), 1);
    assert_eq!(
        disk.told()[0].message,
        "No request came to the flow `shop` in the last 10 minutes."
    );
    disk.add(NOW_MS + MINUTE_MS, Counted::Request, 1);
    look(&disk, NOW_MS + MINUTE_MS, NOW_MS + 5 * MINUTE_MS);
    assert_eq!(disk.told().len(), 1);
    assert!(disk.told()[0].ended_at_ms.is_some());
    look(&disk, NOW_MS + 5 * MINUTE_MS, NOW_MS + 30 * MINUTE_MS);
    assert_eq!(disk.told().len(), 2, "the next silence is another one");
}

#[test]
fn a_spike_is_many_times_what_is_usual_and_nothing_where_nothing_is() {
    let disk = Disk::with(rule(AlertKind::Spike, 10.0, 1, 20));
    disk.add(NOW_MS, Counted::Request, 500);
    look(&disk, NOW_MS, NOW_MS + 10_000);
    assert!(disk.told().is_empty(), "nothing was usual");
    // One a minute.
    for minute in 5..1_445 {
        disk.add(NOW_MS - minute * MINUTE_MS, Counted::Request, 1);
    }
    look(&disk, NOW_MS, NOW_MS + 10_000);
    assert_eq!(disk.told().len(), 1);
    assert!(
        disk.told()[0].message.starts_with("500 requests came"),
        "{:?}",
        disk.told()
    );
    let few = Disk::with(rule(AlertKind::Spike, 10.0, 1, 20));
    few.add(NOW_MS - 60 * MINUTE_MS, Counted::Request, 1);
    few.add(NOW_MS, Counted::Request, 19);
    look(&few, NOW_MS, NOW_MS + 10_000);
    assert!(few.told().is_empty(), "19 are too few to say anything");
}

#[test]
fn what_comes_and_goes_is_one_alert() {
    let disk = Disk::with(rule(AlertKind::ErrorShare, 0.5, 1, 1));
    // Bad in every other minute.
    for minute in (0..20).step_by(2) {
        disk.add(NOW_MS + minute * MINUTE_MS, Counted::Failed, 2);
        disk.add(NOW_MS + (minute + 1) * MINUTE_MS, Counted::Complete, 2);
    }
    look(&disk, NOW_MS, NOW_MS + 19 * MINUTE_MS);
    assert_eq!(disk.told().len(), 1);
    assert_eq!(disk.told()[0].ended_at_ms, None);
    look(&disk, NOW_MS + 19 * MINUTE_MS, NOW_MS + 30 * MINUTE_MS);
    assert_eq!(disk.told().len(), 1);
    assert!(disk.told()[0].ended_at_ms.is_some());
}

#[test]
fn a_rule_that_is_switched_off_or_deleted_ends_its_alert() {
    for is_deleted in [true, false] {
        let disk = Disk::with(rule(AlertKind::Silence, 0.0, 1, 0));
        look(&disk, NOW_MS, NOW_MS + 10_000);
        assert_eq!(disk.told()[0].ended_at_ms, None);
        match is_deleted {
            true => disk.rules.lock().clear(),
            false => disk.rules.lock()[0].is_enabled = false,
        }
        look(&disk, NOW_MS + 10_000, NOW_MS + 20_000);
        assert_eq!(disk.told()[0].ended_at_ms, Some(NOW_MS + 10_000));
    }
}

#[test]
fn a_start_repeats_no_alert_and_loses_none() {
    let disk = Disk::with(rule(AlertKind::Silence, 0.0, 1, 0));
    let clock = VirtualClock::new(NOW_MS);
    for _ in 0..3 {
        let life = watch(
            Arc::clone(&disk) as _,
            Arc::clone(&clock) as _,
            Arc::new(Notify::new()),
        );
        let until_ms = clock.now_ms() + 35_000;
        block_on(&clock, async {
            tokio::select! {
                () = life => {}
                () = clock.sleep_until_ms(until_ms) => {}
            }
        });
    }
    assert_eq!(disk.told().len(), 1);
    assert_eq!(disk.told()[0].began_at_ms, NOW_MS);
    disk.add(clock.now_ms(), Counted::Request, 1);
    let life = watch(
        Arc::clone(&disk) as _,
        Arc::clone(&clock) as _,
        Arc::new(Notify::new()),
    );
    let until_ms = clock.now_ms() + 60_000;
    // Requests keep coming, so it is well for long enough.
    for second in 0..40 {
        disk.add(clock.now_ms() + second * 10_000, Counted::Request, 1);
    }
    let long_enough_ms = until_ms + QUIET_MS;
    block_on(&clock, async {
        tokio::select! {
            () = life => {}
            () = clock.sleep_until_ms(long_enough_ms) => {}
        }
    });
    assert_eq!(disk.told().len(), 1);
    assert!(disk.told()[0].ended_at_ms.is_some());
}
