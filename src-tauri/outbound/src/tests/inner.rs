//! What a flow lets its calls reach inside: what it names, and nothing beside it.

use std::net::Ipv4Addr;
use std::sync::Arc;
use std::sync::atomic::{AtomicUsize, Ordering};

use axum::Router;
use axum::routing::get as on_get;
use hookloom_engine::ports::{Http, HttpErrorKind, InnerDestinations, OutgoingRequest};
use url::Url;

use super::destinations::{Scripted, outbound};
use super::servers::{get, inner_destinations, serve};
use super::spellings::{INNER, spellings};
use crate::guard::{Guard, Network, Policy};

fn guard(policy: Policy, entries: &[&str]) -> Guard {
    Guard {
        policy,
        inner: inner_destinations(entries),
    }
}

fn passes(guard: &Guard, host: &str) -> Option<bool> {
    let url = Url::parse(&format!("http://{host}/")).ok()?;
    Some(guard.check_url(&url).is_ok())
}

/// An address that is named is called in whatever way it is spelled, and naming one opens no other.
#[test]
fn no_spelling_of_an_address_that_the_flow_does_not_name_gets_through() {
    let named = guard(Policy::FromRequest, &["10.1.2.3", "192.168.7.0/24"]);
    let mut tried = 0;
    for inner in INNER {
        let address: Ipv4Addr = inner.parse().expect("an address");
        for spelling in spellings(address) {
            if let Some(passed) = passes(&named, &spelling) {
                assert!(!passed, "{spelling}");
                tried += 1;
            }
        }
    }
    assert!(tried >= 300, "{tried}");
    for host in [
        "10.1.2.3",
        "0xa010203",
        "[::ffff:10.1.2.3]",
        "192.168.7.200",
    ] {
        assert_eq!(passes(&named, host), Some(true), "{host}");
    }
}

#[test]
fn metadata_and_link_local_addresses_are_called_only_where_they_are_named_by_themselves() {
    let hosts = [
        "169.254.169.254",
        "169.254.7.7",
        "100.100.100.200",
        "[fe80::1]",
        "[fd00:ec2::254]",
    ];
    let wide = [
        "0.0.0.0/0",
        "::/0",
        "169.254.0.0/16",
        "169.254.169.254/31",
        "fe80::/10",
    ];
    for policy in [Policy::Typed, Policy::FromRequest] {
        let (wide, nothing) = (guard(policy, &wide), guard(policy, &[]));
        for host in hosts {
            assert_eq!(passes(&nothing, host), Some(false), "{host}");
            assert_eq!(passes(&wide, host), Some(false), "{host}");
            let named = guard(policy, &[host.trim_matches(['[', ']'])]);
            assert_eq!(passes(&named, host), Some(true), "{host}");
            for other in hosts.iter().filter(|other| **other != host) {
                assert_eq!(passes(&named, other), Some(false), "{host}: {other}");
            }
        }
        // What the ranges do open.
        assert_eq!(passes(&wide, "10.0.0.1"), Some(true));
        for never in ["224.0.0.1", "255.255.255.255", "[ff02::1]"] {
            assert_eq!(passes(&wide, never), Some(false), "{never}");
        }
    }
}

#[test]
fn names_that_mean_this_computer_pass_where_it_is_named_by_name_or_by_address() {
    for (entries, hosts) in [
        (&["localhost"][..], &["localhost", "LOCALHOST."][..]),
        (&["a.localhost"], &["a.localhost"]),
        (&["127.0.0.0/8"], &["localhost", "a.localhost", "127.0.0.1"]),
        (&["::1"], &["localhost", "a.localhost", "[::1]"]),
    ] {
        let named = guard(Policy::FromRequest, entries);
        for host in [
            "localhost",
            "LOCALHOST.",
            "a.localhost",
            "127.0.0.1",
            "[::1]",
        ] {
            let is_expected =
                hosts.contains(&host) || (host == "LOCALHOST." && hosts.contains(&"localhost"));
            assert_eq!(
                passes(&named, host),
                Some(is_expected),
                "{entries:?}: {host}"
            );
        }
    }
}

fn chosen(url: &str, inner: &Arc<InnerDestinations>) -> OutgoingRequest {
    OutgoingRequest {
        host_from_request: true,
        inner_destinations: Arc::clone(inner),
        ..get(url)
    }
}

/// The name of an allowed host leads where it leads, but never to metadata; an allowed range counts for every name.
#[tokio::test]
async fn a_name_that_a_request_chose_leads_inside_only_where_the_flow_allows_it() {
    let hits = Arc::new(AtomicUsize::new(0));
    let counted = Arc::clone(&hits);
    let count = on_get(move || async move {
        counted.fetch_add(1, Ordering::SeqCst);
        "inside"
    });
    let port = serve(Router::new().route("/", count)).await.port();
    let lookup = Scripted::new(&[
        ("printer.lan", &[&["127.0.0.1"], &["169.254.169.254"]]),
        ("other.lan", &[&["127.0.0.1"]]),
    ]);
    let outbound = outbound(lookup);
    let url = |host: &str| format!("http://{host}:{port}/");
    let by_name = inner_destinations(&["printer.lan"]);
    let answer = outbound.send(chosen(&url("printer.lan"), &by_name)).await;
    assert_eq!(answer.expect("it is allowed").body, "inside");
    // The connection that is open now belongs to that list alone.
    for inner in [
        &inner_destinations(&[]),
        &inner_destinations(&["10.0.0.0/8"]),
    ] {
        let refused = outbound.send(chosen(&url("127.0.0.1"), inner)).await;
        assert_eq!(refused.expect_err("refused").kind, HttpErrorKind::Refused);
        let refused = outbound.send(chosen(&url("other.lan"), inner)).await;
        assert_eq!(refused.expect_err("refused").kind, HttpErrorKind::Refused);
    }
    let refused = outbound.send(chosen(&url("other.lan"), &by_name)).await;
    assert_eq!(refused.expect_err("not named").kind, HttpErrorKind::Refused);
    assert_eq!(hits.load(Ordering::SeqCst), 1);
    let by_range = inner_destinations(&["127.0.0.0/24"]);
    let answer = outbound.send(chosen(&url("other.lan"), &by_range)).await;
    assert_eq!(answer.expect("it is allowed").body, "inside");
    // The next answer for the name leads to where no name leads.
    let anew = inner_destinations(&["printer.lan", "anew.lan"]);
    let refused = outbound.send(chosen(&url("printer.lan"), &anew)).await;
    assert_eq!(refused.expect_err("metadata").kind, HttpErrorKind::Refused);
    assert_eq!(hits.load(Ordering::SeqCst), 2);
}

#[test]
fn what_is_named_changes_nothing_for_the_public_internet() {
    let public = "93.184.216.34".parse().expect("an address");
    assert_eq!(Network::of(public), Network::Public);
    let named = guard(Policy::FromRequest, &["10.0.0.1"]);
    assert_eq!(named.check("shop.example", public), Ok(()));
}
