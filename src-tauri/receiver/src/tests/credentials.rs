//! Who may call, by every kind but the shared key.

use base64::Engine as _;
use base64::engine::general_purpose::{STANDARD, URL_SAFE_NO_PAD};
use hookloom_model::document::{Auth, JwtAlgorithm, JwtAuth, JwtKey, SignatureAuth};
use hookloom_signature::{Scheme, SchemeChoice, SignInput, sign};
use jsonwebtoken::{Algorithm, EncodingKey, Header, encode};
use serde_json::{Value, json};

use super::client::Reply;
use super::started::{NOW_MS, Started, post};

const WRONG: &str = "{\"error\": \"Invalid credentials\"}";
const UNSIGNED: &str = "{\"error\": \"Invalid signature\"}";

async fn started(auth: Auth) -> Started {
    let started = Started::with(|live| live.endpoint.auth = auth).await;
    started.secrets.set("a", "the first secret");
    started.secrets.set("b", "the second one");
    started
}

async fn send(started: &Started, headers: &str) -> Reply {
    started.inbox.rejected.lock().clear();
    started.send(post("", headers, "")).await
}

fn api_key() -> Auth {
    Auth::ApiKey {
        secret: "a".into(),
        header: "x-api-key".into(),
        previous: Some(("b".into(), NOW_MS + 1)),
    }
}

fn bearer() -> Auth {
    Auth::Bearer {
        secret: "a".into(),
        previous: None,
    }
}

pub(super) fn signature(scheme: &str) -> Auth {
    Auth::Signature(SignatureAuth {
        scheme: SchemeChoice::Named(Scheme::named(scheme).expect("it is implemented")),
        secret: "a".into(),
        tolerance_ms: 300_000,
        previous: None,
    })
}

#[tokio::test]
async fn an_api_key_is_taken_from_its_header_and_kept_out_of_the_record() {
    let started = started(api_key()).await;
    for key in ["the first secret", "the second one"] {
        let reply = send(&started, &format!("x-api-key: {key}\r\n")).await;
        assert_eq!(reply.status, 200, "{key}");
        let record = started.recorded();
        assert!(record.sealed_headers.is_none() && !format!("{record:?}").contains(key));
    }
    for (headers, code) in [
        ("x-api-key: the first secre\r\n", "wrong_credentials"),
        ("x-api-key:\r\n", "wrong_credentials"),
        ("", "credentials_missing"),
        (
            "x-api-key: the first secret\r\nx-api-key: the first secret\r\n",
            "credentials_missing",
        ),
    ] {
        let reply = send(&started, headers).await;
        reply.is(401, WRONG);
        assert_eq!(reply.header("www-authenticate"), None);
        assert_eq!(started.reason(), code, "{headers}");
    }
}

#[tokio::test]
async fn bearer_and_basic_ask_for_what_they_want() {
    let bearer = started(bearer()).await;
    assert_eq!(
        send(&bearer, "authorization: Bearer the first secret\r\n")
            .await
            .status,
        200
    );
    let reply = send(&bearer, "authorization: Bearer another\r\n").await;
    assert_eq!(
        reply.is(401, WRONG).header("www-authenticate"),
        Some("Bearer realm=\"hookloom\"")
    );

    let basic = started(Auth::Basic {
        username: "shop".into(),
        secret: "a".into(),
        previous: None,
    })
    .await;
    let header = |text: &str| format!("authorization: Basic {}\r\n", STANDARD.encode(text));
    assert_eq!(
        send(&basic, &header("shop:the first secret")).await.status,
        200
    );
    for wrong in ["shop:another", "shop2:the first secret", "shop", ""] {
        let reply = send(&basic, &header(wrong)).await;
        reply.is(401, WRONG);
        let challenge = Some("Basic realm=\"hookloom\", charset=\"UTF-8\"");
        assert_eq!(reply.header("www-authenticate"), challenge);
    }
}

#[tokio::test]
async fn a_keychain_that_cannot_be_read_is_nobodys_wrong_credential() {
    for auth in [
        api_key(),
        bearer(),
        signature("github"),
        Auth::Any {
            of: vec![api_key(), Auth::Ip { ranges: vec![] }],
        },
    ] {
        let started = started(auth).await;
        started.secrets.lock();
        let reply = send(&started, "x-api-key: wrong\r\n").await;
        reply.is(503, "{\"error\": \"Service unavailable\"}");
        assert_eq!(started.reason(), "secret_unavailable");
    }
    let started = started(bearer()).await;
    started.secrets.remove("a");
    send(&started, "authorization: Bearer \r\n")
        .await
        .is(401, WRONG);
    assert_eq!(started.reason(), "secret_missing");
}

#[tokio::test]
async fn addresses_and_ways_are_combined() {
    let ip = |range: &str| Auth::Ip {
        ranges: vec![range.parse().expect("a range")],
    };
    let here = started(ip("127.0.0.0/8")).await;
    assert_eq!(send(&here, "").await.status, 200);
    let elsewhere = started(ip("203.0.113.0/24")).await;
    send(&elsewhere, "x-forwarded-for: 203.0.113.5\r\n")
        .await
        .is(401, WRONG);
    assert_eq!(elsewhere.reason(), "address_not_allowed");

    let all = started(Auth::All {
        of: vec![ip("127.0.0.1/32"), bearer()],
    })
    .await;
    assert_eq!(
        send(&all, "authorization: Bearer the first secret\r\n")
            .await
            .status,
        200
    );
    let reply = send(&all, "").await;
    assert_eq!(
        reply.is(401, WRONG).header("www-authenticate"),
        Some("Bearer realm=\"hookloom\"")
    );

    let any = started(Auth::Any {
        of: vec![ip("203.0.113.0/24"), bearer(), signature("github")],
    })
    .await;
    assert_eq!(
        send(&any, "authorization: Bearer the first secret\r\n")
            .await
            .status,
        200
    );
    let body = "{}";
    let signed = signed_headers("github", "the first secret", body, NOW_MS);
    assert_eq!(any.send(post("", &signed, body)).await.status, 200);
    send(&any, "").await.is(401, UNSIGNED);
}

pub(super) fn signed_headers(scheme: &str, secret: &str, body: &str, at_ms: i64) -> String {
    let input = SignInput {
        secret,
        method: "POST",
        url: "https://hook.example/api/webhook/local/intake?key=",
        body: body.as_bytes(),
        timestamp_ms: at_ms,
        id: "msg_1",
    };
    let scheme = Scheme::named(scheme).expect("it is implemented");
    let headers = sign(scheme, &input).expect("it can be signed");
    let lines = headers
        .iter()
        .map(|(name, value)| format!("{name}: {value}\r\n"));
    lines.collect()
}

#[tokio::test]
async fn every_scheme_that_a_document_can_name_is_checked() {
    for scheme in hookloom_model::document::SIGNATURE_SCHEMES {
        let started = started(signature(scheme)).await;
        let secret = match *scheme {
            "standard-webhooks" => "whsec_c2VjcmV0IG9mIGEgdGVzdA==".to_owned(),
            "adyen" => "44782DEF547AAA06C910C43932B1EB0C".to_owned(),
            "discord" => "000102030405060708090a0b0c0d0e0f101112131415161718191a1b1c1d1e1f\
                          03a107bff3ce10be1d70dd18e74bc09967e4d6309ba50d5f1ddc8664125531b8"
                .to_owned(),
            "sendgrid" => "MIGHAgEAMBMGByqGSM49AgEGCCqGSM49AwEHBG0wawIBAQQgIoings0srQBMwI07f73Cvk9eOYApZ4YRubDTfYyhgGihRANCAASu93hOiH94VwWVyeEjosrscc9aDdOoCCx8rfDh41YF7quEo/zftTXctNQA0zyJH0JeXKS1TWEE2XckDXpkjrC6".to_owned(),
            _ => "the first secret".to_owned(),
        };
        started.secrets.set("a", &secret);
        let body = "{\"a\": 1}";
        let headers = signed_headers(scheme, &secret, body, NOW_MS);
        let reply = started.send(post("", &headers, body)).await;
        assert_eq!(
            reply.status,
            200,
            "{scheme}: {:?}",
            started.inbox.rejected.lock()
        );
        let reply = started.send(post("", "", body)).await;
        reply.is(401, UNSIGNED);
        assert_eq!(started.reason(), "invalid_signature", "{scheme}");
    }
    let known: Vec<&str> = hookloom_signature::SCHEMES
        .iter()
        .map(|it| it.name)
        .collect();
    assert_eq!(known, hookloom_model::document::SIGNATURE_SCHEMES);
}

#[tokio::test]
async fn a_signature_over_the_url_is_over_the_public_one_if_there_is_one() {
    let started = started(signature("square")).await;
    let body = "{\"a\": 1}";
    let input = SignInput {
        secret: "the first secret",
        method: "POST",
        url: "https://hooks.example/shop/api/webhook/local/intake?key=",
        body: body.as_bytes(),
        timestamp_ms: NOW_MS,
        id: "msg_1",
    };
    let scheme = Scheme::named("square").expect("it is implemented");
    let headers = sign(scheme, &input).expect("it can be signed");
    let headers: String = headers
        .iter()
        .map(|(name, value)| format!("{name}: {value}\r\n"))
        .collect();
    let over_url = headers.clone();
    let inner = started.send(post("", &over_url, body)).await;
    *started.public_url.write() = Some("https://hooks.example/shop".into());
    let public = started.send(post("", &over_url, body)).await;
    assert_eq!((inner.status, public.status), (401, 200));
    let by_host = signed_headers("square", "the first secret", body, NOW_MS);
    assert_eq!(started.send(post("", &by_host, body)).await.status, 200);
}

#[tokio::test]
async fn a_signature_that_is_old_or_over_other_bytes_begins_nothing() {
    let started = started(signature("slack")).await;
    let body = "{\"a\": 1}";
    let stale = signed_headers("slack", "the first secret", body, NOW_MS - 301_000);
    started.send(post("", &stale, body)).await.is(401, UNSIGNED);
    let reason = started.rejected().reason.expect("a reason").message;
    assert!(
        reason.contains("slack") && reason.contains("ago"),
        "{reason}"
    );
    started.inbox.rejected.lock().clear();
    let other = signed_headers("slack", "the first secret", "{\"a\": 2}", NOW_MS);
    started.send(post("", &other, body)).await.is(401, UNSIGNED);
    // A body that is too large is told as that: the signature comes after it.
    let small = Started::with(|live| {
        live.endpoint.auth = signature("slack");
        live.endpoint.body_bytes_max = 4;
    })
    .await;
    small.secrets.set("a", "the first secret");
    small
        .send(post("", "", body))
        .await
        .is(413, "{\"error\": \"Request too large\"}");
    assert!(started.inbox.arrivals.lock().is_empty());
}

fn jwt(algorithm: JwtAlgorithm, key: JwtKey) -> Auth {
    Auth::Jwt(JwtAuth {
        algorithm,
        key,
        issuer: Some("https://issuer.example".into()),
        audience: Some("orders".into()),
        previous: None,
    })
}

fn claims() -> Value {
    json!({"iss": "https://issuer.example", "aud": "orders", "exp": NOW_MS / 1000 + 60})
}

fn token(algorithm: Algorithm, key: &EncodingKey) -> String {
    encode(&Header::new(algorithm), &claims(), key).expect("a token")
}

async fn status_of(started: &Started, token: &str) -> u16 {
    send(started, &format!("authorization: Bearer {token}\r\n"))
        .await
        .status
}

#[tokio::test]
async fn a_token_passes_by_its_own_algorithm_alone() {
    let secret = EncodingKey::from_secret(b"the first secret");
    let shared = started(jwt(JwtAlgorithm::Hs256, JwtKey::Secret("a".into()))).await;
    let good = token(Algorithm::HS256, &secret);
    assert_eq!(status_of(&shared, &good).await, 200);
    let other = token(Algorithm::HS256, &EncodingKey::from_secret(b"another"));
    let longer = token(Algorithm::HS512, &secret);
    let part = |value: Value| URL_SAFE_NO_PAD.encode(value.to_string());
    let none = format!(
        "{}.{}.",
        part(json!({"alg": "none", "typ": "JWT"})),
        part(claims())
    );
    let mut cut = good.clone();
    cut.pop();
    for bad in [&other, &longer, &none, &cut, "", "a.b.c", "a"] {
        assert_eq!(status_of(&shared, bad).await, 401, "{bad}");
    }

    let private = include_str!("keys_pem/ed25519_test_key.pem");
    let public = include_str!("keys_pem/ed25519_test_key.pub.pem");
    let signing = EncodingKey::from_ed_pem(private.as_bytes()).expect("a key");
    let asymmetric = started(jwt(JwtAlgorithm::EdDsa, JwtKey::Public(public.into()))).await;
    assert_eq!(
        status_of(&asymmetric, &token(Algorithm::EdDSA, &signing)).await,
        200
    );
    // The public key is known to everybody: as a shared secret it must let nobody in.
    let confused = token(
        Algorithm::HS256,
        &EncodingKey::from_secret(public.as_bytes()),
    );
    assert_eq!(status_of(&asymmetric, &confused).await, 401);
    assert_eq!(asymmetric.reason(), "wrong_credentials");
}
