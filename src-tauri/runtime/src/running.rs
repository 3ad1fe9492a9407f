//! An open data folder.

use http::Method;

use crate::error::Error;
use crate::guest::Reply;
use crate::owner::Ownership;

/// An open data folder: this process owns it.
pub struct Running {
    pub(crate) ownership: Ownership,
}

impl Running {
    /// One call of the control API by the owner; `path` is absolute, with its query.
    pub async fn call(
        &self,
        _method: Method,
        _path: &str,
        _body: Option<String>,
    ) -> Result<Reply, Error> {
        Err(Error::Internal {
            what: "the control API is not there yet".to_owned(),
        })
    }

    /// Stops in order.
    pub async fn stop(self) {
        drop(self.ownership);
    }
}
impl Running {
    pub fn receiver_url(&self) -> Option<String> {
        None
    }
    pub fn control_url(&self) -> Option<String> {
        None
    }
    pub fn ui_url(&self) -> Option<String> {
        None
    }
    pub fn token_file(&self) -> std::path::PathBuf {
        "".into()
    }
}
