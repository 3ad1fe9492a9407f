//! Who sent a request: the other end of its connection, or whom that one names, where it is a proxy that is trusted. What
//! anybody else writes into the header is not believed.

use std::net::{IpAddr, SocketAddr};

use http::{HeaderMap, HeaderName};
use ipnet::IpNet;

const X_FORWARDED_FOR: HeaderName = HeaderName::from_static("x-forwarded-for");

/// The address that limits and records go by. Each trusted proxy adds the address that called it at the end, so the list is
/// read from there, as far as proxies that are trusted wrote it.
pub(crate) fn source_of(peer: IpAddr, headers: &HeaderMap, trusted: &[IpNet]) -> IpAddr {
    let is_trusted = |address: &IpAddr| trusted.iter().any(|range| range.contains(address));
    let mut source = peer.to_canonical();
    if !is_trusted(&source) {
        return source;
    }
    let lines: Vec<_> = headers.get_all(X_FORWARDED_FOR).iter().collect();
    let named = lines
        .into_iter()
        .rev()
        // What is no text names nobody.
        .flat_map(|line| line.to_str().unwrap_or_default().rsplit(','));
    for name in named {
        if !is_trusted(&source) {
            break;
        }
        let Some(address) = address_of(name.trim()) else {
            break;
        };
        source = address;
    }
    source
}

/// An address, with a port or without.
fn address_of(text: &str) -> Option<IpAddr> {
    let bare = text
        .strip_prefix('[')
        .and_then(|text| text.strip_suffix(']'))
        .unwrap_or(text);
    let address = bare
        .parse()
        .or_else(|_| text.parse().map(|it: SocketAddr| it.ip()));
    address.ok().map(|it: IpAddr| it.to_canonical())
}

#[cfg(test)]
mod tests {
    use http::HeaderValue;
    use proptest::prelude::*;

    use super::*;

    fn source(peer: &str, lines: &[&str]) -> String {
        let trusted =
            ["127.0.0.1/32", "10.0.0.0/8", "::1/128"].map(|range| range.parse().expect("a range"));
        let mut headers = HeaderMap::new();
        for line in lines {
            let value = HeaderValue::from_bytes(line.as_bytes()).expect("a value");
            headers.append(X_FORWARDED_FOR, value);
        }
        source_of(peer.parse().expect("an address"), &headers, &trusted).to_string()
    }

    #[test]
    fn a_trusted_proxy_names_who_called_it() {
        assert_eq!(source("127.0.0.1", &["203.0.113.7"]), "203.0.113.7");
        assert_eq!(
            source("::ffff:127.0.0.1", &["203.0.113.7:9000"]),
            "203.0.113.7"
        );
        assert_eq!(source("::1", &["[2001:db8::7]:443"]), "2001:db8::7");
        // What the sender wrote itself stands before what the proxies add.
        assert_eq!(
            source("127.0.0.1", &["1.1.1.1, 203.0.113.7, 10.0.0.9"]),
            "203.0.113.7"
        );
        assert_eq!(
            source("127.0.0.1", &["1.1.1.1, 203.0.113.7", "10.0.0.9"]),
            "203.0.113.7"
        );
        assert_eq!(source("127.0.0.1", &["10.0.0.8, 10.0.0.9"]), "10.0.0.8");
    }

    #[test]
    fn nobody_else_is_believed() {
        assert_eq!(source("203.0.113.7", &["1.1.1.1"]), "203.0.113.7");
        assert_eq!(source("127.0.0.1", &[]), "127.0.0.1");
        for line in ["", "unknown", "203.0.113.7, nonsense", "203.0.113.7,", "ü"] {
            assert_eq!(source("127.0.0.1", &[line]), "127.0.0.1", "{line}");
        }
    }

    proptest! {
        #[test]
        fn what_a_sender_writes_never_changes_what_the_proxy_said(claimed in "[ -~]{0,40}") {
            let line = format!("{claimed}, 203.0.113.7");
            prop_assert_eq!(source("127.0.0.1", &[&line]), "203.0.113.7");
            prop_assert_eq!(source("127.0.0.1", &[&claimed, "203.0.113.7"]), "203.0.113.7");
        }
    }
}
