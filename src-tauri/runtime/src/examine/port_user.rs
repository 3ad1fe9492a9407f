//! Which process listens on an address, as far as this user may know. Linux tells it in `/proc`; elsewhere nobody is asked.

use std::net::SocketAddr;

/// A process.
#[derive(Debug, Clone, PartialEq, Eq)]
pub(super) struct PortUser {
    pub pid: u32,
    pub name: String,
}

#[cfg(not(target_os = "linux"))]
pub(super) fn port_user(_address: SocketAddr) -> Option<PortUser> {
    None
}

#[cfg(target_os = "linux")]
pub(super) use linux::port_user;

#[cfg(target_os = "linux")]
mod linux {
    use std::fs;
    use std::path::Path;

    use super::{PortUser, SocketAddr};

    /// The state of a socket that listens.
    const LISTENS: &str = "0A";

    pub fn port_user(address: SocketAddr) -> Option<PortUser> {
        let sockets = ["/proc/net/tcp", "/proc/net/tcp6"]
            .into_iter()
            .filter_map(|table| fs::read_to_string(table).ok())
            .find_map(|table| inode_of(&table, address.port()))?;
        let link = format!("socket:[{sockets}]");
        let processes = fs::read_dir("/proc").ok()?.filter_map(Result::ok);
        processes
            .filter_map(|entry| entry.file_name().to_str()?.parse().ok())
            .find(|pid: &u32| has_open(*pid, &link))
            .map(|pid| PortUser {
                pid,
                name: name_of(pid),
            })
    }

    /// The inode of the socket that listens on the port, from a table of the kernel.
    pub(super) fn inode_of(table: &str, port: u16) -> Option<u64> {
        let ending = format!(":{port:04X}");
        table.lines().skip(1).find_map(|line| {
            let mut cells = line.split_ascii_whitespace();
            let (local, state) = (cells.nth(1)?, cells.nth(1)?);
            if !local.ends_with(&ending) || state != LISTENS {
                return None;
            }
            cells.nth(5)?.parse().ok()
        })
    }

    /// Processes of other users do not show what they have open.
    fn has_open(pid: u32, link: &str) -> bool {
        let Ok(open) = fs::read_dir(format!("/proc/{pid}/fd")) else {
            return false;
        };
        open.filter_map(Result::ok)
            .filter_map(|entry| fs::read_link(entry.path()).ok())
            .any(|target| target == Path::new(link))
    }

    fn name_of(pid: u32) -> String {
        let name = fs::read_to_string(format!("/proc/{pid}/comm")).unwrap_or_default();
        name.trim().to_owned()
    }
}

#[cfg(all(test, target_os = "linux"))]
mod tests {
    use std::net::{Ipv4Addr, TcpListener};

    use super::*;

    #[test]
    fn the_process_that_listens_is_found() {
        let listener = TcpListener::bind((Ipv4Addr::LOCALHOST, 0)).expect("a free port");
        let address = listener.local_addr().expect("an address");
        let user = port_user(address).expect("it is this process");
        assert_eq!(user.pid, std::process::id());
        assert!(!user.name.is_empty());
        drop(listener);
        assert_eq!(port_user(address), None);
    }

    #[test]
    fn only_a_socket_that_listens_counts() {
        let table = "  sl  local_address rem_address   st tx_queue rx_queue tr tm->when retrnsmt   uid  timeout inode\n\
            0: 0100007F:128B 0100007F:D431 01 00000000:00000000 00:00000000 00000000  1000        0 111 1\n\
            1: 0100007F:128B 00000000:0000 0A 00000000:00000000 00:00000000 00000000  1000        0 222 1\n";
        assert_eq!(linux::inode_of(table, 0x128b), Some(222));
        assert_eq!(linux::inode_of(table, 0x128c), None);
    }
}
