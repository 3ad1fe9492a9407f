//! Looking names up: every address that a name has goes through the guard, and only what passes is connected to.
//!
//! The client connects to the addresses that are returned here and looks nothing up again, so a name that
//! changes its address between a check and a connection gains nothing.

use std::io;
use std::net::{IpAddr, SocketAddr};
use std::sync::Arc;

use async_trait::async_trait;
use reqwest::dns::{Addrs, Name, Resolve, Resolving};

use crate::guard::{Guard, Policy, Refused};
use crate::timing::Watch;

/// Finds the addresses of a name.
#[async_trait]
pub trait Lookup: Send + Sync {
    /// Every address of the name; none is an error.
    async fn lookup(&self, name: &str) -> io::Result<Vec<IpAddr>>;
}

/// The operating system's resolver.
#[derive(Debug, Clone, Copy, Default)]
pub struct SystemLookup;

#[async_trait]
impl Lookup for SystemLookup {
    async fn lookup(&self, name: &str) -> io::Result<Vec<IpAddr>> {
        let found = tokio::net::lookup_host((name, 0)).await?;
        Ok(found.map(|address| address.ip()).collect())
    }
}

/// A name without an address.
#[derive(Debug, thiserror::Error)]
#[error("the name `{name}` has no address: {source}")]
pub(crate) struct NotFound {
    pub name: String,
    #[source]
    pub source: io::Error,
}

/// A resolver that knows who chose the name.
pub(crate) struct Guarded {
    pub lookup: Arc<dyn Lookup>,
    pub guard: Guard,
    /// The proxy, if there is one: the user typed it, whoever chose what is called through it.
    pub proxy_host: Option<String>,
}

impl Resolve for Guarded {
    fn resolve(&self, name: Name) -> Resolving {
        let is_proxy = self.proxy_host.as_deref() == Some(name.as_str());
        let guard = match is_proxy {
            true => Policy::Typed.into(),
            false => self.guard.clone(),
        };
        let lookup = Arc::clone(&self.lookup);
        Box::pin(async move {
            let name = name.as_str().to_owned();
            let began = Watch::now();
            let found = lookup.lookup(&name).await;
            Watch::looked_up_since(began);
            let allowed = filter(&guard, name, found)?;
            Ok(Box::new(allowed.into_iter()) as Addrs)
        })
    }
}

/// The addresses that may be connected to. If none is left, the reason is the first one's.
fn filter(
    guard: &Guard,
    name: String,
    found: io::Result<Vec<IpAddr>>,
) -> Result<Vec<SocketAddr>, Box<dyn std::error::Error + Send + Sync>> {
    let found = match found {
        Ok(found) => found,
        Err(source) => return Err(NotFound { name, source }.into()),
    };
    let mut refused: Option<Refused> = None;
    let mut allowed = Vec::with_capacity(found.len());
    for address in found {
        match guard.check(&name, address) {
            // Port 0 stands for the port of the URL.
            Ok(()) => allowed.push(SocketAddr::new(address, 0)),
            Err(reason) => refused = refused.or(Some(reason)),
        }
    }
    match (allowed.is_empty(), refused) {
        (false, _) => Ok(allowed),
        (true, Some(refused)) => Err(refused.into()),
        (true, None) => {
            let source = io::Error::new(io::ErrorKind::NotFound, "the answer was empty");
            Err(NotFound { name, source }.into())
        }
    }
}
