//! Keys of jobs with secret state: `DATA/keys/<request id>`, wrapped with the workspace's key, gone with the job.
//!
//! Removing a key makes the sealed state worthless wherever a copy of it lies. What a disk keeps of a removed file is
//! out of reach from here.

use std::collections::HashSet;
use std::io;
use std::path::{Path, PathBuf};

use async_trait::async_trait;
use hookloom_engine::ports::{JobKeys, SecretError, Secrets as _};
use hookloom_model::RequestId;
use hookloom_sensitive::SealKey;

use crate::custodian::Custodian;
use crate::durable;
use crate::error::Error;

/// The folder in the data folder.
const FOLDER: &str = "keys";
const WHAT: &str = "the key of the call's secret state";

#[async_trait]
impl JobKeys for Custodian {
    async fn create(&self, id: RequestId) -> Result<SealKey, SecretError> {
        let key = SealKey::generate();
        let wrapped = self.workspace_key().await?.wrap_key(&key, &context(id));
        let path = self.key_path(id);
        let written = on_disk(move || {
            path.parent().map_or(Ok(()), durable::create_folder)?;
            durable::write(&path, &wrapped)
        });
        written.await.map_err(unavailable)?;
        Ok(key)
    }

    async fn open(&self, id: RequestId) -> Result<SealKey, SecretError> {
        let path = self.key_path(id);
        let wrapped = on_disk(move || durable::read(&path))
            .await
            .map_err(unavailable)?;
        let damaged = |reason: &str| SecretError::Damaged {
            what: WHAT.to_owned(),
            reason: reason.to_owned(),
        };
        let wrapped = wrapped.ok_or_else(|| {
            damaged(
                "it is not there: the job has ended, or the folder was restored from a backup, which never has these \
                 keys; send the call again",
            )
        })?;
        let workspace_key = self.workspace_key().await?;
        workspace_key
            .unwrap_key(&wrapped, &context(id))
            .map_err(|_| damaged("it was wrapped with another key; send the call again"))
    }

    async fn destroy(&self, id: RequestId) -> Result<(), SecretError> {
        let path = self.key_path(id);
        // Should a crash bring the file back, the sweep at the next start takes it.
        on_disk(move || durable::remove(&path))
            .await
            .map_err(unavailable)?;
        Ok(())
    }
}

impl Custodian {
    /// Removes the keys of all calls but the given ones. For the start, before anything is accepted.
    pub async fn sweep_job_keys(&self, live: HashSet<RequestId>) -> Result<u64, Error> {
        let folder = self.data_folder.join(FOLDER);
        let path = folder.clone();
        on_disk(move || sweep(&folder, &live))
            .await
            .map_err(|source| Error::Io {
                what: "sweeping keys of ended jobs",
                path,
                source,
            })
    }

    fn key_path(&self, id: RequestId) -> PathBuf {
        self.data_folder.join(FOLDER).join(id.to_string())
    }
}

fn sweep(folder: &Path, live: &HashSet<RequestId>) -> io::Result<u64> {
    if !folder.is_dir() {
        return Ok(0);
    }
    let mut removed = 0;
    for entry in folder.read_dir()? {
        let path = entry?.path();
        let name = path
            .file_name()
            .and_then(|name| name.to_str())
            .unwrap_or_default();
        let is_unfinished = path
            .extension()
            .is_some_and(|ending| ending == durable::UNFINISHED);
        // Files that are none of ours stay.
        let is_orphan = name.parse().is_ok_and(|id| !live.contains(&id));
        if (is_unfinished || is_orphan) && durable::remove(&path)? {
            removed += 1;
        }
    }
    Ok(removed)
}

/// Bound to the call, so that a key cannot be moved to another one.
fn context(id: RequestId) -> Vec<u8> {
    format!("job key {id}").into_bytes()
}

fn unavailable(error: io::Error) -> SecretError {
    SecretError::Unavailable {
        what: WHAT.to_owned(),
        reason: format!("{error}; look at the disk and at the folder's permissions"),
    }
}

async fn on_disk<T: Send + 'static>(
    work: impl FnOnce() -> io::Result<T> + Send + 'static,
) -> io::Result<T> {
    tokio::task::spawn_blocking(work)
        .await
        .map_err(io::Error::other)?
}
