//! Updates: nobody is asked without being told to, and only the owner says whom.

use axum::body::Body;
use hookloom_update::Source;
use http::Request;
use serde_json::{Value, json};

use super::{HOST, NOW_MS, TestApi};
use crate::updates::Releases;

/// Of minisign's own documentation.
const KEY: &str = "RWQf6LRCGA9i53mlYecO4IzT51TGPpvWucNSCh1CBM0QTaLn73Y7GFO3";
const AT: &str = "https://releases.example/release.json";
const DAY_MS: i64 = 24 * 60 * 60 * 1_000;

async fn asking() -> TestApi {
    TestApi::asking(Some(Source::parse(AT, KEY).expect("a source"))).await
}

fn asked(api: &TestApi) -> Vec<String> {
    let sent = api.http.sent.lock();
    sent.iter().map(|it| it.url.to_string()).collect()
}

#[tokio::test]
async fn a_build_without_an_address_says_so_and_asks_nobody() {
    let api = TestApi::new().await;
    let shown = api.get("/updates").await.ok();
    assert_eq!(shown["source"], Value::Null);
    assert_eq!(shown["version"], env!("CARGO_PKG_VERSION"));
    for path in ["/updates/check", "/updates/download"] {
        let refused = api.post(path, json!({})).await;
        let body = refused.refused(409, "update_not_configured");
        assert!(
            body["error"]["message"]
                .as_str()
                .expect("a text")
                .contains("no address")
        );
    }
    let half = json!({"from": {"url": AT}});
    let half = api.post("/updates/check", half).await;
    half.refused(422, "update_source_invalid");
    assert_eq!(asked(&api), Vec::<String>::new());
}

#[tokio::test]
async fn nobody_is_asked_before_somebody_says_so() {
    let api = asking().await;
    let shown = api.get("/updates").await.ok();
    assert_eq!(shown["source"], json!({"url": AT, "key": KEY}));
    assert_eq!(
        (&shown["daily"], &shown["found"]),
        (&json!(false), &Value::Null)
    );
    assert_eq!(asked(&api), Vec::<String>::new());
    // The stand-in answers everything with an empty object, which is no signature.
    let refused = api.post("/updates/check", json!({})).await;
    refused.refused(502, "update_signature_unreadable");
    assert_eq!(asked(&api), [AT.to_owned(), format!("{AT}.minisig")]);
    let failure = api.get("/updates").await.ok()["last_failure"].take();
    assert_eq!(failure["code"], "update_signature_unreadable");
    assert!(failure["hint"].as_str().is_some_and(|it| !it.is_empty()));
}

#[tokio::test]
async fn a_look_by_itself_is_chosen_and_comes_once_a_day() {
    let api = asking().await;
    let look = async || {
        let before = asked(&api).len();
        let _ = crate::look_for_updates_if_due(&api.state).await;
        asked(&api).len() > before
    };
    assert!(!look().await, "it is off at first");
    let set = |daily: Value| api.call("PATCH", "/settings", Some(json!({"updates_daily": daily})));
    assert_eq!(set(json!(true)).await.ok()["updates_daily"], true);
    assert_eq!(api.get("/updates").await.ok()["daily"], true);
    assert!(look().await);
    assert!(!look().await, "one that failed is one, too");
    api.clock.pass_ms(DAY_MS - 1);
    assert!(!look().await);
    api.clock.pass_ms(1);
    assert!(look().await);
    // The clock is put right after it was wrong.
    api.clock.pass_ms(-30 * DAY_MS);
    assert!(look().await);
    api.clock.pass_ms(2 * DAY_MS);
    assert_eq!(set(Value::Null).await.ok()["updates_daily"], false);
    assert!(!look().await);
    let silent = TestApi::new().await;
    silent
        .call("PATCH", "/settings", Some(json!({"updates_daily": true})))
        .await
        .ok();
    let looked = crate::look_for_updates_if_due(&silent.state).await;
    assert!(looked.is_ok_and(|it| it.is_none()) && asked(&silent).is_empty());
}

#[tokio::test]
async fn a_token_says_neither_whom_to_ask_nor_where_to_write() {
    let api = asking().await;
    let made = api
        .post("/tokens", json!({"name": "ci", "scope": "manage"}))
        .await
        .ok();
    let token = made["token"].as_str().expect("a token").to_owned();
    let elsewhere = json!({"url": "https://evil.example/release.json", "key": KEY});
    for (path, body) in [
        ("/updates/check", json!({"from": elsewhere})),
        ("/updates/download", json!({"from": elsewhere})),
        ("/updates/download", json!({"folder": "/etc"})),
    ] {
        let request = Request::post(format!("/api/v1{path}"))
            .header("host", HOST)
            .header("authorization", format!("Bearer {token}"))
            .header("content-type", "application/json")
            .body(Body::from(body.to_string()))
            .expect("a request");
        api.over_tcp(request).await.refused(403, "forbidden");
    }
    assert_eq!(asked(&api), Vec::<String>::new());
    let relative = api
        .post("/updates/download", json!({"folder": "here"}))
        .await;
    relative.refused(422, "value_invalid");
}

#[tokio::test]
async fn what_was_found_before_an_update_is_not_newer_after_it() {
    let api = asking().await;
    let told = |version: &str, url: &str| {
        let manifest = json!({"format": "hookloom.release/1", "version": version,
            "released_at": "2026-11-23T00:00:00Z", "packages": []});
        json!({"at_ms": NOW_MS, "url": url, "key": KEY, "manifest": manifest.to_string()})
            .to_string()
    };
    for (version, is_newer) in [("99.0.0", true), (env!("CARGO_PKG_VERSION"), false)] {
        let kept = api
            .store
            .put_setting("updates_found", &told(version, AT))
            .await;
        kept.expect("there is room");
        let found = api.get("/updates").await.ok()["found"].take();
        assert_eq!(found["is_newer"], is_newer, "{found}");
    }
    let elsewhere = told("99.0.0", "https://other.example/release.json");
    let kept = api.store.put_setting("updates_found", &elsewhere).await;
    kept.expect("there is room");
    assert_eq!(api.get("/updates").await.ok()["found"], Value::Null);
}

#[tokio::test]
async fn there_is_one_download_at_a_time_and_it_can_be_ended() {
    let api = asking().await;
    let releases: &std::sync::Arc<Releases> = &api.state.releases;
    let order = || hookloom_update::Order {
        package: hookloom_update::Package {
            kind: "deb".into(),
            os: "linux".into(),
            arch: "x86_64".into(),
            file: "a.deb".into(),
            url: None,
            bytes: 7,
            sha256: [0; 32],
        },
        manifest: AT.parse().expect("a URL"),
        folder: api.folder().join("updates"),
    };
    let begin = || releases.begin(order(), "0.2.0".into(), Default::default());
    assert!(begin().is_ok());
    let busy = begin().expect_err("one is under way");
    assert_eq!(busy.code(), crate::ErrorCode::UpdateBusy);
    let shown = api.get("/updates").await.ok();
    assert_eq!(shown["download"]["state"], "running");
    api.delete("/updates/download").await.ok();
    let mut shown = Value::Null;
    for _ in 0..200 {
        shown = api.get("/updates").await.ok()["download"].take();
        if shown["state"] != "running" {
            break;
        }
        tokio::time::sleep(std::time::Duration::from_millis(5)).await;
    }
    assert_eq!(shown["state"], "failed");
    assert_eq!(shown["failure"]["code"], "update_canceled");
    assert!(begin().is_ok(), "the next one may begin");
}
