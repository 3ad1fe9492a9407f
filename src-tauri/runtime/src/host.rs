//! What the control API asks about this process.

use std::net::SocketAddr;
use std::sync::Arc;

use async_trait::async_trait;
use hookloom_api as api;
use hookloom_engine::endpoints::LiveEndpoint;
use hookloom_engine::ports::NetworkSettings;
use hookloom_outbound::Outbound;
use hookloom_receiver::{Pause, Probes, Receiver, endpoint_at};
use hookloom_store as store;
use parking_lot::RwLock;
use tokio::sync::{Notify, watch};

use crate::endpoints::EndpointReader;
use crate::error::{Error, Listener};
use crate::examine::Examiner;
use crate::folder::DataFolder;
use crate::late_engine::LateEngine;
use crate::listen::url_of;
use crate::listeners::LateListeners;
use crate::owner::Role;
use crate::process;

/// Where senders reach the receiver, if that is not its own address.
pub(crate) type PublicUrl = Arc<RwLock<Option<String>>>;

/// How the two listeners are.
#[derive(Debug, Clone)]
pub(crate) struct Listening {
    receiver: Arc<RwLock<State>>,
    control: Arc<RwLock<State>>,
    /// Kept by whoever looks: a change between two looks counts.
    changed: Arc<watch::Sender<()>>,
}

#[derive(Debug, Clone)]
struct State {
    address: SocketAddr,
    is_on: bool,
    problem: Option<Problem>,
}

#[derive(Debug, Clone)]
struct Problem {
    code: &'static str,
    message: String,
    hint: String,
}

impl Listening {
    /// Both off, at the addresses that were asked for.
    pub fn off(receiver: SocketAddr, control: SocketAddr) -> Self {
        let off = |address| {
            Arc::new(RwLock::new(State {
                address,
                is_on: false,
                problem: None,
            }))
        };
        Self {
            receiver: off(receiver),
            control: off(control),
            changed: Arc::default(),
        }
    }

    pub fn is_on(&self, listener: Listener, address: SocketAddr) {
        *self.of(listener).write() = State {
            address,
            is_on: true,
            problem: None,
        };
        self.changed.send_replace(());
    }

    pub fn is_off(&self, listener: Listener, error: &Error) {
        let mut state = self.of(listener).write();
        state.is_on = false;
        state.problem = Some(Problem {
            code: error.code().as_str(),
            message: error.to_string(),
            hint: error.hint(),
        });
        drop(state);
        self.changed.send_replace(());
    }

    /// The URL of a listener that is on.
    pub fn url(&self, listener: Listener) -> Option<String> {
        let state = self.of(listener).read();
        state.is_on.then(|| url_of(state.address))
    }

    fn of(&self, listener: Listener) -> &RwLock<State> {
        match listener {
            Listener::Receiver => &self.receiver,
            Listener::Control => &self.control,
        }
    }

    /// As it is now.
    pub fn look(&self, listener: Listener) -> ListenerLook {
        let State {
            address,
            is_on,
            problem,
        } = self.of(listener).read().clone();
        ListenerLook {
            address,
            is_on,
            problem: problem.map(|problem| problem.message),
        }
    }

    fn shown(&self, listener: Listener) -> api::Listener {
        let State {
            address,
            is_on,
            problem,
        } = self.of(listener).read().clone();
        api::Listener {
            state: if is_on {
                api::ListenerState::Listening
            } else {
                api::ListenerState::Off
            },
            address: address.to_string(),
            url: url_of(address),
            problem: problem.map(
                |Problem {
                     code,
                     message,
                     hint,
                 }| api::ListenerProblem {
                    code: code.to_owned(),
                    message,
                    hint: Some(hint),
                },
            ),
        }
    }
}

/// One listener as it is, for whoever looks for what is wrong.
#[derive(Debug, Clone)]
pub(crate) struct ListenerLook {
    pub address: SocketAddr,
    pub is_on: bool,
    pub problem: Option<String>,
}

impl Restart {
    /// The app and `hookloom serve` open their folder again; a command is gone in a moment.
    pub fn of(role: Role) -> Self {
        Self {
            by_itself: role != Role::Command,
            wanted: Arc::default(),
        }
    }
}

/// This process, for the control API.
pub(crate) struct ThisProcess {
    pub folder: DataFolder,
    pub listening: Listening,
    pub endpoints: Arc<EndpointReader>,
    pub engine: LateEngine,
    pub public_url: PublicUrl,
    pub listeners: LateListeners,
    pub examiner: Examiner,
    pub outbound: Arc<Outbound>,
    pub alert_rules_changed: Arc<Notify>,
    pub probes: Probes,
    pub pause: Pause,
    pub restart: Restart,
}

/// The wish to close the folder and open it again.
#[derive(Clone)]
pub(crate) struct Restart {
    /// Whether whoever runs this process does it.
    pub by_itself: bool,
    pub wanted: Arc<Notify>,
}

#[async_trait]
impl api::Host for ThisProcess {
    fn version(&self) -> String {
        env!("CARGO_PKG_VERSION").to_owned()
    }

    fn data_dir(&self) -> String {
        self.folder.path().display().to_string()
    }

    fn receiver(&self) -> api::Listener {
        let mut receiver = self.listening.shown(Listener::Receiver);
        if self.pause.is_on() && receiver.state == api::ListenerState::Listening {
            receiver.state = api::ListenerState::Paused;
        }
        receiver
    }

    fn pause_receiving(&self, is_paused: bool) {
        self.pause.set(is_paused);
        self.listening.changed.send_replace(());
    }

    fn control(&self) -> api::Listener {
        self.listening.shown(Listener::Control)
    }

    fn listens(&self) -> bool {
        self.examiner.listens
    }

    fn runs_jobs(&self) -> bool {
        self.engine.now().is_some()
    }

    fn numbers(&self) -> api::ProcessNumbers {
        let listeners = self.listeners.now();
        let receiver = listeners.as_ref().map(|it| &it.receiver);
        api::ProcessNumbers {
            unknown_paths: receiver.map_or(0, Receiver::unknown_paths),
            requests_under_way: receiver.map_or(0, |it| u64::try_from(it.under_way()).unwrap_or(0)),
            answer_times: receiver.map(Receiver::answer_times).unwrap_or_default(),
            ..process::numbers()
        }
    }

    async fn examine(&self) -> Vec<api::Finding> {
        self.examiner.examine().await
    }

    async fn open_listener(
        &self,
        name: api::ListenerName,
        address: SocketAddr,
    ) -> Result<(), api::ListenerProblem> {
        let listener = match name {
            api::ListenerName::Receiver => Listener::Receiver,
            api::ListenerName::Control => Listener::Control,
        };
        let Some(listeners) = self.listeners.now() else {
            return Err(api::ListenerProblem {
                code: "closing".to_owned(),
                message: "Hookloom is closing.".to_owned(),
                hint: None,
            });
        };
        let opened = listeners.open(listener, address).await;
        opened.map_err(|error| api::ListenerProblem {
            code: error.code().as_str().to_owned(),
            message: error.to_string(),
            hint: Some(error.hint()),
        })
    }

    fn receiver_url(&self) -> String {
        if let Some(url) = self.public_url.read().clone() {
            return url;
        }
        url_of(self.listening.of(Listener::Receiver).read().address)
    }

    fn endpoint_at(&self, method: &http::Method, path: &str) -> Option<Arc<LiveEndpoint>> {
        endpoint_at(&self.endpoints.table().load(), method, path)
    }

    fn public_url_changed(&self, url: Option<String>) {
        *self.public_url.write() = url;
    }

    fn expect_probe(&self, nonce: &str) -> String {
        self.probes.expect(nonce)
    }

    fn probe_has_come(&self, nonce: &str) -> bool {
        self.probes.has_come(nonce)
    }

    fn alert_rules_changed(&self) {
        self.alert_rules_changed.notify_one();
    }

    fn network_changed(&self, network: NetworkSettings) {
        self.outbound.set_network(network);
    }

    async fn reload_endpoints(&self) -> Result<(), store::Error> {
        let reloaded = self.endpoints.reload().await;
        if let Some(engine) = self.engine.now() {
            engine.schedules_changed();
        }
        reloaded
    }

    fn restarts_itself(&self) -> bool {
        self.restart.by_itself
    }

    fn restart(&self) {
        if self.restart.by_itself {
            self.restart.wanted.notify_one();
        }
    }

    fn watch_listeners(&self) -> Option<watch::Receiver<()>> {
        Some(self.listening.changed.subscribe())
    }
}
