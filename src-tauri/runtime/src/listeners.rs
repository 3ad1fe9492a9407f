//! The two listeners of an owner: opened at the start, or later on another address.

use std::io;
use std::net::SocketAddr;
use std::sync::{Arc, OnceLock, Weak};

use hookloom_api::{self as api, ApiState, Guard};
use hookloom_receiver::Receiver;
use parking_lot::Mutex;
use tokio::task::JoinHandle;
use tokio_util::sync::CancellationToken;

use crate::error::{Error, Listener};
use crate::host::Listening;
use crate::listen::{Bound, bind, url_of};
use crate::open_files;
use crate::options::Options;
use crate::owner::{OwnerRecord, Ownership, Role};

/// What serves the listeners' connections.
pub(crate) struct Listeners {
    pub receiver: Receiver,
    pub api: ApiState,
    pub has_ui: bool,
    pub listening: Listening,
    pub ownership: Arc<Ownership>,
    pub options: Options,
    pub stopping: CancellationToken,
    pub tasks: Mutex<Vec<JoinHandle<()>>>,
    /// The sockets once more, for a folder that is closed only to be opened again.
    pub kept: Mutex<KeptSockets>,
}

impl Listeners {
    /// Opens a listener that is off, on the address that a person chose.
    pub async fn open(&self, listener: Listener, address: SocketAddr) -> Result<(), Error> {
        if let Some(url) = self.listening.url(listener) {
            let source = io::Error::other(format!("it listens on {url}; start again to move it"));
            return Err(Error::AddressRefused {
                listener,
                address,
                source,
            });
        }
        let bound = bind(listener, address).await;
        match bound.and_then(|bound| self.keep_and_serve(listener, bound)) {
            Ok(()) => self.announce(),
            Err(error) => {
                self.listening.is_off(listener, &error);
                Err(error)
            }
        }
    }

    /// Says in `owner.json` where the control listener is.
    pub fn announce(&self) -> Result<(), Error> {
        let Self {
            ownership, options, ..
        } = self;
        let record = OwnerRecord {
            pid: std::process::id(),
            role: options.role,
            version: env!("CARGO_PKG_VERSION").to_owned(),
            control: self.listening.url(Listener::Control),
            token_file: options.folder.token(),
        };
        ownership
            .announce(&record)
            .map_err(|source| options.folder.unusable("writing owner.json", source))
    }

    fn keep_and_serve(&self, listener: Listener, bound: Bound) -> Result<(), Error> {
        let address = bound.address;
        let (bound, kept) = bound.again().map_err(|source| Error::AddressRefused {
            listener,
            address,
            source,
        })?;
        self.kept.lock().push((listener, kept));
        self.serve(listener, bound);
        Ok(())
    }

    fn serve(&self, listener: Listener, bound: Bound) {
        let Bound { socket, address } = bound;
        let stopping = self.stopping.clone();
        let task = match listener {
            Listener::Receiver => {
                let receiver = self.receiver.clone();
                tokio::spawn(async move {
                    if let Err(error) = receiver.serve(socket, stopping).await {
                        tracing::error!(%error, "the receiver stopped");
                    }
                })
            }
            Listener::Control => {
                let router = api::router(
                    &self.api,
                    Guard::new(address, &self.options.control_hosts),
                    self.has_ui,
                );
                tokio::spawn(api::serve(socket, router, stopping))
            }
        };
        tracing::info!(
            "the {} listener is on {}",
            listener.as_str(),
            url_of(address)
        );
        self.listening.is_on(listener, address);
        self.tasks.lock().push(task);
    }
}

/// The listeners, for whoever is there before they are and must not keep them.
#[derive(Clone, Default)]
pub(crate) struct LateListeners(Arc<OnceLock<Weak<Listeners>>>);

impl LateListeners {
    /// They are there.
    pub fn set(&self, listeners: Listeners) -> Arc<Listeners> {
        let listeners = Arc::new(listeners);
        // The composition root sets it once.
        let _ = self.0.set(Arc::downgrade(&listeners));
        listeners
    }

    /// None before they are there, and after they ended.
    pub fn now(&self) -> Option<Arc<Listeners>> {
        self.0.get().and_then(Weak::upgrade)
    }
}

/// Sockets on which whoever connects waits until somebody serves them.
pub(crate) type KeptSockets = Vec<(Listener, Bound)>;

/// The sockets of the two listeners, or why one is not there.
pub(crate) struct Sockets {
    receiver: Option<Result<Bound, Error>>,
    control: Option<Result<Bound, Error>>,
}

impl Sockets {
    /// Opens both, unless they were kept. The app starts without one whose address cannot be used; `serve` does not.
    pub async fn open(options: &Options, kept: KeptSockets) -> Result<Self, Error> {
        if !options.listens() {
            return Ok(Self {
                receiver: None,
                control: None,
            });
        }
        open_files::raise_limit();
        let (mut receiver, mut control) = (None, None);
        for (listener, bound) in kept {
            match listener {
                Listener::Receiver => receiver = Some(Ok(bound)),
                Listener::Control => control = Some(Ok(bound)),
            }
        }
        let open = async |listener, kept: Option<_>| match kept {
            Some(kept) => kept,
            None => bind(listener, options.address(listener)).await,
        };
        let receiver = open(Listener::Receiver, receiver).await;
        let control = open(Listener::Control, control).await;
        match (options.role, receiver, control) {
            (Role::Serve, Err(error), _) | (Role::Serve, _, Err(error)) => Err(error),
            (_, receiver, control) => Ok(Self {
                receiver: Some(receiver),
                control: Some(control),
            }),
        }
    }

    /// What is known of them before they are served.
    pub fn listening(&self, options: &Options) -> Listening {
        let listening = Listening::off(
            options.address(Listener::Receiver),
            options.address(Listener::Control),
        );
        for (listener, socket) in [
            (Listener::Receiver, &self.receiver),
            (Listener::Control, &self.control),
        ] {
            if let Some(Err(error)) = socket {
                tracing::warn!("{error} {}", error.hint());
                listening.is_off(listener, error);
            }
        }
        listening
    }

    /// Answers their connections from now on, and says where that is.
    pub fn serve(self, listeners: &Listeners) -> Result<(), Error> {
        for (listener, socket) in [
            (Listener::Receiver, self.receiver),
            (Listener::Control, self.control),
        ] {
            if let Some(Ok(bound)) = socket {
                listeners.keep_and_serve(listener, bound)?;
            }
        }
        listeners.announce()
    }
}
