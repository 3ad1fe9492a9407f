//! What of this process and its computer is well, and what is not: ports, disk, permissions, clock, walls around scripts. Looks at
//! things and mends nothing.

mod clock;
mod disk;
mod examiner;
mod permissions;
mod port_user;
mod ports;
mod walls;

pub(crate) use clock::ClockStart;
pub(crate) use examiner::Examiner;
pub use examiner::examine_folder;
