//! The client itself: one pool of connections per rule set, so that a connection that was allowed for one kind
//! of destination is never used for another.

use std::sync::Arc;
use std::time::Duration;

use async_trait::async_trait;
use hookloom_engine::ports::{Answer, Http, HttpError, HttpErrorKind, OutgoingRequest};
use http::header::{ACCEPT_ENCODING, HeaderMap, HeaderValue, USER_AGENT};
use reqwest::tls::TlsInfo;
use reqwest::{Client, redirect};
use rustls::RootCertStore;
use rustls::pki_types::CertificateDer;
use tokio::sync::OnceCell;

use crate::failure::{Failure, target_of};
use crate::guard::Policy;
use crate::resolve::{Guarded, Lookup, SystemLookup};
use crate::timing::{ConnectTime, Watch};
use crate::{certificate, headers, hops, read, tls};

/// Idle connections are closed before common servers close theirs (Node: 5 s), so that few requests run into
/// a connection that is just going away.
const POOL_IDLE_MS: u64 = 4_000;
/// Idle connections that are kept per host.
const POOL_IDLE_PER_HOST_MAX: usize = 64;
/// Header lines of one answer.
const ANSWER_HEADERS_MAX: usize = 200;

/// What can be chosen about the client.
pub struct Options {
    /// Who looks names up.
    pub lookup: Arc<dyn Lookup>,
    /// Roots beside the system's.
    pub extra_roots: Vec<CertificateDer<'static>>,
}

impl Default for Options {
    fn default() -> Self {
        Self {
            lookup: Arc::new(SystemLookup),
            extra_roots: Vec::new(),
        }
    }
}

/// The one HTTP client. Making it costs nothing; certificates are read at the first call.
pub struct Outbound {
    options: Options,
    roots: OnceCell<Arc<RootCertStore>>,
    /// Indexed by policy and by whether certificates are checked.
    clients: [[OnceCell<Client>; 2]; 2],
}

impl Outbound {
    /// A client with the given options.
    pub fn new(options: Options) -> Self {
        Self {
            options,
            roots: OnceCell::new(),
            clients: Default::default(),
        }
    }

    async fn client(&self, policy: Policy, validate_ssl: bool) -> Result<&Client, Failure> {
        let of_policy = &self.clients[usize::from(policy == Policy::FromRequest)];
        of_policy[usize::from(validate_ssl)]
            .get_or_try_init(|| self.build(policy, validate_ssl))
            .await
    }

    async fn build(&self, policy: Policy, validate_ssl: bool) -> Result<Client, Failure> {
        let roots = self.roots().await?;
        let resolver = Guarded {
            lookup: Arc::clone(&self.options.lookup),
            policy,
        };
        let tls = tls::config(roots, validate_ssl).map_err(|error| {
            Failure::new(HttpErrorKind::Tls, format!("TLS cannot be set up: {error}"))
        })?;
        let mut defaults = HeaderMap::new();
        defaults.insert(ACCEPT_ENCODING, HeaderValue::from_static("identity"));
        let agent = concat!("Hookloom/", env!("CARGO_PKG_VERSION"));
        defaults.insert(USER_AGENT, HeaderValue::from_static(agent));
        Client::builder()
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
            .tcp_nodelay(true)
            .build()
            .map_err(|error| {
                tracing::error!(%error, "the HTTP client cannot be made");
                Failure::new(
                    HttpErrorKind::Invalid,
                    "The HTTP client cannot be made; the log says why",
                )
            })
    }

    async fn roots(&self) -> Result<Arc<RootCertStore>, Failure> {
        let load = || async {
            let extra = self.options.extra_roots.clone();
            let loaded = tokio::task::spawn_blocking(move || tls::load_roots(&extra)).await;
            loaded.map(Arc::new).map_err(|_| {
                Failure::new(
                    HttpErrorKind::Tls,
                    "The system's certificates cannot be read",
                )
            })
        };
        self.roots.get_or_try_init(load).await.cloned()
    }

    /// One exchange, or as many as redirects lead to.
    async fn exchanges(&self, mut request: OutgoingRequest) -> Result<Answer, Failure> {
        let Some(redirects) = request.redirects.take() else {
            let target = target_of(&request.url);
            return self.exchange(request, &target).await;
        };
        let mut followed = 0;
        loop {
            let target = target_of(&request.url);
            let answer = self.exchange(request.clone(), &target).await?;
            let Some(next) = hops::next(&request, &answer, &redirects)? else {
                return Ok(answer);
            };
            followed += 1;
            if followed > redirects.hops_max {
                let hops_max = redirects.hops_max;
                let message = format!(
                    "There are more redirects in a row than redirects_max of {hops_max}; give the URL where they end"
                );
                return Err(Failure::new(HttpErrorKind::Redirect, message));
            }
            request = next;
        }
    }

    async fn exchange(&self, request: OutgoingRequest, target: &str) -> Result<Answer, Failure> {
        let OutgoingRequest {
            method,
            mut url,
            headers,
            body,
            timeout_ms: _,
            validate_ssl,
            host_from_request,
            answer_bytes_max,
            redirects: _,
        } = request;
        if !matches!(url.scheme(), "http" | "https") {
            let message = format!(
                "`{}:` cannot be called; use http:// or https://",
                url.scheme()
            );
            return Err(Failure::new(HttpErrorKind::Invalid, message));
        }
        let policy = if host_from_request {
            Policy::FromRequest
        } else {
            Policy::Typed
        };
        policy.check_url(&url)?;
        let mut headers = headers::checked(&headers)?;
        headers::take_credentials(&mut url, &mut headers);
        let mut outgoing = reqwest::Request::new(method, url);
        *outgoing.headers_mut() = headers;
        if !body.is_empty() {
            *outgoing.body_mut() = Some(body.into());
        }
        let client = self.client(policy, validate_ssl).await?;
        let response = client
            .execute(outgoing)
            .await
            .map_err(|error| Failure::of_client(&error, target))?;
        let certificate = response
            .extensions()
            .get::<TlsInfo>()
            .and_then(TlsInfo::peer_certificate)
            .and_then(|der| certificate::facts(der, validate_ssl));
        let status = response.status().as_u16();
        let headers = headers::shown(response.headers());
        let body = read::body(response, answer_bytes_max)
            .await
            .map_err(|error| Failure::of_read(&error, target))?;
        let timings = Default::default();
        Ok(Answer {
            status,
            headers,
            body,
            timings,
            certificate,
        })
    }
}

#[async_trait]
impl Http for Outbound {
    async fn send(&self, request: OutgoingRequest) -> Result<Answer, HttpError> {
        let timeout_ms = request.timeout_ms;
        let target = target_of(&request.url);
        let limit = Duration::from_millis(u64::try_from(timeout_ms).unwrap_or(0));
        let exchange = tokio::time::timeout(limit, self.exchanges(request));
        let (ended, timings) = Watch::over(exchange).await;
        match ended {
            Ok(Ok(answer)) => Ok(Answer { timings, ..answer }),
            Ok(Err(failure)) => Err(failure.with(timings)),
            Err(_) => Err(Failure::timeout(&target, timeout_ms).with(timings)),
        }
    }
}
