//! The journal: appended in order, fenced, and folded into the job.

use hookloom_engine::ports::{Journal, JournalError, SecretStateChange};
use hookloom_model::JobId;
use hookloom_model::JobStatus;
use hookloom_model::journal::{Event, RecordedError};

use super::support::{Fixture, NOW_MS, commit, entry, new_delivery, whole_life};

#[tokio::test]
async fn events_move_the_projection_along() {
    let fixture = Fixture::new().await;
    let job_id = fixture.job(1).await;
    let mut waiting = commit(
        job_id,
        JobStatus::Waiting,
        vec![entry(1, Event::JobStarted {})],
    );
    waiting.waiting_until_ms = Some(NOW_MS + 5_000);
    fixture.store.commit(waiting).await.expect("it is next");
    let job = fixture.store.job(job_id).await.expect("it is there");
    assert_eq!(
        (
            job.status,
            job.started_at_ms,
            job.waiting_until_ms,
            job.next_seq
        ),
        (
            JobStatus::Waiting,
            Some(NOW_MS + 1),
            Some(NOW_MS + 5_000),
            2
        )
    );
    let error = RecordedError {
        code: "timeout".to_owned(),
        message: "it took too long".to_owned(),
    };
    let mut end = commit(
        job_id,
        JobStatus::TimedOut,
        vec![entry(
            2,
            Event::JobFinished {
                status: JobStatus::TimedOut,
                error: Some(error.clone()),
            },
        )],
    );
    end.error = Some(error.clone());
    fixture.store.commit(end).await.expect("it is next");
    let job = fixture.store.job(job_id).await.expect("it is there");
    assert_eq!(
        (
            job.status,
            job.started_at_ms,
            job.ended_at_ms,
            job.waiting_until_ms
        ),
        (
            JobStatus::TimedOut,
            Some(NOW_MS + 1),
            Some(NOW_MS + 2),
            None
        )
    );
    assert_eq!(job.error, Some((error, NOW_MS + 2)));
}

#[tokio::test]
async fn events_out_of_turn_are_a_conflict_and_change_nothing() {
    let fixture = Fixture::new().await;
    let job_id = fixture.job(1).await;
    let started = |seq| {
        commit(
            job_id,
            JobStatus::Running,
            vec![entry(seq, Event::JobStarted {})],
        )
    };
    fixture.store.commit(started(1)).await.expect("it is next");
    for wrong in [0, 1, 3] {
        let error = fixture
            .store
            .commit(started(wrong))
            .await
            .expect_err("out of turn");
        assert!(
            matches!(error, JournalError::Conflict { expected, found: 2, .. } if expected == wrong),
            "{error:?}"
        );
    }
    let gap = commit(
        job_id,
        JobStatus::Running,
        vec![
            entry(2, Event::JobStarted {}),
            entry(4, Event::JobStarted {}),
        ],
    );
    let error = fixture.store.commit(gap).await.expect_err("a gap");
    assert!(matches!(error, JournalError::Conflict { .. }), "{error:?}");
    let entries = fixture
        .store
        .load(job_id)
        .await
        .expect("it is there")
        .entries;
    assert_eq!(entries.iter().map(|e| e.seq).collect::<Vec<_>>(), [0, 1]);
}

#[tokio::test]
async fn a_job_that_ended_takes_nothing_more() {
    let fixture = Fixture::new().await;
    let job_id = fixture.job(1).await;
    fixture
        .store
        .commit(whole_life(job_id, vec![]))
        .await
        .expect("it is next");
    let more = commit(
        job_id,
        JobStatus::Running,
        vec![entry(3, Event::JobStarted {})],
    );
    let error = fixture.store.commit(more).await.expect_err("it has ended");
    assert!(
        matches!(error, JournalError::Conflict { found: 3, .. }),
        "{error:?}"
    );
}

#[tokio::test]
async fn a_commit_that_fails_late_leaves_nothing_and_spoils_no_other() {
    let fixture = Fixture::new().await;
    let (bad, good) = (fixture.job(1).await, fixture.job(2).await);
    // The task is unknown: found out after the job's row and events are written.
    let doomed = fixture
        .store
        .commit(whole_life(bad, vec![new_delivery(1, "unknown")]));
    let sound = fixture
        .store
        .commit(whole_life(good, vec![new_delivery(2, "tell")]));
    let (doomed, sound) = tokio::join!(doomed, sound);
    assert!(
        matches!(doomed, Err(JournalError::NotFound { .. })),
        "{doomed:?}"
    );
    sound.expect("the other one is sound");
    let left = fixture.store.load(bad).await.expect("it is there");
    assert_eq!(left.entries.len(), 1);
    let job = fixture.store.job(bad).await.expect("it is there");
    assert_eq!((job.status, job.next_seq), (JobStatus::Queued, 1));
    assert_eq!(fixture.store.counts().deliveries, 1);
}

#[tokio::test]
async fn secret_state_is_gone_with_its_job() {
    let fixture = Fixture::new().await;
    let mut arrival = fixture.arrival(1);
    if let Some(start) = &mut arrival.start {
        start.secret_state = Some(b"sealed".to_vec());
    }
    hookloom_engine::ports::Inbox::accept(&fixture.store, arrival)
        .await
        .expect("there is room");
    let job_id = JobId(1);
    let sealed = |job: hookloom_engine::ports::StoredJob| job.secret_state;
    assert_eq!(
        fixture
            .store
            .load(job_id)
            .await
            .map(sealed)
            .expect("it is there"),
        Some(b"sealed".to_vec())
    );
    let mut replaced = commit(
        job_id,
        JobStatus::Running,
        vec![entry(1, Event::JobStarted {})],
    );
    replaced.secret_state = SecretStateChange::Replace(b"other".to_vec());
    fixture.store.commit(replaced).await.expect("it is next");
    assert_eq!(
        fixture
            .store
            .requests_with_secret_state()
            .await
            .expect("a list")
            .len(),
        1
    );
    // Also when the engine forgets to say so.
    let finished = Event::JobFinished {
        status: JobStatus::Complete,
        error: None,
    };
    let end = commit(job_id, JobStatus::Complete, vec![entry(2, finished)]);
    fixture.store.commit(end).await.expect("it is next");
    assert_eq!(
        fixture
            .store
            .load(job_id)
            .await
            .map(sealed)
            .expect("it is there"),
        None
    );
}

#[tokio::test]
async fn values_that_lie_apart_come_back_and_never_change() {
    let fixture = Fixture::new().await;
    let job_id = fixture.job(1).await;
    for (seq, content) in [(1, b"first".to_vec()), (2, b"second".to_vec())] {
        let mut with_blob = commit(
            job_id,
            JobStatus::Running,
            vec![entry(seq, Event::JobStarted {})],
        );
        with_blob.blobs = vec![("same".to_owned(), content)];
        fixture.store.commit(with_blob).await.expect("it is next");
    }
    assert_eq!(
        fixture.store.blob("same").await.expect("it is there"),
        b"first"
    );
    let missing = fixture.store.blob("missing").await;
    assert!(
        matches!(missing, Err(JournalError::NotFound { .. })),
        "{missing:?}"
    );
}

#[tokio::test]
async fn unfinished_jobs_are_listed_oldest_first() {
    let fixture = Fixture::new().await;
    let mut jobs = Vec::new();
    for n in 0..6 {
        jobs.push(fixture.job(n).await);
    }
    fixture
        .store
        .commit(whole_life(jobs[2], vec![]))
        .await
        .expect("it is next");
    let running = commit(
        jobs[3],
        JobStatus::Running,
        vec![entry(1, Event::JobStarted {})],
    );
    fixture.store.commit(running).await.expect("it is next");
    let first = fixture.store.unfinished(JobId(0), 3).await.expect("a list");
    assert_eq!(first, [jobs[0], jobs[1], jobs[3]]);
    let rest = fixture.store.unfinished(jobs[3], 9).await.expect("a list");
    assert_eq!(rest, [jobs[4], jobs[5]]);
}
