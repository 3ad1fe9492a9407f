//! One file per scheme that is more than a row of `family`.

pub(crate) mod discord;
pub(crate) mod gitlab;
pub(crate) mod http_message_signatures;
pub(crate) mod sendgrid;
pub(crate) mod standard_webhooks;
pub(crate) mod twilio;
pub(crate) mod x_webhook_signature;
