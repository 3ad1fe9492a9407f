//! Imports: one write, of which nothing runs.

use hookloom_engine::ports::Schedules as _;
use hookloom_model::FlowState;
use serde_json::json;

use super::support::{DOCUMENT, Fixture, NOW_MS};
use crate::table::views::ViewRow;
use crate::{Error, Import, ImportedFlow, ImportedVariable, KeptAs};

const NEW: &str = r#"{"name": "new", "endpoints": [{"name": "new_in"}], "schedules": [{"name": "often", "cron": "* * * * *"}],
    "webhook_tasks": [{"name": "tell", "url": "https://a.example"}]}"#;

fn new_flow(name: &str, document: &str) -> ImportedFlow {
    ImportedFlow {
        name: name.to_owned(),
        draft: document.to_owned(),
        layout: Some("{}".to_owned()),
        kept: KeptAs::New {
            published: Some(document.to_owned()),
            switched_off_tasks: vec!["tell".to_owned(), "unknown".to_owned()],
        },
    }
}

fn view(name: &str) -> ViewRow {
    ViewRow {
        name: name.to_owned(),
        list: "jobs".to_owned(),
        filter: serde_json::Map::new(),
        updated_at_ms: NOW_MS,
    }
}

#[tokio::test]
async fn an_imported_flow_is_published_and_off_and_its_schedules_wait() {
    let fixture = Fixture::new().await;
    let store = &fixture.store;
    let import = Import {
        flows: vec![new_flow("new", NEW)],
        variables: vec![ImportedVariable {
            set: Some("staging".to_owned()),
            name: "url".to_owned(),
            value: json!("x"),
        }],
        active_variable_set: Some("staging".to_owned()),
        settings: vec![("retention".to_owned(), "{}".to_owned())],
        ..Import::default()
    };
    store
        .import(import, NOW_MS)
        .await
        .expect("nothing is in the way");
    let flow = store.flow("new").await.expect("it is there");
    assert_eq!((flow.state, flow.version), (FlowState::Off, Some(1)));
    assert!(!flow.tasks[0].enabled, "it stays off");
    assert_eq!(flow.layout.as_deref(), Some("{}"));
    assert!(
        store.live().await.expect("a read").is_empty(),
        "no schedule is live"
    );
    let exported = store
        .exported(&["retention", "other"])
        .await
        .expect("a read");
    assert_eq!(
        exported.settings,
        [("retention".to_owned(), "{}".to_owned())]
    );
    assert_eq!(exported.variables.active_set.as_deref(), Some("staging"));
}

#[tokio::test]
async fn what_changed_since_it_was_decided_refuses_the_whole_import() {
    let fixture = Fixture::new().await;
    let store = &fixture.store;
    let etag = store.flow("orders").await.expect("it is there").draft_etag;
    let draft = |base_etag: &str| ImportedFlow {
        name: "orders".to_owned(),
        draft: DOCUMENT.replace("Orders", "Other"),
        layout: None,
        kept: KeptAs::Draft {
            base_etag: base_etag.to_owned(),
        },
    };
    let with = |flow: ImportedFlow| Import {
        flows: vec![new_flow("new", NEW), flow],
        views: vec![view("mine")],
        views_max: 1,
        ..Import::default()
    };
    let taken = store
        .import(with(new_flow("orders", DOCUMENT)), NOW_MS)
        .await;
    assert!(matches!(taken, Err(Error::FlowExists { .. })), "{taken:?}");
    let stale = store.import(with(draft("1-77")), NOW_MS).await;
    assert!(
        matches!(stale, Err(Error::DraftConflict { .. })),
        "{stale:?}"
    );
    let endpoint = new_flow("third", &NEW.replace("\"new\"", "\"third\""));
    let clash = store.import(with(endpoint), NOW_MS).await;
    assert!(
        matches!(clash, Err(Error::EndpointTaken { .. })),
        "{clash:?}"
    );
    let mut many = with(draft(&etag));
    many.views.push(view("yours"));
    let many = store.import(many, NOW_MS).await;
    assert!(matches!(many, Err(Error::TooMany { .. })), "{many:?}");
    assert_eq!(
        store.flows().await.expect("a read").len(),
        1,
        "nothing was written"
    );
    assert!(
        store.views().await.expect("a read").is_empty(),
        "nothing was written"
    );

    store
        .import(with(draft(&etag)), NOW_MS)
        .await
        .expect("nothing is in the way");
    let flow = store.flow("orders").await.expect("it is there");
    assert!(flow.draft.contains("Other"));
    assert_eq!(
        (flow.state, flow.published.as_deref()),
        (FlowState::Live, Some(DOCUMENT))
    );
}
