//! The shapes of updates.

use hookloom_update as update;
use hookloom_update::{Installed, install_command};
use serde::{Deserialize, Serialize};
use utoipa::ToSchema;

use super::begun::Begun;
use super::looked::found;
use super::refusal::told;
use crate::error::{Error, ErrorCode};
use crate::failures::sentence;
use crate::named::named;
use crate::network;
use crate::state::ApiState;
use crate::time::At;

/// How it stands with updates. Reading it asks nobody.
#[derive(Debug, Serialize, ToSchema)]
pub struct Updates {
    /// What runs here.
    pub version: String,
    /// Where this program asks for releases; null if it was built to ask nobody.
    pub source: Option<UpdateSource>,
    /// The kind of package that this installation came as, such as `deb`; null if nobody knows.
    pub package_kind: Option<String>,
    pub os: String,
    pub arch: String,
    /// Whether it asks once a day by itself.
    pub daily: bool,
    /// What the last look at that source found; null if there was none.
    pub found: Option<FoundRelease>,
    /// Why the last look failed; null after one that did not.
    pub last_failure: Option<UpdateFailure>,
    /// The last download, under way or ended; null if there was none since the start.
    pub download: Option<UpdateDownload>,
}

/// Where releases are asked about.
#[derive(Debug, Serialize, ToSchema)]
pub struct UpdateSource {
    /// The manifest's address.
    pub url: String,
    /// The public key of minisign whose signature is believed.
    pub key: String,
}

/// A release that a signed manifest tells of.
#[derive(Debug, Serialize, ToSchema)]
pub struct FoundRelease {
    pub found_at: At,
    pub version: String,
    pub released_at: At,
    /// Whether it is newer than what runs here.
    pub is_newer: bool,
    /// What changed, as text.
    pub notes: Option<String>,
    /// Where more is said about it.
    pub notes_url: Option<String>,
    /// Every package of it.
    pub packages: Vec<ReleasePackage>,
}

/// One package of a release.
#[derive(Debug, Serialize, ToSchema)]
pub struct ReleasePackage {
    /// `deb`, `rpm`, `appimage`, `dmg`, `msi`, `nsis`.
    pub kind: String,
    pub os: String,
    pub arch: String,
    /// The name of its file.
    pub file: String,
    pub bytes: u64,
    pub sha256: String,
    /// Whether it is for this system and this processor.
    pub fits: bool,
}

/// A download of a package.
#[derive(Debug, Serialize, ToSchema)]
pub struct UpdateDownload {
    pub state: UpdateDownloadState,
    pub version: String,
    /// The kind of the package.
    pub kind: String,
    /// Where the file lies, or is to lie.
    pub path: String,
    pub done_bytes: u64,
    pub total_bytes: u64,
    /// Whether the whole file lay there before.
    pub was_there: bool,
    /// The command that installs it, once it is whole; null where a person opens the file.
    pub install: Option<String>,
    /// Why it is not there; null unless `state` is `failed`.
    pub failure: Option<UpdateFailure>,
}

named!(
    /// How it stands with a download.
    UpdateDownloadState { Running = "running", Done = "done", Failed = "failed" }
);

/// Why something was not done.
#[derive(Debug, Serialize, ToSchema)]
pub struct UpdateFailure {
    /// When; null for a download.
    pub at: Option<At>,
    pub code: ErrorCode,
    /// What happened and why.
    pub message: String,
    /// What to do about it.
    pub hint: String,
}

/// Another place to ask, for this one call: nothing of it is kept. Only the owner may name one, because whose signature is
/// believed decides what is installed.
#[derive(Debug, Default, Deserialize, ToSchema)]
#[serde(deny_unknown_fields)]
pub struct UpdatesFrom {
    /// The manifest's address: https, or http on this computer.
    #[serde(default)]
    pub url: Option<String>,
    /// The public key of minisign; without it the one that this program was built with.
    #[serde(default)]
    pub key: Option<String>,
}

impl UpdateFailure {
    fn of(error: &update::Error, at_ms: Option<i64>) -> Self {
        Self {
            at: at_ms.map(At::from_ms),
            code: told(error.kind()).1,
            message: sentence(error),
            hint: error.hint().to_owned(),
        }
    }
}

impl FoundRelease {
    pub(super) fn of(manifest: update::Manifest, found_at_ms: i64, here: &Installed) -> Self {
        let is_newer = manifest.is_newer_than(&here.version);
        let update::Manifest {
            version,
            released_at_ms,
            notes,
            notes_url,
            packages,
        } = manifest;
        Self {
            found_at: At::from_ms(found_at_ms),
            version: version.to_string(),
            released_at: At::from_ms(released_at_ms),
            is_newer,
            notes,
            notes_url: notes_url.map(String::from),
            packages: packages
                .into_iter()
                .map(|it| ReleasePackage::of(it, here))
                .collect(),
        }
    }
}

impl ReleasePackage {
    fn of(package: update::Package, here: &Installed) -> Self {
        let update::Package {
            kind,
            os,
            arch,
            file,
            url: _,
            bytes,
            sha256,
        } = package;
        Self {
            fits: os == here.os && arch == here.arch,
            kind,
            os,
            arch,
            file,
            bytes,
            sha256: hex::encode(sha256),
        }
    }
}

impl UpdateDownload {
    fn of(begun: &Begun) -> Self {
        let package = &begun.order.package;
        let path = begun.order.folder.join(&package.file);
        let ended = begun.ended.lock().clone();
        let fetched = ended.as_ref().and_then(|it| it.as_ref().ok());
        let failure = ended.as_ref().and_then(|it| it.as_ref().err());
        Self {
            state: match &ended {
                None => UpdateDownloadState::Running,
                Some(Ok(_)) => UpdateDownloadState::Done,
                Some(Err(_)) => UpdateDownloadState::Failed,
            },
            version: begun.version.clone(),
            kind: package.kind.clone(),
            done_bytes: begun.progress.bytes(),
            total_bytes: package.bytes,
            was_there: fetched.is_some_and(|it| it.was_there),
            install: fetched.and_then(|it| install_command(&package.kind, &it.path)),
            failure: failure.map(|error| UpdateFailure::of(error, None)),
            path: path.display().to_string(),
        }
    }
}

/// How it stands.
pub(super) async fn shown(state: &ApiState) -> Result<Updates, Error> {
    let releases = &state.releases;
    let here = &releases.installed;
    let found = found(state).await?;
    let failure = releases.failure.lock().clone();
    let download = releases.download.lock().clone();
    Ok(Updates {
        version: here.version.to_string(),
        source: releases.source.as_ref().map(|it| UpdateSource {
            url: it.url().to_string(),
            key: it.key().text().to_owned(),
        }),
        package_kind: here.kind.map(str::to_owned),
        os: here.os.to_owned(),
        arch: here.arch.to_owned(),
        daily: network::read(&state.store, super::DAILY)
            .await?
            .unwrap_or(false),
        found: found.map(|(manifest, at_ms)| FoundRelease::of(manifest, at_ms, here)),
        last_failure: failure.map(|(at_ms, error)| UpdateFailure::of(&error, Some(at_ms))),
        download: download.map(|begun| UpdateDownload::of(&begun)),
    })
}
