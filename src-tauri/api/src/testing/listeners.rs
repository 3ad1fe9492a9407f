//! Choosing where a listener is.

use serde_json::json;

use super::{HOST, TestApi};

#[tokio::test]
async fn a_listener_that_is_off_begins_on_the_chosen_address_which_is_kept_for_the_next_start() {
    let api = TestApi::new().await;
    api.host.switch_control_off();
    let in_use = json!({"address": "127.0.0.1:9"});
    let refused = api.put("/listeners/control", in_use).await;
    refused.refused(409, "address_refused");
    let kept = || api.store.setting("control_address");
    assert_eq!(
        kept().await.expect("a read"),
        None,
        "it did not begin there"
    );

    let elsewhere = json!({"address": "127.0.0.1:4757"});
    let moved = api.put("/listeners/control", elsewhere).await.ok();
    assert_eq!(moved["listener"]["state"], "listening");
    assert_eq!(moved["listener"]["address"], "127.0.0.1:4757");
    assert_eq!(moved["moves_at_next_start"], false);
    let kept = kept().await.expect("a read");
    assert_eq!(kept.as_deref(), Some("\"127.0.0.1:4757\""));
}

#[tokio::test]
async fn a_listener_that_is_on_stays_until_the_next_start() {
    let api = TestApi::new().await;
    let elsewhere = json!({"address": "127.0.0.1:4757"});
    let moved = api.put("/listeners/control", elsewhere).await.ok();
    assert_eq!(moved["listener"]["address"], HOST);
    assert_eq!(moved["moves_at_next_start"], true);
    let here = json!({"address": HOST});
    let moved = api.put("/listeners/control", here).await.ok();
    assert_eq!(moved["moves_at_next_start"], false);
}

#[tokio::test]
async fn a_command_that_has_the_folder_for_a_moment_opens_nothing_and_keeps_the_address() {
    let api = TestApi::new().await;
    api.host.switch_control_off();
    api.host.be_a_command();
    // Port 9 is in use, as the test's process has it: nobody tried.
    let in_use = json!({"address": "127.0.0.1:9"});
    let moved = api.put("/listeners/control", in_use).await.ok();
    assert_eq!(moved["listener"]["state"], "off");
    assert_eq!(moved["moves_at_next_start"], true);
    let kept = api.store.setting("control_address").await.expect("a read");
    assert_eq!(kept.as_deref(), Some("\"127.0.0.1:9\""));
}

#[tokio::test]
async fn what_is_no_listener_or_no_address_is_refused() {
    let api = TestApi::new().await;
    let address = json!({"address": "127.0.0.1:4757"});
    let refused = api.put("/listeners/window", address).await;
    refused.refused(404, "listener_not_found");
    for wrong in [
        "",
        "everywhere",
        "127.0.0.1",
        "localhost:4757",
        "127.0.0.1:70000",
    ] {
        let refused = api
            .put("/listeners/receiver", json!({"address": wrong}))
            .await;
        refused.refused(422, "value_invalid");
    }
}
