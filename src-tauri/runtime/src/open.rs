//! Opening a data folder, in order.

use crate::error::Error;
use crate::options::Options;
use crate::owner::{Ownership, Role};
use crate::running::Running;

/// Opens a data folder as its owner.
pub async fn open(options: Options) -> Result<Running, Error> {
    let ownership = if options.role == Role::Command {
        Ownership::take(&options.folder)?
    } else {
        Ownership::take_after_commands(&options.folder)?
    };
    Ok(Running { ownership })
}
