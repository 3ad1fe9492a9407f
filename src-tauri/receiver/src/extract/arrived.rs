//! What is known of a request before anything of it is looked at.

use std::net::IpAddr;

use hookloom_model::RequestId;

/// Who sent it, when its head had arrived, and what it is called from here on.
#[derive(Debug, Clone, Copy)]
pub(crate) struct Arrived {
    pub id: RequestId,
    pub at_ms: i64,
    pub peer: IpAddr,
}
