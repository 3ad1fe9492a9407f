//! Servers to talk to, each on a port of its own.

use std::net::SocketAddr;
use std::sync::Arc;
use std::sync::atomic::{AtomicUsize, Ordering};

use axum::Router;
use bytes::Bytes;
use hookloom_engine::ports::{InnerDestinations, OutgoingRequest};
use rcgen::{CertificateParams, DnType, KeyPair};
use rustls::ServerConfig;
use rustls::crypto::aws_lc_rs;
use rustls::pki_types::{CertificateDer, PrivateKeyDer};
use tokio::io::{AsyncReadExt, AsyncWriteExt};
use tokio::net::{TcpListener, TcpStream};
use tokio::sync::Barrier;
use tokio_rustls::TlsAcceptor;
use url::Url;

pub(super) async fn serve(router: Router) -> SocketAddr {
    let listener = TcpListener::bind("127.0.0.1:0").await.expect("a port");
    let address = listener.local_addr().expect("its address");
    tokio::spawn(async move { axum::serve(listener, router).await });
    address
}

/// Answers every request with these bytes, then closes. Counts its connections.
pub(super) async fn serve_bytes(answer: &'static [u8]) -> (SocketAddr, Arc<AtomicUsize>) {
    let listener = TcpListener::bind("127.0.0.1:0").await.expect("a port");
    let address = listener.local_addr().expect("its address");
    let connections = Arc::new(AtomicUsize::new(0));
    let counted = Arc::clone(&connections);
    tokio::spawn(async move {
        while let Ok((mut socket, _)) = listener.accept().await {
            counted.fetch_add(1, Ordering::SeqCst);
            read_head(&mut socket).await;
            let _ = socket.write_all(answer).await;
        }
    });
    (address, connections)
}

/// Answers every request with `ok` and keeps its connections, which it counts. Each answer waits until `at_once` requests
/// are there.
pub(super) async fn serve_kept(at_once: usize) -> (SocketAddr, Arc<AtomicUsize>) {
    let answer = b"HTTP/1.1 200 OK\r\ncontent-length: 2\r\n\r\nok";
    let listener = TcpListener::bind("127.0.0.1:0").await.expect("a port");
    let address = listener.local_addr().expect("its address");
    let connections = Arc::new(AtomicUsize::new(0));
    let counted = Arc::clone(&connections);
    let all_there = Arc::new(Barrier::new(at_once));
    tokio::spawn(async move {
        while let Ok((mut socket, _)) = listener.accept().await {
            counted.fetch_add(1, Ordering::SeqCst);
            let all_there = Arc::clone(&all_there);
            tokio::spawn(async move {
                while read_head(&mut socket).await {
                    all_there.wait().await;
                    if socket.write_all(answer).await.is_err() {
                        return;
                    }
                }
            });
        }
    });
    (address, connections)
}

/// Whether a head came.
pub(super) async fn read_head(socket: &mut TcpStream) -> bool {
    let mut head = Vec::new();
    while !head.windows(4).any(|window| window == b"\r\n\r\n") {
        let mut byte = [0];
        if socket.read_exact(&mut byte).await.is_err() {
            return false;
        }
        head.push(byte[0]);
    }
    true
}

/// A server certificate and its key, both in DER.
pub(super) struct Identity {
    pub certificate: CertificateDer<'static>,
    key: PrivateKeyDer<'static>,
}

impl Identity {
    /// Self-signed, for `127.0.0.1` and the given name, valid until the end of the given year.
    pub fn new(name: &str, last_year: i32) -> Self {
        let names = vec![name.to_owned(), "127.0.0.1".to_owned()];
        let mut params = CertificateParams::new(names).expect("names");
        params.distinguished_name.push(DnType::CommonName, name);
        params.not_before = rcgen::date_time_ymd(2020, 1, 1);
        params.not_after = rcgen::date_time_ymd(last_year, 12, 31);
        let key = KeyPair::generate().expect("a key");
        let certificate = params.self_signed(&key).expect("a certificate");
        Self {
            certificate: certificate.der().clone(),
            key: PrivateKeyDer::try_from(key.serialize_der()).expect("a key in DER"),
        }
    }

    /// Answers every connection's first request over TLS with `hello`.
    pub async fn serve(self) -> SocketAddr {
        let config = ServerConfig::builder_with_provider(Arc::new(aws_lc_rs::default_provider()))
            .with_safe_default_protocol_versions()
            .expect("versions")
            .with_no_client_auth()
            .with_single_cert(vec![self.certificate], self.key)
            .expect("an identity");
        hello_over_tls(config).await
    }
}

/// Answers every connection's first request over TLS with `hello`.
pub(super) async fn hello_over_tls(config: ServerConfig) -> SocketAddr {
    let acceptor = TlsAcceptor::from(Arc::new(config));
    let listener = TcpListener::bind("127.0.0.1:0").await.expect("a port");
    let address = listener.local_addr().expect("its address");
    tokio::spawn(async move {
        while let Ok((socket, _)) = listener.accept().await {
            let acceptor = acceptor.clone();
            tokio::spawn(async move {
                let Ok(mut secure) = acceptor.accept(socket).await else {
                    return;
                };
                let mut head = [0; 4096];
                let _ = secure.read(&mut head).await;
                let answer =
                    b"HTTP/1.1 200 OK\r\ncontent-length: 5\r\nconnection: close\r\n\r\nhello";
                let _ = secure.write_all(answer).await;
                let _ = secure.shutdown().await;
            });
        }
    });
    address
}

pub(super) fn get(url: &str) -> OutgoingRequest {
    OutgoingRequest {
        method: http::Method::GET,
        url: Url::parse(url).expect("a URL"),
        headers: Vec::new(),
        body: Bytes::new(),
        timeout_ms: 5_000,
        validate_ssl: true,
        host_from_request: false,
        inner_destinations: Default::default(),
        answer_bytes_max: 1024 * 1024,
        redirects: None,
        certificates: None,
    }
}

/// What a document with this list allows.
pub(super) fn inner_destinations(entries: &[&str]) -> Arc<InnerDestinations> {
    let document = serde_json::json!({
        "format": "hookloom.flow/1", "name": "allowing", "inner_destinations": entries,
    });
    let document = hookloom_model::document::from_value(document).into_document();
    document.expect("a sound document").inner_destinations
}
