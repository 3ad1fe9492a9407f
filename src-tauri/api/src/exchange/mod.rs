//! Import and export: a workspace, some of its flows, and files of other programs. What a text means is the model's to
//! say, what becomes of names that are taken is decided in `plan`, and the store writes all of it at once.
//!
//! The operations on one flow document, with its problems and with publishing, are beside the flows.

pub(crate) mod export;
pub(crate) mod import;
mod plan;
mod plan_flows;
mod plan_rows;
mod shape;

/// Settings that mean the same in every installation. Addresses, proxies and the like are a machine's own.
pub(crate) const SETTINGS: &[&str] = &["retention", "backup_schedule"];
