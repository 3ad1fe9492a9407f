//! Every way to write an address that somebody tried, against the guard.

use std::net::{IpAddr, Ipv4Addr, Ipv6Addr};

use proptest::prelude::*;
use url::Url;

use crate::guard::{Guard, Network, Policy};

/// Addresses that no request may choose.
pub(super) const INNER: [&str; 28] = [
    "127.0.0.1",
    "127.1.2.3",
    "127.255.255.254",
    "10.0.0.1",
    "10.255.0.9",
    "172.16.0.1",
    "172.31.255.254",
    "192.168.0.1",
    "192.168.178.20",
    "100.64.0.1",
    "100.127.255.254",
    "169.254.0.1",
    "169.254.169.254",
    "169.254.170.2",
    "100.100.100.200",
    "192.0.0.192",
    "168.63.129.16",
    "0.0.0.0",
    "0.1.2.3",
    "224.0.0.1",
    "239.255.255.250",
    "255.255.255.255",
    "240.0.0.1",
    "198.18.0.1",
    "192.0.2.1",
    "198.51.100.7",
    "203.0.113.9",
    "192.88.99.1",
];

/// Spellings of one IPv4 address that URL parsers, resolvers or network stacks take for it.
pub(super) fn spellings(address: Ipv4Addr) -> Vec<String> {
    let [a, b, c, d] = address.octets();
    let bits = address.to_bits();
    let (high, low) = (bits >> 16, bits & 0xffff);
    let tail = (u32::from(b) << 16) | (u32::from(c) << 8) | u32::from(d);
    let fullwidth: String = address
        .to_string()
        .chars()
        .map(|c| match c.to_digit(10) {
            Some(digit) => char::from_u32(0xff10 + digit).expect("a fullwidth digit"),
            None => '\u{3002}',
        })
        .collect();
    let percent: String = address
        .to_string()
        .bytes()
        .map(|b| format!("%{b:02x}"))
        .collect();
    vec![
        address.to_string(),
        format!("{address}."),
        format!("{bits}"),
        format!("{bits}."),
        format!("0x{bits:x}"),
        format!("0X{bits:X}"),
        format!("0x000000{bits:08x}"),
        format!("0{bits:o}"),
        format!("000{bits:o}"),
        format!("{a}.{b}.{}", (u32::from(c) << 8) | u32::from(d)),
        format!("{a}.{tail}"),
        format!("0{a:o}.0{b:o}.0{c:o}.0{d:o}"),
        format!("0x{a:x}.0x{b:x}.0x{c:x}.0x{d:x}"),
        format!("0x{a:x}.{b}.0{c:o}.{d}"),
        format!("0{a:o}.{tail}"),
        format!("0x{a:x}.0x{tail:x}"),
        format!("{a}.{b}.0x{:x}", (u32::from(c) << 8) | u32::from(d)),
        percent,
        fullwidth,
        format!("user:pass@{address}"),
        format!("example.com@{address}"),
        format!("{address}:8080"),
        format!("[::ffff:{address}]"),
        format!("[::ffff:{high:x}:{low:x}]"),
        format!("[0:0:0:0:0:FFFF:{high:X}:{low:X}]"),
        format!("[0000:0000:0000:0000:0000:ffff:{high:04x}:{low:04x}]"),
        format!("[::{address}]"),
        format!("[::ffff:0:{address}]"),
        format!("[64:ff9b::{address}]"),
        format!("[64:ff9b::{high:x}:{low:x}]"),
        format!("[64:ff9b:1::{high:x}:{low:x}]"),
        format!("[2002:{high:x}:{low:x}::]"),
        format!("[2002:{high:x}:{low:x}::1]"),
        format!("[2001:0:{high:x}:{low:x}::f7f7:f7f7]"),
        format!("[2001:0:808:808::{:x}:{:x}]", !high & 0xffff, !low & 0xffff),
        format!("[2001:4860::5efe:{high:x}:{low:x}]"),
        format!("[2001:4860::200:5efe:{high:x}:{low:x}]"),
    ]
}

/// The guard's word on a URL's host: none if the URL cannot even be written down.
fn verdict(policy: Policy, host: &str) -> Option<bool> {
    let url = Url::parse(&format!("http://{host}/path?q=1")).ok()?;
    assert!(
        !matches!(url.host(), Some(url::Host::Domain(name)) if name != "localhost"
        && !name.trim_end_matches('.').to_ascii_lowercase().ends_with("localhost")),
        "{host} is a name for a resolver, not an address"
    );
    Some(Guard::from(policy).check_url(&url).is_ok())
}

#[test]
fn no_spelling_of_an_inner_address_gets_through_when_a_request_chose_it() {
    let mut tried = 0;
    for address in INNER {
        for spelling in spellings(address.parse().expect("an address")) {
            if let Some(passed) = verdict(Policy::FromRequest, &spelling) {
                assert!(!passed, "{spelling} reached {address}");
                tried += 1;
            }
        }
    }
    assert!(tried >= 300, "only {tried} spellings are URLs at all");
}

#[test]
fn no_spelling_of_a_metadata_or_link_local_address_ever_gets_through() {
    let mut tried = 0;
    for address in [
        "169.254.169.254",
        "169.254.0.1",
        "169.254.170.2",
        "100.100.100.200",
        "192.0.0.192",
    ] {
        for spelling in spellings(address.parse().expect("an address")) {
            if let Some(passed) = verdict(Policy::Typed, &spelling) {
                assert!(!passed, "{spelling} reached {address}");
                tried += 1;
            }
        }
    }
    for host in [
        "[fe80::1]",
        "[fe80::1:2:3:4]",
        "[febf::1]",
        "[FE80::A]",
        "[fd00:ec2::254]",
        "[fd00:ec2::23]",
        "[FD00:0EC2:0000:0000:0000:0000:0000:0254]",
        "[fd20:ce::254]",
        "[ff02::1]",
        "[ff05::1:3]",
    ] {
        assert_eq!(verdict(Policy::Typed, host), Some(false), "{host}");
        tried += 1;
    }
    assert!(tried >= 100, "only {tried}");
}

#[test]
fn zone_ids_and_other_broken_hosts_are_no_urls() {
    for host in [
        "[fe80::1%eth0]",
        "[fe80::1%25eth0]",
        "[::1%lo]",
        "127.0.0.1.1",
        "127.0.0.256",
        "0x1ffffffff",
        "[::ffff:127.0.0.1",
        "[::1]]",
        "1.2.3.4.5",
        "4294967296",
        "127..0.1",
        "[v1.fe80::a+en1]",
    ] {
        assert!(Url::parse(&format!("http://{host}/")).is_err(), "{host}");
    }
}

#[test]
fn every_spelling_of_localhost_means_this_computer() {
    for host in [
        "localhost",
        "LOCALHOST",
        "LocalHost",
        "localhost.",
        "localhost:8080",
        "localhost.:80",
        "a.localhost",
        "a.b.localhost.",
        "%6cocalhost",
        "ｌｏｃａｌｈｏｓｔ",
        "user@localhost",
        "local%68ost",
        "x.LOCALHOST.",
    ] {
        assert_eq!(verdict(Policy::FromRequest, host), Some(false), "{host}");
        assert_eq!(verdict(Policy::Typed, host), Some(true), "{host}");
    }
}

#[test]
fn inner_ipv6_addresses_are_refused_when_a_request_chose_them() {
    for host in [
        "[::1]",
        "[0:0:0:0:0:0:0:1]",
        "[0000:0000:0000:0000:0000:0000:0000:0001]",
        "[::0001]",
        "[::]",
        "[0::0]",
        "[fc00::1]",
        "[fd12:3456:789a::1]",
        "[FDFF::]",
        "[fec0::1]",
        "[feff::1]",
        "[100::1]",
        "[2001:db8::1]",
        "[3fff::1]",
        "[3fff:fff::1]",
        "[2001:2::1]",
        "[2001:10::1]",
        "[2001:20::1]",
        "[5f00::1]",
        "[4000::1]",
        "[::2]",
        "[1::]",
        "[64:ff9b:1::a00:1]",
    ] {
        assert_eq!(verdict(Policy::FromRequest, host), Some(false), "{host}");
    }
}

#[test]
fn the_public_internet_may_be_called_by_anybody() {
    for host in [
        "1.1.1.1",
        "8.8.8.8",
        "93.184.215.14",
        "172.15.255.255",
        "172.32.0.1",
        "100.63.255.255",
        "100.128.0.1",
        "192.167.1.1",
        "169.253.1.1",
        "11.0.0.1",
        "126.255.255.255",
        "128.0.0.1",
        "198.17.0.1",
        "198.20.0.1",
        "223.255.255.255",
        "[2606:4700::1111]",
        "[2a00:1450:4001::200e]",
        "[::ffff:8.8.8.8]",
        "[64:ff9b::8.8.8.8]",
        "[2001:4860:4860::8888]",
        "134744072",
    ] {
        assert_eq!(verdict(Policy::FromRequest, host), Some(true), "{host}");
        assert_eq!(verdict(Policy::Typed, host), Some(true), "{host}");
    }
}

#[test]
fn a_user_may_call_this_computer_and_the_local_network() {
    for host in [
        "127.0.0.1:3000",
        "127.0.0.53",
        "0.0.0.0:3000",
        "10.1.2.3",
        "192.168.178.1",
        "172.20.0.2",
        "100.101.102.103",
        "[::1]:8080",
        "[fd12:3456::1]",
        "[::ffff:127.0.0.1]",
        "[::ffff:10.0.0.1]",
    ] {
        assert_eq!(verdict(Policy::Typed, host), Some(true), "{host}");
    }
}

#[test]
fn a_refusal_says_what_why_and_what_to_do() {
    let url = Url::parse("http://10.0.0.1/?token=s3cret").expect("a URL");
    let refused = Guard::from(Policy::FromRequest)
        .check_url(&url)
        .expect_err("refused");
    assert_eq!(
        refused.to_string(),
        "The destination `10.0.0.1` is in a private network. Data of a request chose this host, so \
         only the public Internet may be called; write the host into the URL, take it from a \
         variable, or name it among the flow's `inner_destinations`."
    );
    let url = Url::parse("http://169.254.169.254/latest").expect("a URL");
    let refused = Guard::from(Policy::FromRequest)
        .check_url(&url)
        .expect_err("refused");
    assert_eq!(
        refused.to_string(),
        "The destination `169.254.169.254` is a cloud's metadata service, which hands out \
         credentials. Such an address is called only where the flow's `inner_destinations` name it \
         by itself; use another URL, or name it there."
    );
    let url = Url::parse("http://224.0.0.1/").expect("a URL");
    let refused = Guard::from(Policy::Typed)
        .check_url(&url)
        .expect_err("refused");
    assert_eq!(
        refused.to_string(),
        "The destination `224.0.0.1` is a multicast address. Such an address is never called; use \
         another URL."
    );
}

proptest! {
    #[test]
    fn what_a_request_may_call_a_user_may_call_too(bits: u128) {
        let network = Network::of(IpAddr::V6(Ipv6Addr::from_bits(bits)));
        prop_assert!(Policy::Typed.allows(network) || !Policy::FromRequest.allows(network));
    }

    #[test]
    fn an_ipv4_address_inside_an_ipv6_one_is_never_more_public(bits: u32) {
        let plain = Network::of(IpAddr::V4(Ipv4Addr::from_bits(bits)));
        for spelling in spellings(Ipv4Addr::from_bits(bits)) {
            let Some(Ok(address)) = spelling
                .strip_prefix('[')
                .and_then(|rest| rest.strip_suffix(']'))
                .map(str::parse::<Ipv6Addr>)
            else {
                continue;
            };
            let network = Network::of(IpAddr::V6(address));
            for policy in [Policy::Typed, Policy::FromRequest] {
                prop_assert!(policy.allows(plain) || !policy.allows(network), "{spelling}");
            }
        }
    }
}
