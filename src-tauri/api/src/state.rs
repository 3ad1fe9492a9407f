//! What the operations work with.

use std::sync::Arc;

/// What only the process that runs us knows.
pub trait Host: Send + Sync {}

/// What the operations work with. Cheap to clone.
#[derive(Clone)]
pub struct ApiState {
    _host: Arc<dyn Host>,
}
