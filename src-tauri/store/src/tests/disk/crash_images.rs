//! What a disk may hold after its power went: everything that was synced, and of the rest whatever chance leaves.
//!
//! Writes that no sync has confirmed may be there or not, each by itself and each sector of it by itself; so may a name
//! that appeared or went without its folder being synced. What SQLite assumes of disks is kept to: a sector that is
//! not written does not change.

use std::collections::BTreeMap;
use std::fs;
use std::path::Path;
use std::sync::Arc;

use hookloom_engine::testing::SplitMix;

use super::tap::{Name, Op};
use crate::DATABASE_FILE;

/// What a disk writes at once.
const SECTOR_BYTES: usize = 512;

/// Whether a sync does what it says.
#[derive(Debug, Clone, Copy, PartialEq, Eq)]
pub(super) enum Syncs {
    Honest,
    /// The disk says that it has synced, and has not: the control of the tests.
    Lies,
}

/// A disk, as far as the operations up to now say what is on it for certain.
pub(super) struct Disk {
    syncs: Syncs,
    /// Of each name, what lay or will lie there: the first for certain, the last if everything gets through.
    names: BTreeMap<Name, Vec<Lying>>,
    /// Counts the operations.
    now: u64,
}

/// What lies under a name from some operation on.
#[derive(Clone)]
struct Lying {
    since: u64,
    /// The bytes that are there for certain, or none if nothing lies there.
    content: Option<Vec<u8>>,
    unsynced: Vec<(u64, Change)>,
}

#[derive(Clone)]
enum Change {
    Write { at: usize, bytes: Arc<[u8]> },
    Truncate { bytes: usize },
}

/// The files after a power cut.
pub(super) struct Image(Vec<(Name, Vec<u8>)>);

/// What chance leaves of that which was not synced.
#[derive(Debug, Clone, Copy)]
enum Loss {
    /// Nothing of it.
    All,
    /// Everything up to some operation.
    After(u64),
    /// Any of it.
    Some,
    /// Any sectors of it.
    Sectors,
}

impl Disk {
    /// One with an empty database file.
    pub(super) fn new(syncs: Syncs) -> Self {
        let empty = |content| Lying {
            since: 0,
            content,
            unsynced: Vec::new(),
        };
        let names = Name::ALL.map(|name| {
            let content = (name == Name::Database).then(Vec::new);
            (name, vec![empty(content)])
        });
        Self {
            syncs,
            names: names.into(),
            now: 0,
        }
    }

    pub(super) fn apply(&mut self, op: &Op) {
        self.now += 1;
        let now = self.now;
        match op {
            Op::Created { name } => self.lies(*name, Some(Vec::new())),
            Op::Written { name, at, bytes } => {
                let bytes = Arc::clone(bytes);
                let change = Change::Write { at: *at, bytes };
                self.last(*name).unsynced.push((now, change));
            }
            Op::Truncated { name, bytes } => {
                let change = Change::Truncate { bytes: *bytes };
                self.last(*name).unsynced.push((now, change));
            }
            Op::Synced { .. } if self.syncs == Syncs::Lies => {}
            Op::Synced { name } => {
                let last = self.last(*name);
                let unsynced = std::mem::take(&mut last.unsynced);
                if let Some(content) = &mut last.content {
                    unsynced
                        .iter()
                        .for_each(|(_, change)| change.apply(content));
                }
                // The first sync of a log or a journal syncs the folder as well.
                if *name != Name::Database && self.names[name].len() > 1 {
                    self.sync_folder();
                }
            }
            Op::Deleted { name, is_synced } => {
                self.lies(*name, None);
                if *is_synced && self.syncs == Syncs::Honest {
                    self.sync_folder();
                }
            }
            Op::Answered { .. } => {}
        }
    }

    /// One of the many states that the disk may be in if its power goes now.
    pub(super) fn image(&self, random: &mut SplitMix) -> Image {
        let loss = match random.below(6) {
            0 => Loss::All,
            1 | 2 => Loss::After(self.now - random.below(60).min(self.now)),
            3 => Loss::Some,
            _ => Loss::Sectors,
        };
        let mut files = Vec::new();
        for (name, lying) in &self.names {
            let most = lying.len() as u64;
            let kept = match loss {
                Loss::All => 0,
                Loss::After(until) => {
                    let there = lying.iter().filter(|it| it.since <= until).count();
                    there.saturating_sub(1)
                }
                Loss::Some | Loss::Sectors => random.below(most) as usize,
            };
            let Lying {
                content, unsynced, ..
            } = &lying[kept];
            let Some(content) = content else { continue };
            let mut content = content.clone();
            for (at, change) in unsynced {
                let gets_through = match loss {
                    Loss::All => false,
                    Loss::After(until) => *at <= until,
                    Loss::Some => random.chance(500),
                    Loss::Sectors if random.chance(500) => {
                        change.apply_torn(&mut content, random);
                        false
                    }
                    Loss::Sectors => random.chance(700),
                };
                if gets_through {
                    change.apply(&mut content);
                }
            }
            files.push((*name, content));
        }
        Image(files)
    }

    fn lies(&mut self, name: Name, content: Option<Vec<u8>>) {
        let since = self.now;
        self.names.entry(name).or_default().push(Lying {
            since,
            content,
            unsynced: Vec::new(),
        });
    }

    fn last(&mut self, name: Name) -> &mut Lying {
        let lying = self.names.get_mut(&name).and_then(|lying| lying.last_mut());
        lying.expect("every name has a beginning")
    }

    /// What lies under each name is certain from now on.
    fn sync_folder(&mut self) {
        for lying in self.names.values_mut() {
            lying.drain(..lying.len() - 1);
        }
    }
}

impl Change {
    fn apply(&self, content: &mut Vec<u8>) {
        match self {
            Self::Write { at, bytes } => put(content, *at, bytes),
            Self::Truncate { bytes } => content.resize(*bytes, 0),
        }
    }

    /// Some of the sectors. The length of a file changes as a whole.
    fn apply_torn(&self, content: &mut Vec<u8>, random: &mut SplitMix) {
        let Self::Write { at, bytes } = self else {
            return self.apply(content);
        };
        let mut from = 0;
        while from < bytes.len() {
            let sector_end = (at + from) / SECTOR_BYTES * SECTOR_BYTES + SECTOR_BYTES;
            let until = (sector_end - at).min(bytes.len());
            if random.chance(500) {
                put(content, at + from, &bytes[from..until]);
            }
            from = until;
        }
    }
}

/// What lies between the end and the new bytes is zero, as in every file system.
fn put(content: &mut Vec<u8>, at: usize, bytes: &[u8]) {
    if content.len() < at + bytes.len() {
        content.resize(at + bytes.len(), 0);
    }
    content[at..at + bytes.len()].copy_from_slice(bytes);
}

impl Image {
    /// Lays the files into a folder that has none.
    pub(super) fn lay_into(&self, folder: &Path) {
        for name in Name::ALL {
            let path = folder.join(format!("{DATABASE_FILE}{}", name.suffix()));
            match self.0.iter().find(|(known, _)| *known == name) {
                Some((_, content)) => fs::write(path, content).expect("there is room"),
                None => drop(fs::remove_file(path)),
            }
        }
        drop(fs::remove_file(folder.join(format!("{DATABASE_FILE}-shm"))));
    }
}

#[cfg(test)]
mod tests {
    use super::*;

    fn written(at: usize, bytes: &[u8]) -> Op {
        Op::Written {
            name: Name::Log,
            at,
            bytes: bytes.into(),
        }
    }

    /// The logs that chance leaves, each once.
    fn logs(ops: &[Op]) -> Vec<Option<Vec<u8>>> {
        let mut disk = Disk::new(Syncs::Honest);
        ops.iter().for_each(|op| disk.apply(op));
        let mut random = SplitMix::new(1);
        let logs = (0..400).map(|_| {
            let image = disk.image(&mut random);
            let log = image.0.into_iter().find(|(name, _)| *name == Name::Log);
            log.map(|(_, content)| content)
        });
        let mut logs: Vec<_> = logs.collect();
        logs.sort();
        logs.dedup();
        logs
    }

    #[test]
    fn what_was_synced_is_always_there_and_the_rest_in_any_mixture() {
        let created = Op::Created { name: Name::Log };
        let synced = Op::Synced { name: Name::Log };
        let first = [created.clone(), written(0, b"ab")];
        let empty = |text: &str| Some(text.as_bytes().to_vec());
        assert_eq!(logs(&first), [None, empty(""), empty("ab")]);
        let second = [
            created,
            written(0, b"ab"),
            synced,
            written(0, b"c"),
            written(2, b"d"),
        ];
        assert_eq!(logs(&second), ["ab", "abd", "cb", "cbd"].map(empty));
    }

    #[test]
    fn a_write_is_torn_at_sectors_and_nowhere_else() {
        let ops = [
            Op::Created { name: Name::Log },
            Op::Synced { name: Name::Log },
            written(510, &[1; 514]),
        ];
        let there = |log: &Option<Vec<u8>>| {
            let log = log.as_deref().unwrap_or_default();
            (
                log.get(510..512) == Some(&[1; 2]),
                log.get(512..) == Some(&[1; 512][..]),
            )
        };
        let mut seen: Vec<_> = logs(&ops).iter().map(there).collect();
        seen.sort_unstable();
        seen.dedup();
        assert_eq!(seen.len(), 4, "{seen:?}");
        assert_eq!(logs(&ops).len(), 4, "and nothing between");
    }
}
