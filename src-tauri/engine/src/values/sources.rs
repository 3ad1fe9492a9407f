//! Where the values of a job come from: the journal, and what opens its secrets, or nothing that does.

use std::sync::Arc;

use async_trait::async_trait;
use hookloom_model::RequestId;
use hookloom_sensitive::{Masker, SealKey, Sensitive};

use crate::core::Core;
use crate::ports::{JobKeys, Journal, SecretError, Secrets};

/// The ports that values are read through.
pub(super) struct ValuePorts {
    pub journal: Arc<dyn Journal>,
    pub secrets: Arc<dyn Secrets>,
    pub job_keys: Arc<dyn JobKeys>,
}

impl ValuePorts {
    pub fn of(core: &Core) -> Self {
        Self {
            journal: Arc::clone(&core.ports.journal),
            secrets: Arc::clone(&core.ports.secrets),
            job_keys: Arc::clone(&core.ports.job_keys),
        }
    }

    /// Without anything that opens a secret.
    pub fn sealed(journal: Arc<dyn Journal>) -> Self {
        Self {
            journal,
            secrets: Arc::new(Sealed),
            job_keys: Arc::new(Sealed),
        }
    }
}

/// Opens nothing.
struct Sealed;

impl Sealed {
    fn refuse(what: &str) -> SecretError {
        SecretError::Unavailable {
            what: what.to_owned(),
            reason: "nothing is opened for somebody who only looks".to_owned(),
        }
    }
}

#[async_trait]
impl Secrets for Sealed {
    async fn read(&self, name: &str) -> Result<Arc<Sensitive<String>>, SecretError> {
        Err(Self::refuse(&format!("the secret `{name}`")))
    }

    fn masker(&self) -> Arc<Masker> {
        Arc::default()
    }

    async fn workspace_key(&self) -> Result<SealKey, SecretError> {
        Err(Self::refuse("the workspace's key"))
    }
}

#[async_trait]
impl JobKeys for Sealed {
    async fn create(&self, _: RequestId) -> Result<SealKey, SecretError> {
        Err(Self::refuse("a job's key"))
    }

    async fn open(&self, _: RequestId) -> Result<SealKey, SecretError> {
        Err(Self::refuse("a job's key"))
    }

    async fn destroy(&self, _: RequestId) -> Result<(), SecretError> {
        Err(Self::refuse("a job's key"))
    }
}
