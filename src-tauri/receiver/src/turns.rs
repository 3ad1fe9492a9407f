//! Taking turns: a body that is here already is read without ever waiting, and a thread that decodes a large one, or takes a
//! form of thousands of parts apart, would answer nobody else meanwhile.

/// After this much work others have their turn. Decoding it takes about a millisecond.
const TURN_BYTES: usize = 256 * 1024;

/// Work that was done since others had their turn, in bytes that were read or what costs as much.
#[derive(Default)]
pub(crate) struct Turns {
    done_bytes: usize,
}

impl Turns {
    /// Counts work. Now and then others run before it goes on.
    pub async fn count(&mut self, bytes: usize) {
        self.done_bytes += bytes;
        if self.done_bytes >= TURN_BYTES {
            self.done_bytes = 0;
            tokio::task::yield_now().await;
        }
    }
}

#[cfg(test)]
mod tests {
    use futures::FutureExt as _;

    use super::*;

    #[test]
    fn others_have_their_turn_after_enough_work() {
        let mut turns = Turns::default();
        let waits: Vec<bool> = (0..8)
            .map(|_| turns.count(TURN_BYTES / 4).now_or_never().is_none())
            .collect();
        assert_eq!(
            waits,
            [false, false, false, true, false, false, false, true]
        );
    }
}
