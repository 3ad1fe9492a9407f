//! Whether a request that we sent ourselves reaches this receiver, whatever lies between: known by a nonce in a path that
//! no endpoint can have.
//!
//! To everybody else such a path is unknown like any other.

use std::collections::HashMap;
use std::sync::Arc;

use parking_lot::Mutex;

/// Where such requests go; the nonce follows.
const ROOT: &str = "/.well-known/hookloom-check/";
/// Requests that may be awaited at once; one more forgets them all.
const AWAITED_MAX: usize = 64;

/// Requests that are awaited, and whether each has come. Clones share them.
#[derive(Debug, Clone, Default)]
pub struct Probes(Arc<Mutex<HashMap<String, bool>>>);

impl Probes {
    /// Awaits a request with this nonce, and gives the path that it has to have.
    pub fn expect(&self, nonce: &str) -> String {
        let mut awaited = self.0.lock();
        if awaited.len() >= AWAITED_MAX {
            awaited.clear();
        }
        awaited.insert(nonce.to_owned(), false);
        format!("{ROOT}{nonce}")
    }

    /// Whether it came. It is not awaited any more.
    pub fn has_come(&self, nonce: &str) -> bool {
        self.0.lock().remove(nonce).unwrap_or(false)
    }

    /// A path that no endpoint has. Whether it is awaited.
    pub(crate) fn comes(&self, path: &str) -> bool {
        let Some(nonce) = path.strip_prefix(ROOT) else {
            return false;
        };
        let mut awaited = self.0.lock();
        awaited.get_mut(nonce).map(|came| *came = true).is_some()
    }
}

#[cfg(test)]
mod tests {
    use super::*;

    #[test]
    fn only_what_is_awaited_comes_and_it_comes_once() {
        let probes = Probes::default();
        let path = probes.expect("abc");
        assert!(!probes.comes("/.well-known/hookloom-check/abd"));
        assert!(!probes.comes("/abc"));
        assert!(probes.comes(&path));
        assert!(probes.has_come("abc"));
        assert!(!probes.has_come("abc") && !probes.comes(&path));
        probes.expect("lost");
        assert!(!probes.has_come("lost"));
    }
}
