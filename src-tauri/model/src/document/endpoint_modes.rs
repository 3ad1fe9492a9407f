//! When an endpoint answers its callers: its mode, the modes that a caller may choose, and how long a call waits.
//!
//! What the answers say is not here.

use super::types::{Mode, SYNC_TIMEOUT_MS_DEFAULT};
use super::walk::{Object, Report};

/// The names of the modes in the document.
pub(super) const MODES: &[&str] = &["async", "sync", "stream"];

/// The longest wait of a sync call: ten minutes. What takes longer is asked for by its status URL.
pub const SYNC_TIMEOUT_MS_MAX: i64 = 10 * 60 * 1_000;

/// When an endpoint answers.
pub(super) struct Modes {
    pub(super) mode: Mode,
    /// At least `mode`.
    pub(super) allowed: Vec<Mode>,
    pub(super) sync_timeout_ms: i64,
}

/// Reads `mode`, `modes_allowed` and `sync_timeout_ms`.
pub(super) fn read_modes(object: &Object<'_>, report: &mut Report) -> Modes {
    let mode = object
        .get("mode")
        .and_then(|node| node.one_of(MODES, report))
        .and_then(Mode::named)
        .unwrap_or(Mode::Async);
    let allowed = read_allowed(object, mode, report);
    let sync_timeout_ms = object
        .get("sync_timeout_ms")
        .and_then(|node| node.whole(1, SYNC_TIMEOUT_MS_MAX, " milliseconds", report));
    if sync_timeout_ms.is_some() && !allowed.contains(&Mode::Sync) {
        report
            .warning_at(
                "no_effect",
                &object.place_of("sync_timeout_ms"),
                "no caller of this endpoint waits: it has the mode `sync` neither in `mode` nor in `modes_allowed`",
            )
            .hint("take `sync_timeout_ms` out, or let callers choose `sync`");
    }
    Modes {
        mode,
        allowed,
        sync_timeout_ms: sync_timeout_ms.unwrap_or(SYNC_TIMEOUT_MS_DEFAULT),
    }
}

fn read_allowed(object: &Object<'_>, mode: Mode, report: &mut Report) -> Vec<Mode> {
    let Some(list) = object.get("modes_allowed") else {
        return vec![mode];
    };
    let mut allowed = Vec::new();
    for node in list.list(report).unwrap_or_default() {
        let Some(name) = node.one_of(MODES, report) else {
            continue;
        };
        match Mode::named(name) {
            Some(named) if allowed.contains(&named) => {
                report.error("duplicate", &node, format!("`{name}` is there twice"));
            }
            Some(named) => allowed.push(named),
            None => {}
        }
    }
    if !allowed.contains(&mode) {
        report
            .error(
                "mode_not_allowed",
                &list,
                format!(
                    "the endpoint's own mode `{}` is not among them",
                    mode.as_str()
                ),
            )
            .hint(format!("add `{}`, or change `mode`", mode.as_str()));
        allowed.push(mode);
    }
    allowed
}
