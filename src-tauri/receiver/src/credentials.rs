//! Whether a caller is who the endpoint wants: every kind of authentication, before the body and after it.
//!
//! It fails closed: what cannot be checked does not pass. Secrets that cannot be read now are found out before
//! anything is compared, because that is our state and not the caller's fault.

use std::collections::HashMap;
use std::sync::Arc;

use hookloom_engine::ports::{SecretError, Secrets};
use hookloom_model::document::{Auth, Previous};
use hookloom_sensitive::Sensitive;

use crate::extract::Arriving;
use crate::refusal::{Denied, Refusal};
use crate::{header_key, jwt, key, signed};

pub(crate) use signed::SignedBody;

/// The secrets of an endpoint, read; or why there is none, which is said only once it is that check's turn.
pub(crate) struct Secret {
    values: HashMap<String, Result<Arc<Sensitive<String>>, NoKey>>,
}

/// Why nobody can be checked with a secret. Shows none of its value.
#[derive(Debug, Clone, PartialEq, Eq, thiserror::Error)]
pub(crate) enum NoKey {
    #[error("{0}")]
    Missing(String),
    /// An empty key would let everybody in.
    #[error("the secret `{name}` is empty")]
    Empty { name: String },
    #[error("the secret `{name}` was not read")]
    NotRead { name: String },
    #[error("{what} is no public key of this algorithm in PEM")]
    NotPem { what: String },
}

impl NoKey {
    /// What the caller gets to hear, and what the owner reads.
    pub fn refusal(self, denied: Denied) -> Refusal {
        Refusal::SecretMissing {
            reason: self.to_string(),
            denied,
        }
    }
}

/// What a check found.
pub(crate) enum Verdict {
    Passed,
    Failed(Refusal),
    /// It can only be told once the body is there.
    NeedsBody,
}

/// What a check looks at.
#[derive(Clone, Copy)]
pub(crate) struct Facts<'a> {
    pub request: &'a Arriving,
    pub secrets: &'a Secret,
    /// What senders have before the path, where that is not our own address.
    pub public_url: Option<&'a str>,
    /// None before the body was read.
    pub body: Option<&'a SignedBody>,
}

impl Secret {
    /// Reads every secret that the endpoint compares with. A keychain that cannot be read is no wrong key.
    pub async fn read(secrets: &dyn Secrets, auth: &Auth, at_ms: i64) -> Result<Self, Refusal> {
        let mut values = HashMap::new();
        for way in auth.ways() {
            let Some((secret, previous)) = way.secret() else {
                continue;
            };
            let previous = previous.filter(|(_, until_ms)| at_ms < *until_ms);
            for name in [Some(secret), previous.map(|(name, _)| name.as_str())] {
                let Some(name) = name.filter(|name| !values.contains_key(*name)) else {
                    continue;
                };
                values.insert(name.to_owned(), read_one(secrets, name).await?);
            }
        }
        Ok(Self { values })
    }

    /// The secret's value, or why there is none.
    fn named(&self, name: &str) -> Result<&Sensitive<String>, NoKey> {
        match self.values.get(name) {
            Some(Ok(value)) => Ok(value),
            Some(Err(reason)) => Err(reason.clone()),
            None => Err(NoKey::NotRead {
                name: name.to_owned(),
            }),
        }
    }

    /// The secret, and the one before it where that was read: only while a rotation lasts.
    pub fn with_previous(
        &self,
        name: &str,
        previous: Option<&Previous>,
    ) -> Result<Vec<&Sensitive<String>>, NoKey> {
        let mut values = vec![self.named(name)?];
        values.extend(previous.and_then(|(name, _)| self.named(name).ok()));
        Ok(values)
    }
}

async fn read_one(
    secrets: &dyn Secrets,
    name: &str,
) -> Result<Result<Arc<Sensitive<String>>, NoKey>, Refusal> {
    match secrets.read(name).await {
        Ok(value) if value.expose().is_empty() => Ok(Err(NoKey::Empty {
            name: name.to_owned(),
        })),
        Ok(value) => Ok(Ok(value)),
        Err(error @ SecretError::Missing { .. }) => Ok(Err(NoKey::Missing(error.to_string()))),
        Err(error) => Err(Refusal::SecretUnavailable {
            reason: error.to_string(),
        }),
    }
}

/// Checks the caller with what is known so far.
pub(crate) fn check(auth: &Auth, facts: Facts<'_>) -> Verdict {
    match auth {
        Auth::None => Verdict::Passed,
        Auth::SharedKey { .. } => verdict(key::check(auth, facts)),
        Auth::ApiKey { .. } | Auth::Bearer { .. } | Auth::Basic { .. } => {
            verdict(header_key::check(auth, facts))
        }
        Auth::Jwt(wanted) => verdict(jwt::check(wanted, facts)),
        Auth::Signature(wanted) => match facts.body {
            None => Verdict::NeedsBody,
            Some(body) => verdict(signed::check(wanted, facts, body)),
        },
        Auth::Ip { ranges } => {
            let peer = facts.request.arrived.peer.to_canonical();
            match ranges.iter().any(|range| range.contains(&peer)) {
                true => Verdict::Passed,
                false => Verdict::Failed(Refusal::AddressNotAllowed {
                    address: peer.to_string(),
                }),
            }
        }
        Auth::Any { of } => any(of.iter().map(|way| check(way, facts)), challenges(auth)),
        Auth::All { of } => all(of.iter().map(|way| check(way, facts)), challenges(auth)),
    }
}

fn verdict(checked: Result<(), Refusal>) -> Verdict {
    checked.map_or_else(Verdict::Failed, |()| Verdict::Passed)
}

/// One way is enough.
fn any(ways: impl Iterator<Item = Verdict>, challenges: Vec<&'static str>) -> Verdict {
    let (mut reasons, mut is_open, mut is_signed) = (Vec::new(), false, false);
    for way in ways {
        match way {
            Verdict::Passed => return Verdict::Passed,
            Verdict::NeedsBody => is_open = true,
            Verdict::Failed(refusal) => {
                is_signed |= refusal.is_about_a_signature();
                reasons.push(refusal.reason().message);
            }
        }
    }
    if is_open {
        return Verdict::NeedsBody;
    }
    Verdict::Failed(Refusal::WrongCredentials {
        reason: format!(
            "None of the ways to show who one is passed. {}",
            reasons.join(". ")
        ),
        denied: match is_signed {
            true => Denied::Signature,
            false => Denied::Credentials(challenges),
        },
    })
}

/// Every way has to pass.
fn all(ways: impl Iterator<Item = Verdict>, challenges: Vec<&'static str>) -> Verdict {
    let mut is_open = false;
    for way in ways {
        match way {
            Verdict::Passed => {}
            Verdict::NeedsBody => is_open = true,
            Verdict::Failed(refusal) if refusal.is_about_a_signature() => {
                return Verdict::Failed(refusal);
            }
            Verdict::Failed(refusal) => {
                return Verdict::Failed(Refusal::WrongCredentials {
                    reason: refusal.reason().message,
                    denied: Denied::Credentials(challenges),
                });
            }
        }
    }
    match is_open {
        true => Verdict::NeedsBody,
        false => Verdict::Passed,
    }
}

/// How a caller is asked to show who it is, each way once.
pub(crate) fn challenges(auth: &Auth) -> Vec<&'static str> {
    let mut challenges = Vec::new();
    for way in auth.ways() {
        let challenge = match way {
            Auth::Basic { .. } => "Basic realm=\"hookloom\", charset=\"UTF-8\"",
            Auth::Bearer { .. } | Auth::Jwt(_) => "Bearer realm=\"hookloom\"",
            _ => continue,
        };
        if !challenges.contains(&challenge) {
            challenges.push(challenge);
        }
    }
    challenges
}
