//! Opening a data folder, in order: the lock, the database, the vault, the sockets, the listeners, and then, while
//! requests are taken already, the secrets and the jobs.

use std::collections::HashSet;
use std::net::SocketAddr;
use std::sync::Arc;
use std::time::Duration;

use hookloom_api::{self as api, ApiState, Parts, TokenHash};
use hookloom_engine::answers::Waiters;
use hookloom_engine::ports::{Http, JobKeys, KnownSecrets, Scripts, Secrets};
use hookloom_engine::{Engine, Ports};
use hookloom_outbound::Outbound;
use hookloom_receiver::{Deps, Limits, Receiver};
use hookloom_secrets::{Choice, Custodian, Opening};
use hookloom_steps::Kinds;
use hookloom_store::{Store, StoreOptions};
use parking_lot::{Mutex, RwLock};
use tokio::sync::Notify;
use tokio::task::JoinHandle;
use tokio_util::sync::CancellationToken;

use crate::alerts;
use crate::backups;
use crate::clock::{SystemClock, SystemEntropy, now_ms};
use crate::endpoints::EndpointReader;
use crate::error::{Error, Listener};
use crate::examine::{ClockStart, Examiner};
use crate::host::{PublicUrl, Restart, ThisProcess};
use crate::late_engine::LateEngine;
use crate::listeners::{KeptSockets, LateListeners, Listeners, Sockets};
use crate::logging::{LogFiles, mask_values_of};
use crate::options::Options;
use crate::owner::{Ownership, Role};
use crate::private_file;
use crate::retention;
use crate::rollup;
use crate::running::Running;
use crate::scripts;
use crate::updates;
use crate::vault_watch;
use crate::way_back;

/// A start waits this long for the vault before it goes on without it.
const VAULT_MS_USUAL: u64 = 40;

/// Opens a data folder as its owner.
///
/// # Errors
/// Everything that stands in the way of owning the folder, and under `serve` an address that cannot be used. A vault
/// that is locked or not there is no error but a state.
pub async fn open(options: Options) -> Result<Running, Error> {
    let held = Held {
        ownership: Arc::new(own(&options).await?),
        token: new_token(&options)?,
        sockets: KeptSockets::new(),
    };
    open_held(options, held).await
}

/// What stays while a folder is closed only to be opened again: nobody else gets the folder meanwhile, and whoever
/// calls waits.
pub(crate) struct Held {
    pub ownership: Arc<Ownership>,
    pub token: TokenHash,
    pub sockets: KeptSockets,
}

/// Opens a data folder that is owned already.
pub(crate) async fn open_held(options: Options, held: Held) -> Result<Running, Error> {
    let (start, log_files) = (ClockStart::now(), log_files(&options));
    let (store, vault) = opened_folder(&options).await?;
    let options = with_kept_addresses(options, &store).await?;
    let sockets = Sockets::open(&options, held.sockets).await?;
    let (workers, listening) = (scripts::workers(&options)?, sockets.listening(&options));
    let scripts: Arc<dyn Scripts> = Arc::new(workers.clone());
    let (endpoints, public_url) = (endpoints(&store).await?, public_url(&store).await?);
    let (engine, waiters) = (LateEngine::new(), Waiters::default());
    let (stopping, restart) = (CancellationToken::new(), Restart::of(options.role));
    let outbound = Arc::new(outbound(&options, &store, &vault).await?);
    let (late_listeners, rules_changed) = (LateListeners::default(), Arc::default());
    let deps = deps(&store, &vault, &endpoints, &engine, &waiters, &public_url);
    let receiver = Receiver::new(deps, limits(&options));
    let (api, owner) = ApiState::new(Parts {
        store: store.clone(),
        work: Arc::new(engine.clone()),
        vault: Arc::clone(&vault) as _,
        host: Arc::new(ThisProcess {
            folder: options.folder.clone(),
            listening: listening.clone(),
            endpoints: Arc::clone(&endpoints),
            engine: engine.clone(),
            public_url: Arc::clone(&public_url),
            listeners: late_listeners.clone(),
            examiner: Examiner::new(&options, &listening, workers, start),
            outbound: Arc::clone(&outbound),
            alert_rules_changed: Arc::clone(&rules_changed),
            probes: receiver.probes(),
            pause: receiver.pause(),
            restart: restart.clone(),
        }),
        scripts: Arc::clone(&scripts),
        http: Arc::clone(&outbound) as Arc<dyn Http>,
        releases: updates::releases(&options, &outbound)?,
        clock: Arc::new(SystemClock),
        owner_token: held.token,
        signed_in: options.signed_in.clone(),
        stopping: stopping.clone(),
    });
    let listeners = late_listeners.set(Listeners {
        receiver,
        api: api.clone(),
        has_ui: options.ui,
        listening,
        ownership: Arc::clone(&held.ownership),
        options: options.clone(),
        stopping: stopping.clone(),
        tasks: Mutex::default(),
        kept: Mutex::default(),
    });
    sockets.serve(&listeners)?;
    look_after(&store, &vault, rules_changed, &listeners);
    let work = (scripts, waiters, outbound as Arc<dyn Http>);
    let starting = start_jobs(&options, &store, &vault, &engine, work, &stopping).await;
    Ok(Running {
        router: api::in_process(&api, &owner),
        api,
        engine,
        store,
        stopping,
        starting,
        listeners,
        options,
        ownership: held.ownership,
        token: held.token,
        restart,
        log_files,
    })
}

/// A command is there for a moment, and says what it has to say to whoever called it.
fn log_files(options: &Options) -> Option<LogFiles> {
    let folder = options.listens().then(|| options.folder.logs());
    folder.and_then(LogFiles::begin)
}

/// The limits of the receiver, as far as somebody chose them.
fn limits(options: &Options) -> Limits {
    Limits {
        proxies_trusted: options.proxies_trusted.clone(),
        limits_loopback: options.limits_loopback,
        ..Limits::default()
    }
}

/// The endpoints as they are published.
async fn endpoints(store: &Store) -> Result<Arc<EndpointReader>, Error> {
    let endpoints = Arc::new(EndpointReader::new(store.clone()));
    endpoints.reload().await?;
    Ok(endpoints)
}

/// What goes on beside the jobs: old history goes, what happened is counted, alert rules are looked at,
/// backups are made when they are due, releases asked about where somebody chose that, and a secret store that went away is
/// looked for.
fn look_after(
    store: &Store,
    vault: &Arc<Custodian>,
    rules_changed: Arc<Notify>,
    listeners: &Listeners,
) {
    if !listeners.options.jobs {
        return;
    }
    let stopping = &listeners.stopping;
    listeners.tasks.lock().extend([
        tokio::spawn(retention::keep(
            store.clone(),
            SystemClock,
            stopping.clone(),
        )),
        tokio::spawn(rollup::keep(store.clone(), SystemClock, stopping.clone())),
        tokio::spawn(alerts::keep(store.clone(), rules_changed, stopping.clone())),
        tokio::spawn(backups::keep(store.clone(), SystemClock, stopping.clone())),
        tokio::spawn(updates::keep(listeners.api.clone(), stopping.clone())),
        tokio::spawn(vault_watch::keep(Arc::clone(vault), stopping.clone())),
    ]);
}

/// The addresses that a person chose earlier, for listeners whose place nothing else says.
async fn with_kept_addresses(mut options: Options, store: &Store) -> Result<Options, Error> {
    for (name, listener) in [
        (api::ListenerName::Receiver, Listener::Receiver),
        (api::ListenerName::Control, Listener::Control),
    ] {
        let text = store.setting(name.setting()).await?;
        let kept: Option<String> = text.and_then(|text| serde_json::from_str(&text).ok());
        let kept: Option<SocketAddr> = kept.and_then(|address| address.parse().ok());
        let place = match listener {
            Listener::Receiver => &mut options.receiver,
            Listener::Control => &mut options.control,
        };
        *place = place.or(kept);
    }
    Ok(options)
}

/// Keys of jobs that have none of their secret state left belong to nobody.
async fn sweep_job_keys(store: &Store, vault: &Custodian) -> Result<(), Error> {
    let live = store.requests_with_secret_state().await?;
    let live: HashSet<_> = live.into_iter().collect();
    vault.sweep_job_keys(live).await?;
    Ok(())
}

async fn own(options: &Options) -> Result<Ownership, Error> {
    if options.role == Role::Command {
        // Whoever wants to ask an owner waits by itself.
        return Ownership::take(&options.folder);
    }
    let folder = options.folder.clone();
    let owned = tokio::task::spawn_blocking(move || Ownership::take_after_commands(&folder)).await;
    owned.map_err(|error| Error::Internal {
        what: format!("waiting for the folder: {error}"),
    })?
}

/// Opening the files blocks.
async fn opened_folder(options: &Options) -> Result<(Store, Arc<Custodian>), Error> {
    let options = options.clone();
    let opened = tokio::task::spawn_blocking(move || {
        open_folder(&options).map_err(|error| way_back::looked_for(error, &options.folder))
    });
    let opened = opened.await;
    let (store, vault) = opened.map_err(|error| Error::Internal {
        what: format!("opening the folder: {error}"),
    })??;
    sweep_job_keys(&store, &vault).await?;
    Ok((store, vault))
}

fn open_folder(options: &Options) -> Result<(Store, Arc<Custodian>), Error> {
    let folder = options.folder.path();
    if let Some(restored) = hookloom_store::finish_restore(folder)? {
        let (from, aside) = (restored.waiting.from, restored.aside);
        tracing::warn!(backup = %from.display(), aside = %aside.display(), "a backup was restored; what was there before was moved aside");
    }
    let store = Store::open(
        folder,
        StoreOptions {
            now_ms: now_ms(),
            ..StoreOptions::default()
        },
    )?;
    if let Some(backup) = store.take_migration_backup() {
        tracing::info!(backup = %backup.display(), "the database was brought to this release's format; the old one is kept");
    }
    let choice = match &options.vault {
        Some(choice) => Some(choice.clone()),
        None => Choice::from_environment(|name| std::env::var_os(name))?,
    };
    let vault = choice
        .unwrap_or(Choice::Keychain)
        .open(folder, options.ask_passphrase)?;
    let custodian = Custodian::open(Opening {
        data_folder: folder.to_path_buf(),
        vault,
        known: Arc::new(store.clone()) as Arc<dyn KnownSecrets>,
        clock: Arc::new(SystemClock),
        bound_ms: hookloom_secrets::DEFAULT_BOUND_MS,
    })?;
    mask_values_of(&(Arc::clone(&custodian) as Arc<dyn Secrets>));
    Ok((store, custodian))
}

/// Makes the owner's token. A command has no listener that anybody could show it to.
fn new_token(options: &Options) -> Result<TokenHash, Error> {
    let token = api::new_token().map_err(|error| Error::Internal {
        what: format!("making a token: {error}"),
    })?;
    if options.listens() {
        private_file::replace(&options.folder.token(), token.expose())
            .map_err(|source| options.folder.unusable("writing control.token", source))?;
    }
    Ok(TokenHash::of(token.expose()))
}

/// The setting as it was last.
async fn public_url(store: &Store) -> Result<PublicUrl, Error> {
    let text = store.setting(api::PUBLIC_URL).await?;
    let url = text.and_then(|text| serde_json::from_str(&text).ok());
    Ok(Arc::new(RwLock::new(url.flatten())))
}

/// The client that reaches the network as the settings say.
async fn outbound(
    options: &Options,
    store: &Store,
    vault: &Arc<Custodian>,
) -> Result<Outbound, Error> {
    let outbound = Outbound::new(hookloom_outbound::Options {
        lookup: Arc::clone(&options.names.0),
        secrets: Some(Arc::clone(vault) as Arc<dyn Secrets>),
        ..hookloom_outbound::Options::default()
    });
    match api::network_settings(store).await {
        Ok(network) => outbound.set_network(network),
        // What cannot be read must not keep the app from opening, where it can be mended.
        Err(error) => tracing::error!(%error, "the settings of the network cannot be read"),
    }
    Ok(outbound)
}

fn deps(
    store: &Store,
    vault: &Arc<Custodian>,
    endpoints: &EndpointReader,
    engine: &LateEngine,
    waiters: &Waiters,
    public_url: &PublicUrl,
) -> Deps {
    let (engine, unsure) = (engine.clone(), engine.clone());
    Deps {
        endpoints: endpoints.table(),
        inbox: Arc::new(store.clone()),
        journal: Arc::new(store.clone()),
        calls: Arc::new(store.clone()),
        waiters: waiters.clone(),
        files: Arc::new(store.clone()),
        public_url: Arc::clone(public_url),
        secrets: Arc::clone(vault) as Arc<dyn Secrets>,
        job_keys: Arc::clone(vault) as Arc<dyn JobKeys>,
        clock: Arc::new(SystemClock),
        entropy: Arc::new(SystemEntropy),
        on_started: Arc::new(move |job| engine.enqueue(job)),
        on_unsure: Arc::new(move || unsure.look_for_jobs()),
    }
}

/// Reads the secrets, then starts the engine. A command waits for it; a server takes requests meanwhile, and gets the
/// task that is not done yet.
async fn start_jobs(
    options: &Options,
    store: &Store,
    vault: &Arc<Custodian>,
    engine: &LateEngine,
    (scripts, waiters, http): (Arc<dyn Scripts>, Waiters, Arc<dyn Http>),
    stopping: &CancellationToken,
) -> Option<JoinHandle<()>> {
    let ports = Ports {
        journal: Arc::new(store.clone()),
        inbox: Arc::new(store.clone()),
        outbox: Arc::new(store.clone()),
        clock: Arc::new(SystemClock),
        entropy: Arc::new(SystemEntropy),
        http,
        files: Arc::new(store.clone()),
        secrets: Arc::clone(vault) as Arc<dyn Secrets>,
        job_keys: Arc::clone(vault) as Arc<dyn JobKeys>,
        scripts: Arc::clone(&scripts),
        step_kinds: Arc::new(Kinds),
        schedules: Arc::new(store.clone()),
        waiters,
    };
    // A command has the folder for a moment: what it would find missed is no owner's business that lasts.
    let mut limits = hookloom_engine::Options {
        schedules: options.listens(),
        ..hookloom_engine::Options::default()
    };
    if !options.jobs {
        // What is started or sent again waits on disk for an owner that runs jobs.
        limits.jobs_max = 0;
        limits.deliveries_max = 0;
    }
    let runs_jobs = options.jobs;
    let store = store.clone();
    let (vault, engine, stopping) = (Arc::clone(vault), engine.clone(), stopping.clone());
    let start = async move {
        let state = tokio::select! {
            state = vault.refresh() => state,
            () = stopping.cancelled() => return,
        };
        if !state.message.is_empty() {
            tracing::warn!("{} {}", state.message, state.hint);
        }
        engine.set(Engine::start(ports, limits));
        if runs_jobs {
            scripts::expect_scripts(&store, &*scripts).await;
        }
    };
    if !options.listens() {
        start.await;
        return None;
    }
    // Usually the vault has answered by then, and whoever reads the ready line finds everything settled.
    let mut starting = tokio::spawn(start);
    let patience = Duration::from_millis(VAULT_MS_USUAL);
    match tokio::time::timeout(patience, &mut starting).await {
        Ok(ended) => {
            if let Err(error) = ended {
                tracing::error!(%error, "jobs do not run: their start ended badly");
            }
            None
        }
        Err(_) => Some(starting),
    }
}
