//! Which addresses may be called: pure rules over addresses, whatever they were spelled like.
//!
//! Names are not looked up here: `resolve` asks this module about every address that a name has.

use std::fmt;
use std::net::{IpAddr, Ipv4Addr, Ipv6Addr};
use std::sync::Arc;

use hookloom_engine::ports::InnerDestinations;
use url::{Host, Url};

/// Who chose the destination.
#[derive(Debug, Clone, Copy, PartialEq, Eq, Hash)]
pub enum Policy {
    /// The user typed it: this computer and its networks may be called.
    Typed,
    /// Data of a request chose it: the public Internet only.
    FromRequest,
}

/// Who chose the destination, and what the flow lets its calls reach beside what that one may.
#[derive(Debug, Clone, PartialEq, Eq, Hash)]
pub struct Guard {
    /// Who chose it.
    pub policy: Policy,
    /// What the flow names.
    pub inner: Arc<InnerDestinations>,
}

/// What kind of network an address lies in.
#[derive(Debug, Clone, Copy, PartialEq, Eq, Hash)]
pub enum Network {
    /// The public Internet.
    Public,
    /// This computer.
    Loopback,
    /// "No address", which systems take for this computer.
    Unspecified,
    /// A local network.
    Private,
    /// A provider's network behind a shared address (RFC 6598), also used by private overlays.
    Shared,
    /// Reserved for documentation, measurements or the future.
    Reserved,
    /// Only the neighbours on the wire.
    LinkLocal,
    /// Where a cloud gives a machine its credentials.
    Metadata,
    /// Many machines at once.
    Multicast,
    /// Every machine of a network.
    Broadcast,
}

/// An address or a name that must not be called.
#[derive(Debug, Clone, PartialEq, Eq, thiserror::Error)]
#[error("{}", self.sentence())]
pub struct Refused {
    /// The host as the URL has it.
    pub host: String,
    /// What was found there.
    pub network: Network,
    /// Who chose it.
    pub policy: Policy,
}

impl Refused {
    fn sentence(&self) -> String {
        let Self {
            host,
            network,
            policy,
        } = self;
        let what_to_do = match (network, policy) {
            (Network::LinkLocal | Network::Metadata, _) => {
                "Such an address is called only where the flow's `inner_destinations` name it by itself; use another URL, \
                 or name it there"
            }
            (_, Policy::FromRequest) if Policy::Typed.allows(*network) => {
                "Data of a request chose this host, so only the public Internet may be called; write the host into \
                 the URL, take it from a variable, or name it among the flow's `inner_destinations`"
            }
            _ => "Such an address is never called; use another URL",
        };
        format!("The destination `{host}` is {network}. {what_to_do}.")
    }
}

impl fmt::Display for Network {
    fn fmt(&self, f: &mut fmt::Formatter<'_>) -> fmt::Result {
        f.write_str(match self {
            Self::Public => "on the public Internet",
            Self::Loopback => "this computer (loopback)",
            Self::Unspecified => "the unspecified address, which means this computer",
            Self::Private => "in a private network",
            Self::Shared => "in the shared address space of providers (100.64.0.0/10)",
            Self::Reserved => "reserved for special purposes",
            Self::LinkLocal => "a link-local address (169.254.0.0/16 or fe80::/10)",
            Self::Metadata => "a cloud's metadata service, which hands out credentials",
            Self::Multicast => "a multicast address",
            Self::Broadcast => "a broadcast address",
        })
    }
}

impl Policy {
    /// Whether a network may be called where a flow names nothing.
    pub fn allows(self, network: Network) -> bool {
        match network {
            Network::Public => true,
            Network::Loopback
            | Network::Unspecified
            | Network::Private
            | Network::Shared
            | Network::Reserved => self == Self::Typed,
            Network::LinkLocal | Network::Metadata | Network::Multicast | Network::Broadcast => {
                false
            }
        }
    }
}

impl From<Policy> for Guard {
    /// Where no flow names anything.
    fn from(policy: Policy) -> Self {
        Self {
            policy,
            inner: Arc::default(),
        }
    }
}

impl Guard {
    /// Whether an address of the named host may be called.
    ///
    /// # Errors
    /// The reason, for a person.
    pub fn check(&self, host: &str, address: IpAddr) -> Result<(), Refused> {
        let network = Network::of(address);
        let is_named = match network {
            Network::Multicast | Network::Broadcast => false,
            // A name or a range may lead to more than whoever wrote it thought of; what hands out credentials is no
            // accident.
            Network::LinkLocal | Network::Metadata => self.inner.names_address(address),
            _ => self.inner.names_host(host) || self.inner.covers(address),
        };
        if is_named || self.policy.allows(network) {
            return Ok(());
        }
        Err(self.refused(host, network))
    }

    /// Checks what can be known of a URL without a lookup. The HTTP client does not ask its resolver about
    /// hosts that are addresses, so this is the only place where those are seen.
    ///
    /// # Errors
    /// The reason, for a person.
    pub fn check_url(&self, url: &Url) -> Result<(), Refused> {
        match url.host() {
            Some(Host::Ipv4(address)) => self.check(&address.to_string(), address.into()),
            Some(Host::Ipv6(address)) => self.check(&address.to_string(), address.into()),
            Some(Host::Domain(name)) => self.check_name(name),
            // Such a URL cannot be called at all; the client says why.
            None => Ok(()),
        }
    }

    /// Names that mean this computer on every system (RFC 6761), whatever a resolver answers.
    fn check_name(&self, name: &str) -> Result<(), Refused> {
        let bare = name.trim_end_matches('.').to_ascii_lowercase();
        if bare != "localhost" && !bare.ends_with(".localhost") {
            return Ok(());
        }
        // Where it leads is looked at once more when it was looked up.
        let of_v4 = self.check(&bare, Ipv4Addr::LOCALHOST.into());
        let of_v6 = self.check(&bare, Ipv6Addr::LOCALHOST.into());
        of_v4.or(of_v6).map_err(|refused| Refused {
            host: name.to_owned(),
            ..refused
        })
    }

    fn refused(&self, host: &str, network: Network) -> Refused {
        Refused {
            host: host.to_owned(),
            network,
            policy: self.policy,
        }
    }
}

impl Network {
    /// The network of an address. IPv6 addresses that carry an IPv4 address count as that one.
    pub fn of(address: IpAddr) -> Self {
        match address {
            IpAddr::V4(address) => of_v4(address),
            IpAddr::V6(address) => of_v6(address),
        }
    }
}

/// Metadata services that do not lie in 169.254.0.0/16: Alibaba, Oracle, Azure's host.
const METADATA_V4: [Ipv4Addr; 5] = [
    Ipv4Addr::new(169, 254, 169, 254),
    Ipv4Addr::new(169, 254, 170, 2),
    Ipv4Addr::new(100, 100, 100, 200),
    Ipv4Addr::new(192, 0, 0, 192),
    Ipv4Addr::new(168, 63, 129, 16),
];

/// Amazon's and Google's metadata services over IPv6.
const METADATA_V6: [Ipv6Addr; 3] = [
    Ipv6Addr::new(0xfd00, 0xec2, 0, 0, 0, 0, 0, 0x254),
    Ipv6Addr::new(0xfd00, 0xec2, 0, 0, 0, 0, 0, 0x23),
    Ipv6Addr::new(0xfd20, 0xce, 0, 0, 0, 0, 0, 0x254),
];

fn of_v4(address: Ipv4Addr) -> Network {
    if METADATA_V4.contains(&address) {
        return Network::Metadata;
    }
    match address.octets() {
        [127, ..] => Network::Loopback,
        [0, 0, 0, 0] => Network::Unspecified,
        [0, ..] => Network::Reserved,
        [10, ..] | [192, 168, ..] => Network::Private,
        [172, b, ..] if (16..32).contains(&b) => Network::Private,
        [100, b, ..] if (64..128).contains(&b) => Network::Shared,
        [169, 254, ..] => Network::LinkLocal,
        [192, 0, 0 | 2, _] | [192, 88, 99, _] | [198, 18 | 19, ..] => Network::Reserved,
        [198, 51, 100, _] | [203, 0, 113, _] => Network::Reserved,
        [224..=239, ..] => Network::Multicast,
        [255, 255, 255, 255] => Network::Broadcast,
        [240..=255, ..] => Network::Reserved,
        _ => Network::Public,
    }
}

fn of_v6(address: Ipv6Addr) -> Network {
    if METADATA_V6.contains(&address) {
        return Network::Metadata;
    }
    let segments = address.segments();
    match segments {
        [0, 0, 0, 0, 0, 0, 0, 0] => Network::Unspecified,
        [0, 0, 0, 0, 0, 0, 0, 1] => Network::Loopback,
        // Mapped (::ffff:a.b.c.d), translated (::ffff:0:a.b.c.d) and the NAT64 prefix: the IPv4 address is
        // what is reached, and a name on an IPv6-only network has no other.
        [0, 0, 0, 0, 0, 0xffff, high, low]
        | [0, 0, 0, 0, 0xffff, 0, high, low]
        | [0x64, 0xff9b, 0, 0, 0, 0, high, low] => of_v4(v4_of(high, low)),
        // Compatible (::a.b.c.d), 6to4, Teredo and ISATAP are abandoned: not public, and no way around either.
        [0, 0, 0, 0, 0, 0, high, low] => never_public(of_v4(v4_of(high, low))),
        [0x2002, high, low, ..] => never_public(of_v4(v4_of(high, low))),
        [0x2001, 0, server_high, server_low, _, _, high, low] => worse(
            never_public(of_v4(v4_of(!high, !low))),
            never_public(of_v4(v4_of(server_high, server_low))),
        ),
        [0xfe80..=0xfebf, ..] => Network::LinkLocal,
        [0xff00..=0xffff, ..] => Network::Multicast,
        [_, _, _, _, 0 | 0x200, 0x5efe, high, low] => never_public(of_v4(v4_of(high, low))),
        // Local NAT64 (RFC 8215): whatever it leads to is in the operator's own network.
        [0x64, 0xff9b, 1, ..] => worse(Network::Private, of_v4(v4_of(segments[6], segments[7]))),
        [0xfc00..=0xfdff, ..] | [0xfec0..=0xfeff, ..] => Network::Private,
        // Global unicast is 2000::/3; the rest, and its special parts, is nobody's.
        [0x2001, 1..=0x1ff, ..] | [0x2001, 0xdb8, ..] | [0x3fff, 0..=0xfff, ..] => {
            Network::Reserved
        }
        [0x2000..=0x3fff, ..] => Network::Public,
        _ => Network::Reserved,
    }
}

fn v4_of(high: u16, low: u16) -> Ipv4Addr {
    Ipv4Addr::from_bits((u32::from(high) << 16) | u32::from(low))
}

fn never_public(network: Network) -> Network {
    match network {
        Network::Public => Network::Reserved,
        other => other,
    }
}

/// The one of two networks that fewer policies allow.
fn worse(one: Network, other: Network) -> Network {
    match Policy::Typed.allows(one) {
        true => other,
        false => one,
    }
}
