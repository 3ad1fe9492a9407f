//! How many files and sockets this process may have open at once.

/// Enough for every connection that the receiver takes, the outgoing ones, and the database.
#[cfg(unix)]
const OPEN_FILES_WANTED: u64 = 16_384;

/// Raises the soft limit as far as the hard one allows. Usual soft limits (1,024) are less than the receiver's bound
/// of connections. Where it cannot be raised, connections beyond it wait: a line in the log says so.
#[cfg(unix)]
pub(crate) fn raise_limit() {
    use rustix::process::{Resource, getrlimit, setrlimit};

    let mut limit = getrlimit(Resource::Nofile);
    let (Some(soft), hard) = (limit.current, limit.maximum) else {
        return;
    };
    let wanted = hard.map_or(OPEN_FILES_WANTED, |hard| hard.min(OPEN_FILES_WANTED));
    if soft >= wanted {
        return;
    }
    limit.current = Some(wanted);
    if let Err(error) = setrlimit(Resource::Nofile, limit) {
        tracing::warn!(soft, wanted, %error, "the limit of open files stays as it is");
    }
}

/// Elsewhere there is no such limit to raise.
#[cfg(not(unix))]
pub(crate) fn raise_limit() {}

#[cfg(all(test, unix))]
mod tests {
    use super::*;

    #[test]
    fn the_limit_is_not_below_what_is_wanted_or_allowed() {
        use rustix::process::{Resource, getrlimit};

        raise_limit();
        let limit = getrlimit(Resource::Nofile);
        let allowed = limit.maximum.unwrap_or(u64::MAX).min(OPEN_FILES_WANTED);
        assert!(
            limit.current.is_none_or(|soft| soft >= allowed),
            "{limit:?}"
        );
    }
}
