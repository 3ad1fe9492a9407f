//! Pools of connections: one per rule set and per set of certificates, so that a connection that was allowed for one kind
//! of destination, or that says who we are, is never used for another.
//!
//! With a proxy the guard sees names only: the proxy looks them up, so an address that a name hides is its to refuse.
//! Addresses that are written out are refused here as ever. This computer is called without it.

use std::collections::HashMap;
use std::sync::Arc;
use std::time::Duration;

use hookloom_engine::ports::{Certificates, HttpErrorKind, NetworkSettings, ProxySettings};
use hookloom_sensitive::Sensitive;
use http::header::{ACCEPT_ENCODING, HeaderMap, HeaderValue, USER_AGENT};
use parking_lot::Mutex;
use reqwest::{Client, NoProxy, Proxy, redirect};
use rustls::RootCertStore;
use rustls::pki_types::CertificateDer;
use sha2::{Digest, Sha256};
use tokio::sync::OnceCell;

use crate::failure::Failure;
use crate::guard::{Guard, Policy};
use crate::resolve::{Guarded, Lookup};
use crate::timing::ConnectTime;
use crate::tls;

/// Idle connections are closed before common servers close theirs (Node: 5 s), so that few requests run into
/// a connection that is just going away.
const POOL_IDLE_MS: u64 = 4_000;
/// Idle connections that are kept per host: as many as jobs run at once. With fewer, a flow under load opens a connection
/// for every other call, and the ones it closes use up the system's ports.
const POOL_IDLE_PER_HOST_MAX: usize = 512;
/// Header lines of one answer.
const ANSWER_HEADERS_MAX: usize = 200;

/// Clients of certificates or of a flow's inner destinations that are kept; beyond, they begin anew.
const OWN_CLIENTS_MAX: usize = 64;
/// What no proxy is asked for.
const THIS_COMPUTER: &str = "localhost,127.0.0.0/8,::1";

/// What a connection was allowed for.
#[derive(Debug, Clone, PartialEq, Eq, Hash)]
pub(crate) struct Rules {
    pub guard: Guard,
    /// Whether a bad certificate ends it.
    pub validate_ssl: bool,
}

/// What a client was made for: its rules, and its certificates by their digest.
type Own = (Rules, Option<[u8; 32]>);

/// The clients of one way to reach the network.
pub(crate) struct Pools {
    lookup: Arc<dyn Lookup>,
    extra_roots: Vec<CertificateDer<'static>>,
    network: Arc<NetworkSettings>,
    password: Option<Arc<Sensitive<String>>>,
    roots: OnceCell<Arc<RootCertStore>>,
    /// Where neither the flow nor the destination has anything of its own: by policy and by whether certificates are
    /// checked. Apart from `own`, so that most calls take no lock and make no key, and so that many flows or certificates
    /// never cost everybody else the connections that are open.
    clients: [[OnceCell<Client>; 2]; 2],
    /// Those with inner destinations of a flow, and those with certificates of one destination, by what these are.
    own: Mutex<HashMap<Own, Client>>,
}

impl Pools {
    pub fn new(
        lookup: Arc<dyn Lookup>,
        extra_roots: Vec<CertificateDer<'static>>,
        network: Arc<NetworkSettings>,
        password: Option<Arc<Sensitive<String>>>,
    ) -> Self {
        Self {
            lookup,
            extra_roots,
            network,
            password,
            roots: OnceCell::new(),
            clients: Default::default(),
            own: Mutex::default(),
        }
    }

    /// Whether these are still the settings.
    pub fn fits(&self, network: &NetworkSettings, password: Option<&Sensitive<String>>) -> bool {
        let known = self.password.as_ref().map(|password| password.expose());
        *self.network == *network && known == password.map(Sensitive::expose)
    }

    /// The client for a destination.
    pub async fn client(
        &self,
        rules: Rules,
        certificates: Option<&Certificates>,
    ) -> Result<Client, Failure> {
        if certificates.is_none() && rules.guard.inner.is_empty() {
            let of_policy = &self.clients[usize::from(rules.guard.policy == Policy::FromRequest)];
            let client = of_policy[usize::from(rules.validate_ssl)]
                .get_or_try_init(|| async { self.build(&rules, self.roots().await?, None) });
            return client.await.cloned();
        }
        let key = (rules, certificates.map(digest));
        if let Some(known) = self.own.lock().get(&key) {
            return Ok(known.clone());
        }
        let client = self.own_client(&key.0, certificates).await?;
        let mut own = self.own.lock();
        if own.len() >= OWN_CLIENTS_MAX {
            own.clear();
        }
        own.insert(key, client.clone());
        Ok(client)
    }

    async fn own_client(
        &self,
        rules: &Rules,
        certificates: Option<&Certificates>,
    ) -> Result<Client, Failure> {
        let roots = match certificates.and_then(|it| it.authorities.as_ref()) {
            Some(pem) => Arc::new(tls::authorities(pem).ok_or_else(|| {
                unreadable("The destination's `ca_certificate` cannot be read: it is no certificate of an authority in PEM")
            })?),
            None => self.roots().await?,
        };
        let identity = match certificates.and_then(|it| it.client.as_ref()) {
            Some(client) => {
                let identity = tls::identity(&client.certificate, client.key.expose());
                Some(identity.ok_or_else(|| {
                    unreadable(
                        "The `client_certificate` cannot be used: it or its key is not in PEM",
                    )
                })?)
            }
            None => None,
        };
        self.build(rules, roots, identity)
    }

    fn build(
        &self,
        rules: &Rules,
        roots: Arc<RootCertStore>,
        identity: Option<tls::Identity>,
    ) -> Result<Client, Failure> {
        let proxy = self.network.proxy.as_ref();
        let resolver = Guarded {
            lookup: Arc::clone(&self.lookup),
            guard: rules.guard.clone(),
            proxy_host: proxy.and_then(|proxy| proxy.url.host_str().map(str::to_owned)),
        };
        let tls = tls::config(roots, rules.validate_ssl, identity)
            .map_err(|error| unreadable(&format!("TLS cannot be set up: {error}")))?;
        let mut defaults = HeaderMap::new();
        defaults.insert(ACCEPT_ENCODING, HeaderValue::from_static("identity"));
        let agent = concat!("Hookloom/", env!("CARGO_PKG_VERSION"));
        defaults.insert(USER_AGENT, HeaderValue::from_static(agent));
        let mut builder = Client::builder()
            .tls_backend_preconfigured(tls)
            .tls_info(true)
            .dns_resolver(Arc::new(resolver))
            .connector_layer(ConnectTime)
            .redirect(redirect::Policy::none())
            .retry(reqwest::retry::never())
            .no_proxy()
            .referer(false)
            .default_headers(defaults)
            .http1_max_headers(ANSWER_HEADERS_MAX)
            .pool_idle_timeout(Duration::from_millis(POOL_IDLE_MS))
            .pool_max_idle_per_host(POOL_IDLE_PER_HOST_MAX)
            .tcp_nodelay(true);
        if let Some(proxy) = proxy {
            builder = builder.proxy(self.through(proxy)?);
        }
        builder.build().map_err(|error| {
            tracing::error!(%error, "the HTTP client cannot be made");
            let message = "The HTTP client cannot be made; the log says why";
            Failure::new(HttpErrorKind::Invalid, message)
        })
    }

    fn through(&self, settings: &ProxySettings) -> Result<Proxy, Failure> {
        let mut url = settings.url.clone();
        let user = url.username().to_owned();
        // Only URLs without a host refuse to lose it.
        let _ = url.set_username("");
        let proxy = Proxy::all(url).map_err(|_| {
            let message = "The outgoing proxy's URL cannot be used; change the setting `proxy_url`";
            Failure::new(HttpErrorKind::Invalid, message)
        })?;
        let bypass = settings.bypass.as_deref().unwrap_or_default();
        let proxy = proxy.no_proxy(NoProxy::from_string(&format!("{THIS_COMPUTER},{bypass}")));
        let password = self
            .password
            .as_ref()
            .map_or("", |password| password.expose());
        Ok(match user.is_empty() && password.is_empty() {
            true => proxy,
            false => proxy.basic_auth(&user, password),
        })
    }

    async fn roots(&self) -> Result<Arc<RootCertStore>, Failure> {
        let load = || async {
            let (system_trust, extra) = (self.network.system_trust, self.extra_roots.clone());
            let load = move || tls::load_roots(system_trust, &extra);
            let loaded = tokio::task::spawn_blocking(load).await;
            loaded
                .map(Arc::new)
                .map_err(|_| unreadable("The system's certificates cannot be read"))
        };
        self.roots.get_or_try_init(load).await.cloned()
    }
}

fn unreadable(message: &str) -> Failure {
    Failure::new(HttpErrorKind::Tls, message)
}

/// Tells one set of certificates from another, without keeping a key.
fn digest(certificates: &Certificates) -> [u8; 32] {
    let client = certificates.client.as_ref();
    let parts = [
        certificates.authorities.as_deref(),
        client.map(|client| client.certificate.as_str()),
        client.map(|client| client.key.expose().as_str()),
    ];
    let mut hash = Sha256::new();
    for part in parts {
        // The length, so that no part runs into the next; none is no text at all.
        let length = part.map_or(u64::MAX, |part| part.len() as u64);
        hash.update(length.to_be_bytes());
        hash.update(part.unwrap_or_default());
    }
    hash.finalize().into()
}
