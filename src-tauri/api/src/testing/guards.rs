//! Every operation against every bad caller, generated from the description: a new operation without its guards
//! fails here.

use axum::body::Body;
use http::{Request, StatusCode};
use serde_json::json;

use super::conforms::operations;
use super::{HOST, OWNER_TOKEN, TestApi};

/// A way to call that must be denied.
struct Bad {
    what: &'static str,
    headers: Vec<(&'static str, String)>,
    query: Option<String>,
    denied_by: &'static [u16],
}

impl Bad {
    fn new(
        what: &'static str,
        denied_by: &'static [u16],
        headers: &[(&'static str, &str)],
    ) -> Self {
        let headers = headers
            .iter()
            .map(|(name, value)| (*name, (*value).to_owned()))
            .collect();
        Self {
            what,
            headers,
            query: None,
            denied_by,
        }
    }
}

/// Callers without a good token.
fn strangers(revoked: &str) -> Vec<Bad> {
    let token = |value: &str| {
        [
            ("host", HOST.to_owned()),
            ("authorization", value.to_owned()),
        ]
    };
    let with = |what, value: &str| Bad {
        what,
        headers: token(value).to_vec(),
        query: None,
        denied_by: &[401],
    };
    let twice = [
        ("host", HOST),
        ("authorization", &*format!("Bearer {OWNER_TOKEN}")),
        ("authorization", "Bearer other"),
    ];
    vec![
        Bad::new("no token", &[401], &[("host", HOST)]),
        with("a wrong token", "Bearer hkl_wrong"),
        with("an empty token", "Bearer "),
        with("another scheme", &format!("Basic {OWNER_TOKEN}")),
        with("the bare token", OWNER_TOKEN),
        with("a token that was revoked", &format!("Bearer {revoked}")),
        with("the token and more", &format!("Bearer {OWNER_TOKEN} x")),
        Bad::new("two tokens", &[401], &twice),
        Bad {
            query: Some(format!(
                "token={OWNER_TOKEN}&access_token={OWNER_TOKEN}&key={OWNER_TOKEN}"
            )),
            ..Bad::new("the token in the query", &[401], &[("host", HOST)])
        },
        Bad::new(
            "the token in a cookie",
            &[401],
            &[("host", HOST), ("cookie", &format!("token={OWNER_TOKEN}"))],
        ),
    ]
}

/// Pages of other sites, with the owner's own token.
fn foreign_pages() -> Vec<Bad> {
    let good = format!("Bearer {OWNER_TOKEN}");
    let page = |what, denied_by, headers: &[(&'static str, &str)]| {
        let mut all = vec![("authorization", good.as_str())];
        all.extend_from_slice(headers);
        Bad::new(what, denied_by, &all)
    };
    vec![
        page("another host", &[421], &[("host", "evil.example")]),
        page(
            "our host at another port",
            &[421],
            &[("host", "127.0.0.1:4747")],
        ),
        page("no host", &[421], &[]),
        page("two hosts", &[421], &[("host", HOST), ("host", HOST)]),
        page(
            "a foreign origin",
            &[403],
            &[("host", HOST), ("origin", "http://evil.example")],
        ),
        page(
            "the origin null",
            &[403],
            &[("host", HOST), ("origin", "null")],
        ),
        page(
            "a cross-site page",
            &[403],
            &[("host", HOST), ("sec-fetch-site", "cross-site")],
        ),
        page(
            "a same-site page",
            &[403],
            &[("host", HOST), ("sec-fetch-site", "same-site")],
        ),
        page(
            "a link from another site",
            &[403],
            &[
                ("host", HOST),
                ("sec-fetch-site", "cross-site"),
                ("sec-fetch-mode", "navigate"),
                ("sec-fetch-dest", "document"),
            ],
        ),
    ]
}

fn request(method: &str, template: &str, bad: &Bad) -> Request<Body> {
    let path = template
        .replace("{name}", "some_name")
        .replace("{file_id}", "fil_17")
        .replace("{endpoint}", "some_endpoint")
        .replace("{token}", "some_token")
        .replace("{step}", "some_step")
        .replace("{id}", "17");
    assert!(
        !path.contains('{'),
        "this test does not know the parameter of {template}"
    );
    let uri = match &bad.query {
        Some(query) => format!("{path}?{query}"),
        None => path,
    };
    let mut request = Request::builder()
        .method(method)
        .uri(uri)
        .header("content-type", "application/json");
    for (name, value) in &bad.headers {
        request = request.header(*name, value);
    }
    request.body(Body::from("{}")).expect("a request")
}

async fn token_with(api: &TestApi, scope: &str) -> String {
    let made = api
        .post("/tokens", json!({"name": scope, "scope": scope}))
        .await
        .ok();
    made["token"].as_str().expect("a token").to_owned()
}

#[tokio::test]
async fn every_operation_denies_every_bad_caller() {
    let api = TestApi::new().await;
    let revoked = token_with(&api, "manage").await;
    api.delete("/tokens/manage").await.ok();
    let mut tried = 0;
    for (method, path, operation) in operations() {
        let is_open = operation["operationId"] == "create_session";
        let strangers = if is_open {
            Vec::new()
        } else {
            strangers(&revoked)
        };
        for bad in strangers.into_iter().chain(foreign_pages()) {
            let status = api
                .over_tcp(request(&method, path, &bad))
                .await
                .status
                .as_u16();
            assert!(
                bad.denied_by.contains(&status),
                "{method} {path} with {}: {status}",
                bad.what
            );
            tried += 1;
        }
    }
    assert!(
        tried > 500,
        "{tried} cases are too few: is the description empty?"
    );
}

#[tokio::test]
async fn every_operation_denies_a_token_of_a_smaller_scope() {
    let api = TestApi::new().await;
    let tokens = [
        ("read", 1, token_with(&api, "read").await),
        ("run", 2, token_with(&api, "run").await),
        ("manage", 3, token_with(&api, "manage").await),
    ];
    for (method, path, operation) in operations() {
        if operation["operationId"] == "create_session" {
            continue;
        }
        let needed = operation["security"][0]["bearer"][0]
            .as_str()
            .unwrap_or_else(|| panic!("{method} {path} does not say which scope it needs"));
        if needed == "read" {
            let only_looks = ["validate_flow", "preview_template"];
            assert!(
                method == "GET" || only_looks.iter().any(|id| operation["operationId"] == *id),
                "{method} {path} changes something and takes a token that may only look"
            );
        }
        let needs = tokens
            .iter()
            .find(|(name, ..)| *name == needed)
            .expect("a known scope")
            .1;
        for (name, has, token) in &tokens {
            let bearer = format!("Bearer {token}");
            let call = Bad::new(name, &[], &[("host", HOST), ("authorization", &bearer)]);
            if *has >= needs && path.ends_with("/tokens/{name}") {
                continue;
            }
            // The heads of live updates come at once; their bodies never end.
            let status = api
                .raw_over_tcp(request(&method, path, &call))
                .await
                .status();
            let denied = status == StatusCode::FORBIDDEN;
            assert_eq!(
                denied,
                *has < needs,
                "{method} {path} with a token to {name}: {status}"
            );
        }
    }
}

#[tokio::test]
async fn nothing_that_reads_changes_anything() {
    let api = TestApi::new().await;
    let mut changes = api.store.changes();
    let owner = format!("Bearer {OWNER_TOKEN}");
    let call = Bad::new(
        "the owner",
        &[],
        &[("host", HOST), ("authorization", &owner)],
    );
    for (method, path, _) in operations().filter(|(method, ..)| method == "GET") {
        api.raw_over_tcp(request(&method, path, &call)).await;
    }
    assert!(changes.try_recv().is_err(), "a GET has changed something");
}

#[tokio::test]
async fn every_path_that_belongs_to_programs_wants_a_token_even_if_nothing_is_there() {
    let api = TestApi::new().await;
    for path in [
        "/api",
        "/api/v1",
        "/api/v1/nowhere",
        "/api/v2/flows",
        "/v4/jobGroups",
    ] {
        let call = Bad::new("no token", &[401], &[("host", HOST)]);
        let answered = api.over_tcp(request("GET", path, &call)).await;
        answered.refused(401, "unauthorized");
    }
}

#[tokio::test]
async fn an_error_quotes_no_value_of_a_secret() {
    const VALUE: &str = "hush-hush-0123456789";
    let api = TestApi::new().await;
    let set = Some(json!({ "value": VALUE }));
    api.call("PUT", "/secrets/quiet", set).await.ok();
    let document = json!({"format": VALUE, "name": VALUE, "steps": [{"name": "a", "kind": VALUE}]});
    for (method, path, body) in [
        ("GET", format!("/flows/{VALUE}"), None),
        ("GET", format!("/jobs/{VALUE}"), None),
        ("POST", format!("/nothing/{VALUE}"), None),
        ("DELETE", format!("/status/{VALUE}"), None),
        (
            "POST",
            "/flows/import".to_owned(),
            Some(json!({ "document": document })),
        ),
        (
            "PUT",
            "/variables/a".to_owned(),
            Some(json!({ "valu": VALUE })),
        ),
    ] {
        let answered = api.call(method, &path, body).await;
        assert!(!answered.status.is_success(), "{path}");
        let said = answered.body.to_string();
        assert!(!said.contains(VALUE), "{path}: {said}");
    }
    let looked = Some(json!({ "document": document }));
    let problems = api.call("POST", "/flows/validate", looked).await.ok();
    assert!(
        !problems["problems"].to_string().contains(VALUE),
        "{problems}"
    );
    assert!(
        problems["problems"].to_string().contains("••••"),
        "{problems}"
    );
}
