//! Everything that is looked at, in its order.

use std::path::Path;

use hookloom_api::{Finding, FindingArea};
use hookloom_script::Workers;

use super::clock::{self, ClockStart};
use super::{disk, permissions, ports, walls};
use crate::error::Error;
use crate::folder::DataFolder;
use crate::host::Listening;
use crate::options::{ExamineMore, Options};

/// Looks at what an open folder's process stands on.
pub(crate) struct Examiner {
    folder: DataFolder,
    listening: Listening,
    /// Whether this process is one that listens.
    pub listens: bool,
    workers: Workers,
    start: ClockStart,
    more: ExamineMore,
}

impl Examiner {
    /// Looks at nothing yet.
    pub fn new(
        options: &Options,
        listening: &Listening,
        workers: Workers,
        start: ClockStart,
    ) -> Self {
        Self {
            folder: options.folder.clone(),
            listening: listening.clone(),
            listens: options.listens(),
            workers,
            start,
            more: options.examine_more,
        }
    }

    /// What is found.
    pub async fn examine(&self) -> Vec<Finding> {
        let mut findings = of_ports(self.listening.clone(), self.listens).await;
        findings.extend(of_folder(&self.folder, Some(self.start)).await);
        findings.push(walls::judge(self.workers.walls().await));
        findings.extend((self.more)());
        findings
    }
}

async fn of_ports(listening: Listening, listens: bool) -> Vec<Finding> {
    let look = move || ports::examine(&listening, listens);
    blocking(FindingArea::Ports, look).await
}

/// What can be found of a folder that this process could not open: why not, its disk, and the clock.
pub async fn examine_folder(folder: &DataFolder, error: &Error) -> Vec<Finding> {
    let mut unopened = Finding::wrong(FindingArea::Folder, error.to_string()).hint(error.hint());
    if let Error::FolderOwned {
        owner: Some(owner), ..
    } = error
        && owner.control.is_none()
    {
        unopened = unopened
            .why("It cannot be asked what is wrong, because its control listener is off.")
            .hint("Look into its window: Settings, What is wrong.");
    }
    let mut findings = vec![unopened];
    findings.extend(of_folder(folder, None).await);
    findings
}

async fn of_folder(folder: &DataFolder, start: Option<ClockStart>) -> Vec<Finding> {
    let path = folder.path().to_owned();
    blocking(FindingArea::Disk, move || look_at(&path, start)).await
}

fn look_at(folder: &Path, start: Option<ClockStart>) -> Vec<Finding> {
    let probe = disk::probe(folder);
    let written_at = probe.as_ref().ok().copied();
    let mut findings = vec![disk::judge_writing(folder, probe)];
    findings.extend(disk::judge_room(hookloom_store::free_bytes(folder)));
    findings.extend(permissions::examine(folder));
    findings.extend(clock::judge(clock::look(written_at, start)));
    findings
}

/// A look at a disk that hangs must not keep a thread that answers calls.
async fn blocking(
    area: FindingArea,
    look: impl FnOnce() -> Vec<Finding> + Send + 'static,
) -> Vec<Finding> {
    let looked = tokio::task::spawn_blocking(look).await;
    looked.unwrap_or_else(|error| {
        vec![Finding::wrong(area, "Looking at it failed.").why(error.to_string())]
    })
}
