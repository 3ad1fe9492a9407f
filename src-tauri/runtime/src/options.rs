//! How a data folder is opened.

use std::fmt;
use std::io;
use std::net::{Ipv4Addr, SocketAddr};
use std::path::PathBuf;
use std::sync::Arc;

use hookloom_api::{Finding, SignedIn};
use hookloom_outbound::{Lookup, SystemLookup};
use hookloom_secrets::Choice;
use hookloom_sensitive::Sensitive;
use hookloom_update::Source;
use ipnet::IpNet;

use crate::error::Listener;
use crate::folder::DataFolder;
use crate::owner::Role;

/// Where senders call, unless something else is chosen.
pub const RECEIVER_PORT_DEFAULT: u16 = 4747;
/// Where the user, scripts and the workbench call, unless something else is chosen.
pub const CONTROL_PORT_DEFAULT: u16 = 4748;

/// How a data folder is opened.
#[derive(Debug, Clone)]
pub struct Options {
    pub(crate) folder: DataFolder,
    pub(crate) role: Role,
    /// None: where the settings say, else the usual.
    pub(crate) receiver: Option<SocketAddr>,
    pub(crate) control: Option<SocketAddr>,
    /// Further names under which the control listener is called, as a proxy before it passes them on.
    pub(crate) control_hosts: Vec<String>,
    pub(crate) proxies_trusted: Vec<IpNet>,
    pub(crate) limits_loopback: bool,
    pub(crate) ui: bool,
    pub(crate) jobs: bool,
    pub(crate) vault: Option<Choice>,
    pub(crate) ask_passphrase: AskPassphrase,
    pub(crate) script_program: Option<PathBuf>,
    pub(crate) examine_more: ExamineMore,
    pub(crate) names: Names,
    /// None: where the build says.
    pub(crate) update_source: Option<Source>,
    /// Goes on when the same options open the folder again.
    pub(crate) signed_in: SignedIn,
}

/// Who looks up the names of destinations: the system, but in tests of what a name may do.
#[derive(Clone)]
pub(crate) struct Names(pub Arc<dyn Lookup>);

impl fmt::Debug for Names {
    fn fmt(&self, f: &mut fmt::Formatter<'_>) -> fmt::Result {
        f.write_str("Names")
    }
}

/// Asks a person for the vault's passphrase.
pub type AskPassphrase = fn() -> io::Result<Sensitive<String>>;

/// Looks at what only whoever opened the folder knows, quickly.
pub type ExamineMore = fn() -> Vec<Finding>;

impl Options {
    /// What is usual for a role: a command has no listeners and runs no jobs.
    pub fn new(folder: DataFolder, role: Role) -> Self {
        Self {
            folder,
            role,
            receiver: None,
            control: None,
            control_hosts: Vec::new(),
            proxies_trusted: Vec::new(),
            limits_loopback: false,
            ui: role == Role::Serve,
            jobs: role != Role::Command,
            vault: None,
            script_program: None,
            examine_more: Vec::new,
            names: Names(Arc::new(SystemLookup)),
            update_source: None,
            signed_in: SignedIn::default(),
            ask_passphrase: || Err(io::Error::other("there is nobody to ask")),
        }
    }

    /// Where senders call. Port 0 takes a free one.
    #[must_use]
    pub fn receiver(mut self, address: SocketAddr) -> Self {
        self.receiver = Some(address);
        self
    }

    /// Where the user, scripts and the workbench call. Port 0 takes a free one.
    #[must_use]
    pub fn control(mut self, address: SocketAddr) -> Self {
        self.control = Some(address);
        self
    }

    /// Further names under which the control listener is called: exact values of `Host`, such as `hooks.example`.
    #[must_use]
    pub fn control_hosts(mut self, hosts: Vec<String>) -> Self {
        self.control_hosts = hosts;
        self
    }

    /// Proxies that are believed when they tell the receiver who called them.
    #[must_use]
    pub fn trusted_proxies(mut self, proxies: Vec<IpNet>) -> Self {
        self.proxies_trusted = proxies;
        self
    }

    /// Whether the limit of requests per source address holds for callers on this computer, too.
    #[must_use]
    pub fn limiting_loopback(mut self, limits: bool) -> Self {
        self.limits_loopback = limits;
        self
    }

    /// Whether the control listener has the workbench.
    #[must_use]
    pub fn with_ui(mut self, ui: bool) -> Self {
        self.ui = ui;
        self
    }

    /// Whether a command runs jobs and deliveries while it has the folder.
    #[must_use]
    pub fn running_jobs(mut self, jobs: bool) -> Self {
        self.jobs = jobs || self.role != Role::Command;
        self
    }

    /// Which vault, whatever `HOOKLOOM_VAULT` says.
    #[must_use]
    pub fn vault(mut self, choice: Choice) -> Self {
        self.vault = Some(choice);
        self
    }

    /// How a person is asked for the vault's passphrase, where one is wanted and no file has it.
    #[must_use]
    pub fn asking_passphrase(mut self, ask: AskPassphrase) -> Self {
        self.ask_passphrase = ask;
        self
    }

    /// What is looked at beside everything else, when somebody asks what is wrong.
    #[must_use]
    pub fn examining(mut self, look: ExamineMore) -> Self {
        self.examine_more = look;
        self
    }

    /// Where releases are asked about, whatever the build says: a mirror of one's own.
    #[must_use]
    pub fn updates_from(mut self, source: Source) -> Self {
        self.update_source = Some(source);
        self
    }

    /// The program that is started to be a script worker, unless it is this one: its `main` begins with
    /// [`crate::work_if_asked`].
    #[must_use]
    pub fn script_program(mut self, program: impl Into<PathBuf>) -> Self {
        self.script_program = Some(program.into());
        self
    }

    /// Where a listener is to be.
    pub(crate) fn address(&self, listener: Listener) -> SocketAddr {
        let (chosen, port) = match listener {
            Listener::Receiver => (self.receiver, RECEIVER_PORT_DEFAULT),
            Listener::Control => (self.control, CONTROL_PORT_DEFAULT),
        };
        chosen.unwrap_or_else(|| SocketAddr::from((Ipv4Addr::LOCALHOST, port)))
    }

    pub(crate) fn listens(&self) -> bool {
        self.role != Role::Command
    }
}
