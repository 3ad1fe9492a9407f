//! Where the values of secrets live: whether it answers, and whether it has what flows need.

use std::collections::BTreeSet;
use std::time::Duration;

use hookloom_secrets::{Condition, VaultKind, VaultState};

use super::finding::{Finding, FindingArea};
use crate::error::Error;
use crate::flows::secret_names_in;
use crate::state::ApiState;

/// A keychain that asks a person for a password is not waited for.
const ASKED_MS_MAX: u64 = 3_000;

pub(super) async fn examine(state: &ApiState) -> Result<Vec<Finding>, Error> {
    let patience = Duration::from_millis(ASKED_MS_MAX);
    let asked = tokio::time::timeout(patience, state.secrets.refresh()).await;
    let vault = asked.unwrap_or_else(|_| state.secrets.state());
    let known = state.secrets.list().await?;
    let unreadable = known.iter().filter(|secret| !secret.readable);
    let unreadable: Vec<&str> = unreadable.map(|secret| secret.name.as_str()).collect();
    let mut findings = vec![of_vault(vault, known.len())];
    let is_ready = state.secrets.state().state == Condition::Ready;
    // While nothing can be read, that says it all.
    if is_ready && !unreadable.is_empty() {
        findings.push(
            Finding::wrong(
                FindingArea::Keychain,
                format!("The values of these secrets are not there: {}.", unreadable.join(", ")),
            )
            .why("Somebody removed them from the secret store, or the data folder came from another computer. What needs them fails.")
            .hint("Set them again: `hookloom secret set NAME`."),
        );
    }
    let known: BTreeSet<String> = known.into_iter().map(|secret| secret.name).collect();
    findings.extend(never_set(state, &known).await?);
    Ok(findings)
}

fn of_vault(vault: VaultState, secrets: usize) -> Finding {
    let VaultState {
        kind,
        state,
        message,
        hint,
    } = vault;
    let name = match kind {
        VaultKind::Keychain => "The keychain",
        VaultKind::Passphrase => "The secret store with a passphrase",
        VaultKind::KeyFile => "The secret store with a key file",
        VaultKind::Memory => "The secret store in memory",
    };
    let found = match state {
        Condition::Ready => {
            return Finding::fine(
                FindingArea::Keychain,
                format!("{name} answers; {}.", counted(secrets, "secret")),
            );
        }
        Condition::Starting => {
            Finding::notice(FindingArea::Keychain, format!("{name} is being opened."))
        }
        Condition::Locked => Finding::wrong(FindingArea::Keychain, format!("{name} is locked.")),
        Condition::Absent => Finding::wrong(FindingArea::Keychain, format!("{name} is not there.")),
        Condition::Slow => {
            Finding::wrong(FindingArea::Keychain, format!("{name} does not answer."))
        }
    };
    found.why(message).hint(hint)
}

/// Secrets that flows name and nobody has set: what is published fails for it, a draft will.
async fn never_set(state: &ApiState, known: &BTreeSet<String>) -> Result<Vec<Finding>, Error> {
    let (mut published, mut drafted) = (BTreeSet::new(), BTreeSet::new());
    for flow in state.store.flows().await? {
        if let Some(text) = &flow.published {
            published.extend(missing_in(text, known)?);
        }
        drafted.extend(missing_in(&flow.draft, known)?);
    }
    let drafted: BTreeSet<_> = drafted.difference(&published).cloned().collect();
    let list = |names: &BTreeSet<String>| names.iter().cloned().collect::<Vec<_>>().join(", ");
    let mut findings = Vec::new();
    if !published.is_empty() {
        findings.push(
            Finding::wrong(
                FindingArea::Keychain,
                format!(
                    "Published flows name secrets that are not set: {}.",
                    list(&published)
                ),
            )
            .why("Requests and webhooks that need one fail.")
            .hint("Set them: `hookloom secret set NAME`."),
        );
    }
    if !drafted.is_empty() {
        findings.push(
            Finding::notice(
                FindingArea::Keychain,
                format!("Drafts name secrets that are not set: {}.", list(&drafted)),
            )
            .hint("Set them before you publish: `hookloom secret set NAME`."),
        );
    }
    Ok(findings)
}

fn missing_in(document: &str, known: &BTreeSet<String>) -> Result<Vec<String>, Error> {
    let document = serde_json::from_str(document).map_err(Error::internal)?;
    let names = secret_names_in(&document).into_iter().map(|(name, _)| name);
    Ok(names.filter(|name| !known.contains(name)).collect())
}

/// `1 secret`, `3 secrets`.
fn counted(number: usize, noun: &str) -> String {
    let ending = if number == 1 { "" } else { "s" };
    format!("{number} {noun}{ending}")
}
