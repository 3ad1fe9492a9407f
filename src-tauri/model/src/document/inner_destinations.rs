//! What a flow may call inside although the guard of destinations would refuse it: places in the user's own networks that
//! data of a request may choose, and addresses that nobody may call unless they are named.
//!
//! Which kind of network an address lies in is known by `outbound`: here it is only whether the flow names it.

use std::net::{IpAddr, Ipv4Addr};

use ipnet::{IpNet, Ipv4Net};
use url::Host;

use super::walk::{Node, Report};

/// Inner destinations of one flow.
pub const INNER_DESTINATIONS_MAX: usize = 100;
/// Before these 32 bits an IPv6 address that stands for an IPv4 one has its mark.
const MAPPED_PREFIX: u8 = 96;

/// Hosts, addresses and ranges that a flow allows.
#[derive(Debug, Clone, Default, PartialEq, Eq, Hash)]
pub struct InnerDestinations {
    /// In lower case, as URLs have them, without a dot at the end.
    hosts: Vec<String>,
    /// A single address is a range of its own.
    ranges: Vec<IpNet>,
}

impl InnerDestinations {
    /// Whether nothing is allowed.
    pub fn is_empty(&self) -> bool {
        self.hosts.is_empty() && self.ranges.is_empty()
    }

    /// Whether this name is in the list. Names are exact: those below it are others.
    pub fn names_host(&self, name: &str) -> bool {
        let name = name.trim_end_matches('.');
        self.hosts
            .iter()
            .any(|known| known.eq_ignore_ascii_case(name))
    }

    /// Whether this address is in the list, by itself or within a range.
    pub fn covers(&self, address: IpAddr) -> bool {
        let address = address.to_canonical();
        self.ranges.iter().any(|range| range.contains(&address))
    }

    /// Whether this address is in the list by itself.
    pub fn names_address(&self, address: IpAddr) -> bool {
        let address = address.to_canonical();
        let mut single = self.ranges.iter().filter(|range| is_single(range));
        single.any(|range| range.addr() == address)
    }
}

enum Entry {
    Host(String),
    Range(IpNet),
}

/// Why an entry is none, and what could be written instead.
struct Wrong {
    message: &'static str,
    hint: String,
}

/// Reads the entries of the list.
pub(super) fn read_inner_destinations(
    nodes: &[Node<'_>],
    report: &mut Report,
) -> InnerDestinations {
    let mut read = InnerDestinations::default();
    for node in nodes {
        let Some(text) = node.text(report) else {
            continue;
        };
        match entry(text) {
            Ok(Entry::Host(host)) => read.hosts.push(host),
            Ok(Entry::Range(range)) => read.ranges.push(range),
            Err(wrong) => report
                .error("bad_destination", node, wrong.message)
                .hint(wrong.hint),
        }
    }
    read
}

fn entry(text: &str) -> Result<Entry, Wrong> {
    let range = text.parse::<IpNet>().ok();
    let range = range.or_else(|| Some(text.parse::<IpAddr>().ok()?.into()));
    if let Some(range) = range {
        let range = canonical(range);
        if is_many_machines(&range) {
            return Err(Wrong {
                message: "this address stands for many machines, and such a one is never called",
                hint: "name the machine that is to be called".to_owned(),
            });
        }
        return Ok(Entry::Range(range));
    }
    let address = |address: IpAddr| {
        let message = "an address is written in its usual form here";
        let hint = format!("write `{address}`");
        Err(Wrong { message, hint })
    };
    match Host::parse(text) {
        Ok(Host::Ipv4(it)) => address(it.into()),
        Ok(Host::Ipv6(it)) => address(it.into()),
        Ok(Host::Domain(name)) if is_plain(&name) => {
            Ok(Entry::Host(name.trim_end_matches('.').to_owned()))
        }
        Ok(Host::Domain(_)) | Err(_) => Err(Wrong {
            message: "this is neither the name of a host nor an address nor a range of addresses",
            hint: "write a host alone such as `printer.lan`, an address such as `192.168.1.20`, or a range such as \
                   `192.168.1.0/24`: without a scheme, a port, a path or `*`"
                .to_owned(),
        }),
    }
}

/// Whether a name is written out: no pattern, no expression.
fn is_plain(name: &str) -> bool {
    let bare = name.trim_end_matches('.');
    let is_part = |c: char| c.is_ascii_alphanumeric() || matches!(c, '.' | '-' | '_');
    !bare.is_empty() && bare.chars().all(is_part)
}

/// IPv4 addresses that are written as IPv6 ones are what they stand for.
fn canonical(range: IpNet) -> IpNet {
    if let IpNet::V6(wide) = range
        && let Some(address) = wide.addr().to_ipv4_mapped()
        && let Some(length) = wide.prefix_len().checked_sub(MAPPED_PREFIX)
        && let Ok(narrow) = Ipv4Net::new(address, length)
    {
        return narrow.into();
    }
    range
}

fn is_single(range: &IpNet) -> bool {
    range.prefix_len() == range.max_prefix_len()
}

fn is_many_machines(range: &IpNet) -> bool {
    range.network().is_multicast() || range.addr() == IpAddr::V4(Ipv4Addr::BROADCAST)
}

#[cfg(test)]
mod tests {
    use serde_json::{Value, json};

    use super::*;

    fn read(list: &Value) -> (InnerDestinations, Vec<(String, String)>) {
        let mut report = Report::default();
        let nodes = Node::new(list, "/inner_destinations").list(&mut report);
        let read = read_inner_destinations(&nodes.expect("a list"), &mut report);
        let problems = report.into_problems().into_iter();
        let problems = problems.map(|it| (it.place, it.hint.unwrap_or_default()));
        (read, problems.collect())
    }

    fn address(text: &str) -> IpAddr {
        text.parse().expect("an address")
    }

    #[test]
    fn names_are_exact_and_their_case_and_last_dot_make_no_difference() {
        let (inner, problems) = read(&json!(["Printer.LAN", "bücher.example."]));
        assert_eq!(problems, []);
        for name in ["printer.lan", "PRINTER.lan.", "xn--bcher-kva.example"] {
            assert!(inner.names_host(name), "{name}");
        }
        for name in ["a.printer.lan", "lan", "printer.lan.evil.example", ""] {
            assert!(!inner.names_host(name), "{name}");
        }
        assert!(!inner.covers(address("127.0.0.1")) && !inner.is_empty());
    }

    #[test]
    fn a_range_covers_its_addresses_and_names_none_of_them() {
        let (inner, problems) = read(&json!(["10.1.0.0/16", "127.0.0.1", "fd12::/16", "::1"]));
        assert_eq!(problems, []);
        for covered in ["10.1.2.3", "::ffff:10.1.2.3", "127.0.0.1", "fd12::5", "::1"] {
            assert!(inner.covers(address(covered)), "{covered}");
        }
        for other in ["10.2.0.1", "127.0.0.2", "fd13::1", "::", "64:ff9b::7f00:1"] {
            assert!(!inner.covers(address(other)), "{other}");
        }
        for (one, is_named) in [
            ("127.0.0.1", true),
            ("::ffff:127.0.0.1", true),
            ("::1", true),
            ("10.1.2.3", false),
            ("10.1.0.0", false),
        ] {
            assert_eq!(inner.names_address(address(one)), is_named, "{one}");
        }
    }

    #[test]
    fn a_range_of_one_address_names_it_in_every_way_to_write_it() {
        for text in [
            "169.254.169.254",
            "169.254.169.254/32",
            "::ffff:169.254.169.254",
            "::ffff:a9fe:a9fe/128",
        ] {
            let (inner, problems) = read(&json!([text]));
            assert_eq!(problems, [], "{text}");
            assert!(inner.names_address(address("169.254.169.254")), "{text}");
        }
    }

    #[test]
    fn what_is_no_host_has_its_place_and_a_hint() {
        for (text, hint) in [
            ("http://printer.lan", "without a scheme"),
            ("printer.lan:8080", "without a scheme"),
            ("*.lan", "`*`"),
            ("{{vars.host}}", "a host alone"),
            ("", "a host alone"),
            (".", "a host alone"),
            ("10.0.0.0/33", "a range such as"),
            ("127.1", "write `127.0.0.1`"),
            ("0x7f000001", "write `127.0.0.1`"),
            ("[::1]", "write `::1`"),
            ("224.0.0.1", "the machine"),
            ("ff02::/16", "the machine"),
            ("255.255.255.255", "the machine"),
        ] {
            let (inner, problems) = read(&json!(["localhost", text]));
            let [(place, told)] = &problems[..] else {
                panic!("{text}: {problems:?}");
            };
            assert_eq!(place, "/inner_destinations/1", "{text}");
            assert!(told.contains(hint), "{text}: {told}");
            assert!(inner.names_host("localhost"));
        }
    }
}
