//! Downloading a package: never more than the manifest says, and nothing under its name before every byte was checked.

use std::path::{Path, PathBuf};
use std::sync::atomic::{AtomicU64, Ordering};
use std::time::Duration;

use hookloom_engine::ports::Downloads;
use tokio_util::sync::CancellationToken;
use url::Url;

use crate::check::request;
use crate::error::{Error, Kind};
use crate::manifest::Package;
use crate::unfinished::{Unfinished, is_whole};

/// The longest download, however slowly it comes.
const DOWNLOAD_MS_MAX: u64 = 6 * 60 * 60 * 1_000;

/// What to download, and where to.
#[derive(Debug, Clone)]
pub struct Order {
    /// Of a manifest that was verified.
    pub package: Package,
    /// Where that manifest was asked for.
    pub manifest: Url,
    /// It is made if it is not there.
    pub folder: PathBuf,
}

/// How much has come.
#[derive(Debug, Default)]
pub struct Progress(AtomicU64);

impl Progress {
    /// In bytes.
    pub fn bytes(&self) -> u64 {
        self.0.load(Ordering::Relaxed)
    }
}

/// A package that lies there, whole.
#[derive(Debug, Clone, PartialEq, Eq)]
pub struct Fetched {
    pub path: PathBuf,
    /// Whether it lay there before.
    pub was_there: bool,
}

/// Downloads a package, unless it lies there already.
///
/// # Errors
/// It did not come, or it is not what the manifest says, or there is no place for it. Nothing of it is left then.
pub async fn fetch(
    downloads: &dyn Downloads,
    order: &Order,
    progress: &Progress,
    stop: &CancellationToken,
) -> Result<Fetched, Error> {
    let limit = Duration::from_millis(DOWNLOAD_MS_MAX);
    fetch_within(limit, downloads, order, progress, stop).await
}

pub(crate) async fn fetch_within(
    limit: Duration,
    downloads: &dyn Downloads,
    order: &Order,
    progress: &Progress,
    stop: &CancellationToken,
) -> Result<Fetched, Error> {
    let path = order.folder.join(&order.package.file);
    tokio::select! {
        fetched = tokio::time::timeout(limit, fetched(downloads, order, &path, progress)) => match fetched {
            Ok(fetched) => fetched,
            Err(_) => Err(Error::new(
                Kind::Timeout,
                format!("The download took longer than {} hours (DOWNLOAD_MS_MAX)", DOWNLOAD_MS_MAX / 3_600_000),
                "Try again over a faster line. Nothing of it was kept.",
            )),
        },
        () = stop.cancelled() => Err(Error::new(
            Kind::Canceled,
            "The download was ended before it was whole",
            "Begin it again when you like. Nothing of it was kept.",
        )),
    }
}

async fn fetched(
    downloads: &dyn Downloads,
    order: &Order,
    path: &Path,
    progress: &Progress,
) -> Result<Fetched, Error> {
    let package = &order.package;
    let was_there = {
        let (there, bytes, sha256) = (path.to_owned(), package.bytes, package.sha256);
        let looked = tokio::task::spawn_blocking(move || is_whole(&there, bytes, &sha256)).await;
        looked.map_err(|error| {
            let message = format!("Looking at {} ended badly: {error}", path.display());
            Error::new(Kind::FolderUnusable, message, "Try again.")
        })??
    };
    if !was_there {
        let unfinished = written(downloads, order, progress).await?;
        unfinished.finish(path).await?;
    }
    progress.0.store(package.bytes, Ordering::Relaxed);
    Ok(Fetched {
        path: path.to_owned(),
        was_there,
    })
}

/// The whole package, checked and without its name.
async fn written(
    downloads: &dyn Downloads,
    order: &Order,
    progress: &Progress,
) -> Result<Unfinished, Error> {
    let package = &order.package;
    let url = package.address(&order.manifest)?;
    let told = |error| Error::of_http(error, Kind::FileTooLarge);
    let begun = downloads.begin(request(url, package.bytes)).await;
    let mut coming = begun.map_err(told)?;
    if coming.status() != 200 {
        return Err(Error::new(
            Kind::Unreachable,
            format!(
                "The server answered with status {} for {}",
                coming.status(),
                package.file
            ),
            "Try again later: a release may just be published.",
        ));
    }
    let mut unfinished = Unfinished::begin(&order.folder)?;
    while let Some(piece) = coming.piece().await.map_err(told)? {
        unfinished.write(&piece).await?;
        progress.0.store(unfinished.bytes(), Ordering::Relaxed);
    }
    if unfinished.bytes() < package.bytes {
        return Err(Error::new(
            Kind::FileCut,
            format!(
                "{} ended after {} of {} bytes",
                package.file,
                unfinished.bytes(),
                package.bytes
            ),
            "Try again: nothing of it was kept.",
        ));
    }
    if unfinished.sha256() != package.sha256 {
        return Err(Error::new(
            Kind::FileChanged,
            format!(
                "{} has other bytes than the signed manifest says",
                package.file
            ),
            "Nothing of it was kept. Try again over another network; if it stays so, tell whoever makes the releases.",
        ));
    }
    Ok(unfinished)
}
