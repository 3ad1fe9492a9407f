//! Requests to endpoints of our own: what is sent, and what of it is shown.

use hookloom_engine::endpoints::LiveEndpoint;
use hookloom_engine::ports::{Arrival, Inbox, OutgoingRequest, Secrets as _};
use hookloom_model::document;
use hookloom_model::request::{RequestRecord, sealed_headers_context};
use hookloom_model::{FlowId, FlowState, RequestId, Verdict};
use hookloom_signature::{Scheme, TOLERANCE_MS, VerifyInput, verify};
use serde_json::{Value, json};

use super::{NOW_MS, TestApi};

const PATH: &str = "/api/webhook/local/shop/orders";
const SECRET: &str = "hunter2hunter2-of-ours";

/// A published flow whose endpoint wants this.
async fn wanting(auth: Value) -> (TestApi, FlowId) {
    let api = TestApi::new().await;
    for name in ["orders_key", "other_key"] {
        let path = format!("/secrets/{name}");
        api.put(&path, json!({"value": SECRET})).await.ok();
    }
    let flow = json!({
        "format": "hookloom.flow/1", "name": "shop",
        "endpoints": [{"name": "orders", "auth": auth, "credential_headers": ["x-shop-token"]}],
        "steps": [{"name": "note", "kind": "set", "values": {"n": 1}}],
    });
    let body = json!({"document": flow, "publish": true});
    let imported = api.post("/flows/import", body).await.ok();
    let flow_id = FlowId(imported["flow"]["id"].as_i64().expect("an id"));
    let document = document::from_value(flow).into_document().expect("sound");
    let live = LiveEndpoint {
        endpoint: document.endpoints[0].clone(),
        flow_id,
        flow_name: "shop".to_owned(),
        version: 1,
        state: FlowState::Live,
        responders: Default::default(),
    };
    api.host.lead(PATH, live);
    (api, flow_id)
}

async fn send(api: &TestApi, more: Value) -> (Value, OutgoingRequest) {
    let mut body = json!({"flow": "shop", "endpoint": "orders", "body": "{\"n\": 1}"});
    for (name, value) in more.as_object().expect("fields") {
        body[name] = value.clone();
    }
    let answered = api.post("/endpoints/send", body).await.ok();
    let sent = api.http.sent.lock().pop().expect("it was sent");
    let shown = answered["request"].to_string();
    assert!(!shown.contains("hunter2"), "{shown}");
    (answered, sent)
}

fn header<'a>(sent: &'a OutgoingRequest, name: &str) -> Option<&'a str> {
    let mut found = sent.headers.iter().filter(|(known, _)| known == name);
    found.next().map(|(_, value)| value.as_str())
}

#[tokio::test]
async fn every_kind_of_credential_is_made_with_the_endpoint_s_own_secret() {
    let basic = "Basic dXM6aHVudGVyMmh1bnRlcjItb2Ytb3Vycw==";
    for (auth, name, value) in [
        (
            json!({"kind": "shared_key", "secret": "orders_key", "header": "x-key"}),
            "x-key",
            SECRET,
        ),
        (
            json!({"kind": "api_key", "secret": "orders_key"}),
            "x-api-key",
            SECRET,
        ),
        (
            json!({"kind": "bearer", "secret": "orders_key"}),
            "authorization",
            "Bearer hunter2hunter2-of-ours",
        ),
        (
            json!({"kind": "basic", "username": "us", "secret": "orders_key"}),
            "authorization",
            basic,
        ),
        (
            json!({"kind": "signature", "scheme": "gitlab", "secret": "orders_key"}),
            "x-gitlab-token",
            SECRET,
        ),
    ] {
        let (api, _) = wanting(auth.clone()).await;
        let (_, sent) = send(&api, json!({})).await;
        assert_eq!(header(&sent, name), Some(value), "{auth}");
        assert_eq!(sent.url.path(), PATH);
        let (_, sent) = send(&api, json!({"sign": false})).await;
        assert_eq!(header(&sent, name), None, "{auth}");
    }
    let (api, _) = wanting(json!({"kind": "shared_key", "secret": "orders_key"})).await;
    let (answered, sent) = send(
        &api,
        json!({"query": [{"name": "key", "value": "••••"}, {"name": "a", "value": "1 2"}]}),
    )
    .await;
    assert_eq!(sent.url.query(), Some("a=1+2&key=hunter2hunter2-of-ours"));
    assert_eq!(answered["left_out"], json!([]));
}

#[tokio::test]
async fn a_signature_is_one_that_the_scheme_takes() {
    for name in [
        "github",
        "stripe",
        "standard-webhooks",
        "http-message-signatures",
    ] {
        let (api, _) =
            wanting(json!({"kind": "signature", "scheme": name, "secret": "orders_key"})).await;
        if name == "standard-webhooks" {
            api.put(
                "/secrets/orders_key",
                json!({"value": "whsec_aHVudGVyMmh1bnRlcjI="}),
            )
            .await
            .ok();
        }
        let (_, sent) = send(&api, json!({"query": [{"name": "a", "value": "1"}]})).await;
        let headers: Vec<(&str, &str)> = sent
            .headers
            .iter()
            .map(|(name, value)| (name.as_str(), value.as_str()))
            .collect();
        let secret = api
            .state
            .secrets
            .read("orders_key")
            .await
            .expect("it is set");
        let verified = verify(
            Scheme::named(name).expect("it is implemented"),
            &VerifyInput {
                secret: secret.expose(),
                method: sent.method.as_str(),
                url: sent.url.as_str(),
                headers: &headers,
                body: &sent.body,
                now_ms: NOW_MS,
                tolerance_ms: TOLERANCE_MS,
            },
        );
        assert!(
            verified.is_ok(),
            "{name}: {:?}",
            verified.err().map(|it| it.explain())
        );
    }
}

#[tokio::test]
async fn a_token_is_made_for_the_audience_and_is_good_for_minutes() {
    let (api, _) = wanting(json!({"kind": "jwt", "algorithm": "HS256", "secret": "orders_key", "issuer": "us", "audience": "orders"})).await;
    let (_, sent) = send(&api, json!({})).await;
    let token = header(&sent, "authorization")
        .and_then(|it| it.strip_prefix("Bearer "))
        .expect("a token");
    let mut validation = jsonwebtoken::Validation::new(jsonwebtoken::Algorithm::HS256);
    validation.set_issuer(&["us"]);
    validation.set_audience(&["orders"]);
    validation.validate_exp = false;
    let key = jsonwebtoken::DecodingKey::from_secret(SECRET.as_bytes());
    let claims = jsonwebtoken::decode::<Value>(token, &key, &validation)
        .expect("ours")
        .claims;
    assert_eq!(claims["exp"], NOW_MS / 1_000 + 300);
}

#[tokio::test]
async fn of_several_ways_the_first_that_can_be_made_is_and_one_that_cannot_be_is_said() {
    let address = json!({"kind": "ip", "ranges": ["203.0.113.0/24"]});
    let key = json!({"kind": "api_key", "secret": "orders_key"});
    let (api, _) = wanting(json!({"kind": "any", "of": [address, key]})).await;
    let (_, sent) = send(&api, json!({})).await;
    assert_eq!(header(&sent, "x-api-key"), Some(SECRET));

    let here = json!({"kind": "ip", "ranges": ["127.0.0.0/8"]});
    let (api, _) = wanting(json!({"kind": "all", "of": [here, key]})).await;
    let (_, sent) = send(&api, json!({})).await;
    assert_eq!(header(&sent, "x-api-key"), Some(SECRET));

    let public = "-----BEGIN PUBLIC KEY-----\nMFkw\n-----END PUBLIC KEY-----";
    let token = json!({"kind": "jwt", "algorithm": "ES256", "public_key": public});
    for (auth, said) in [(address, "127.0.0.1"), (token, "ES256")] {
        let (api, _) = wanting(auth).await;
        let body = json!({"flow": "shop", "endpoint": "orders"});
        let refused = api.post("/endpoints/send", body).await;
        let refused = refused.refused(422, "credential_not_made");
        assert!(
            refused["error"]["message"].to_string().contains(said),
            "{refused}"
        );
    }
}

/// A request as it was recorded, with what its record hides.
async fn keep_original(api: &TestApi, flow_id: FlowId, id: RequestId, endpoint: &str) {
    let key = api.state.secrets.workspace_key().await.expect("a key");
    let hidden = br#"{"cookie": "a=of-the-shop", "x-shop-token": "tok-1"}"#;
    let headers = [
        ("content-type", "text/plain"),
        ("cookie", "••••"),
        ("x-shop-token", "••••"),
        ("x-other", "••••"),
        ("host", "shop.example"),
        ("x-hub-signature-256", "sha256=00"),
    ];
    let record = RequestRecord {
        id,
        at_ms: NOW_MS,
        endpoint: endpoint.into(),
        flow_id,
        method: "POST".into(),
        path: format!("{PATH}?a=1&key=••••"),
        remote_address: "127.0.0.1".into(),
        headers: headers
            .map(|(name, value)| (name.to_owned(), value.to_owned()))
            .into(),
        sealed_headers: Some(key.seal(hidden, &sealed_headers_context(id))),
        way: None,
        body: b"as it came".to_vec(),
        files: Vec::new(),
        body_bytes: 10,
        body_sha256: None,
        verdict: Verdict::Held,
        status: 200,
        reason: None,
    };
    let arrival = Arrival {
        record: Some(record),
        idempotency_key: None,
        start: None,
    };
    api.store.accept(arrival).await.expect("it is kept");
}

#[tokio::test]
async fn a_stored_request_is_sent_again_with_what_its_record_hides() {
    let (api, flow_id) =
        wanting(json!({"kind": "signature", "scheme": "github", "secret": "orders_key"})).await;
    let id = RequestId::new(NOW_MS, [1; 10]);
    keep_original(&api, flow_id, id, "orders").await;
    let other = RequestId::new(NOW_MS, [2; 10]);
    keep_original(&api, flow_id, other, "refunds").await;
    let body = json!({"flow": "shop", "endpoint": "orders", "request_id": id.to_string()});
    let answered = api.post("/endpoints/send", body.clone()).await.ok();
    let sent = api.http.sent.lock().pop().expect("it was sent");
    assert_eq!(
        (&sent.body[..], sent.url.query()),
        (&b"as it came"[..], Some("a=1"))
    );
    assert_eq!(header(&sent, "cookie"), Some("a=of-the-shop"));
    assert_eq!(header(&sent, "x-shop-token"), Some("tok-1"));
    assert_eq!(header(&sent, "host"), None);
    assert_ne!(header(&sent, "x-hub-signature-256"), Some("sha256=00"));
    assert_eq!(answered["left_out"], json!(["x-other"]));
    let shown = answered["request"].to_string();
    assert!(
        !shown.contains("of-the-shop") && !shown.contains("tok-1"),
        "{shown}"
    );

    // One of another endpoint keeps what is its own.
    let mut body = body;
    body["request_id"] = other.to_string().into();
    let answered = api.post("/endpoints/send", body).await.ok();
    let sent = api.http.sent.lock().pop().expect("it was sent");
    assert_eq!(header(&sent, "cookie"), None);
    assert_eq!(
        answered["left_out"],
        json!(["cookie", "x-shop-token", "x-other"])
    );
}

#[tokio::test]
async fn what_does_not_lead_to_the_endpoint_is_not_called() {
    let (api, _) = wanting(json!({"kind": "none"})).await;
    for (body, status, code) in [
        (
            json!({"flow": "nowhere", "endpoint": "orders"}),
            404,
            "flow_not_found",
        ),
        (
            json!({"flow": "shop", "endpoint": "nowhere"}),
            404,
            "endpoint_not_found",
        ),
        (
            json!({"flow": "shop", "endpoint": "orders", "path": "/in/elsewhere"}),
            422,
            "value_invalid",
        ),
        (
            json!({"flow": "shop", "endpoint": "orders", "body_base64": "?"}),
            422,
            "value_invalid",
        ),
        (
            json!({"flow": "shop", "endpoint": "orders", "request_id": "mqr_1"}),
            404,
            "request_not_found",
        ),
    ] {
        api.post("/endpoints/send", body)
            .await
            .refused(status, code);
    }
    assert!(api.http.sent.lock().is_empty());
}
