//! What is known of releases while the program runs: who is asked, what failed last, and the download there is.

use std::sync::Arc;

use hookloom_engine::ports::Downloads;
use hookloom_update::{Error as UpdateError, Installed, Source};
use parking_lot::Mutex;

use super::begun::Begun;

/// What is known of releases while the program runs.
pub struct Releases {
    /// Where this program asks; none if it asks nobody.
    pub(super) source: Option<Source>,
    pub(super) installed: Installed,
    pub(super) downloads: Arc<dyn Downloads>,
    /// Held while somebody is asked: what was seen last must not change meanwhile.
    pub(super) asking: tokio::sync::Mutex<()>,
    /// Why the last look failed, and when; none after one that did not.
    pub(super) failure: Mutex<Option<(i64, UpdateError)>>,
    /// The last download, under way or ended.
    pub(super) download: Mutex<Option<Arc<Begun>>>,
}

impl Releases {
    /// Asks there; none asks nobody. Downloads go by this client.
    pub fn new(
        source: Option<Source>,
        installed: Installed,
        downloads: Arc<dyn Downloads>,
    ) -> Self {
        Self {
            source,
            installed,
            downloads,
            asking: tokio::sync::Mutex::default(),
            failure: Mutex::default(),
            download: Mutex::default(),
        }
    }
}
