//! A receiver with an authority of its own that asks who we are: real TLS, at the real program.

use std::sync::Arc;

use rcgen::{BasicConstraints, CertificateParams, IsCa, Issuer, KeyPair};
use rustls::crypto::aws_lc_rs;
use rustls::pki_types::pem::PemObject;
use rustls::pki_types::{CertificateDer, PrivateKeyDer};
use rustls::server::WebPkiClientVerifier;
use rustls::{RootCertStore, ServerConfig};
use serde_json::{Value, json};
use tokio::io::{AsyncReadExt, AsyncWriteExt};
use tokio::net::TcpListener;
use tokio_rustls::TlsAcceptor;

use crate::support::{TestApp, Workspace, await_job, intake, tell};

/// A certificate and its key, in PEM.
type Pair = (String, String);

/// An authority, a server's pair and a client's.
fn authority() -> (String, Pair, Pair) {
    let mut params = CertificateParams::new(Vec::new()).expect("no names");
    params.is_ca = IsCa::Ca(BasicConstraints::Unconstrained);
    let key = KeyPair::generate().expect("a key");
    let pem = params.self_signed(&key).expect("a certificate").pem();
    let issuer = Issuer::new(params, key);
    let sign = |name: &str| {
        let params = CertificateParams::new(vec![name.to_owned()]).expect("a name");
        let key = KeyPair::generate().expect("a key");
        let signed = params.signed_by(&key, &issuer).expect("a certificate");
        (signed.pem(), key.serialize_pem())
    };
    let (server, client) = (sign("127.0.0.1"), sign("hookloom"));
    (pem, server, client)
}

/// Answers over TLS; if an authority is given, only those who show a certificate of it.
async fn serve((certificate, key): &Pair, clients_of: Option<&str>) -> String {
    let read = |pem: &str| CertificateDer::from_pem_slice(pem.as_bytes()).expect("PEM");
    let provider = Arc::new(aws_lc_rs::default_provider());
    let builder = ServerConfig::builder_with_provider(Arc::clone(&provider))
        .with_safe_default_protocol_versions()
        .expect("versions");
    let builder = match clients_of {
        Some(authority) => {
            let mut roots = RootCertStore::empty();
            roots.add(read(authority)).expect("an authority");
            let verifier =
                WebPkiClientVerifier::builder_with_provider(Arc::new(roots), provider).build();
            builder.with_client_cert_verifier(verifier.expect("a verifier"))
        }
        None => builder.with_no_client_auth(),
    };
    let key = PrivateKeyDer::from_pem_slice(key.as_bytes()).expect("PEM");
    let config = builder
        .with_single_cert(vec![read(certificate)], key)
        .expect("an identity");
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
                let _ = secure.read(&mut [0; 8192]).await;
                let answer = b"HTTP/1.1 204 No Content\r\nconnection: close\r\n\r\n";
                let _ = secure.write_all(answer).await;
                let _ = secure.shutdown().await;
            });
        }
    });
    format!("https://{address}/told")
}

/// Runs the flow `told` once, and gives its job when its deliveries have ended.
fn run_told(workspace: &Workspace) -> Value {
    let run = ["run", "told", "--input", "-", "--wait", "--json"];
    let job = workspace.run_with_input(&run, "{}").ok().json();
    let ended = |state: &Value| state == "delivered" || state == "failed";
    await_job(workspace, job["id"].as_i64().expect("a number"), |job| {
        let deliveries = job["deliveries"].as_array().expect("a list");
        deliveries.iter().all(|it| ended(&it["status"]))
    })
}

#[tokio::test(flavor = "multi_thread")]
async fn the_systems_authorities_are_believed_where_the_setting_says_so_and_nowhere_else() {
    let (authority, server, _) = authority();
    let url = serve(&server, None).await;
    let workspace = Workspace::new();
    workspace.set_secret("key", "intake-key-0123456789");
    let mut document = intake("told");
    document["webhook_tasks"] = json!([tell("Shop", &url)]);
    document["webhook_tasks"][0]["retry_on_failure"] = false.into();
    workspace.publish(&document);
    let store = workspace.file("authorities.pem", &authority);
    let _app = TestApp::start_with(&workspace, &[], &[("SSL_CERT_FILE", &store)]);
    for (trust, status) in [
        ("true", "delivered"),
        ("false", "failed"),
        ("true", "delivered"),
    ] {
        workspace
            .run(&["setting", "set", "system_trust", trust])
            .ok();
        let job = run_told(&workspace);
        let delivery = &job["deliveries"][0];
        assert_eq!(delivery["status"], status, "{trust}: {delivery:#}");
        let attempt = &delivery["attempts"][0];
        if status == "delivered" {
            assert_eq!(attempt["certificate"]["verified"], true, "{attempt:#}");
        } else {
            assert_eq!(attempt["error"]["code"], "tls", "{attempt:#}");
        }
    }
}

#[tokio::test(flavor = "multi_thread")]
async fn a_task_believes_its_own_authority_and_shows_its_certificate() {
    let (authority, server, (certificate, key)) = authority();
    let url = serve(&server, Some(&authority)).await;
    let workspace = Workspace::new();
    workspace.set_secret("key", "intake-key-0123456789");
    workspace.set_secret("client_key", &key);
    let task = |name: &str, more: Value| {
        let mut task = tell(name, &url);
        task["retry_on_failure"] = false.into();
        for (key, value) in more.as_object().into_iter().flatten() {
            task[key] = value.clone();
        }
        task
    };
    let client = json!({"certificate": certificate, "secret": "client_key"});
    let mut document = intake("told");
    document["webhook_tasks"] = json!([
        task(
            "Both",
            json!({"ca_certificate": authority, "client_certificate": client})
        ),
        task("Nobody", json!({"ca_certificate": authority})),
        task("Stranger", json!({"client_certificate": client})),
    ]);
    workspace.publish(&document);
    let _app = workspace.serve();
    let job = run_told(&workspace);
    for delivery in job["deliveries"].as_array().expect("a list") {
        let attempt = &delivery["attempts"][0];
        match delivery["task"].as_str() {
            Some("Both") => {
                assert_eq!(delivery["status"], "delivered", "{attempt:#}");
                assert_eq!(attempt["certificate"]["verified"], true, "{attempt:#}");
            }
            _ => assert_eq!(delivery["status"], "failed", "{attempt:#}"),
        }
    }
    let inner: Vec<&str> = key.lines().filter(|line| !line.starts_with('-')).collect();
    assert!(
        !job.to_string().contains(inner[0]),
        "the key is shown nowhere"
    );
}
