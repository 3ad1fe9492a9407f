//! The receivers that the workbench offers to copy: they compile, take what is signed here, and nothing else.
//!
//! Those in JavaScript, Python and Go are run by `ui/e2e/receivers.spec.ts`.

use std::time::{SystemTime, UNIX_EPOCH};

use hookloom_signature::{Scheme, SignInput, sign};

#[path = "../../../ui/src/features/flows/forms/task/receivers/github.rs"]
mod github;
#[path = "../../../ui/src/features/flows/forms/task/receivers/standard-webhooks.rs"]
mod standard_webhooks;
#[path = "../../../ui/src/features/flows/forms/task/receivers/stripe.rs"]
mod stripe;
#[path = "../../../ui/src/features/flows/forms/task/receivers/x-webhook-signature.rs"]
mod x_webhook_signature;

const SECRET: &str = "whsec_c2VjcmV0LXNlY3JldC1zZWNyZXQ=";
const BODY: &[u8] = br#"{"total": 1.0}"#;
const URL: &str = "https://shop.example/hooks?order=7";
/// Beyond every tolerance.
const HOUR_MS: i64 = 60 * 60 * 1000;

fn now_ms() -> i64 {
    let since = SystemTime::now().duration_since(UNIX_EPOCH);
    i64::try_from(since.expect("a clock after 1970").as_millis()).expect("a clock of this age")
}

/// Values of the headers of a message, in the scheme's order.
fn signed(scheme: &str, method: &str, timestamp_ms: i64) -> Vec<String> {
    let input = SignInput {
        secret: SECRET,
        method,
        url: URL,
        body: BODY,
        timestamp_ms,
        id: "dlv_1",
    };
    let scheme = Scheme::named(scheme).expect("a known scheme");
    let headers = sign(scheme, &input).expect("a signature");
    headers.into_iter().map(|(_, value)| value).collect()
}

#[test]
fn the_receiver_of_x_webhook_signature_takes_what_is_signed_here_and_nothing_else() {
    use x_webhook_signature::is_genuine;
    let header = &signed("x-webhook-signature", "POST", now_ms())[0];
    assert!(is_genuine(SECRET, header, BODY));
    assert!(!is_genuine(SECRET, header, b"{\"total\": 1}"));
    assert!(!is_genuine("another", header, BODY));
    assert!(!is_genuine(SECRET, &header[..header.len() - 2], BODY));
    let by_url = &signed("x-webhook-signature", "DELETE", now_ms())[0];
    assert!(is_genuine(SECRET, by_url, URL.as_bytes()));
    for late in [-HOUR_MS, HOUR_MS] {
        let stale = &signed("x-webhook-signature", "POST", now_ms() + late)[0];
        assert!(!is_genuine(SECRET, stale, BODY));
    }
}

#[test]
fn the_receiver_of_github_takes_what_is_signed_here_and_nothing_else() {
    use github::is_genuine;
    let header = &signed("github", "POST", now_ms())[0];
    assert!(is_genuine(SECRET, header, BODY));
    assert!(!is_genuine(SECRET, header, b"{\"total\": 1}"));
    assert!(!is_genuine("another", header, BODY));
    for broken in ["", "sha256=", &header[7..]] {
        assert!(!is_genuine(SECRET, broken, BODY));
    }
}

#[test]
fn the_receiver_of_stripe_takes_what_is_signed_here_and_nothing_else() {
    use stripe::is_genuine;
    let header = &signed("stripe", "POST", now_ms())[0];
    assert!(is_genuine(SECRET, header, BODY));
    let (time, signature) = header.split_once(',').expect("a time and a signature");
    let rotated = format!("{time},v1={},{signature}", "0".repeat(64));
    assert!(is_genuine(SECRET, &rotated, BODY));
    assert!(!is_genuine(SECRET, header, b"{\"total\": 1}"));
    assert!(!is_genuine("another", header, BODY));
    assert!(!is_genuine(SECRET, &format!("{time},v1="), BODY));
    let stale = &signed("stripe", "POST", now_ms() - HOUR_MS)[0];
    assert!(!is_genuine(SECRET, stale, BODY));
}

#[test]
fn the_receiver_of_standard_webhooks_takes_what_is_signed_here_and_nothing_else() {
    use standard_webhooks::is_genuine;
    let headers = signed("standard-webhooks", "POST", now_ms());
    let [id, time, signature] = &headers[..] else {
        panic!("three headers");
    };
    assert!(is_genuine(SECRET, id, time, signature, BODY));
    let rotated = format!("v1,AAAA v2,xyz {signature}");
    assert!(is_genuine(SECRET, id, time, &rotated, BODY));
    assert!(!is_genuine(SECRET, "dlv_2", time, signature, BODY));
    assert!(!is_genuine(SECRET, id, time, signature, b"{\"total\": 1}"));
    assert!(!is_genuine(SECRET, id, time, "v1,", BODY));
    let stale = signed("standard-webhooks", "POST", now_ms() - HOUR_MS);
    assert!(!is_genuine(SECRET, id, &stale[1], &stale[2], BODY));
}
