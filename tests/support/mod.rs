//! What the integration tests drive: the real program, a real receiver, a real sender. No test logic.

mod app;
mod canary;
#[cfg(target_os = "linux")]
mod debian;
#[cfg(target_os = "linux")]
mod desktop_bus;
mod documents;
mod express;
mod healthy;
#[cfg(target_os = "linux")]
mod keyboard;
mod libraries;
#[cfg(target_os = "linux")]
mod machine;
mod model;
#[cfg(target_os = "linux")]
mod packages;
mod page;
mod receiver;
mod releases;
mod sender;
mod waiting;
mod webdriver;
mod workspace;

pub use app::TestApp;
pub use canary::{Canary, CanarySearch, canaries, echo, hits_in_folder, hits_in_text};
#[cfg(target_os = "linux")]
pub use debian::lacking;
#[cfg(target_os = "linux")]
pub use desktop_bus::Desktop;
pub use documents::{intake, order_intake, signature_of, split_signature, tell};
pub use express::ExpressReceiver;
pub use healthy::HealthySender;
#[cfg(target_os = "linux")]
pub use keyboard::Keyboard;
pub use libraries::{LIBRARIES, is_genuine_to_library, sign_by_library};
#[cfg(target_os = "linux")]
pub use machine::{Machine, Started, Terminal};
pub use model::completion;
#[cfg(target_os = "linux")]
pub use packages::{package, packages};
#[cfg(target_os = "linux")]
pub use page::parts_for_a_machine;
pub use page::{Part, blocks, compare, parts};
pub use receiver::{Received, TestReceiver, answer};
pub use releases::{PACKAGE, ReleaseServer, manifest};
pub use sender::{Answer, TestSender, hook_url};
pub use waiting::{await_job, await_json};
pub use webdriver::Window;
pub use workspace::Workspace;
