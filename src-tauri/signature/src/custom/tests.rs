//! Schemes of one's own: those of the registry described again, and what is wrong with descriptions.

use proptest::prelude::*;
use serde_json::{Value, json};

use super::CustomScheme;
use crate::{Failure, Scheme, SchemeChoice, SignInput, VerifyInput};

const NOW_MS: i64 = 1_795_306_812_431;

fn read(description: &Value) -> SchemeChoice {
    let scheme = CustomScheme::read(description);
    SchemeChoice::Custom(
        scheme
            .unwrap_or_else(|problems| panic!("{description}: {problems:?}"))
            .into(),
    )
}

/// Schemes of the registry in words.
fn described() -> Vec<(&'static str, Value)> {
    let custom = |header: &str, more: Value| {
        let mut scheme = json!({"kind": "custom", "header": header, "signed": "{body}"});
        for (key, value) in more.as_object().expect("fields") {
            scheme[key] = value.clone();
        }
        scheme
    };
    vec![
        (
            "github",
            custom(
                "X-Hub-Signature-256",
                json!({"value": "sha256={signature}"}),
            ),
        ),
        (
            "shopify",
            custom("X-Shopify-Hmac-Sha256", json!({"encoding": "base64"})),
        ),
        (
            "paystack",
            custom("x-paystack-signature", json!({"hash": "sha512"})),
        ),
        (
            "vercel",
            custom("x-vercel-signature", json!({"hash": "sha1"})),
        ),
        (
            "adyen",
            custom("HmacSignature", json!({"key": "hex", "encoding": "base64"})),
        ),
        (
            "stripe",
            custom(
                "Stripe-Signature",
                json!({"value": "t={timestamp},v1={signature}", "signed": "{timestamp}.{body}"}),
            ),
        ),
        (
            "workos",
            custom(
                "WorkOS-Signature",
                json!({"value": "t={timestamp_ms},v1={signature}", "signed": "{timestamp_ms}.{body}"}),
            ),
        ),
        (
            "slack",
            custom(
                "X-Slack-Signature",
                json!({"value": "v0={signature}", "signed": "v0:{timestamp}:{body}",
            "timestamp_header": "X-Slack-Request-Timestamp"}),
            ),
        ),
        (
            "square",
            custom(
                "x-square-hmacsha256-signature",
                json!({"signed": "{url}{body}", "encoding": "base64"}),
            ),
        ),
    ]
}

fn sign_input<'a>(secret: &'a str, body: &'a [u8]) -> SignInput<'a> {
    SignInput {
        secret,
        method: "POST",
        url: "https://example.com/in?q=1",
        body,
        timestamp_ms: NOW_MS,
        id: "dlv_1",
    }
}

fn verify(
    scheme: &SchemeChoice,
    secret: &str,
    body: &[u8],
    headers: &[(String, String)],
) -> Result<(), Failure> {
    let headers: Vec<(&str, &str)> = headers
        .iter()
        .map(|(name, value)| (name.as_str(), value.as_str()))
        .collect();
    scheme.verify(&VerifyInput {
        secret,
        method: "POST",
        url: "https://example.com/in?q=1",
        headers: &headers,
        body,
        now_ms: NOW_MS,
        tolerance_ms: 300_000,
    })
}

#[test]
fn a_described_scheme_signs_as_the_one_of_the_registry_does() {
    for (name, description) in described() {
        let secret = if name == "adyen" {
            "44782def"
        } else {
            "some-secret"
        };
        let input = sign_input(secret, b"{\"total\": 7}");
        let known = Scheme::named(name).expect("a scheme");
        let expected = crate::sign(known, &input).expect("it signs");
        assert_eq!(
            read(&description).sign(&input).as_ref(),
            Ok(&expected),
            "{name}"
        );
        assert_eq!(
            verify(&read(&description), secret, input.body, &expected),
            Ok(()),
            "{name}"
        );
        let is_timed = read(&description).is_timed();
        assert_eq!(is_timed, known.is_timed, "{name}");
    }
}

#[test]
fn method_path_and_id_are_signed_and_sent_where_they_are_told_to() {
    let scheme = read(&json!({
        "kind": "custom", "header": "X-Sig", "value": "id:{id};{signature}", "encoding": "base64url", "hash": "sha384",
        "key": "base64", "signed": "{method} {path}\n{timestamp_ms}\n{id}\n{body}", "timestamp_header": "X-Time",
    }));
    let input = sign_input("c2VjcmV0", b"test");
    let headers = scheme.sign(&input).expect("it signs");
    // python3: hmac.new(b"secret", b"POST /in?q=1\n1795306812431\ndlv_1\ntest", "sha384"), urlsafe, without padding
    let expected = "id:dlv_1;QaoXCwpHTm93gB3G-U8tYaHPqXYjK7ib8SgaxbIkWIAsg-44o8eZpxrXk5tHvNz8";
    let expected = [("X-Time", "1795306812431"), ("X-Sig", expected)]
        .map(|(name, value)| (name.to_owned(), value.to_owned()));
    assert_eq!(headers, expected);
    assert_eq!(verify(&scheme, "c2VjcmV0", b"test", &headers), Ok(()));
    let code = |secret: &str, body: &[u8], headers: &[(String, String)]| {
        verify(&scheme, secret, body, headers).map_err(|failure| failure.code())
    };
    assert_eq!(code("c2VjcmVu", b"test", &headers), Err("mismatch"));
    assert_eq!(code("secret!", b"test", &headers), Err("bad_secret"));
    let change = |at: usize, value: &str| {
        let mut headers = headers.clone();
        headers[at].1 = value.to_owned();
        headers
    };
    assert_eq!(
        code("c2VjcmV0", b"test", &headers[1..]),
        Err("missing_header")
    );
    assert_eq!(
        code("c2VjcmV0", b"test", &change(0, "1795306812430")),
        Err("mismatch")
    );
    assert_eq!(
        code("c2VjcmV0", b"test", &change(0, "+1")),
        Err("malformed_header")
    );
    assert_eq!(
        code("c2VjcmV0", b"test", &change(1, "id:;AAAA")),
        Err("malformed_header")
    );
    assert_eq!(
        code("c2VjcmV0", b"test", &change(1, "AAAA")),
        Err("malformed_header")
    );
    assert_eq!(
        code("c2VjcmV0", b"test", &change(1, "id:dlv_1;")),
        Err("bad_encoding")
    );
}

#[test]
fn what_is_wrong_with_a_description_is_told_with_its_key() {
    let good = json!({"kind": "custom", "header": "X-Sig", "signed": "{body}"});
    for (key, value) in [
        ("kind", json!("own")),
        ("header", json!("X Sig")),
        ("header", json!(null)),
        ("value", json!("none")),
        ("value", json!("{signature}{signature}")),
        ("value", json!("{signature},{body}")),
        ("value", json!("{nothing}")),
        ("value", json!("{signature")),
        ("value", json!("a}{signature}")),
        ("value", json!("{signature}\n")),
        ("signed", json!("{timestamp}")),
        ("signed", json!("{body}{body}")),
        ("signed", json!("{signature}{body}")),
        ("signed", json!("")),
        ("hash", json!("md5")),
        ("encoding", json!("HEX")),
        ("key", json!("raw")),
        ("tolerance", json!(5)),
    ] {
        let mut wrong = good.clone();
        wrong[key] = value.clone();
        let problems = CustomScheme::read(&wrong).expect_err("it is wrong");
        assert!(
            problems
                .iter()
                .any(|problem| problem.key.as_deref() == Some(key)),
            "{key} {value}: {problems:?}"
        );
    }
    for (more, key) in [
        (json!({"signed": "{timestamp}.{body}"}), "timestamp_header"),
        (json!({"timestamp_header": "X-Time"}), "signed"),
        (json!({"value": "{timestamp}.{signature}"}), "signed"),
        (
            json!({"value": "{timestamp},{signature}", "signed": "{timestamp_ms}{body}"}),
            "signed",
        ),
        (
            json!({"value": "{timestamp},{signature}", "signed": "{timestamp}{body}", "timestamp_header": "X-T"}),
            "timestamp_header",
        ),
        (json!({"signed": "{id}{body}"}), "id_header"),
        (json!({"id_header": "X-Id"}), "signed"),
        (
            json!({"value": "{id}{signature}", "signed": "{id}{body}"}),
            "value",
        ),
    ] {
        let mut wrong = good.clone();
        for (name, value) in more.as_object().expect("fields") {
            wrong[name] = value.clone();
        }
        let problems = CustomScheme::read(&wrong).expect_err("it is wrong");
        assert!(
            problems
                .iter()
                .any(|problem| problem.key.as_deref() == Some(key)),
            "{more}: {problems:?}"
        );
    }
    assert!(CustomScheme::read(&json!("custom")).is_err());
    let missing = CustomScheme::read(&json!({"kind": "custom"})).expect_err("two are missing");
    assert_eq!(missing.len(), 2, "{missing:?}");
}

fn changes() -> impl Strategy<Value = (usize, Vec<u8>)> {
    (
        0..described().len(),
        prop::collection::vec(any::<u8>(), 1..40),
    )
}

proptest! {
    #[test]
    fn nothing_passes_that_was_changed((which, body) in changes(), at: prop::sample::Index, by in "[ -~]") {
        let (_, description) = &described()[which];
        let scheme = read(description);
        let secret = "44782def99";
        let headers = scheme.sign(&sign_input(secret, &body)).expect("it signs");
        prop_assert_eq!(verify(&scheme, secret, &body, &headers), Ok(()));
        let mut other = body.clone();
        let bit = at.index(other.len());
        other[bit] ^= 1;
        prop_assert_eq!(verify(&scheme, secret, &other, &headers), Err(Failure::Mismatch));
        prop_assert!(verify(&scheme, "44782def98", &body, &headers).is_err());
        let mut headers = headers;
        let (_, value) = headers.last_mut().expect("a header");
        let place = at.index(value.len());
        prop_assume!(value[place..=place] != by);
        value.replace_range(place..=place, &by);
        prop_assert!(verify(&scheme, secret, &body, &headers).is_err());
    }

    #[test]
    fn any_header_at_all_is_read_without_a_panic(which in 0..9_usize, value in "\\PC{0,60}", time in "\\PC{0,20}") {
        let scheme = read(&described()[which].1);
        let headers = ["X-Slack-Request-Timestamp", "X-Slack-Signature", "Stripe-Signature", "X-Hub-Signature-256"]
            .map(|name| (name.to_owned(), if name.ends_with("stamp") { time.clone() } else { value.clone() }));
        prop_assert!(verify(&scheme, "44782def", b"", &headers).is_err());
    }
}
