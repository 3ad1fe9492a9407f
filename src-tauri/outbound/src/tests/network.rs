//! How the network is reached: certificates of one destination, and a proxy.

use std::io;
use std::net::{IpAddr, SocketAddr};
use std::sync::Arc;

use async_trait::async_trait;
use axum::Router;
use axum::routing::get as route;
use hookloom_engine::ports::{
    Certificates, ClientIdentity, Http, HttpError, HttpErrorKind, NetworkSettings, OutgoingRequest,
    ProxySettings, SecretError, Secrets,
};
use hookloom_sensitive::{Masker, SealKey, Sensitive};
use parking_lot::Mutex;
use rcgen::{BasicConstraints, CertificateParams, IsCa, Issuer, KeyPair};
use rustls::crypto::aws_lc_rs;
use rustls::pki_types::PrivateKeyDer;
use rustls::server::WebPkiClientVerifier;
use rustls::{RootCertStore, ServerConfig};
use tokio::io::{AsyncReadExt, AsyncWriteExt};
use tokio::net::TcpListener;

use super::servers::{get, hello_over_tls, serve};
use super::spellings::{INNER, spellings};
use crate::{Lookup, Options, Outbound};

/// An authority of our own, and what it signs.
struct Authority {
    issuer: Issuer<'static, KeyPair>,
    pem: String,
}

impl Authority {
    fn new() -> Self {
        let mut params = CertificateParams::new(Vec::new()).expect("no names");
        params.is_ca = IsCa::Ca(BasicConstraints::Unconstrained);
        let key = KeyPair::generate().expect("a key");
        let certificate = params.self_signed(&key).expect("a certificate");
        Self {
            pem: certificate.pem(),
            issuer: Issuer::new(params, key),
        }
    }

    /// A certificate and its key, in PEM.
    fn sign(&self, name: &str) -> (String, KeyPair) {
        let names = vec![name.to_owned(), "127.0.0.1".to_owned()];
        let params = CertificateParams::new(names).expect("names");
        let key = KeyPair::generate().expect("a key");
        let signed = params.signed_by(&key, &self.issuer).expect("a certificate");
        (signed.pem(), key)
    }

    /// Answers over TLS, and only those who show a certificate of this authority.
    async fn serve(&self) -> SocketAddr {
        let mut roots = RootCertStore::empty();
        for certificate in crate::tls::certificates(&self.pem).expect("PEM") {
            roots.add(certificate).expect("an authority");
        }
        let provider = Arc::new(aws_lc_rs::default_provider());
        let verifier =
            WebPkiClientVerifier::builder_with_provider(Arc::new(roots), Arc::clone(&provider));
        let (certificate, key) = self.sign("shop.example");
        let chain = crate::tls::certificates(&certificate).expect("PEM");
        let key = PrivateKeyDer::try_from(key.serialize_der()).expect("a key in DER");
        let config = ServerConfig::builder_with_provider(provider)
            .with_safe_default_protocol_versions()
            .expect("versions")
            .with_client_cert_verifier(verifier.build().expect("a verifier"))
            .with_single_cert(chain, key)
            .expect("an identity");
        hello_over_tls(config).await
    }
}

fn certificates(
    authorities: Option<&str>,
    client: Option<(String, KeyPair)>,
) -> Option<Arc<Certificates>> {
    Some(Arc::new(Certificates {
        authorities: authorities.map(str::to_owned),
        client: client.map(|(certificate, key)| ClientIdentity {
            certificate,
            key: Arc::new(Sensitive::new(key.serialize_pem())),
        }),
    }))
}

#[tokio::test]
async fn a_destination_is_believed_by_its_own_authority_and_sees_our_certificate() {
    let (authority, other) = (Authority::new(), Authority::new());
    let url = format!("https://{}/", authority.serve().await);
    let outbound = Outbound::new(Options::default());
    let send = async |certificates| {
        let request = OutgoingRequest {
            certificates,
            ..get(&url)
        };
        outbound.send(request).await.map(|answer| answer.body)
    };
    let ours = || authority.sign("hookloom");
    let body = send(certificates(Some(&authority.pem), Some(ours()))).await;
    assert_eq!(body.expect("an answer"), "hello");
    let kind = |answer: Result<_, HttpError>| answer.expect_err("no answer").kind;
    assert_eq!(
        kind(send(None).await),
        HttpErrorKind::Tls,
        "nobody believes it otherwise"
    );
    assert_eq!(
        kind(send(certificates(None, Some(ours()))).await),
        HttpErrorKind::Tls
    );
    let unknown = send(certificates(Some(&other.pem), Some(ours()))).await;
    assert_eq!(kind(unknown), HttpErrorKind::Tls, "another authority");
    for client in [None, Some(other.sign("hookloom"))] {
        let refused = send(certificates(Some(&authority.pem), client)).await;
        let kind = kind(refused);
        assert!(
            matches!(kind, HttpErrorKind::Tls | HttpErrorKind::Interrupted),
            "{kind:?}"
        );
    }
}

#[tokio::test]
async fn certificates_that_cannot_be_read_are_told_without_the_key() {
    let authority = Authority::new();
    let outbound = Outbound::new(Options::default());
    let pem = "-----BEGIN CERTIFICATE-----\n!\n-----END CERTIFICATE-----";
    let key = ClientIdentity {
        certificate: authority.pem.clone(),
        key: Arc::new(Sensitive::new("no key at all".to_owned())),
    };
    let of = |authorities: Option<&str>, client| {
        Some(Arc::new(Certificates {
            authorities: authorities.map(str::to_owned),
            client,
        }))
    };
    for (certificates, named) in [
        (of(Some(pem), None), "ca_certificate"),
        (of(None, Some(key)), "client_certificate"),
    ] {
        let request = OutgoingRequest {
            certificates,
            ..get("https://127.0.0.1:9/")
        };
        let error = outbound.send(request).await.expect_err("it cannot be read");
        assert_eq!(error.kind, HttpErrorKind::Tls);
        assert!(error.message.contains(named), "{}", error.message);
        assert!(!error.message.contains("no key"), "{}", error.message);
    }
}

/// A proxy that answers by itself, and keeps what it was asked.
async fn proxy() -> (SocketAddr, Arc<Mutex<Vec<String>>>) {
    let listener = TcpListener::bind("127.0.0.1:0").await.expect("a port");
    let address = listener.local_addr().expect("its address");
    let asked = Arc::new(Mutex::new(Vec::new()));
    let heads = Arc::clone(&asked);
    tokio::spawn(async move {
        while let Ok((mut socket, _)) = listener.accept().await {
            let mut head = [0; 4096];
            let length = socket.read(&mut head).await.unwrap_or(0);
            heads
                .lock()
                .push(String::from_utf8_lossy(&head[..length]).into_owned());
            let answer =
                b"HTTP/1.1 200 OK\r\ncontent-length: 7\r\nconnection: close\r\n\r\nproxied";
            let _ = socket.write_all(answer).await;
        }
    });
    (address, asked)
}

/// Nobody may be looked up: the proxy does that.
struct NoLookup;

#[async_trait]
impl Lookup for NoLookup {
    async fn lookup(&self, name: &str) -> io::Result<Vec<IpAddr>> {
        panic!("`{name}` was looked up")
    }
}

struct Password(Mutex<&'static str>);

#[async_trait]
impl Secrets for Password {
    async fn read(&self, name: &str) -> Result<Arc<Sensitive<String>>, SecretError> {
        match *self.0.lock() {
            "" => Err(SecretError::Missing {
                name: name.to_owned(),
            }),
            value => Ok(Arc::new(Sensitive::new(value.to_owned()))),
        }
    }

    fn masker(&self) -> Arc<Masker> {
        Arc::default()
    }

    async fn workspace_key(&self) -> Result<SealKey, SecretError> {
        Ok(SealKey::from_bytes([1; 32]))
    }
}

fn through(address: SocketAddr, user: &str, password: Option<&str>) -> NetworkSettings {
    NetworkSettings {
        system_trust: false,
        proxy: Some(ProxySettings {
            url: format!("http://{user}{address}").parse().expect("a URL"),
            password: password.map(str::to_owned),
            bypass: None,
        }),
    }
}

#[tokio::test]
async fn calls_go_through_the_proxy_with_its_password_and_this_computer_is_called_without() {
    let (address, asked) = proxy().await;
    let password = Arc::new(Password(Mutex::new("hunter2hunter2")));
    let outbound = Outbound::new(Options {
        lookup: Arc::new(NoLookup),
        secrets: Some(Arc::clone(&password) as Arc<dyn Secrets>),
        ..Options::default()
    });
    outbound.set_network(through(address, "me@", Some("proxy")));
    for host_from_request in [false, true] {
        let request = OutgoingRequest {
            host_from_request,
            ..get("http://shop.example/in?q=1")
        };
        let answer = outbound.send(request).await.expect("an answer");
        assert_eq!(answer.body, "proxied");
    }
    let head = asked.lock()[0].clone();
    assert!(
        head.starts_with("GET http://shop.example/in?q=1 HTTP/1.1"),
        "{head}"
    );
    // printf %s me:hunter2hunter2 | base64
    assert!(
        head.to_lowercase()
            .contains("proxy-authorization: basic bwu6ahvudgvymmh1bnrlcji="),
        "{head}"
    );

    let direct = serve(Router::new().route("/", route(|| async { "direct" }))).await;
    let answer = outbound
        .send(get(&format!("http://{direct}/")))
        .await
        .expect("an answer");
    assert_eq!(answer.body, "direct");
    for refused in ["http://169.254.169.254/", "http://[fd00:ec2::254]/"] {
        let error = outbound.send(get(refused)).await.expect_err("refused");
        assert_eq!(error.kind, HttpErrorKind::Refused, "{refused}");
    }
    let theirs = OutgoingRequest {
        host_from_request: true,
        ..get(&format!("http://{direct}/"))
    };
    let error = outbound.send(theirs).await.expect_err("refused");
    assert_eq!(
        error.kind,
        HttpErrorKind::Refused,
        "a proxy opens no way to this computer"
    );

    *password.0.lock() = "another-password";
    outbound
        .send(get("http://shop.example/"))
        .await
        .expect("an answer");
    let head = asked.lock().last().cloned().expect("asked").to_lowercase();
    assert!(
        !head.contains("bwu6ahvudgvymmh1bnrlcji="),
        "the new password is sent: {head}"
    );
    *password.0.lock() = "";
    let error = outbound
        .send(get("http://shop.example/"))
        .await
        .expect_err("no password");
    assert_eq!(error.kind, HttpErrorKind::Connect);
    assert!(error.message.contains("proxy"), "{}", error.message);
}

#[tokio::test]
async fn a_proxy_is_asked_for_no_spelling_of_an_inner_address() {
    let (address, asked) = proxy().await;
    let outbound = Outbound::new(Options {
        lookup: Arc::new(NoLookup),
        ..Options::default()
    });
    outbound.set_network(through(address, "", None));
    let mut refused = 0;
    for inner in INNER {
        for spelling in spellings(inner.parse().expect("an address")) {
            let Ok(url) = format!("http://{spelling}/latest").parse() else {
                continue;
            };
            let request = OutgoingRequest {
                url,
                host_from_request: true,
                ..get("http://shop.example/")
            };
            let error = outbound.send(request).await.expect_err("refused");
            assert_eq!(error.kind, HttpErrorKind::Refused, "{spelling}");
            refused += 1;
        }
    }
    assert!(refused >= 300, "only {refused}");
    assert!(asked.lock().is_empty(), "{:?}", asked.lock());
    // The control: a public address is asked for.
    let answer = outbound.send(get("http://93.184.216.34/")).await;
    assert_eq!(answer.expect("an answer").body, "proxied");
}

#[tokio::test]
async fn without_the_proxy_calls_go_their_own_way_again() {
    let (address, asked) = proxy().await;
    let outbound = Outbound::new(Options::default());
    outbound.set_network(through(address, "", None));
    let answer = outbound
        .send(get("http://shop.example/"))
        .await
        .expect("an answer");
    assert_eq!(answer.body, "proxied");
    assert!(
        !asked.lock()[0]
            .to_lowercase()
            .contains("proxy-authorization")
    );
    outbound.set_network(NetworkSettings::default());
    let error = outbound
        .send(get("http://shop.invalid/"))
        .await
        .expect_err("no such name");
    assert_eq!(error.kind, HttpErrorKind::Dns);
    assert_eq!(asked.lock().len(), 1);
}
