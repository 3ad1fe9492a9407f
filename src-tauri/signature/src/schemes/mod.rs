//! One file per scheme.

pub(crate) mod github;
pub(crate) mod standard_webhooks;
pub(crate) mod stripe;
pub(crate) mod x_webhook_signature;
