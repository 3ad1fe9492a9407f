//! Sessions of browsers: tokens that live in memory and end with the process.

use std::sync::Arc;

use parking_lot::Mutex;

use super::token::TokenHash;

/// A session ends this long after its last use.
const SESSION_MS: i64 = 12 * 60 * 60 * 1_000;
/// There are at most this many; one more ends the one that was used least recently.
const SESSIONS_MAX: usize = 64;

/// Sessions of browsers.
#[derive(Default)]
pub(crate) struct Sessions(Mutex<Vec<Session>>);

/// Who is signed in, for a program that opens its folder again without ending: clones share it.
#[derive(Clone, Default)]
pub struct SignedIn(pub(crate) Arc<Sessions>);

impl std::fmt::Debug for SignedIn {
    fn fmt(&self, f: &mut std::fmt::Formatter<'_>) -> std::fmt::Result {
        f.write_str("SignedIn")
    }
}

struct Session {
    hash: TokenHash,
    used_at_ms: i64,
}

impl Sessions {
    /// Begins a session with this token.
    pub(crate) fn begin(&self, token: &str, now_ms: i64) {
        let mut sessions = self.0.lock();
        sessions.retain(|session| session.is_alive(now_ms));
        if sessions.len() >= SESSIONS_MAX
            && let Some(oldest) =
                (0..sessions.len()).min_by_key(|&place| sessions[place].used_at_ms)
        {
            sessions.swap_remove(oldest);
        }
        sessions.push(Session {
            hash: TokenHash::of(token),
            used_at_ms: now_ms,
        });
    }

    /// Whether the token is a living session's; it lives on from now.
    pub(crate) fn recognise(&self, token: &TokenHash, now_ms: i64) -> bool {
        let mut sessions = self.0.lock();
        // All are compared, so that the time does not tell which one fits.
        let mut found = None;
        for (place, session) in sessions.iter().enumerate() {
            if session.hash.is(token) && session.is_alive(now_ms) {
                found = Some(place);
            }
        }
        if let Some(place) = found {
            sessions[place].used_at_ms = now_ms;
        }
        found.is_some()
    }
}

impl Session {
    fn is_alive(&self, now_ms: i64) -> bool {
        now_ms.saturating_sub(self.used_at_ms) < SESSION_MS
    }
}

#[cfg(test)]
mod tests {
    use super::*;

    #[test]
    fn a_session_lives_from_its_last_use() {
        let sessions = Sessions::default();
        let token = TokenHash::of("one");
        sessions.begin("one", 0);
        assert!(sessions.recognise(&token, SESSION_MS - 1));
        assert!(sessions.recognise(&token, 2 * SESSION_MS - 2));
        assert!(!sessions.recognise(&token, 3 * SESSION_MS - 2));
        assert!(!sessions.recognise(&TokenHash::of("other"), 0));
    }

    #[test]
    fn one_session_too_many_ends_the_one_that_was_used_least_recently() {
        let sessions = Sessions::default();
        for n in 0..SESSIONS_MAX {
            sessions.begin(&n.to_string(), i64::try_from(n).expect("a small number"));
        }
        assert!(sessions.recognise(&TokenHash::of("0"), 1_000));
        sessions.begin("new", 1_000);
        assert!(sessions.recognise(&TokenHash::of("0"), 1_000));
        assert!(!sessions.recognise(&TokenHash::of("1"), 1_000));
    }
}
