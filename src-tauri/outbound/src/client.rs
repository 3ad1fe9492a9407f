//! The client itself: what is sent and what comes back. Its connections are `pools`.

use std::sync::Arc;
use std::time::Duration;

use arc_swap::ArcSwap;
use async_trait::async_trait;
use hookloom_engine::ports::{
    Answer, Http, HttpError, HttpErrorKind, NetworkSettings, OutgoingRequest, Secrets,
};
use hookloom_sensitive::Sensitive;
use parking_lot::Mutex;
use reqwest::Response;
use reqwest::tls::TlsInfo;
use rustls::pki_types::CertificateDer;

use crate::failure::{Failure, target_of};
use crate::guard::{Guard, Policy};
use crate::pools::{Pools, Rules};
use crate::resolve::{Lookup, SystemLookup};
use crate::timing::Watch;
use crate::{certificate, headers, hops, read};

/// What can be chosen about the client.
pub struct Options {
    /// Who looks names up.
    pub lookup: Arc<dyn Lookup>,
    /// Roots beside the system's.
    pub extra_roots: Vec<CertificateDer<'static>>,
    /// Where the password of a proxy is read.
    pub secrets: Option<Arc<dyn Secrets>>,
}

impl Default for Options {
    fn default() -> Self {
        Self {
            lookup: Arc::new(SystemLookup),
            extra_roots: Vec::new(),
            secrets: None,
        }
    }
}

/// The one HTTP client. Making it costs nothing; certificates are read at the first call.
pub struct Outbound {
    options: Options,
    network: ArcSwap<NetworkSettings>,
    /// Made at the first call, and anew when the settings change.
    pools: Mutex<Option<Arc<Pools>>>,
}

impl Outbound {
    /// A client with the given options.
    pub fn new(options: Options) -> Self {
        Self {
            options,
            network: ArcSwap::default(),
            pools: Mutex::default(),
        }
    }

    /// Reaches the network in another way from now on. Exchanges that are under way end as they began.
    pub fn set_network(&self, network: NetworkSettings) {
        self.network.store(Arc::new(network));
    }

    /// The clients of today's settings.
    async fn pools(&self) -> Result<Arc<Pools>, Failure> {
        let network = self.network.load_full();
        let password = match network
            .proxy
            .as_ref()
            .and_then(|proxy| proxy.password.as_ref())
        {
            Some(name) => Some(self.read_password(name).await?),
            None => None,
        };
        let mut pools = self.pools.lock();
        if let Some(pools) = &*pools
            && pools.fits(&network, password.as_deref())
        {
            return Ok(Arc::clone(pools));
        }
        let fresh = Arc::new(Pools::new(
            Arc::clone(&self.options.lookup),
            self.options.extra_roots.clone(),
            network,
            password,
        ));
        *pools = Some(Arc::clone(&fresh));
        Ok(fresh)
    }

    async fn read_password(&self, name: &str) -> Result<Arc<Sensitive<String>>, Failure> {
        let unread = |why: String| {
            let message = format!("The password of the outgoing proxy cannot be had: {why}");
            Failure::new(HttpErrorKind::Connect, message)
        };
        match &self.options.secrets {
            Some(secrets) => secrets
                .read(name)
                .await
                .map_err(|error| unread(error.to_string())),
            None => Err(unread("there are no secrets here".to_owned())),
        }
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
                return Err(hops::too_many(redirects.hops_max));
            }
            request = next;
        }
    }

    async fn exchange(&self, request: OutgoingRequest, target: &str) -> Result<Answer, Failure> {
        let (validate_ssl, answer_bytes_max) = (request.validate_ssl, request.answer_bytes_max);
        let response = self.respond(request, target).await?;
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

    /// Sends one request, and gives its answer without its body.
    pub(crate) async fn respond(
        &self,
        request: OutgoingRequest,
        target: &str,
    ) -> Result<Response, Failure> {
        let OutgoingRequest {
            method,
            mut url,
            headers,
            body,
            timeout_ms: _,
            validate_ssl,
            host_from_request,
            inner_destinations,
            answer_bytes_max: _,
            redirects: _,
            certificates,
        } = request;
        if !matches!(url.scheme(), "http" | "https") {
            let message = format!(
                "`{}:` cannot be called; use http:// or https://",
                url.scheme()
            );
            return Err(Failure::new(HttpErrorKind::Invalid, message));
        }
        let guard = Guard {
            policy: match host_from_request {
                true => Policy::FromRequest,
                false => Policy::Typed,
            },
            inner: inner_destinations,
        };
        guard.check_url(&url)?;
        let mut headers = headers::checked(&headers)?;
        headers::take_credentials(&mut url, &mut headers);
        let mut outgoing = reqwest::Request::new(method, url);
        *outgoing.headers_mut() = headers;
        if !body.is_empty() {
            *outgoing.body_mut() = Some(body.into());
        }
        let rules = Rules {
            guard,
            validate_ssl,
        };
        let pools = self.pools().await?;
        let client = pools.client(rules, certificates.as_deref()).await?;
        client
            .execute(outgoing)
            .await
            .map_err(|error| Failure::of_client(&error, target))
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
