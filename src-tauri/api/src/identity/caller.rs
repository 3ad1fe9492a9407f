//! Somebody who was recognised.

use hookloom_store::TokenScope;

use super::token::TokenHash;
use crate::named::named;

named!(
    /// What a token allows; each includes the one before it.
    Scope from TokenScope { Read = "read", Run = "run", Manage = "manage" }
);

impl Scope {
    /// The name in the API.
    pub(crate) fn as_str(self) -> &'static str {
        TokenScope::from(self).as_str()
    }

    /// Whether it includes another one.
    pub(crate) fn includes(self, other: Self) -> bool {
        TokenScope::from(self) >= TokenScope::from(other)
    }
}

/// Somebody who was recognised. Only this module's neighbours make one.
#[derive(Debug, Clone)]
pub(crate) struct Caller {
    /// What they may do.
    pub(super) scope: Scope,
    /// How jobs that they start name them.
    pub(super) name: String,
    /// The access token that they showed; none for the owner.
    pub(super) token: Option<TokenHash>,
    /// Whether it is the user in person, by the app, the workbench or the command line.
    pub(super) is_owner: bool,
    /// How many jobs, one calling the next, led to this call.
    pub(super) depth: u32,
}

impl Caller {
    pub(super) fn owner() -> Self {
        Self {
            scope: Scope::Manage,
            name: "owner".to_owned(),
            token: None,
            is_owner: true,
            depth: 0,
        }
    }

    /// Who it is, in the words of a job's `trigger_name`.
    pub(crate) fn name(&self) -> &str {
        &self.name
    }

    /// How many jobs, one calling the next, led to this call: a job that it starts is as deep.
    pub(crate) fn depth(&self) -> u32 {
        self.depth
    }

    /// Whether it is the user in person; else a program with an access token.
    pub(crate) fn is_owner(&self) -> bool {
        self.is_owner
    }
}

/// The right to call without a token. It comes out of [`crate::ApiState::new`] once, so that only who composes the
/// program can hand it on.
#[derive(Debug)]
pub struct Owner(pub(crate) ());
