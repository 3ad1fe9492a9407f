//! Where this program asks for releases, and looking once a day where somebody chose that.

use std::sync::Arc;
use std::time::Duration;

use hookloom_api::{self as api, ApiState, Releases};
use hookloom_engine::ports::Downloads;
use hookloom_outbound::Outbound;
use hookloom_update::{Installed, Source, built_in};
use tokio_util::sync::CancellationToken;

use crate::error::Error;
use crate::options::Options;

/// How often it is looked at whether a day has passed.
const EVERY: Duration = Duration::from_secs(10 * 60);

/// What the API knows of releases.
pub(crate) fn releases(options: &Options, outbound: &Arc<Outbound>) -> Result<Releases, Error> {
    let installed = Installed::this().map_err(|error| Error::Internal {
        what: format!("reading our own version: {error}"),
    })?;
    let downloads = Arc::clone(outbound) as Arc<dyn Downloads>;
    Ok(Releases::new(source(options), installed, downloads))
}

/// Where whoever started this program said, else where its builder did.
fn source(options: &Options) -> Option<Source> {
    if let Some(source) = &options.update_source {
        return Some(source.clone());
    }
    built_in().unwrap_or_else(|error| {
        tracing::error!(%error, "this build looks for no updates");
        None
    })
}

/// Looks when it is due, until it is stopped.
pub(crate) async fn keep(api: ApiState, stopping: CancellationToken) {
    let work = async {
        loop {
            match api::look_for_updates_if_due(&api).await {
                Ok(Some(version)) => tracing::info!(%version, "there is a newer release"),
                Ok(None) => {}
                Err(error) => {
                    tracing::warn!(%error, "it could not be asked whether there is a newer release; the next try is tomorrow");
                }
            }
            tokio::time::sleep(EVERY).await;
        }
    };
    tokio::select! {
        () = work => {}
        () = stopping.cancelled() => {}
    }
}
