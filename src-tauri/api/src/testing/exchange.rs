//! Import and export: what travels, what becomes of names that are taken, and that nothing runs.

use hookloom_engine::ports::Schedules as _;
use serde_json::{Value, json};

use super::TestApi;
use super::documents::order_intake;

const EVERY_MINUTE: &str = "* * * * *";

/// A workspace with one of everything that travels.
async fn full() -> TestApi {
    let api = TestApi::new().await;
    let mut document = order_intake();
    document["schedules"] = json!([{"name": "often", "cron": EVERY_MINUTE}]);
    document["layout"] = json!({"step:enrich": {"x": 12.5, "y": -3.0}});
    api.post(
        "/flows/import",
        json!({"document": document, "publish": true}),
    )
    .await
    .ok();
    let task = document["webhook_tasks"][0]["name"].clone();
    let off = json!({"task": task, "enabled": false});
    api.post("/flows/order_intake/tasks/state", off).await.ok();
    let mut draft = document;
    draft["title"] = "Not published yet".into();
    draft["steps"] = json!([]);
    api.post("/flows/import", json!({"document": draft}))
        .await
        .refused(422, "document_invalid");
    draft["outputs"] = json!([]);
    api.post("/flows/import", json!({"document": draft}))
        .await
        .ok();
    let plain = json!({"format": "hookloom.flow/1", "name": "plain", "steps": []});
    api.post("/flows/import", json!({"document": plain, "publish": true}))
        .await
        .ok();
    put_rows(&api).await;
    api
}

/// What travels beside flows.
async fn put_rows(api: &TestApi) {
    for (path, value) in [
        ("/variables/shop_url", json!("https://shop.example")),
        (
            "/variables/shop_url?set=staging",
            json!({"a": [1, 2.5, null]}),
        ),
    ] {
        api.call("PUT", path, Some(json!({"value": value})))
            .await
            .ok();
    }
    api.call(
        "PUT",
        "/active-variable-set",
        Some(json!({"name": "staging"})),
    )
    .await
    .ok();
    let rule = json!({"kind": "error_share", "flow": "order_intake", "endpoint": "orders", "threshold": 0.25, "window_minutes": 60, "minimum": 3});
    api.call("PUT", "/alert_rules/errors", Some(rule))
        .await
        .ok();
    let quiet = json!({"kind": "silence", "window_minutes": 5, "is_enabled": false});
    api.call("PUT", "/alert_rules/quiet", Some(quiet))
        .await
        .ok();
    let view = json!({"list": "jobs", "filter": {"flow": "order_intake", "status": "failed"}});
    api.call("PUT", "/views/Failed%20orders", Some(view))
        .await
        .ok();
    api.call(
        "PUT",
        "/storage/retention",
        Some(json!({"days": 90, "bytes_max": null})),
    )
    .await
    .ok();
    api.call(
        "PUT",
        "/backups/schedule",
        Some(json!({"every": "week", "keep": 3})),
    )
    .await
    .ok();
}

async fn exported(api: &TestApi) -> String {
    let exported = api.get("/export").await.ok();
    assert_eq!(exported["file_name"], "hookloom.workspace.json");
    exported["text"].as_str().expect("a text").to_owned()
}

async fn import(api: &TestApi, text: &str) -> Value {
    api.post("/import", json!({"text": text})).await.ok()
}

fn part<'r>(report: &'r Value, kind: &str, name: &str) -> &'r Value {
    let parts = report["parts"].as_array().expect("parts");
    let mut parts = parts.iter();
    parts
        .find(|part| part["kind"] == kind && part["name"] == name)
        .unwrap_or_else(|| panic!("{kind} {name} in {report:#}"))
}

#[tokio::test]
async fn a_workspace_that_is_exported_imported_and_exported_is_the_same_and_nothing_of_it_runs() {
    let text = exported(&full().await).await;
    let other = TestApi::new().await;
    let previewed = other
        .post("/import/preview", json!({"text": text}))
        .await
        .ok();
    assert_eq!(
        other.get("/flows").await.ok()["items"],
        json!([]),
        "a preview writes nothing"
    );
    let body = json!({"text": text, "plan": previewed["plan"]});
    let done = other.post("/import", body).await.ok();
    assert_eq!(done, previewed, "what was shown is what was done");
    assert_eq!(done["flows"], json!(["order_intake", "plain"]));
    for fate in ["changed", "dropped"] {
        assert!(!done["parts"].to_string().contains(fate), "{done:#}");
    }
    let missing = done["missing_secrets"].as_array().expect("names");
    assert_eq!(missing.len(), 4, "{missing:#?}");
    assert_eq!(
        missing[0],
        json!({"name": "orders_key", "flows": ["order_intake"]})
    );

    assert_eq!(exported(&other).await, text);

    let flows = other.get("/flows").await.ok();
    for flow in flows["items"].as_array().expect("flows") {
        assert_eq!(
            (&flow["state"], &flow["version"]),
            (&json!("off"), &json!(1)),
            "{flow:#}"
        );
    }
    assert!(
        other.store.live().await.expect("a read").is_empty(),
        "no schedule is live"
    );
    assert_eq!(other.get("/jobs").await.ok()["items"], json!([]));
    assert_eq!(other.get("/deliveries").await.ok()["items"], json!([]));
    let again = import(&other, &text).await;
    assert_eq!(again["flows"], json!([]), "it is all there");
    assert_eq!(exported(&other).await, text);
}

#[tokio::test]
async fn who_imports_is_told_what_requests_may_reach_inside() {
    let flow = |inner: &[&str]| json!({"format": "hookloom.flow/1", "name": "relay", "steps": [], "inner_destinations": inner});
    let published = json!({"draft": flow(&["printer.lan"]), "published": flow(&["10.0.0.0/8"])});
    let text = |flow| json!({"format": "hookloom.workspace/1", "flows": [flow]}).to_string();
    let api = TestApi::new().await;
    let preview = async |existing: &str, text: String| {
        let asked = json!({"text": text, "existing": existing});
        let report = api.post("/import/preview", asked).await.ok();
        part(&report, "flow", "relay")["why"].to_string()
    };
    let new = preview("skip", text(published.clone())).await;
    assert!(
        new.contains("(`inner_destinations`): printer.lan."),
        "{new}"
    );
    assert!(new.contains("(`inner_destinations`): 10.0.0.0/8."), "{new}");
    let without = json!({"draft": flow(&[])});
    let new = preview("skip", text(without.clone())).await;
    assert!(!new.contains("inner_destinations"), "{new}");
    import(&api, &text(without)).await;
    let replaced = preview("replace", text(published)).await;
    assert!(
        replaced.contains("(`inner_destinations`): printer.lan."),
        "{replaced}"
    );
}

/// The second flow with its endpoint, what refers to it, and what was replaced.
async fn is_as_chosen(api: &TestApi) {
    let flow = api.get("/flows/order_intake_2").await.ok();
    assert_eq!(
        (&flow["state"], &flow["version"]),
        (&json!("off"), &json!(1))
    );
    assert_eq!(flow["endpoints"][0]["name"], "orders_2");
    let plain = api.get("/flows/plain").await.ok();
    assert_eq!(
        (&plain["state"], &plain["version"], &plain["draft_changed"]),
        (&json!("live"), &json!(1), &json!(true))
    );
    let rules = api.get("/alert_rules").await.ok();
    assert_eq!(rules["rules"][1]["name"], "errors_2");
    assert_eq!(
        (&rules["rules"][1]["flow"], &rules["rules"][1]["endpoint"]),
        (&json!("order_intake_2"), &json!("orders_2"))
    );
    let views = api.get("/views").await.ok();
    assert_eq!(views["views"][1]["filter"]["flow"], "order_intake_2");
    assert_eq!(api.get("/storage").await.ok()["retention"]["days"], 1);
}

#[tokio::test]
async fn of_names_that_are_taken_each_goes_as_it_was_chosen() {
    let api = full().await;
    let before = exported(&api).await;
    let mut theirs: Value = serde_json::from_str(&before).expect("JSON");
    let flows = theirs["flows"].as_array_mut().expect("flows");
    flows[0]["draft"]["title"] = "Theirs".into();
    flows[0]["published"]["title"] = "Theirs, published".into();
    flows[1]["draft"]["title"] = "Theirs too".into();
    theirs["variables"][0]["value"] = "theirs".into();
    theirs["alert_rules"][0]["threshold"] = 0.5.into();
    theirs["views"][0]["list"] = "requests".into();
    theirs["settings"]["retention"]["days"] = 1.into();
    let text = theirs.to_string();

    let skipped = api
        .post("/import", json!({"text": text, "existing": "skip"}))
        .await
        .ok();
    assert_eq!(skipped["flows"], json!([]));
    assert_eq!(exported(&api).await, before);

    let choices = json!([
        {"kind": "flow", "name": "plain", "existing": "replace"},
        {"kind": "setting", "name": "retention", "existing": "replace"},
    ]);
    let done = api
        .post("/import", json!({"text": text, "choices": choices}))
        .await
        .ok();
    assert_eq!(done["flows"], json!(["order_intake_2", "plain"]));
    let second = part(&done, "flow", "order_intake");
    assert_eq!(
        (&second["fate"], &second["choice"]),
        (&json!("changed"), &json!("keep_both"))
    );
    let why = second["why"].as_str().expect("a reason");
    assert!(
        why.contains("`order_intake_2`")
            && why.contains("`orders_2`")
            && why.contains("published and off"),
        "{why}"
    );
    let replaced = part(&done, "flow", "plain");
    assert!(
        replaced["why"]
            .to_string()
            .contains("What is published here stays"),
        "{replaced:#}"
    );
    assert_eq!(
        part(&done, "variable", "shop_url")["fate"],
        "dropped",
        "there is only one of that name"
    );
    assert_eq!(
        part(&done, "setting", "backup_schedule")["choices"],
        json!([]),
        "it is the same"
    );

    is_as_chosen(&api).await;
}

#[tokio::test]
async fn an_import_that_is_refused_writes_nothing_and_says_why() {
    let api = full().await;
    let before = exported(&api).await;
    for text in [
        "",
        "nothing",
        "{\"format\": \"hookloom.workspace/9\"}",
        "{\"format\": \"hookloom.workspace/1\", \"flows\": [{}]}",
    ] {
        api.post("/import/preview", json!({"text": text}))
            .await
            .refused(422, "import_unreadable");
        api.post("/import", json!({"text": text}))
            .await
            .refused(422, "import_unreadable");
    }
    let flow =
        |name: &str| json!({"draft": {"format": "hookloom.flow/1", "name": name, "steps": []}});
    let mut views = Vec::new();
    for number in 0..200 {
        views.push(json!({"name": format!("view {number}"), "list": "jobs", "filter": {}}));
    }
    let many = json!({"format": "hookloom.workspace/1", "flows": [flow("new")], "views": views});
    api.post("/import", json!({"text": many.to_string()}))
        .await
        .refused(422, "too_many");
    let text = json!({"format": "hookloom.workspace/1", "flows": [flow("new")]}).to_string();
    let previewed = api
        .post("/import/preview", json!({"text": text}))
        .await
        .ok();
    api.post("/flows/import", json!({"document": flow("new")["draft"]}))
        .await
        .ok();
    let stale = json!({"text": text, "plan": previewed["plan"], "existing": "replace"});
    api.post("/import", stale)
        .await
        .refused(409, "preview_outdated");
    api.call("DELETE", "/flows/new", None).await.ok();
    assert_eq!(exported(&api).await, before);
}

#[tokio::test]
async fn what_this_release_would_not_take_is_dropped_with_the_reason() {
    let api = TestApi::new().await;
    let endpoint = json!({"name": "a", "path": "/in/x", "auth": {"kind": "none"}});
    let draft = |name: &str| json!({"format": "hookloom.flow/1", "name": name, "endpoints": [endpoint], "steps": []});
    let text = json!({
        "format": "hookloom.workspace/1",
        "flows": [
            {"draft": draft("first"), "published": "draft"},
            {"draft": draft("second"), "published": "draft"},
            {"draft": {"format": "hookloom.flow/1", "name": "broken", "steps": [{"name": "x", "kind": "unheard"}]}, "published": "draft"},
        ],
        "variables": [{"name": "not a name", "value": 1}],
        "active_variable_set": "nowhere",
        "alert_rules": [{"name": "never", "kind": "error_share", "threshold": 7, "window_minutes": 5}],
        "views": [{"name": "odd", "list": "stars", "filter": {}}],
        "settings": {"public_url": "https://x.example", "retention": {"days": 0, "bytes_max": null}},
    });
    let done = import(&api, &text.to_string()).await;
    assert_eq!(part(&done, "flow", "first")["fate"], "kept");
    let second = part(&done, "flow", "second")["why"].to_string();
    assert!(
        second.contains("belongs to the flow `first`") && second.contains("The draft came along"),
        "{second}"
    );
    assert!(
        part(&done, "flow", "broken")["why"]
            .to_string()
            .contains("One problem stands in the way")
    );
    for (kind, name) in [
        ("variable", "not a name"),
        ("active_variable_set", "nowhere"),
        ("alert_rule", "never"),
        ("view", "odd"),
        ("setting", "public_url"),
        ("setting", "retention"),
    ] {
        let part = part(&done, kind, name);
        assert_eq!(part["fate"], "dropped", "{part:#}");
        assert_ne!(part["why"], "", "{part:#}");
    }
    let version = |flow: Value| flow["version"].clone();
    assert_eq!(version(api.get("/flows/first").await.ok()), 1);
    assert_eq!(version(api.get("/flows/second").await.ok()), Value::Null);
}

#[tokio::test]
async fn no_value_of_a_secret_leaves_with_an_export() {
    let api = TestApi::new().await;
    api.call(
        "PUT",
        "/secrets/shop_token",
        Some(json!({"value": "hunter2hunter2"})),
    )
    .await
    .ok();
    let steps = json!([{"name": "ship", "kind": "http", "url": "https://shop.example/", "headers": {"X-Key": "hunter2hunter2"}}]);
    let document = json!({"format": "hookloom.flow/1", "name": "bare", "steps": steps});
    api.post("/flows/import", json!({"document": document}))
        .await
        .ok();
    api.call(
        "PUT",
        "/variables/oops",
        Some(json!({"value": ["hunter2hunter2"]})),
    )
    .await
    .ok();
    for path in [
        "/export",
        "/export?format=curl",
        "/export?format=hooks",
        "/export?flows=bare",
    ] {
        let text = api.get(path).await.ok().to_string();
        assert!(!text.contains("hunter2"), "{path}: {text}");
    }
    api.get("/export?flows=bare,nobody")
        .await
        .refused(404, "flow_not_found");
}

#[tokio::test]
async fn files_of_other_programs_become_drafts_that_ask_for_their_secrets() {
    let api = TestApi::new().await;
    let hooks = include_str!("../../../model/src/exchange/testing/hooks.json");
    let done = import(&api, hooks).await;
    assert_eq!(done["format"], "hooks");
    assert_eq!(done["flows"].as_array().map(Vec::len), Some(5));
    assert!(
        done["missing_secrets"]
            .to_string()
            .contains("redeploy_webhook_secret"),
        "{done:#}"
    );
    let har = include_str!("../../../model/src/exchange/testing/browser.har");
    let body = json!({"text": har, "name": "/tmp/Shop.har"});
    let done = api.post("/import", body).await.ok();
    assert_eq!(
        (&done["format"], &done["flows"]),
        (&json!("har"), &json!(["Shop"]))
    );
    let done = import(
        &api,
        "curl https://shop.example/orders -H 'X-Api-Key: hunter2hunter2'",
    )
    .await;
    assert_eq!(done["missing_secrets"][0]["name"], "shop_api_key");
    for flow in api.get("/flows").await.ok()["items"]
        .as_array()
        .expect("flows")
    {
        assert_eq!(
            (&flow["state"], &flow["version"], &flow["errors_count"]),
            (&json!("off"), &Value::Null, &json!(0)),
            "{flow:#}"
        );
    }
    let out = api
        .get("/export?format=hooks&flows=redeploy-webhook")
        .await
        .ok();
    assert_eq!(out["file_name"], "redeploy-webhook.hooks.json");
    assert!(
        out["text"].to_string().contains("payload-hmac-sha512"),
        "{out:#}"
    );
    assert!(!out["notes"].as_array().expect("notes").is_empty());
}
