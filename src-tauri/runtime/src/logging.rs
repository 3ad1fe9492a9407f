//! The log: lines on standard error for a person, with every known secret value masked.

use std::io::{self, Write};
use std::sync::{Arc, Weak};

use hookloom_engine::ports::Secrets;
use parking_lot::RwLock;
use tracing_subscriber::EnvFilter;
use tracing_subscriber::fmt::MakeWriter;

/// The variable that chooses what is logged: `debug`, `hookloom_receiver=trace`, …
pub const LOG_VARIABLE: &str = "HOOKLOOM_LOG";
const LEVEL_DEFAULT: &str = "warn,hookloom=info";

/// Every open vault of the process. Usually one; it ends with its data folder.
static VAULTS: RwLock<Vec<Weak<dyn Secrets>>> = RwLock::new(Vec::new());

/// Logs to standard error from now on. A second call changes nothing.
pub fn init_logging() {
    let wanted = std::env::var(LOG_VARIABLE).unwrap_or_default();
    let filter = EnvFilter::try_new(if wanted.is_empty() {
        LEVEL_DEFAULT
    } else {
        &wanted
    })
    .unwrap_or_else(|_| EnvFilter::new(LEVEL_DEFAULT));
    let _ = tracing_subscriber::fmt()
        .with_env_filter(filter)
        .with_target(false)
        .with_ansi(false)
        .with_writer(Masked)
        .try_init();
}

/// The values of a vault are masked in the log for as long as it is open.
pub(crate) fn mask_values_of(vault: &Arc<dyn Secrets>) {
    let mut vaults = VAULTS.write();
    vaults.retain(|vault| vault.strong_count() > 0);
    vaults.push(Arc::downgrade(vault));
}

#[derive(Debug, Clone, Copy)]
struct Masked;

impl<'a> MakeWriter<'a> for Masked {
    type Writer = Line;

    fn make_writer(&'a self) -> Line {
        Line(Vec::new())
    }
}

/// One event. It is masked as a whole when it is complete: a value could be cut in two by the pieces of a write.
struct Line(Vec<u8>);

impl Write for Line {
    fn write(&mut self, bytes: &[u8]) -> io::Result<usize> {
        self.0.extend_from_slice(bytes);
        Ok(bytes.len())
    }

    fn flush(&mut self) -> io::Result<()> {
        Ok(())
    }
}

impl Drop for Line {
    fn drop(&mut self) {
        let line = masked(String::from_utf8_lossy(&self.0).into_owned());
        // Nobody reads the log: then there is nobody to tell.
        let _ = io::stderr().lock().write_all(line.as_bytes());
    }
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
}
