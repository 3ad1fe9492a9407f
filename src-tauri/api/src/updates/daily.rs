//! Looking once a day, for those who chose that.

use super::looked::{DAILY, looked_at_own};
use crate::error::Error;
use crate::network;
use crate::state::ApiState;

/// When it last looked by itself: among the settings, so that a program that starts often does not ask often.
const LOOKED_AT_MS: &str = "updates_looked_at_ms";
const DAY_MS: i64 = 24 * 60 * 60 * 1_000;

/// Asks what the newest release is if somebody chose that this happens, and a day has passed. Gives the version if it is
/// a newer one.
///
/// # Errors
/// It could not be asked; the next try is tomorrow.
pub async fn look_for_updates_if_due(state: &ApiState) -> Result<Option<String>, Error> {
    let Some(source) = state.releases.source.clone() else {
        return Ok(None);
    };
    let is_wanted: Option<bool> = network::read(&state.store, DAILY).await?;
    if is_wanted != Some(true) {
        return Ok(None);
    }
    let now_ms = state.clock.now_ms();
    let last_ms: Option<i64> = network::read(&state.store, LOOKED_AT_MS).await?;
    // A clock that was set back does not keep the next look waiting.
    if last_ms.is_some_and(|at_ms| (0..DAY_MS).contains(&(now_ms - at_ms))) {
        return Ok(None);
    }
    // Before the look: one that fails is one, too.
    state
        .store
        .put_setting(LOOKED_AT_MS, &now_ms.to_string())
        .await?;
    let manifest = looked_at_own(state, &source).await?;
    let is_newer = manifest.is_newer_than(&state.releases.installed.version);
    Ok(is_newer.then(|| manifest.version.to_string()))
}
