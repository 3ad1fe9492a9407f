//! Certificates: who is believed, and what is said of it.

use hookloom_engine::ports::{Answer, Http, HttpError, HttpErrorKind, OutgoingRequest};

use super::servers::{Identity, get, serve_bytes};
use crate::{Options, Outbound};

async fn call(options: Options, url: &str, validate_ssl: bool) -> Result<Answer, HttpError> {
    let request = OutgoingRequest {
        validate_ssl,
        ..get(url)
    };
    Outbound::new(options).send(request).await
}

#[tokio::test]
async fn a_certificate_of_a_trusted_root_is_accepted_and_described() {
    let identity = Identity::new("shop.example", 2099);
    let extra_roots = vec![identity.certificate.clone()];
    let address = identity.serve().await;
    let options = Options {
        extra_roots,
        ..Options::default()
    };
    let answer = call(options, &format!("https://{address}/"), true)
        .await
        .expect("an answer");
    assert_eq!(answer.body, "hello");
    let certificate = answer.certificate.expect("its facts");
    assert_eq!(certificate.subject, "CN=shop.example");
    assert_eq!(certificate.issuer, "CN=shop.example");
    assert_eq!(
        certificate.expires_at_ms, 4_102_358_400_000,
        "2099-12-31T00:00:00Z"
    );
    assert!(certificate.verified);
    let timings = answer.timings;
    assert!(
        timings.tls_ms.is_some() && timings.connect_ms.is_some(),
        "{timings:?}"
    );
    assert_eq!(timings.dns_ms, None, "an address needs no lookup");
}

#[tokio::test]
async fn a_self_signed_certificate_is_refused_unless_checks_are_off() {
    let address = Identity::new("shop.example", 2099).serve().await;
    let url = format!("https://{address}/?token=s3cret");
    let error = call(Options::default(), &url, true)
        .await
        .expect_err("refused");
    assert_eq!(error.kind, HttpErrorKind::Tls, "{}", error.message);
    assert!(
        error.message.contains("not signed by an authority"),
        "{}",
        error.message
    );
    assert!(!error.message.contains("s3cret"));

    let answer = call(Options::default(), &url, false)
        .await
        .expect("an answer");
    let certificate = answer.certificate.expect("its facts");
    assert!(!certificate.verified);
}

#[tokio::test]
async fn checks_are_not_off_for_the_next_call() {
    let address = Identity::new("shop.example", 2099).serve().await;
    let url = format!("https://{address}/");
    let outbound = Outbound::new(Options::default());
    let unchecked = OutgoingRequest {
        validate_ssl: false,
        ..get(&url)
    };
    outbound.send(unchecked).await.expect("an answer");
    let error = outbound.send(get(&url)).await.expect_err("refused");
    assert_eq!(error.kind, HttpErrorKind::Tls);
}

#[tokio::test]
async fn an_expired_certificate_is_named_as_such() {
    let identity = Identity::new("shop.example", 2021);
    let extra_roots = vec![identity.certificate.clone()];
    let address = identity.serve().await;
    let options = Options {
        extra_roots,
        ..Options::default()
    };
    let error = call(options, &format!("https://{address}/"), true)
        .await
        .expect_err("refused");
    assert_eq!(error.kind, HttpErrorKind::Tls);
    assert!(error.message.contains("has expired"), "{}", error.message);
}

#[tokio::test]
async fn a_certificate_of_another_name_is_named_as_such() {
    let identity = Identity::new("shop.example", 2099);
    let extra_roots = vec![identity.certificate.clone()];
    let address = identity.serve().await;
    let options = Options {
        extra_roots,
        ..Options::default()
    };
    let url = format!("https://localhost:{}/", address.port());
    let error = call(options, &url, true).await.expect_err("refused");
    assert_eq!(error.kind, HttpErrorKind::Tls);
    assert!(
        error.message.contains("made for another name"),
        "{}",
        error.message
    );
}

#[tokio::test]
async fn a_server_that_speaks_no_tls_is_named_as_such() {
    let (address, _) = serve_bytes(b"HTTP/1.1 400 Bad Request\r\n\r\n").await;
    let request = OutgoingRequest {
        timeout_ms: 1_000,
        ..get(&format!("https://{address}/"))
    };
    let error = Outbound::new(Options::default())
        .send(request)
        .await
        .expect_err("no TLS");
    assert!(
        matches!(error.kind, HttpErrorKind::Tls | HttpErrorKind::Timeout),
        "{}",
        error.message
    );
}
