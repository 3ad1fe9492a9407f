//! Opening and closing a folder within this process, with a key file as the vault.

mod rebinding;

use std::net::{Ipv4Addr, SocketAddr};
use std::time::Duration;

use futures::StreamExt as _;
use http::Method;
use serde_json::Value;
use tempfile::TempDir;

use crate::{Access, Choice, DataFolder, Listener, Options, OwnerRecord, Role, Running, open};

fn options(parent: &TempDir, role: Role) -> Options {
    let key = parent.path().join("vault.key");
    if !key.exists() {
        hookloom_secrets::create_key_file(&key).expect("a key file");
    }
    let folder = DataFolder::resolve(Some(parent.path().join("data"))).expect("a path");
    let local = SocketAddr::from((Ipv4Addr::LOCALHOST, 0));
    Options::new(folder, role)
        .receiver(local)
        .control(local)
        .vault(Choice::KeyFile { path: key })
}

async fn status(running: &Running) -> Value {
    let reply = running
        .call(Method::GET, "/api/v1/status", None)
        .await
        .expect("an answer");
    assert_eq!(reply.status, 200, "{}", reply.body);
    serde_json::from_str(&reply.body).expect("JSON")
}

#[tokio::test]
async fn the_app_starts_without_a_listener_whose_address_is_in_use_and_opens_it_elsewhere_later() {
    let parent = tempfile::tempdir().expect("a temporary folder");
    let other = std::net::TcpListener::bind("127.0.0.1:0").expect("a free port");
    let taken = other.local_addr().expect("an address");
    let running = open(options(&parent, Role::App).control(taken))
        .await
        .expect("it starts");
    let before = status(&running).await;
    assert_eq!(before["receiver"]["state"], "listening");
    assert_eq!(before["control"]["state"], "off");
    assert_eq!(
        before["control"]["problem"]["code"], "address_in_use",
        "{before}"
    );
    assert_eq!(running.control_url(), None);

    let again = running.listen(Listener::Control, taken).await;
    assert!(again.is_err(), "it is still in use");
    let free = SocketAddr::from((Ipv4Addr::LOCALHOST, 0));
    running
        .listen(Listener::Control, free)
        .await
        .expect("a free port");
    let url = running.control_url().expect("it listens");
    assert_eq!(status(&running).await["control"]["url"], url);
    let folder = DataFolder::resolve(Some(parent.path().join("data"))).expect("a path");
    assert_eq!(
        OwnerRecord::read(&folder).and_then(|it| it.control),
        Some(url)
    );
    assert!(
        running.listen(Listener::Control, free).await.is_err(),
        "it listens already"
    );
    running.stop().await;
}

#[tokio::test]
async fn the_address_that_a_person_chose_holds_for_the_next_start_unless_that_says_otherwise() {
    let parent = tempfile::tempdir().expect("a temporary folder");
    let other = std::net::TcpListener::bind("127.0.0.1:0").expect("a free port");
    let taken = other.local_addr().expect("an address");
    let running = open(options(&parent, Role::App).control(taken)).await;
    let running = running.expect("it starts");
    let free = Some("{\"address\": \"127.0.0.1:0\"}".to_owned());
    let reply = running
        .call(Method::PUT, "/api/v1/listeners/control", free)
        .await
        .expect("an answer");
    assert_eq!(reply.status, 200, "{}", reply.body);
    let chosen = running.control_url().expect("it listens");
    running.stop().await;

    let folder = DataFolder::resolve(Some(parent.path().join("data"))).expect("a path");
    let key = Choice::KeyFile {
        path: parent.path().join("vault.key"),
    };
    let local = SocketAddr::from((Ipv4Addr::LOCALHOST, 0));
    let unsaid = Options::new(folder, Role::App).receiver(local).vault(key);
    let running = open(unsaid).await.expect("it starts");
    assert_eq!(running.control_url(), Some(chosen.clone()));
    running.stop().await;
    let running = open(options(&parent, Role::App)).await.expect("it starts");
    assert_ne!(running.control_url(), Some(chosen), "port 0 was asked for");
    running.stop().await;
}

#[tokio::test(flavor = "multi_thread")]
async fn a_guest_gets_the_same_answers_as_the_owner() {
    let parent = tempfile::tempdir().expect("a temporary folder");
    let running = open(options(&parent, Role::Serve))
        .await
        .expect("it starts");
    let access = Access::open(options(&parent, Role::Command))
        .await
        .expect("it is reached");
    assert!(matches!(access, Access::Guest(_)));
    let put = Some("{\"value\": 7}".to_owned());
    let reply = access
        .call(Method::PUT, "/api/v1/variables/seven", put)
        .await
        .expect("an answer");
    assert!((200..300).contains(&reply.status), "{reply:?}");
    let of_guest = access
        .call(Method::GET, "/api/v1/variables", None)
        .await
        .expect("an answer");
    let of_owner = running
        .call(Method::GET, "/api/v1/variables", None)
        .await
        .expect("an answer");
    assert_eq!(of_guest, of_owner);
    assert!(of_guest.body.contains("seven"), "{}", of_guest.body);
    access.close().await;
    running.stop().await;
}

#[tokio::test(flavor = "multi_thread")]
async fn a_folder_is_free_and_tidy_after_a_stop() {
    let parent = tempfile::tempdir().expect("a temporary folder");
    for _ in 0..2 {
        let running = open(options(&parent, Role::Serve))
            .await
            .expect("it starts");
        running.stop().await;
        for file in ["owner.json", "control.token", "hookloom.db-wal"] {
            assert!(
                !parent.path().join("data").join(file).exists(),
                "{file} is left"
            );
        }
    }
}

#[tokio::test]
async fn a_vault_that_cannot_be_used_is_refused_with_what_to_do() {
    let parent = tempfile::tempdir().expect("a temporary folder");
    let missing = Choice::KeyFile {
        path: parent.path().join("no.key"),
    };
    let Err(error) = open(options(&parent, Role::Serve).vault(missing)).await else {
        panic!("there is no such key");
    };
    assert_eq!(error.code().as_str(), "vault_unusable");
    assert!(error.to_string().contains("no.key"), "{error}");
    open(options(&parent, Role::Serve))
        .await
        .expect("the folder is free")
        .stop()
        .await;
}

#[tokio::test]
async fn a_pause_is_told_also_to_who_looks_only_later() {
    let parent = tempfile::tempdir().expect("a temporary folder");
    let running = open(options(&parent, Role::App)).await.expect("it starts");
    let mut events = running.events();
    for (is_paused, state) in [(true, "paused"), (false, "listening")] {
        let body = serde_json::json!({"is_paused": is_paused}).to_string();
        let reply = running
            .call(Method::PUT, "/api/v1/receiving", Some(body))
            .await
            .expect("an answer");
        assert_eq!(reply.status, 200, "{}", reply.body);
        assert_eq!(status(&running).await["receiver"]["state"], state);
        // Nobody listened when it happened.
        let told = tokio::time::timeout(Duration::from_secs(20), events.next()).await;
        let told = told.expect("it is told").expect("the folder is open");
        assert!(told.tags.contains(&"status".to_owned()), "{told:?}");
    }
    drop(events);
    running.stop().await;
}
