//! Redirects that are followed: where to, how far, and without whatever holds a secret.

use std::sync::Arc;

use axum::Router;
use axum::extract::{Path, Request, State};
use axum::response::{IntoResponse as _, Response};
use axum::routing::any;
use bytes::Bytes;
use hookloom_engine::ports::{Answer, Http, HttpErrorKind, OutgoingRequest, Redirects, Timings};
use http::header::LOCATION;
use http::{Method, StatusCode};
use parking_lot::Mutex;
use tokio::net::TcpListener;
use url::Url;

use super::servers::{get, serve};
use crate::hops::next;
use crate::{Options, Outbound};

const HOPS_MAX: u32 = 5;
/// Hosts that a chain of redirects leads over.
const HOSTS: usize = 100;

/// A request with secrets in all places that a request has.
fn request(url: &str, method: Method) -> OutgoingRequest {
    let headers = [
        ("X-Kept", "kept"),
        ("Content-Type", "text/plain"),
        ("Authorization", "Bearer s3cret"),
        ("Cookie", "a=s3cret"),
        ("X-Api-Key", "s3cret"),
        ("X-Anything", "s3cret"),
    ];
    let body = match method {
        Method::GET => Bytes::new(),
        _ => Bytes::from_static(b"a body"),
    };
    OutgoingRequest {
        method,
        headers: headers
            .map(|(name, value)| (name.to_owned(), value.to_owned()))
            .to_vec(),
        body,
        redirects: Some(redirects(false)),
        ..get(url)
    }
}

fn redirects(body_has_secret: bool) -> Redirects {
    Redirects {
        hops_max: HOPS_MAX,
        kept_headers: vec!["x-kept".to_owned(), "content-type".to_owned()],
        body_has_secret,
        secure_only: false,
    }
}

fn answer(status: u16, location: &str) -> Answer {
    Answer {
        status,
        headers: vec![("location".to_owned(), location.to_owned())],
        body: Bytes::new(),
        timings: Timings::default(),
        certificate: None,
    }
}

/// Everything that arrived anywhere, as text.
type Seen = Arc<Mutex<Vec<String>>>;

/// `/to/STATUS/N` leads to `/to/STATUS/N-1`, and in the end to `/end`; everything else is the end.
async fn hop(
    State(seen): State<Seen>,
    path: Option<Path<(u16, u32)>>,
    request: Request,
) -> Response {
    let (head, body) = request.into_parts();
    let body = axum::body::to_bytes(body, 1024).await.expect("a body");
    let body = String::from_utf8_lossy(&body).into_owned();
    seen.lock().push(format!(
        "{} {} {:?} {body}",
        head.method, head.uri, head.headers
    ));
    match path {
        None => "the end".into_response(),
        Some(Path((status, left))) => {
            let to = match left {
                0 => "/end".to_owned(),
                left => format!("/to/{status}/{}", left - 1),
            };
            let status = StatusCode::from_u16(status).expect("a status");
            (status, [(LOCATION, to)]).into_response()
        }
    }
}

async fn server() -> (String, Seen) {
    let seen = Seen::default();
    let router = Router::new()
        .route("/to/{status}/{left}", any(hop))
        .fallback(any(hop))
        .with_state(Arc::clone(&seen));
    (format!("http://{}", serve(router).await), seen)
}

#[tokio::test]
async fn redirects_are_followed_up_to_their_bound() {
    let (base, seen) = server().await;
    let outbound = Outbound::new(Options::default());
    let url = format!("{base}/to/302/{}", HOPS_MAX - 1);
    let answer = outbound
        .send(request(&url, Method::GET))
        .await
        .expect("an answer");
    assert_eq!(
        (answer.status, answer.body.as_ref()),
        (200, b"the end".as_slice())
    );
    assert_eq!(seen.lock().len(), 1 + HOPS_MAX as usize);
    let url = format!("{base}/to/302/{HOPS_MAX}");
    let error = outbound
        .send(request(&url, Method::GET))
        .await
        .expect_err("too many");
    assert_eq!(error.kind, HttpErrorKind::Redirect);
    assert!(
        error.message.contains("redirects_max of 5"),
        "{}",
        error.message
    );
}

#[tokio::test]
async fn no_header_with_a_secret_goes_along_and_a_body_only_where_the_status_says_so() {
    let outbound = Outbound::new(Options::default());
    for (status, method, expected, keeps_body) in [
        (301, Method::POST, "GET", false),
        (302, Method::POST, "GET", false),
        (303, Method::PUT, "GET", false),
        (302, Method::PUT, "PUT", true),
        (307, Method::POST, "POST", true),
        (308, Method::POST, "POST", true),
    ] {
        let (base, seen) = server().await;
        let sent = request(&format!("{base}/to/{status}/0"), method.clone());
        outbound.send(sent).await.expect("an answer");
        let seen = seen.lock();
        assert!(
            seen[0].contains("s3cret"),
            "the first request is sent whole"
        );
        let last = &seen[1];
        assert!(
            last.starts_with(&format!("{expected} /end")),
            "{status} {method}: {last}"
        );
        assert!(
            last.contains("x-kept") && !last.contains("s3cret"),
            "{last}"
        );
        assert_eq!(
            last.ends_with("a body"),
            keeps_body,
            "{status} {method}: {last}"
        );
        assert_eq!(
            last.contains("text/plain"),
            keeps_body,
            "{status} {method}: {last}"
        );
    }
}

#[tokio::test]
async fn a_hundred_hosts_see_no_secret() {
    let seen = Seen::default();
    let mut listeners = Vec::new();
    for host in 1..=HOSTS {
        listeners.push(
            TcpListener::bind(format!("127.0.0.{host}:0"))
                .await
                .expect("a port"),
        );
    }
    let addresses: Vec<String> = listeners
        .iter()
        .map(|listener| format!("http://{}", listener.local_addr().expect("its address")))
        .collect();
    for (at, listener) in listeners.into_iter().enumerate() {
        let (to, seen) = (addresses.get(at + 1).cloned(), Arc::clone(&seen));
        let handler = move |request: Request| {
            let (to, seen) = (to.clone(), Arc::clone(&seen));
            async move {
                seen.lock()
                    .push(format!("{} {:?}", request.uri(), request.headers()));
                match to {
                    Some(to) => (StatusCode::TEMPORARY_REDIRECT, [(LOCATION, to)]).into_response(),
                    None => "the end".into_response(),
                }
            }
        };
        let router = Router::new().fallback(any(handler));
        tokio::spawn(async move { axum::serve(listener, router).await });
    }
    let mut sent = request(&addresses[0], Method::POST);
    sent.redirects = Some(Redirects {
        hops_max: 200,
        ..redirects(false)
    });
    let answer = Outbound::new(Options::default())
        .send(sent)
        .await
        .expect("an answer");
    assert_eq!(answer.body, "the end");
    let seen = seen.lock();
    assert_eq!(seen.len(), HOSTS);
    assert!(seen[0].contains("s3cret"));
    assert!(seen[1..].iter().all(|arrived| !arrived.contains("s3cret")));
}

#[tokio::test]
async fn each_address_is_checked_like_the_first() {
    let outbound = Outbound::new(Options::default());
    for place in [
        "http://169.254.169.254/latest",
        "http://[fd00:ec2::254]/",
        "http://metadata.test@169.254.170.2/",
    ] {
        let to = place.to_owned();
        let handler = move || async move { (StatusCode::FOUND, [(LOCATION, to)]) };
        let address = serve(Router::new().fallback(any(handler))).await;
        let sent = request(&format!("http://{address}/"), Method::GET);
        let error = outbound.send(sent).await.expect_err("refused");
        assert_eq!(
            error.kind,
            HttpErrorKind::Refused,
            "{place}: {}",
            error.message
        );
    }
}

#[test]
fn an_answer_from_the_internet_cannot_lead_into_the_users_networks() {
    let typed = request("https://shop.example/", Method::GET);
    for inside in [
        "https://127.0.0.1/",
        "https://printer.example/",
        "https://10.0.0.1/",
    ] {
        let to = next(&typed, &answer(302, inside), &redirects(false))
            .ok()
            .flatten();
        let to = to.expect("a next request");
        assert!(
            to.host_from_request,
            "{inside}: the guard is as strict as for data of a request"
        );
    }
    let same = next(&typed, &answer(302, "/other"), &redirects(false))
        .ok()
        .flatten();
    assert!(!same.expect("a next request").host_from_request);
}

#[test]
fn a_body_with_a_secret_is_sent_to_no_other_host() {
    let sent = request("https://shop.example/", Method::POST);
    for (to, status, passes) in [
        ("https://other.example/", 307, false),
        ("https://shop.example:444/", 308, false),
        ("https://shop.example/other", 307, true),
        ("https://other.example/", 303, true),
    ] {
        let outcome = next(&sent, &answer(status, to), &redirects(true));
        assert_eq!(outcome.is_ok(), passes, "{to} {status}");
    }
}

#[test]
fn what_leads_nowhere_is_refused_or_no_redirect() {
    let sent = request("https://shop.example/a/b", Method::GET);
    let refused = |location: &str| next(&sent, &answer(302, location), &redirects(false)).is_err();
    for location in [
        "ftp://shop.example/",
        "javascript:alert(1)",
        "http://shop.example/",
        "https://[bad/",
    ] {
        assert!(refused(location), "{location}");
    }
    let mut nowhere = answer(302, "");
    nowhere.headers.clear();
    for last in [
        nowhere,
        answer(200, "/x"),
        answer(304, "/x"),
        answer(300, "/x"),
    ] {
        let next = next(&sent, &last, &redirects(false)).expect("it is an answer");
        assert!(next.is_none(), "{}", last.status);
    }
    let to = next(
        &sent,
        &answer(302, "//me:pw@other.example/x"),
        &redirects(false),
    );
    let url = to.ok().flatten().expect("a next request").url;
    assert_eq!(
        url,
        Url::parse("https://other.example/x").expect("a URL"),
        "no credentials of its choice"
    );
}
