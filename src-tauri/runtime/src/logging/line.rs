//! One line: complete, masked as a whole, and free of line breaks of its own, before anybody sees it.

use std::io::{self, Write};
use std::sync::{Arc, Weak};

use hookloom_engine::ports::Secrets;
use parking_lot::RwLock;
use tracing::{Level, Metadata};
use tracing_subscriber::fmt::MakeWriter;

use super::{files, journal};

/// A longer line is cut: nothing that a stranger sends makes the log large.
const LINE_BYTES_MAX: usize = 32 * 1024;

/// Every open vault of the process. Usually one; it ends with its data folder.
static VAULTS: RwLock<Vec<Weak<dyn Secrets>>> = RwLock::new(Vec::new());

/// The values of a vault are masked in the log for as long as it is open.
pub(crate) fn mask_values_of(vault: &Arc<dyn Secrets>) {
    let mut vaults = VAULTS.write();
    vaults.retain(|vault| vault.strong_count() > 0);
    vaults.push(Arc::downgrade(vault));
}

/// Where lines go.
#[derive(Debug, Clone, Copy)]
pub(super) enum Sink {
    /// Whoever started us, or the journal.
    StandardError { in_journal: bool },
    /// The files of the open data folder, if there is one.
    Files,
}

impl<'a> MakeWriter<'a> for Sink {
    type Writer = Line;

    fn make_writer(&'a self) -> Line {
        self.line(Level::INFO)
    }

    fn make_writer_for(&'a self, meta: &Metadata<'_>) -> Line {
        self.line(*meta.level())
    }
}

impl Sink {
    fn line(self, level: Level) -> Line {
        Line {
            sink: self,
            level,
            bytes: Vec::new(),
        }
    }
}

/// One event. It is masked as a whole when it is complete: a value could be cut in two by the pieces of a write.
pub(super) struct Line {
    sink: Sink,
    level: Level,
    bytes: Vec<u8>,
}

impl Write for Line {
    fn write(&mut self, bytes: &[u8]) -> io::Result<usize> {
        self.bytes.extend_from_slice(bytes);
        Ok(bytes.len())
    }

    fn flush(&mut self) -> io::Result<()> {
        Ok(())
    }
}

impl Drop for Line {
    fn drop(&mut self) {
        let line = finished(&String::from_utf8_lossy(&self.bytes));
        match self.sink {
            Sink::StandardError { in_journal } => {
                let priority = if in_journal {
                    journal::priority(self.level)
                } else {
                    ""
                };
                // Nobody reads the log: then there is nobody to tell.
                let _ = io::stderr()
                    .lock()
                    .write_all(format!("{priority}{line}").as_bytes());
            }
            Sink::Files => files::put(line),
        }
    }
}

/// Masked, and one line whatever somebody wrote into it.
fn finished(line: &str) -> String {
    let mut line = masked(line.trim_end_matches('\n').to_owned());
    if line.contains(['\n', '\r']) {
        line = line.replace('\n', "\\n").replace('\r', "\\r");
    }
    if line.len() > LINE_BYTES_MAX {
        let end = (0..=LINE_BYTES_MAX)
            .rev()
            .find(|at| line.is_char_boundary(*at));
        line.truncate(end.unwrap_or(0));
        line.push('…');
    }
    line.push('\n');
    line
}

fn masked(line: String) -> String {
    let vaults: Vec<Arc<dyn Secrets>> = VAULTS.read().iter().filter_map(Weak::upgrade).collect();
    vaults.iter().fold(line, |line, vault| {
        vault.masker().mask_str(&line).into_owned()
    })
}

#[cfg(test)]
mod tests {
    use async_trait::async_trait;
    use hookloom_engine::ports::SecretError;
    use hookloom_sensitive::{Masker, SealKey, Sensitive};

    use super::*;

    struct OneSecret;

    #[async_trait]
    impl Secrets for OneSecret {
        async fn read(&self, name: &str) -> Result<Arc<Sensitive<String>>, SecretError> {
            Err(SecretError::Missing {
                name: name.to_owned(),
            })
        }

        fn masker(&self) -> Arc<Masker> {
            Arc::new(Masker::new(["canary-0123456789"]))
        }

        async fn workspace_key(&self) -> Result<SealKey, SecretError> {
            Ok(SealKey::from_bytes([1; 32]))
        }
    }

    #[test]
    fn a_secret_value_is_masked_in_a_line_while_its_vault_is_open() {
        let line = || masked("the receiver said canary-0123456789".to_owned());
        assert!(line().contains("canary"), "no vault is open");
        let vault: Arc<dyn Secrets> = Arc::new(OneSecret);
        mask_values_of(&vault);
        assert_eq!(line(), "the receiver said ••••");
        drop(vault);
        assert!(line().contains("canary"), "the vault is closed");
    }

    #[test]
    fn what_somebody_wrote_cannot_begin_a_line_of_its_own_or_fill_the_log() {
        let line = finished("it said: ok\r\n<3> the disk is gone\n");
        assert_eq!(line, "it said: ok\\r\\n<3> the disk is gone\n");
        let long = finished(&"ä".repeat(LINE_BYTES_MAX));
        assert!(
            long.len() <= LINE_BYTES_MAX + 4 && long.ends_with("…\n"),
            "{}",
            long.len()
        );
    }
}
