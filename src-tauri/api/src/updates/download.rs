//! `POST /updates/download` and `DELETE /updates/download`

use std::path::PathBuf;

use axum::extract::State;
use hookloom_update::Order;
use http::StatusCode;
use serde::Deserialize;
use utoipa::ToSchema;

use super::looked::{looked, only_the_owner};
use super::shape::{Updates, UpdatesFrom, shown};
use crate::answer::Answer;
use crate::error::{Error, ErrorCode};
use crate::identity::{CanManage, CanRead};
use crate::input::Body;
use crate::state::ApiState;

/// Where packages lie in the data folder.
const FOLDER: &str = "updates";

/// What to download.
#[derive(Debug, Default, Deserialize, ToSchema)]
#[serde(deny_unknown_fields)]
pub struct UpdateWanted {
    /// The kind of package; without it the one that this installation came as.
    #[serde(default)]
    pub kind: Option<String>,
    /// This very version, also if it is not newer than what runs here.
    #[serde(default)]
    pub version: Option<String>,
    /// A folder, whole; without it one in the data folder. Only the owner may name one.
    #[serde(default)]
    pub folder: Option<String>,
    /// Another place than this program's own, for this call.
    #[serde(default)]
    pub from: Option<UpdatesFrom>,
}

/// Asks what the newest release is, and begins to download its package; `download` says how far it is. Nothing is
/// installed.
#[utoipa::path(post, path = "/updates/download", tag = "updates", security(("bearer" = ["manage"])),
    request_body = UpdateWanted,
    responses((status = 202, description = "It has begun", body = Updates)))]
pub(crate) async fn download_update(
    _: CanManage,
    CanRead(caller): CanRead,
    State(state): State<ApiState>,
    Body(wanted): Body<UpdateWanted>,
) -> Result<(StatusCode, Answer<Updates>), Error> {
    let UpdateWanted {
        kind,
        version,
        folder,
        from,
    } = wanted;
    let folder = match folder {
        None => state.store.data_folder().join(FOLDER),
        Some(folder) => {
            only_the_owner(&caller)?;
            whole(folder)?
        }
    };
    let (source, manifest) = looked(&state, from, &caller).await?;
    let releases = &state.releases;
    let package = manifest.chosen(&releases.installed, kind.as_deref(), version.as_deref())?;
    let order = Order {
        package: package.clone(),
        manifest: source.url().clone(),
        folder,
    };
    // A stop of the program ends it, too.
    let stop = state.stopping.child_token();
    releases.begin(order, manifest.version.to_string(), stop)?;
    Ok((StatusCode::ACCEPTED, Answer(shown(&state).await?)))
}

/// Ends the download that is under way. Nothing of it is kept.
#[utoipa::path(delete, path = "/updates/download", tag = "updates", security(("bearer" = ["manage"])),
    responses((status = 200, description = "None is under way", body = Updates)))]
pub(crate) async fn cancel_update_download(
    _: CanManage,
    State(state): State<ApiState>,
) -> Result<Answer<Updates>, Error> {
    let begun = state.releases.download.lock().clone();
    if let Some(begun) = begun {
        begun.stop.cancel();
    }
    shown(&state).await.map(Answer)
}

/// A folder whose place does not depend on where this program was started.
fn whole(folder: String) -> Result<PathBuf, Error> {
    let path = PathBuf::from(folder);
    if path.is_absolute() {
        return Ok(path);
    }
    let (status, code) = (StatusCode::UNPROCESSABLE_ENTITY, ErrorCode::ValueInvalid);
    let message = "`folder` is not a whole path.";
    Err(Error::new(status, code, message)
        .hint("Give one that begins at the root of the file system."))
}
