//! Names that lead somewhere else than they say.

use std::collections::HashMap;
use std::io;
use std::net::IpAddr;
use std::sync::Arc;
use std::sync::atomic::{AtomicUsize, Ordering};

use async_trait::async_trait;
use axum::Router;
use axum::routing::get as on_get;
use hookloom_engine::ports::{Http, HttpErrorKind, OutgoingRequest};
use parking_lot::Mutex;
use reqwest::dns::{Name, Resolve};
use tokio::net::TcpStream;

use super::servers::{get, serve, serve_bytes};
use crate::guard::{Guard, Policy};
use crate::resolve::Guarded;
use crate::{Lookup, Options, Outbound};

/// A resolver whose answers are given, each time the next one.
#[derive(Default)]
pub(super) struct Scripted {
    answers: HashMap<String, Vec<Vec<IpAddr>>>,
    asked: Mutex<HashMap<String, usize>>,
}

impl Scripted {
    pub(super) fn new(answers: &[(&str, &[&[&str]])]) -> Arc<Self> {
        let parse = |list: &&[&str]| {
            list.iter()
                .map(|a| a.parse().expect("an address"))
                .collect()
        };
        let answers = answers
            .iter()
            .map(|(name, turns)| ((*name).to_owned(), turns.iter().map(parse).collect()))
            .collect();
        Arc::new(Self {
            answers,
            asked: Mutex::default(),
        })
    }
}

#[async_trait]
impl Lookup for Scripted {
    async fn lookup(&self, name: &str) -> io::Result<Vec<IpAddr>> {
        let turns = self.answers.get(name).ok_or(io::ErrorKind::NotFound)?;
        let mut asked = self.asked.lock();
        let turn = asked.entry(name.to_owned()).or_default();
        *turn += 1;
        Ok(turns[(*turn - 1) % turns.len()].clone())
    }
}

pub(super) fn outbound(lookup: Arc<Scripted>) -> Outbound {
    Outbound::new(Options {
        lookup,
        ..Options::default()
    })
}

#[tokio::test]
async fn a_name_that_leads_inside_is_refused_when_a_request_chose_it() {
    let hits = Arc::new(AtomicUsize::new(0));
    let counted = Arc::clone(&hits);
    let router = Router::new().route(
        "/",
        on_get(move || async move {
            counted.fetch_add(1, Ordering::SeqCst);
            "inside"
        }),
    );
    let port = serve(router).await.port();
    let lookup = Scripted::new(&[
        ("inside.example", &[&["127.0.0.1"]]),
        ("six.example", &[&["::1"]]),
        ("mapped.example", &[&["::ffff:127.0.0.1"]]),
        (
            "many.example",
            &[&["10.0.0.1", "127.0.0.1", "169.254.169.254"]],
        ),
    ]);
    let outbound = outbound(lookup);
    for name in [
        "inside.example",
        "six.example",
        "mapped.example",
        "many.example",
        "localhost",
    ] {
        let request = OutgoingRequest {
            host_from_request: true,
            ..get(&format!("http://{name}:{port}/?token=s3cret"))
        };
        let error = outbound.send(request).await.expect_err("refused");
        assert_eq!(
            error.kind,
            HttpErrorKind::Refused,
            "{name}: {}",
            error.message
        );
        assert!(error.message.contains(name) && !error.message.contains("s3cret"));
    }
    assert_eq!(hits.load(Ordering::SeqCst), 0);
    let typed = get(&format!("http://inside.example:{port}/"));
    assert_eq!(
        outbound.send(typed).await.expect("an answer").body,
        "inside"
    );
    let kept = OutgoingRequest {
        host_from_request: true,
        ..get(&format!("http://inside.example:{port}/"))
    };
    let error = outbound
        .send(kept)
        .await
        .expect_err("the open connection is not for this one");
    assert_eq!(error.kind, HttpErrorKind::Refused);
}

#[tokio::test]
async fn a_metadata_service_is_refused_by_any_name() {
    let lookup = Scripted::new(&[
        ("metadata.example", &[&["169.254.169.254"]]),
        (
            "metadata.google.internal",
            &[&["fd20:ce::254", "169.254.169.254"]],
        ),
    ]);
    let outbound = outbound(lookup);
    for host in [
        "metadata.example",
        "metadata.google.internal.",
        "169.254.169.254",
        "[::ffff:a9fe:a9fe]",
    ] {
        for host_from_request in [false, true] {
            let host = host.trim_end_matches('.');
            let request = OutgoingRequest {
                host_from_request,
                ..get(&format!("http://{host}/"))
            };
            let error = outbound.send(request).await.expect_err("refused");
            assert_eq!(
                error.kind,
                HttpErrorKind::Refused,
                "{host}: {}",
                error.message
            );
            assert!(!error.kind.is_worth_retrying());
        }
    }
}

#[tokio::test]
async fn only_the_allowed_addresses_of_a_name_are_connected_to() {
    let port = serve(Router::new().route("/", on_get(|| async { "inside" })))
        .await
        .port();
    let lookup = Scripted::new(&[("mixed.example", &[&["169.254.169.254", "127.0.0.1"]])]);
    let answer = outbound(lookup)
        .send(get(&format!("http://mixed.example:{port}/")))
        .await;
    assert_eq!(answer.expect("the second address").body, "inside");
}

/// Each lookup gives another inner address, so that a check of one and a connection to another would show.
#[tokio::test]
async fn a_name_that_changes_its_address_never_leads_inside() {
    let hits = Arc::new(AtomicUsize::new(0));
    let counted = Arc::clone(&hits);
    let router = Router::new().route(
        "/",
        on_get(move || async move {
            counted.fetch_add(1, Ordering::SeqCst);
            "inside"
        }),
    );
    let port = serve(router).await.port();
    let lookup = Scripted::new(&[(
        "rebind.example",
        &[
            &["127.0.0.1"],
            &["::1", "10.0.0.1"],
            &["0.0.0.0"],
            &["::ffff:127.0.0.1"],
            &["127.0.0.2"],
        ],
    )]);
    let outbound = Arc::new(outbound(lookup));
    for _ in 0..100 {
        let calls = (0..100).map(|_| {
            let outbound = Arc::clone(&outbound);
            tokio::spawn(async move {
                let request = OutgoingRequest {
                    host_from_request: true,
                    ..get(&format!("http://rebind.example:{port}/"))
                };
                outbound.send(request).await.expect_err("refused").kind
            })
        });
        for call in calls.collect::<Vec<_>>() {
            assert_eq!(call.await.expect("no panic"), HttpErrorKind::Refused);
        }
    }
    assert_eq!(hits.load(Ordering::SeqCst), 0);
}

/// Every other lookup leads inside. What the resolver gives is all that is connected to, so this connects to what is inside
/// of it, as the client would; nothing outside is called.
async fn connects_inside(policy: Policy, port: u16, tries: usize) -> (usize, usize) {
    let lookup = Scripted::new(&[("rebind.example", &[&["93.184.216.34"], &["127.0.0.1"]])]);
    let resolver = Guarded {
        lookup,
        guard: policy.into(),
        proxy_host: None,
    };
    let (mut inside, mut refused) = (0, 0);
    for _ in 0..tries {
        let name: Name = "rebind.example".parse().expect("a name");
        let Ok(found) = resolver.resolve(name).await else {
            refused += 1;
            continue;
        };
        for address in found.filter(|it| it.ip().is_loopback()) {
            let connected = TcpStream::connect((address.ip(), port)).await;
            connected.expect("the inner server listens");
            inside += 1;
        }
    }
    (inside, refused)
}

#[tokio::test]
async fn a_name_that_leads_inside_every_other_time_is_refused_those_times() {
    let (address, connections) = serve_bytes(b"HTTP/1.1 200 OK\r\n\r\n").await;
    let reached = connects_inside(Policy::FromRequest, address.port(), 10_000).await;
    assert_eq!(reached, (0, 5_000));
    assert_eq!(connections.load(Ordering::SeqCst), 0);
    // The control: where a loopback address is let through, the same answers lead to the inner server.
    let reached = connects_inside(Policy::Typed, address.port(), 100).await;
    assert_eq!(reached, (50, 0));
}

/// What was looked up is what is called: a second lookup behind the check would find the forbidden address, and one that
/// was refused would find the allowed one.
#[tokio::test]
async fn a_name_that_is_forbidden_every_other_time_is_called_the_other_times_only() {
    let inner = b"HTTP/1.1 200 OK\r\ncontent-length: 6\r\nconnection: close\r\n\r\ninside";
    let (address, connections) = serve_bytes(inner).await;
    let turns: &[&[&str]] = &[&["127.0.0.1"], &["169.254.169.254"]];
    let lookup = Scripted::new(&[("rebind.example", turns)]);
    let outbound = outbound(Arc::clone(&lookup));
    let url = format!("http://rebind.example:{}/", address.port());
    for _ in 0..500 {
        let answer = outbound.send(get(&url)).await.expect("an allowed turn");
        assert_eq!(answer.body, "inside");
        let refused = outbound.send(get(&url)).await.expect_err("a forbidden one");
        assert_eq!(refused.kind, HttpErrorKind::Refused);
    }
    assert_eq!(lookup.asked.lock()["rebind.example"], 1_000);
    assert_eq!(connections.load(Ordering::SeqCst), 500);
    // The control: who checks one answer and connects to the next is led to what was not checked.
    let typed = Guard::from(Policy::Typed);
    let checked = lookup.lookup("rebind.example").await.expect("an address")[0];
    assert_eq!(typed.check("rebind.example", checked), Ok(()));
    let called = lookup.lookup("rebind.example").await.expect("an address")[0];
    assert!(typed.check("rebind.example", called).is_err());
}

#[tokio::test]
async fn each_connection_looks_up_once_and_uses_what_was_found() {
    let port = serve(Router::new().route("/", on_get(|| async { "inside" })))
        .await
        .port();
    let lookup = Scripted::new(&[("once.example", &[&["127.0.0.1"], &["192.0.2.1"]])]);
    let outbound = outbound(Arc::clone(&lookup));
    let answer = outbound
        .send(get(&format!("http://once.example:{port}/")))
        .await
        .expect("an answer");
    assert_eq!(answer.body, "inside");
    assert!(answer.timings.dns_ms.is_some());
    assert_eq!(lookup.asked.lock()["once.example"], 1);
}

#[tokio::test]
async fn a_name_without_an_address_is_said_to_have_none() {
    let outbound = outbound(Scripted::new(&[("empty.example", &[&[]])]));
    for name in ["unknown.example", "empty.example"] {
        let error = outbound
            .send(get(&format!("http://{name}/")))
            .await
            .expect_err("no address");
        assert_eq!(error.kind, HttpErrorKind::Dns, "{}", error.message);
        assert!(error.message.contains(name), "{}", error.message);
    }
}
