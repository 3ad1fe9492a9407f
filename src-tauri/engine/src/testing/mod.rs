//! Ports for tests: a database in memory with crash points, a virtual clock, a scripted HTTP client, secrets, step kinds.
//!
//! Nothing in here touches the disk, the network or the real time.

mod clock;
mod database;
pub mod documents;
mod files;
mod http;
mod kinds;
mod life;
mod outbox;
mod random;
mod rig;
mod schedules;
mod scripts;
mod secrets;
mod soak;

pub use self::http::{FakeHttp, Reply, SeenRequest};
pub use clock::{VirtualClock, block_on};
pub use database::{Answered, Disk, JobRow, MemoryDatabase, Written};
pub use files::FakeFiles;
pub use kinds::FakeKinds;
pub use life::{Death, Faults, Life, Point};
pub use outbox::StoredDelivery;
pub use random::{SeededEntropy, SplitMix};
pub use rig::{BEGIN_MS, FLOW, Rig, start};
pub use scripts::FakeScripts;
pub use secrets::{FakeJobKeys, FakeSecrets};
pub use soak::Soak;
