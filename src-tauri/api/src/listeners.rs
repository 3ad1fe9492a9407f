//! Operations on the two listeners. A listener that is off is opened on another address; one that is on stays where it
//! is until the next start, because whoever calls through it would be cut off.

use std::net::SocketAddr;

use axum::extract::State;
use http::StatusCode;
use serde::{Deserialize, Serialize};
use utoipa::ToSchema;

use crate::answer::Answer;
use crate::error::{Error, ErrorCode};
use crate::identity::CanManage;
use crate::input::{Body, Named};
use crate::named::named;
use crate::state::ApiState;
use crate::status::{Listener, ListenerState};

named!(
    /// One of the two listeners.
    ListenerName { Receiver = "receiver", Control = "control" }
);

impl ListenerName {
    /// The setting that keeps its address for the next start.
    pub fn setting(self) -> &'static str {
        match self {
            Self::Receiver => "receiver_address",
            Self::Control => "control_address",
        }
    }

    fn parse(text: &str) -> Result<Self, Error> {
        match text {
            "receiver" => Ok(Self::Receiver),
            "control" => Ok(Self::Control),
            _ => {
                let message = format!("There is no listener named `{text}`.");
                Err(Error::not_found(ErrorCode::ListenerNotFound, message)
                    .hint("The two listeners are `receiver` and `control`."))
            }
        }
    }
}

/// Chooses the address of a listener. One that is off begins there at once; one that is on moves at the next start. An
/// address that is given on the command line or by the environment wins over this one.
#[utoipa::path(put, path = "/listeners/{name}", tag = "status", security(("bearer" = ["manage"])),
    params(("name" = String, Path, description = "`receiver` or `control`")),
    request_body = ListenerAddress,
    responses((status = 200, description = "Chosen", body = ListenerMoved)))]
pub(crate) async fn move_listener(
    _: CanManage,
    State(state): State<ApiState>,
    Named(name): Named,
    Body(ListenerAddress { address }): Body<ListenerAddress>,
) -> Result<Answer<ListenerMoved>, Error> {
    let name = ListenerName::parse(&name)?;
    let address: SocketAddr = address.parse().map_err(|_| {
        let message = format!("`{address}` is no address that can be listened on.");
        refused(message).hint(
            "Give an IP address with a port, such as 127.0.0.1:4757; port 0 takes a free one.",
        )
    })?;
    let is_off = shown(&state, name).state == ListenerState::Off;
    let begins_now = is_off && state.host.listens();
    if begins_now && let Err(problem) = state.host.open_listener(name, address).await {
        let error = Error::new(
            StatusCode::CONFLICT,
            ErrorCode::AddressRefused,
            problem.message,
        );
        return Err(error.hint(
            "Stop the other program, or choose another address of this machine; port 0 takes a free one.",
        ));
    }
    let listener = shown(&state, name);
    // A free port that was found is kept: senders know the URL by then.
    let kept = if begins_now {
        listener.address.clone()
    } else {
        address.to_string()
    };
    let text = serde_json::to_string(&kept).map_err(Error::internal)?;
    state.store.put_setting(name.setting(), &text).await?;
    let moves_at_next_start = !begins_now && (is_off || listener.address != kept);
    Ok(Answer(ListenerMoved {
        listener,
        moves_at_next_start,
    }))
}

/// Where a listener shall be.
#[derive(Debug, Deserialize, ToSchema)]
pub struct ListenerAddress {
    /// IP address and port, such as `127.0.0.1:4757`. Port 0 takes a free one.
    pub address: String,
}

/// Where a listener is, and whether that changes.
#[derive(Debug, Serialize, ToSchema)]
pub struct ListenerMoved {
    pub listener: Listener,
    /// It will be on the chosen address after the next start: it listens elsewhere now, or nothing listens for this
    /// folder.
    pub moves_at_next_start: bool,
}

fn shown(state: &ApiState, name: ListenerName) -> Listener {
    match name {
        ListenerName::Receiver => state.host.receiver(),
        ListenerName::Control => state.host.control(),
    }
}

fn refused(message: String) -> Error {
    Error::new(
        StatusCode::UNPROCESSABLE_ENTITY,
        ErrorCode::ValueInvalid,
        message,
    )
}
