//! Who calls, and what they may do.

mod authenticate;
mod caller;
mod codes;
mod right;
mod sessions;
mod token;

pub(crate) use authenticate::{Tokens, as_owner, require_bearer};
pub(crate) use caller::Caller;
pub use caller::{Owner, Scope};
pub(crate) use codes::OneTimeCodes;
pub(crate) use right::{CanManage, CanRead, CanRun};
pub use sessions::SignedIn;
pub use token::{TokenHash, new_token};
