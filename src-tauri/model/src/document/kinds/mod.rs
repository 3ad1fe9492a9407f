//! The registry of step kinds: one file and one line per kind.

mod condition;
mod delay;
mod fail;
mod http;
mod later;
mod llm;
mod remote;
mod respond;
mod script;
mod set;
mod switch;

pub use llm::{LLM_TEMPERATURE_MAX, LLM_TOKENS_MAX};
pub use respond::{RESPOND_STATUS_MAX, RESPOND_STATUS_MIN};

pub use script::{CODE_BYTES_MAX as SCRIPT_CODE_BYTES_MAX, saved_names};

use super::reading::{Reading, Site};
use super::types::StepKind;
use super::walk::Object;

/// What the document says about a kind of step.
pub(super) struct Kind {
    /// Its name in the document.
    pub(super) name: &'static str,
    /// Its keys beside those that every step has.
    pub(super) keys: &'static [&'static str],
    /// Keys that a later release brings.
    pub(super) keys_later: &'static [&'static str],
    /// The exit codes that its steps can end with; none if they choose their own.
    pub(super) exit_codes: Option<&'static [&'static str]>,
    /// Whether every edge from it must say `on`.
    pub(super) needs_on: bool,
    /// Reads its own keys; none if this release cannot run it.
    pub(super) read: Option<Read>,
}

/// Reads the keys of a kind.
pub(super) type Read = fn(&Object<'_>, &Site, &mut Reading) -> Option<StepKind>;

/// Every kind.
pub(super) const KINDS: &[Kind] = &[
    http::KIND,
    script::KIND,
    set::KIND,
    condition::KIND,
    switch::KIND,
    fail::KIND,
    respond::KIND,
    remote::KIND,
    llm::KIND,
    later::FOR_EACH,
    delay::KIND,
    later::WAIT_FOR_REQUEST,
    later::RUN_FLOW,
    later::VALIDATE,
    later::JQ,
];

/// The kind with this name.
pub(super) fn kind(name: &str) -> Option<&'static Kind> {
    KINDS.iter().find(|kind| kind.name == name)
}
