//! What the integration tests drive: the real program, a real receiver, a real sender. No test logic.

mod app;
mod documents;
mod receiver;
mod sender;
mod workspace;

pub use app::TestApp;
pub use documents::{intake, order_intake, signature_of, tell};
pub use receiver::{Received, TestReceiver};
pub use sender::{Answer, TestSender};
pub use workspace::{Finished, Workspace};
