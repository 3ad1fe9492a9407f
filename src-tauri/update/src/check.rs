//! Asking what the newest release is.

use std::sync::Arc;

use bytes::Bytes;
use hookloom_engine::ports::{Http, OutgoingRequest, Redirects};
use http::Method;
use semver::Version;
use url::Url;

use crate::error::{Error, Kind};
use crate::installed::Installed;
use crate::manifest::{MANIFEST_BYTES_MAX, Manifest, Package, SIGNATURE_ENDING, looks_like_one};
use crate::source::Source;

/// A server that is up answers sooner.
pub(crate) const RELEASE_ANSWER_MS_MAX: i64 = 15_000;
/// Redirects in a row.
const RELEASE_HOPS_MAX: u32 = 5;
/// The longest signature.
const SIGNATURE_BYTES_MAX: u64 = 4 * 1024;

/// The newest manifest of a key that was seen here.
#[derive(Debug, Clone, Copy, PartialEq, Eq)]
pub struct Seen {
    /// When it was made, Unix milliseconds.
    pub released_at_ms: i64,
}

/// Asks for the manifest and its signature, and believes what the key signed. An older manifest than the one that was
/// seen is refused: somebody holds back what is newer, or shows again what was withdrawn.
///
/// # Errors
/// Nobody answers, or what comes is not to be believed. Nothing was changed then.
pub async fn look(http: &dyn Http, source: &Source, seen: Option<Seen>) -> Result<Manifest, Error> {
    let url = source.url();
    let manifest = read(http, url, MANIFEST_BYTES_MAX).await?;
    let bytes = present(manifest, url, Kind::Unreachable)?;
    looks_like_one(&bytes)?;
    let mut beside = url.clone();
    beside.set_path(&format!("{}{SIGNATURE_ENDING}", url.path()));
    let signature = read(http, &beside, SIGNATURE_BYTES_MAX).await?;
    let signature = present(signature, &beside, Kind::SignatureMissing)?;
    let manifest = Manifest::verified(&bytes, &signature, source.key())?;
    match seen {
        Some(seen) if manifest.released_at_ms < seen.released_at_ms => Err(Error::new(
            Kind::RolledBack,
            format!(
                "The manifest is older than one that was seen before: it tells of {}",
                manifest.version
            ),
            "Somebody may be holding a newer release back. Try again later, over another network; if it stays so, tell whoever makes the releases.",
        )),
        _ => Ok(manifest),
    }
}

impl Manifest {
    /// Whether it tells of a newer version than the one that is installed.
    pub fn is_newer_than(&self, installed: &Version) -> bool {
        self.version > *installed
    }

    /// The package to download: of the kind that is wanted or came here, and only for a newer version, unless this very
    /// version was asked for by name.
    ///
    /// # Errors
    /// There is none, or nothing newer.
    pub fn chosen(
        &self,
        installed: &Installed,
        kind: Option<&str>,
        version: Option<&str>,
    ) -> Result<&Package, Error> {
        match version {
            Some(version) if version != self.version.to_string() => {
                return Err(Error::new(
                    Kind::VersionOther,
                    format!(
                        "Version {version} was asked for, and {} is what there is",
                        self.version
                    ),
                    "Only the version that the manifest tells of can be downloaded; older ones lie where that one came from.",
                ));
            }
            None if !self.is_newer_than(&installed.version) => {
                return Err(Error::new(
                    Kind::NotNewer,
                    format!(
                        "{} is installed, and {} is the newest there is",
                        installed.version, self.version
                    ),
                    format!(
                        "Nothing has to be done. If you want that one all the same, ask for it by name: `--version {}`.",
                        self.version
                    ),
                ));
            }
            _ => {}
        }
        let kind = installed.kind_or(kind)?;
        let (os, arch) = (installed.os, installed.arch);
        self.package(kind, os, arch).ok_or_else(|| {
            let kinds = self
                .packages
                .iter()
                .filter(|it| it.os == os && it.arch == arch);
            let kinds: Vec<&str> = kinds.map(|it| it.kind.as_str()).collect();
            let hint = match kinds.is_empty() {
                true => "This release has no package for this computer.".to_owned(),
                false => format!(
                    "For this computer there is: {}. Name one with `--kind`.",
                    kinds.join(", ")
                ),
            };
            Error::new(
                Kind::PackageMissing,
                format!(
                    "Release {} has no package of the kind {kind} for {os} on {arch}",
                    self.version
                ),
                hint,
            )
        })
    }
}

/// One answer within its bounds, and its status.
async fn read(http: &dyn Http, url: &Url, bytes_max: u64) -> Result<(u16, Bytes), Error> {
    let answer = http.send(request(url.clone(), bytes_max)).await;
    let answer = answer.map_err(|error| Error::of_http(error, Kind::ManifestTooLarge))?;
    Ok((answer.status, answer.body))
}

/// The body of an answer that has one.
fn present((status, body): (u16, Bytes), url: &Url, missing: Kind) -> Result<Bytes, Error> {
    if status == 200 {
        return Ok(body);
    }
    // No query: it may be a password.
    let place = format!("{}{}", url.host_str().unwrap_or_default(), url.path());
    let is_missing = matches!(status, 404 | 410);
    Err(match missing {
        Kind::SignatureMissing if is_missing => Error::new(
            Kind::SignatureMissing,
            format!("The manifest has no signature: {place} is not there (status {status})"),
            "Nothing was believed. Tell whoever makes the releases; what is not signed is never taken.",
        ),
        _ => Error::new(
            Kind::Unreachable,
            format!("{place} answered with status {status}"),
            "Look at the address, or try again later.",
        ),
    })
}

/// A request that says nothing but which version asks.
pub(crate) fn request(url: Url, answer_bytes_max: u64) -> OutgoingRequest {
    OutgoingRequest {
        method: Method::GET,
        url,
        headers: Vec::new(),
        body: Bytes::new(),
        timeout_ms: RELEASE_ANSWER_MS_MAX,
        validate_ssl: true,
        host_from_request: false,
        inner_destinations: Arc::default(),
        answer_bytes_max,
        redirects: Some(Redirects {
            hops_max: RELEASE_HOPS_MAX,
            kept_headers: Vec::new(),
            body_has_secret: false,
            secure_only: true,
        }),
        certificates: None,
    }
}
