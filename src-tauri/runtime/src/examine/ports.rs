//! The addresses of the two listeners: whether they listen, who has them if not, and who can reach them.

use std::io::ErrorKind;
use std::net::{SocketAddr, TcpListener};

use hookloom_api::{Finding, FindingArea};

use super::port_user::{PortUser, port_user};
use crate::error::Listener;
use crate::host::{ListenerLook, Listening};

const OTHER_ADDRESS: &str =
    "Stop the other program, or choose another address: in the settings, or when it starts, with";

pub(super) fn examine(listening: &Listening, listens: bool) -> Vec<Finding> {
    [Listener::Receiver, Listener::Control]
        .into_iter()
        .map(|listener| {
            let look = listening.look(listener);
            if listens {
                of_owner(listener, &look)
            } else {
                of_nobody(listener, look.address)
            }
        })
        .collect()
}

/// A process that listens, or should.
fn of_owner(listener: Listener, look: &ListenerLook) -> Finding {
    let name = listener.as_str();
    let ListenerLook {
        address,
        is_on,
        problem,
    } = look;
    if !is_on {
        let why = problem
            .clone()
            .unwrap_or_else(|| "It was not begun.".to_owned());
        let user = port_user(*address);
        return Finding::wrong(FindingArea::Ports, format!("The {name} listener is off."))
            .why(with_user(why, user))
            .hint(format!("{OTHER_ADDRESS} {} ADDRESS.", listener.setting()));
    }
    let what = format!("The {name} listener is on {address}.");
    if listener == Listener::Control && !address.ip().is_loopback() {
        return Finding::notice(FindingArea::Ports, what)
            .why("Other computers can reach it: a token is all that keeps them out, and it is sent in clear.")
            .hint("Let it listen on 127.0.0.1, and reach it through a tunnel.");
    }
    Finding::fine(FindingArea::Ports, what)
}

/// No process of this folder listens now: what would happen if one began?
fn of_nobody(listener: Listener, address: SocketAddr) -> Finding {
    let name = listener.as_str();
    match TcpListener::bind(address).map_err(|error| error.kind()) {
        Ok(_) => Finding::fine(
            FindingArea::Ports,
            format!("{address} is free for the {name} listener; nothing runs for this folder now."),
        ),
        Err(ErrorKind::AddrInUse) => {
            let user = port_user(address);
            Finding::notice(
                FindingArea::Ports,
                format!("{address}, where the {name} listener would be, is in use."),
            )
            .why(with_user(
                "Another program listens there, or Hookloom for another folder.".to_owned(),
                user,
            ))
            .hint(format!("{OTHER_ADDRESS} {} ADDRESS.", listener.setting()))
        }
        Err(kind) => Finding::notice(
            FindingArea::Ports,
            format!("{address}, where the {name} listener would be, cannot be used: {kind}."),
        )
        .hint(format!(
            "Choose an address of this computer with {} ADDRESS.",
            listener.setting()
        )),
    }
}

fn with_user(why: String, user: Option<PortUser>) -> String {
    match user {
        Some(PortUser { pid, name }) => format!("{why} Process {pid} ({name}) listens there."),
        None => why,
    }
}

#[cfg(test)]
mod tests {
    use std::net::Ipv4Addr;

    use hookloom_api::FindingState::{Fine, Notice, Wrong};

    use super::*;

    #[test]
    fn a_listener_that_is_off_is_wrong_and_its_port_s_user_is_told() {
        let other = TcpListener::bind((Ipv4Addr::LOCALHOST, 0)).expect("a free port");
        let look = ListenerLook {
            address: other.local_addr().expect("an address"),
            is_on: false,
            problem: Some("In use.".into()),
        };
        let found = of_owner(Listener::Receiver, &look);
        assert_eq!(found.state, Wrong);
        let why = found.why.unwrap_or_default();
        let us = format!("Process {} ", std::process::id());
        assert!(why.starts_with("In use."), "{why}");
        assert!(!cfg!(target_os = "linux") || why.contains(&us), "{why}");
        assert!(found.hint.is_some_and(|it| it.contains("--receiver")));
    }

    #[test]
    fn a_control_listener_that_others_reach_is_worth_knowing() {
        let on = |address: &str| ListenerLook {
            address: address.parse().expect(address),
            is_on: true,
            problem: None,
        };
        let state = |listener, address: &str| of_owner(listener, &on(address)).state;
        assert_eq!(state(Listener::Control, "127.0.0.1:4748"), Fine);
        assert_eq!(state(Listener::Control, "0.0.0.0:4748"), Notice);
        assert_eq!(state(Listener::Receiver, "0.0.0.0:4747"), Fine);
    }

    #[test]
    fn without_an_owner_a_free_port_is_fine_and_one_in_use_is_worth_knowing() {
        let other = TcpListener::bind((Ipv4Addr::LOCALHOST, 0)).expect("a free port");
        let address = other.local_addr().expect("an address");
        assert_eq!(of_nobody(Listener::Control, address).state, Notice);
        drop(other);
        assert_eq!(of_nobody(Listener::Control, address).state, Fine);
    }
}
