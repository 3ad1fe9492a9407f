//! One way to the control API of a data folder, whoever owns it: another process, or this one.

use std::time::{Duration, Instant};

use http::Method;

use crate::error::Error;
use crate::guest::{Guest, Reply};
use crate::open::open;
use crate::options::Options;
use crate::owner::Role;
use crate::running::Running;

/// An owner that is starting, or a command that has the folder for a moment, is waited for this long.
const OWNER_WAIT_MS_MAX: u64 = 10_000;
const OWNER_POLL_MS: u64 = 20;

/// Owner or guest.
pub enum Access {
    /// This process has opened the folder.
    Owner(Box<Running>),
    /// Another process owns it, and is asked.
    Guest(Guest),
}

impl Access {
    /// Asks the owner of the folder if there is one, else opens the folder.
    pub async fn open(options: Options) -> Result<Self, Error> {
        let deadline = Instant::now() + Duration::from_millis(OWNER_WAIT_MS_MAX);
        loop {
            let refused = match open(options.clone()).await {
                Ok(running) => return Ok(Self::Owner(Box::new(running))),
                Err(error) => error,
            };
            let Error::FolderOwned { owner, .. } = &refused else {
                return Err(refused);
            };
            if let Some(owner) = owner.as_deref()
                && let Some(guest) = Guest::reach(owner).await
            {
                return Ok(Self::Guest(guest));
            }
            // Without a control listener nobody can be asked: the app runs with an address that is in use.
            let is_mute = owner
                .as_deref()
                .is_some_and(|it| it.control.is_none() && it.role != Role::Command);
            if is_mute || Instant::now() >= deadline {
                return Err(refused);
            }
            tokio::time::sleep(Duration::from_millis(OWNER_POLL_MS)).await;
        }
    }

    /// One call of the control API; `path` is absolute, with its query.
    pub async fn call(
        &self,
        method: Method,
        path: &str,
        body: Option<String>,
    ) -> Result<Reply, Error> {
        match self {
            Self::Owner(running) => running.call(method, path, body).await,
            Self::Guest(guest) => guest.call(method, path, body).await,
        }
    }

    /// Ends what this process began; another owner goes on.
    pub async fn close(self) {
        if let Self::Owner(running) = self {
            running.stop().await;
        }
    }
}
