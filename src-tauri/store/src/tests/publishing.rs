//! Flows: drafts, versions, outputs, tasks and endpoints by name.

use hookloom_engine::ports::Journal;
use hookloom_model::FlowState;

use super::support::{DOCUMENT, Fixture, NOW_MS, delivery_id, new_delivery, whole_life};
use crate::Error;

#[tokio::test]
async fn a_published_flow_is_live_and_its_draft_is_its_own() {
    let fixture = Fixture::new().await;
    let store = &fixture.store;
    let flow = store.flow("orders").await.expect("it is there");
    assert_eq!((flow.state, flow.version), (FlowState::Live, Some(1)));
    assert!(!flow.draft_changed());
    let edited = DOCUMENT.replace("Orders", "Better orders");
    store
        .save_draft("orders", &edited, &flow.draft_etag, NOW_MS + 1)
        .await
        .expect("nobody else edited it");
    let flow = store.flow("orders").await.expect("it is there");
    assert!(flow.draft_changed());
    assert_eq!(flow.published.as_deref(), Some(DOCUMENT));
    assert_eq!(
        store.published().await.expect("a list")[0]
            .document
            .as_ref(),
        DOCUMENT
    );
}

#[tokio::test]
async fn of_two_edits_of_one_draft_the_later_is_a_conflict() {
    let fixture = Fixture::new().await;
    let store = &fixture.store;
    let base = store.flow("orders").await.expect("it is there").draft_etag;
    let first = DOCUMENT.replace("Orders", "First");
    store
        .save_draft("orders", &first, &base, NOW_MS)
        .await
        .expect("the first");
    let later = DOCUMENT.replace("Orders", "Later");
    let error = store
        .save_draft("orders", &later, &base, NOW_MS)
        .await
        .expect_err("the later");
    let flow = store.flow("orders").await.expect("it is there");
    match error {
        Error::DraftConflict { current_etag, .. } => assert_eq!(current_etag, flow.draft_etag),
        other => panic!("not a conflict: {other:?}"),
    }
    assert_eq!(flow.draft, first);
    let stale = store.publish_flow("orders", &base, None, NOW_MS).await;
    assert!(
        matches!(stale, Err(Error::DraftConflict { .. })),
        "{stale:?}"
    );
}

#[tokio::test]
async fn ids_of_outputs_and_tasks_stay_with_their_names() {
    let fixture = Fixture::new().await;
    let store = &fixture.store;
    let first = store.flow("orders").await.expect("it is there");
    let without = r#"{"name": "orders", "outputs": [{"name": "new"}]}"#;
    assert!(
        !store
            .import_flow("orders", without, NOW_MS)
            .await
            .expect("it is there")
    );
    publish(&fixture, None).await;
    let second = store.flow("orders").await.expect("it is there");
    assert_eq!(second.outputs.len(), 1);
    assert_ne!(second.outputs[0].id, first.outputs[0].id);
    store
        .import_flow("orders", DOCUMENT, NOW_MS)
        .await
        .expect("it is there");
    assert_eq!(publish(&fixture, None).await, 3);
    let third = store.flow("orders").await.expect("it is there");
    assert_eq!(third.outputs, first.outputs);
    assert_eq!(third.tasks, first.tasks);
    assert_eq!(
        third.versions.iter().map(|v| v.version).collect::<Vec<_>>(),
        [3, 2, 1]
    );
}

async fn publish(fixture: &Fixture, state: Option<FlowState>) -> i64 {
    let etag = fixture
        .store
        .flow("orders")
        .await
        .expect("it is there")
        .draft_etag;
    fixture
        .store
        .publish_flow("orders", &etag, state, NOW_MS)
        .await
        .expect("nothing is in the way")
}

#[tokio::test]
async fn publishing_the_same_draft_again_makes_no_version_and_keeps_the_state() {
    let fixture = Fixture::new().await;
    let paused = FlowState::Paused;
    fixture
        .store
        .set_flow_state("orders", paused, NOW_MS)
        .await
        .expect("it is published");
    assert_eq!(publish(&fixture, None).await, 1);
    assert_eq!(
        fixture.store.flow("orders").await.expect("there").state,
        paused
    );
    assert_eq!(publish(&fixture, Some(FlowState::Live)).await, 1);
    assert_eq!(
        fixture.store.flow("orders").await.expect("there").state,
        FlowState::Live
    );
}

#[tokio::test]
async fn an_endpoint_name_of_another_flow_is_refused_with_both_names() {
    let fixture = Fixture::new().await;
    let store = &fixture.store;
    store
        .create_flow("copy", DOCUMENT, NOW_MS)
        .await
        .expect("a new name");
    let etag = store.flow("copy").await.expect("it is there").draft_etag;
    let error = store
        .publish_flow("copy", &etag, None, NOW_MS)
        .await
        .expect_err("taken");
    match error {
        Error::EndpointTaken { endpoint, flow } => {
            assert_eq!((endpoint.as_str(), flow.as_str()), ("in", "orders"));
        }
        other => panic!("not told: {other:?}"),
    }
    let flow = store.flow("copy").await.expect("it is there");
    assert_eq!((flow.version, flow.state), (None, FlowState::Off));
    // A deleted flow frees the names of its endpoints.
    store
        .delete_flow("orders", NOW_MS)
        .await
        .expect("no job is under way");
    store
        .publish_flow("copy", &etag, None, NOW_MS)
        .await
        .expect("free now");
}

#[tokio::test]
async fn a_name_that_is_taken_is_refused() {
    let fixture = Fixture::new().await;
    let error = fixture.store.create_flow("orders", DOCUMENT, NOW_MS).await;
    assert!(matches!(error, Err(Error::FlowExists { .. })), "{error:?}");
}

#[tokio::test]
async fn a_flow_that_was_never_published_cannot_be_live() {
    let fixture = Fixture::new().await;
    fixture
        .store
        .create_flow("new", "{}", NOW_MS)
        .await
        .expect("a new name");
    let error = fixture
        .store
        .set_flow_state("new", FlowState::Live, NOW_MS)
        .await;
    assert!(
        matches!(error, Err(Error::NeverPublished { .. })),
        "{error:?}"
    );
}

#[tokio::test]
async fn a_flow_with_jobs_under_way_stays_and_a_deleted_one_leaves_its_history() {
    let fixture = Fixture::new().await;
    let store = &fixture.store;
    let job_id = fixture.job(1).await;
    let error = store.delete_flow("orders", NOW_MS).await;
    assert!(
        matches!(error, Err(Error::FlowBusy { unfinished: 1, .. })),
        "{error:?}"
    );
    store
        .commit(whole_life(job_id, vec![new_delivery(1, "tell")]))
        .await
        .expect("it is next");
    store
        .delete_flow("orders", NOW_MS)
        .await
        .expect("no job is under way");
    assert!(matches!(
        store.flow("orders").await,
        Err(Error::NotFound { .. })
    ));
    let job = store.job(job_id).await.expect("history stays");
    assert_eq!(
        (job.flow.as_str(), job.flow_title.as_deref()),
        ("orders", Some("Orders"))
    );
    let (delivery, _) = store
        .stored_delivery(delivery_id(1))
        .await
        .expect("history stays");
    assert_eq!(delivery.error.expect("a reason").0.code, "task_disabled");
    // The name is free, and the new flow is another one.
    store
        .create_flow("orders", DOCUMENT, NOW_MS)
        .await
        .expect("the name is free");
    assert_ne!(
        store.flow("orders").await.expect("it is there").id,
        fixture.flow_id
    );
}

#[tokio::test]
async fn an_edited_task_gets_another_chance_and_an_unchanged_one_does_not() {
    let fixture = Fixture::new().await;
    let store = &fixture.store;
    for task in ["tell", "other"] {
        store
            .set_task_enabled("orders", task, false, NOW_MS)
            .await
            .expect("it is there");
    }
    let edited = DOCUMENT.replace("a.example", "c.example");
    store
        .import_flow("orders", &edited, NOW_MS)
        .await
        .expect("it is there");
    publish(&fixture, None).await;
    let flow = store.flow("orders").await.expect("it is there");
    let enabled: Vec<_> = flow
        .tasks
        .iter()
        .map(|t| (t.name.as_str(), t.enabled))
        .collect();
    assert_eq!(enabled, [("other", false), ("tell", true)]);
}
