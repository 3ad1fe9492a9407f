//! Listening sockets: an address that cannot be used is said, never exchanged for another.

use std::io;
use std::net::{IpAddr, Ipv4Addr, Ipv6Addr, SocketAddr};

use tokio::net::{TcpListener, TcpSocket};

use crate::error::{Error, Listener};

/// Connections that the system keeps for us until we take them, where it keeps as many. Beyond them a sender's first
/// packet is dropped, and it tries again after one, three and seven seconds: a burst must find room.
const CONNECTIONS_WAITING_MAX: u32 = 4_096;

/// A socket that listens.
pub(crate) struct Bound {
    pub(crate) socket: TcpListener,
    /// With the port that was taken for port 0.
    pub(crate) address: SocketAddr,
}

impl Bound {
    /// The same socket once more: while one of the two is open, whoever connects waits and is not refused.
    pub(crate) fn again(self) -> io::Result<(Self, Self)> {
        let Self { socket, address } = self;
        let socket = socket.into_std()?;
        let second = TcpListener::from_std(socket.try_clone()?)?;
        let socket = TcpListener::from_std(socket)?;
        Ok((
            Self { socket, address },
            Self {
                socket: second,
                address,
            },
        ))
    }
}

/// Listens on an address.
pub(crate) async fn bind(listener: Listener, address: SocketAddr) -> Result<Bound, Error> {
    let refused = |source: io::Error| match source.kind() {
        io::ErrorKind::AddrInUse => Error::AddressInUse { listener, address },
        _ => Error::AddressRefused {
            listener,
            address,
            source,
        },
    };
    let socket = listen(address).map_err(refused)?;
    let address = socket.local_addr().map_err(refused)?;
    Ok(Bound { socket, address })
}

/// As `TcpListener::bind` does it, which has room for 128 connections.
fn listen(address: SocketAddr) -> io::Result<TcpListener> {
    let socket = match address {
        SocketAddr::V4(_) => TcpSocket::new_v4()?,
        SocketAddr::V6(_) => TcpSocket::new_v6()?,
    };
    // Elsewhere it would let two programs listen at one address.
    #[cfg(unix)]
    socket.set_reuseaddr(true)?;
    socket.bind(address)?;
    socket.listen(CONNECTIONS_WAITING_MAX)
}

/// The URL that reaches a listener from this machine.
pub(crate) fn url_of(address: SocketAddr) -> String {
    let host = match address.ip() {
        IpAddr::V4(ip) if ip.is_unspecified() => IpAddr::V4(Ipv4Addr::LOCALHOST),
        IpAddr::V6(ip) if ip.is_unspecified() => IpAddr::V6(Ipv6Addr::LOCALHOST),
        ip => ip,
    };
    format!("http://{}", SocketAddr::new(host, address.port()))
}

#[cfg(test)]
mod tests {
    use super::*;

    #[tokio::test]
    async fn an_address_in_use_is_named_together_with_its_setting() {
        let local = SocketAddr::from((Ipv4Addr::LOCALHOST, 0));
        let first = bind(Listener::Receiver, local).await.expect("a free port");
        let Err(error) = bind(Listener::Receiver, first.address).await else {
            panic!("two listeners on {}", first.address);
        };
        assert!(
            error.to_string().contains(&first.address.to_string()),
            "{error}"
        );
        assert!(error.hint().contains("--receiver"), "{}", error.hint());
    }

    /// More than the 128 that a listener of the standard library has room for.
    #[cfg(target_os = "linux")]
    #[tokio::test]
    async fn a_burst_of_connections_finds_room_before_any_is_taken() {
        let allowed = std::fs::read_to_string("/proc/sys/net/core/somaxconn").expect("a setting");
        let allowed: usize = allowed.trim().parse().expect("a number");
        let local = SocketAddr::from((Ipv4Addr::LOCALHOST, 0));
        let bound = bind(Listener::Receiver, local).await.expect("a free port");
        let patience = std::time::Duration::from_millis(900);
        let connect = |_| std::net::TcpStream::connect_timeout(&bound.address, patience);
        let connected: Result<Vec<_>, _> = (0..allowed.min(600)).map(connect).collect();
        assert!(connected.is_ok(), "{connected:?}");
    }

    #[test]
    fn a_listener_on_every_address_is_reached_by_loopback() {
        let url = |text: &str| url_of(text.parse().expect("an address"));
        assert_eq!(url("0.0.0.0:47"), "http://127.0.0.1:47");
        assert_eq!(url("[::]:47"), "http://[::1]:47");
        assert_eq!(url("192.168.1.2:47"), "http://192.168.1.2:47");
    }
}
