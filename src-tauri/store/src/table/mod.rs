//! One page for each table: its SQL, its row, its functions. A new table is one file here and one line in a
//! list of a migration.

pub(crate) mod access_tokens;
pub(crate) mod alert_rules;
pub(crate) mod alerts;
pub(crate) mod blobs;
pub(crate) mod columns;
pub(crate) mod counters;
pub(crate) mod deliveries;
pub(crate) mod delivery_attempts;
pub(crate) mod endpoint_aliases;
pub(crate) mod endpoint_tokens;
pub(crate) mod endpoints;
pub(crate) mod files;
pub(crate) mod flow_versions;
pub(crate) mod flows;
pub(crate) mod idempotency_keys;
pub(crate) mod jobs;
pub(crate) mod journal;
pub(crate) mod outputs;
pub(crate) mod rejection_counts;
pub(crate) mod requests;
pub(crate) mod rollup;
pub(crate) mod schedules;
pub(crate) mod secret_states;
pub(crate) mod secrets;
pub(crate) mod settings;
pub(crate) mod status_urls;
pub(crate) mod variables;
pub(crate) mod views;
pub(crate) mod webhook_tasks;

/// The tables of the first format, in an order in which each may refer to those before it.
pub(crate) const FORMAT_1: &[&str] = &[
    settings::SQL,
    counters::SQL,
    flows::SQL,
    flow_versions::SQL,
    outputs::SQL,
    webhook_tasks::SQL,
    endpoints::SQL,
    endpoint_tokens::SQL,
    endpoint_aliases::SQL,
    requests::SQL,
    files::SQL,
    rejection_counts::SQL,
    idempotency_keys::SQL,
    jobs::SQL,
    journal::SQL,
    schedules::SQL,
    secret_states::SQL,
    blobs::SQL,
    deliveries::SQL,
    delivery_attempts::SQL,
    secrets::SQL,
    variables::SQL,
    views::SQL,
    rollup::SQL,
    alert_rules::SQL,
    alerts::SQL,
    access_tokens::SQL,
    status_urls::SQL,
];
