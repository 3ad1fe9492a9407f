//! An open data folder: what there is to ask of it, and how it ends.

use std::net::SocketAddr;
use std::path::PathBuf;
use std::sync::Arc;
use std::time::Duration;

use axum::Router;
use axum::body::Body;
use futures::Stream;
use hookloom_api::{ApiState, EventMessage, TokenHash};
use hookloom_sensitive::Sensitive;
use hookloom_store::Store;
use http::header::CONTENT_TYPE;
use http::{Method, Request};
use http_body_util::BodyExt;
use tokio::task::JoinHandle;
use tokio_util::sync::CancellationToken;
use tower::ServiceExt;

use crate::error::{Error, Listener};
use crate::guest::{RawReply, Reply};
use crate::host::Restart;
use crate::late_engine::LateEngine;
use crate::listeners::Listeners;
use crate::logging::LogFiles;
use crate::open::{Held, open_held};
use crate::options::Options;
use crate::owner::Ownership;

/// An open data folder: this process owns it.
pub struct Running {
    pub(crate) api: ApiState,
    pub(crate) router: Router,
    pub(crate) engine: LateEngine,
    pub(crate) store: Store,
    /// Ends listeners, live updates and the start that goes on in the background.
    pub(crate) stopping: CancellationToken,
    /// The start that goes on in the background, unless it is done.
    pub(crate) starting: Option<JoinHandle<()>>,
    pub(crate) listeners: Arc<Listeners>,
    pub(crate) options: Options,
    pub(crate) ownership: Arc<Ownership>,
    pub(crate) token: TokenHash,
    pub(crate) restart: Restart,
    pub(crate) log_files: Option<LogFiles>,
}

/// What still has the database open when everything was told to end gets this long.
const CLOSING_MS_MAX: u64 = 5_000;
const CLOSING_POLL_MS: u64 = 5;

impl Running {
    /// The control API for callers in this process: they need no token.
    pub fn api(&self) -> Router {
        self.router.clone()
    }

    /// One call of the control API by the owner; `path` is absolute, with its query.
    pub async fn call(
        &self,
        method: Method,
        path: &str,
        body: Option<String>,
    ) -> Result<Reply, Error> {
        let RawReply { status, body, .. } = self.call_raw(method, path, body).await?;
        let body = String::from_utf8(body).map_err(|_| Error::Internal {
            what: format!("the answer to {path} is no UTF-8"),
        })?;
        Ok(Reply { status, body })
    }

    /// The same with the bytes of the answer as they are: a file, or a body that somebody sent.
    pub async fn call_raw(
        &self,
        method: Method,
        path: &str,
        body: Option<String>,
    ) -> Result<RawReply, Error> {
        let failed = |what: String| Error::Internal { what };
        let mut request = Request::builder().method(method).uri(path);
        if body.is_some() {
            request = request.header(CONTENT_TYPE, "application/json");
        }
        let request = request
            .body(Body::from(body.unwrap_or_default()))
            .map_err(|error| failed(format!("a call of {path}: {error}")))?;
        let answer = match self.router.clone().oneshot(request).await {
            Ok(answer) => answer,
            Err(never) => match never {},
        };
        let status = answer.status().as_u16();
        let content_type = answer.headers().get(CONTENT_TYPE);
        let content_type = content_type.and_then(|value| value.to_str().ok());
        let content_type = content_type.unwrap_or("application/json").to_owned();
        let body = answer.into_body().collect().await;
        let body = body.map_err(|error| failed(format!("the answer to {path}: {error}")))?;
        Ok(RawReply {
            status,
            content_type,
            body: body.to_bytes().into(),
        })
    }

    /// What changes, for a window in this process: the same messages as the live updates of the control API.
    pub fn events(&self) -> impl Stream<Item = EventMessage> + Send + Unpin + use<> {
        hookloom_api::events(&self.api)
    }

    /// Where senders call; none while that listener is off.
    pub fn receiver_url(&self) -> Option<String> {
        self.listeners.listening.url(Listener::Receiver)
    }

    /// Where scripts call; none while that listener is off.
    pub fn control_url(&self) -> Option<String> {
        self.listeners.listening.url(Listener::Control)
    }

    /// What a person opens in a browser: it signs in once.
    pub fn ui_url(&self) -> Option<Sensitive<String>> {
        let url = self.control_url().filter(|_| self.options.ui)?;
        match self.api.one_time_code() {
            Ok(code) => Some(Sensitive::new(format!("{url}/#code={}", code.expose()))),
            Err(error) => {
                tracing::error!(%error, "no code to sign in with");
                None
            }
        }
    }

    /// Opens a listener that is off, on another address: the answer to one that was in use at the start.
    pub async fn listen(&self, listener: Listener, address: SocketAddr) -> Result<(), Error> {
        self.listeners.open(listener, address).await
    }

    /// Returns when the folder is to be closed and opened again: a restore waits for that.
    pub fn restart_wanted(&self) -> impl Future<Output = ()> + Send + use<> {
        let wanted = Arc::clone(&self.restart.wanted);
        async move { wanted.notified().await }
    }

    /// Closes the folder and opens it again, with everybody signed in who is. It stays ours meanwhile, and the
    /// listeners where they are: whoever connects waits until it is open again.
    ///
    /// # Errors
    /// It cannot be opened: the folder is free then.
    pub async fn reopen(self) -> Result<Self, Error> {
        let mut options = self.options.clone();
        let address = |listener| Some(self.listeners.listening.look(listener).address);
        options.receiver = address(Listener::Receiver);
        options.control = address(Listener::Control);
        let sockets = std::mem::take(&mut *self.listeners.kept.lock());
        let token = self.token;
        let ownership = self.close().await;
        let held = Held {
            ownership,
            token,
            sockets,
        };
        open_held(options, held).await
    }

    /// The file with the bearer token of the control listener.
    pub fn token_file(&self) -> PathBuf {
        self.options.folder.token()
    }

    /// Takes nothing new, lets running attempts end within a bound, writes what waits, and gives the folder free.
    pub async fn stop(self) {
        self.listeners.kept.lock().clear();
        drop(self.close().await);
    }

    /// All of it but giving the folder free.
    async fn close(self) -> Arc<Ownership> {
        let Self {
            options: _,
            listeners,
            api,
            router,
            engine,
            store,
            stopping,
            starting,
            ownership,
            token: _,
            restart: _,
            log_files,
        } = self;
        stopping.cancel();
        store.end_backups().await;
        let tasks = std::mem::take(&mut *listeners.tasks.lock());
        let connections = async {
            for task in tasks {
                await_end(task).await;
            }
        };
        let jobs = async {
            // An engine that comes after this look would never be drained.
            if let Some(starting) = starting {
                await_end(starting).await;
            }
            if let Some(engine) = engine.now() {
                engine.drain().await;
            }
        };
        tokio::join!(connections, jobs);
        drop((listeners, api, router, engine));
        let patience = Duration::from_millis(CLOSING_MS_MAX);
        let last = async {
            while !store.is_last() {
                tokio::time::sleep(Duration::from_millis(CLOSING_POLL_MS)).await;
            }
        };
        if tokio::time::timeout(patience, last).await.is_err() {
            tracing::warn!("something still has the database open");
        }
        // Closing the database writes what waits, and blocks while it does.
        let closed = tokio::task::spawn_blocking(move || drop(store)).await;
        if let Err(error) = closed {
            tracing::error!(%error, "the database was not closed in order");
        }
        // Its last lines are written while the folder is still ours.
        let ended = tokio::task::spawn_blocking(move || drop(log_files)).await;
        if let Err(error) = ended {
            tracing::error!(%error, "the log was not ended in order");
        }
        ownership
    }
}

async fn await_end(task: JoinHandle<()>) {
    if let Err(error) = task.await {
        tracing::error!(%error, "a task ended badly");
    }
}
