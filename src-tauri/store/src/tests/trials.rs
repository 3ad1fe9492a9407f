//! Versions that were made only to try a draft, and where nodes stand: kept apart from what was published.

use hookloom_engine::ports::{Accepted, Arrival, Inbox, Journal};

use super::support::{DOCUMENT, Fixture, NOW_MS, commit, start, whole_life};
use crate::{Error, Old, Sweep};

async fn try_draft(fixture: &Fixture, at_ms: i64) -> i64 {
    let flow = fixture.store.flow("orders").await.expect("it is there");
    let made = fixture
        .store
        .make_trial_version("orders", &flow.draft_etag, at_ms);
    made.await.expect("the draft is the same")
}

async fn edit(fixture: &Fixture, title: &str) -> String {
    let flow = fixture.store.flow("orders").await.expect("it is there");
    let edited = DOCUMENT.replacen('{', &format!("{{\"title\": \"{title}\","), 1);
    let saved = fixture
        .store
        .save_draft("orders", &edited, &flow.draft_etag, NOW_MS);
    saved.await.expect("nobody else edits");
    edited
}

async fn sweep(fixture: &Fixture, until_ms: i64) {
    let mut sweep = Sweep::default();
    while !sweep.done {
        let swept = fixture
            .store
            .sweep_history(sweep, Old::EndedBy(until_ms))
            .await;
        sweep = swept.expect("there is room");
    }
}

#[tokio::test]
async fn a_trial_is_a_version_of_its_own_and_nothing_of_it_takes_effect() {
    let fixture = Fixture::new().await;
    let edited = edit(&fixture, "Edited").await;
    assert_eq!(try_draft(&fixture, NOW_MS).await, -1);
    assert_eq!(try_draft(&fixture, NOW_MS).await, -1, "the same draft");
    edit(&fixture, "Again").await;
    assert_eq!(try_draft(&fixture, NOW_MS).await, -2);
    let tried = fixture.store.flow_version(fixture.flow_id, -1).await;
    assert_eq!(*tried.expect("it is kept"), *edited);

    let flow = fixture.store.flow("orders").await.expect("it is there");
    assert_eq!(flow.version, Some(1));
    assert_eq!(flow.published.as_deref(), Some(DOCUMENT));
    let (versions, current) = fixture.store.flow_versions("orders").await.expect("a flow");
    let numbers: Vec<i64> = versions.iter().map(|row| row.version).collect();
    assert_eq!((numbers.as_slice(), current), (&[1][..], Some(1)));
    let published = fixture
        .store
        .publish_flow("orders", &flow.draft_etag, None, NOW_MS);
    assert_eq!(
        published.await.expect("it is sound"),
        2,
        "trials count for nothing"
    );

    let stale = fixture
        .store
        .make_trial_version("orders", "1-1", NOW_MS)
        .await;
    assert!(
        matches!(stale, Err(Error::DraftConflict { .. })),
        "{stale:?}"
    );
}

#[tokio::test]
async fn a_trial_goes_when_its_jobs_are_gone_and_its_number_never_comes_back() {
    let fixture = Fixture::new().await;
    edit(&fixture, "First").await;
    let version = try_draft(&fixture, NOW_MS).await;
    let mut begun = start(fixture.flow_id, 1);
    begun.version = version;
    let arrival = Arrival {
        record: None,
        idempotency_key: None,
        start: Some(begun),
    };
    let accepted = fixture.store.accept(arrival).await.expect("there is room");
    let Accepted::Started { job_id } = accepted else {
        panic!("{accepted:?}");
    };
    let last_job = async || fixture.store.flow("orders").await.map(|flow| flow.last_job);
    assert_eq!(
        last_job().await.ok(),
        Some(None),
        "a trial says nothing of the flow"
    );
    let is_kept = async || fixture.store.flow_document("orders", version).await.is_ok();
    sweep(&fixture, NOW_MS + 60_000).await;
    assert!(is_kept().await, "its job runs");
    fixture
        .store
        .commit(whole_life(job_id, Vec::new()))
        .await
        .expect("it is next");
    sweep(&fixture, NOW_MS - 1).await;
    assert!(is_kept().await, "it is not old");
    sweep(&fixture, NOW_MS + 60_000).await;
    assert!(!is_kept().await);
    assert!(
        fixture.store.flow_document("orders", 1).await.is_ok(),
        "published ones stay"
    );
    edit(&fixture, "Second").await;
    assert_eq!(try_draft(&fixture, NOW_MS).await, version - 1);
    // A commit after the sweep finds nothing of the job.
    let late = commit(job_id, hookloom_model::JobStatus::Running, Vec::new());
    assert!(fixture.store.commit(late).await.is_err());
}

#[tokio::test]
async fn a_layout_is_no_change_of_the_draft_and_survives_one() {
    let fixture = Fixture::new().await;
    let before = fixture.store.flow("orders").await.expect("it is there");
    assert_eq!(before.layout, None);
    let layout = r#"{"step:a":{"x":1.0,"y":2.0}}"#;
    fixture
        .store
        .save_layout("orders", layout)
        .await
        .expect("a flow");
    edit(&fixture, "Edited").await;
    let after = fixture.store.flow("orders").await.expect("it is there");
    assert_eq!(after.layout.as_deref(), Some(layout));
    let again = fixture.store.save_layout("orders", "{}").await;
    again.expect("a flow");
    let moved = fixture.store.flow("orders").await.expect("it is there");
    assert_eq!(
        (moved.layout.as_deref(), &moved.draft_etag),
        (Some("{}"), &after.draft_etag)
    );
    let nobody = fixture.store.save_layout("nobody", "{}").await;
    assert!(matches!(nobody, Err(Error::NotFound { .. })));
}
