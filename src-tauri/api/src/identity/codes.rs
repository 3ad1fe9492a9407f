//! One-time codes: how the `ui` URL signs a browser in.

use hookloom_sensitive::Sensitive;
use parking_lot::Mutex;

use super::token::{TokenHash, new_token};
use crate::error::Error;

/// A code is good this long.
const CODE_MS: i64 = 10 * 60 * 1_000;
/// There are at most this many open codes; one more ends the oldest.
const CODES_MAX: usize = 16;

/// Codes that were given out and not used.
#[derive(Default)]
pub(crate) struct OneTimeCodes(Mutex<Vec<Code>>);

struct Code {
    hash: TokenHash,
    made_at_ms: i64,
}

impl OneTimeCodes {
    /// Makes a code.
    pub(crate) fn make(&self, now_ms: i64) -> Result<Sensitive<String>, Error> {
        let code = new_token()?;
        let mut codes = self.0.lock();
        codes.retain(|code| code.is_good(now_ms));
        if codes.len() >= CODES_MAX {
            codes.remove(0);
        }
        codes.push(Code {
            hash: TokenHash::of(code.expose()),
            made_at_ms: now_ms,
        });
        Ok(code)
    }

    /// Whether the code is good; it is spent.
    pub(crate) fn spend(&self, code: &str, now_ms: i64) -> bool {
        let given = TokenHash::of(code);
        let mut codes = self.0.lock();
        codes.retain(|code| code.is_good(now_ms));
        let before = codes.len();
        codes.retain(|code| !code.hash.is(&given));
        codes.len() < before
    }
}

impl Code {
    fn is_good(&self, now_ms: i64) -> bool {
        now_ms.saturating_sub(self.made_at_ms) < CODE_MS
    }
}

#[cfg(test)]
mod tests {
    use super::*;

    #[test]
    fn a_code_is_good_once() {
        let codes = OneTimeCodes::default();
        let code = codes.make(0).expect("the system has randomness");
        assert!(!codes.spend("another", 1));
        assert!(codes.spend(code.expose(), 1));
        assert!(!codes.spend(code.expose(), 1));
    }

    #[test]
    fn a_code_is_good_for_ten_minutes() {
        let codes = OneTimeCodes::default();
        let code = codes.make(0).expect("the system has randomness");
        assert!(!codes.spend(code.expose(), CODE_MS));
    }

    #[test]
    fn one_code_too_many_ends_the_oldest() {
        let codes = OneTimeCodes::default();
        let first = codes.make(0).expect("the system has randomness");
        let second = codes.make(0).expect("the system has randomness");
        for _ in 2..=CODES_MAX {
            codes.make(1).expect("the system has randomness");
        }
        assert!(!codes.spend(first.expose(), 2));
        assert!(codes.spend(second.expose(), 2));
    }
}
