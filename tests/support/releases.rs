//! Somebody who makes releases and serves them, and can be broken into: signs with a real key, answers over real sockets.

use std::collections::HashMap;
use std::io::Cursor;
use std::sync::{Arc, Mutex};

use minisign::KeyPair;
use serde_json::{Value, json};
use sha2::{Digest as _, Sha256};
use tokio::io::{AsyncReadExt, AsyncWriteExt};
use tokio::net::{TcpListener, TcpStream};

/// Serves what lies at its paths.
pub struct ReleaseServer {
    url: String,
    files: Arc<Mutex<HashMap<String, Served>>>,
    asked: Arc<Mutex<Vec<String>>>,
    pair: KeyPair,
}

/// What lies at a path.
#[derive(Clone)]
enum Served {
    File(Vec<u8>),
    /// Announces the first number of bytes, sends these, and hangs up.
    Cut(usize, Vec<u8>),
    /// Announces nothing.
    Unannounced(Vec<u8>),
    Redirect(String),
    Silent,
}

/// The one file of a release.
pub const PACKAGE: &str = "Hookloom_9.9.9_amd64.deb";

impl ReleaseServer {
    pub async fn start() -> Self {
        let listener = TcpListener::bind("127.0.0.1:0").await.expect("a port");
        let url = format!("http://{}", listener.local_addr().expect("its address"));
        let (files, asked) = (Arc::default(), Arc::default());
        let (served, heard) = (Arc::clone(&files), Arc::clone(&asked));
        tokio::spawn(async move {
            while let Ok((socket, _)) = listener.accept().await {
                tokio::spawn(answer(socket, Arc::clone(&served), Arc::clone(&heard)));
            }
        });
        Self {
            url,
            files,
            asked,
            pair: KeyPair::generate_unencrypted_keypair().expect("a key"),
        }
    }

    /// Where its manifest lies.
    pub fn manifest_url(&self) -> String {
        format!("{}/release.json", self.url)
    }

    pub fn url(&self) -> &str {
        &self.url
    }

    /// The public key, as one line.
    pub fn key(&self) -> String {
        self.pair.pk.to_base64()
    }

    /// The paths that somebody asked for since the last look.
    pub fn asked(&self) -> Vec<String> {
        std::mem::take(&mut *self.asked.lock().expect("no panic"))
    }

    /// Publishes a release with one package, signed.
    pub fn publish(&self, version: &str, released_at: &str, content: &[u8]) {
        self.publish_manifest(&manifest(version, released_at, content));
        self.put(&format!("/{PACKAGE}"), content);
    }

    /// Publishes a manifest, signed.
    pub fn publish_manifest(&self, manifest: &Value) {
        let text = format!("{manifest:#}\n");
        self.put("/release.json", text.as_bytes());
        self.put("/release.json.minisig", &self.sign(text.as_bytes()));
    }

    pub fn sign(&self, bytes: &[u8]) -> Vec<u8> {
        let signed = minisign::sign(None, &self.pair.sk, Cursor::new(bytes), None, None);
        signed.expect("a signature").into_string().into_bytes()
    }

    /// Puts other bytes at a path.
    pub fn put(&self, path: &str, bytes: &[u8]) {
        self.serve(path, Served::File(bytes.to_vec()));
    }

    pub fn cut(&self, path: &str, announced: usize, bytes: &[u8]) {
        self.serve(path, Served::Cut(announced, bytes.to_vec()));
    }

    pub fn put_unannounced(&self, path: &str, bytes: &[u8]) {
        self.serve(path, Served::Unannounced(bytes.to_vec()));
    }

    pub fn redirect(&self, path: &str, to: &str) {
        self.serve(path, Served::Redirect(to.to_owned()));
    }

    pub fn be_silent_at(&self, path: &str) {
        self.serve(path, Served::Silent);
    }

    pub fn remove(&self, path: &str) {
        self.files.lock().expect("no panic").remove(path);
    }

    fn serve(&self, path: &str, served: Served) {
        let mut files = self.files.lock().expect("no panic");
        files.insert(path.to_owned(), served);
    }
}

/// A manifest that tells of one deb for this computer.
pub fn manifest(version: &str, released_at: &str, content: &[u8]) -> Value {
    json!({
        "format": "hookloom.release/1",
        "version": version,
        "released_at": released_at,
        "notes": "Faster, and a fault less.",
        "notes_url": "https://releases.example/notes",
        "packages": [{
            "kind": "deb", "os": std::env::consts::OS, "arch": std::env::consts::ARCH,
            "file": PACKAGE, "bytes": content.len(), "sha256": hex::encode(Sha256::digest(content)),
        }],
    })
}

async fn answer(
    mut socket: TcpStream,
    files: Arc<Mutex<HashMap<String, Served>>>,
    asked: Arc<Mutex<Vec<String>>>,
) {
    let mut head = Vec::new();
    while !head.ends_with(b"\r\n\r\n") {
        let mut byte = [0];
        if socket.read_exact(&mut byte).await.is_err() {
            return;
        }
        head.push(byte[0]);
    }
    let head = String::from_utf8_lossy(&head).into_owned();
    let path = head.split(' ').nth(1).unwrap_or_default().to_owned();
    asked.lock().expect("no panic").push(path.clone());
    let served = files.lock().expect("no panic").get(&path).cloned();
    let ok = |length: usize| {
        format!("HTTP/1.1 200 OK\r\ncontent-length: {length}\r\nconnection: close\r\n\r\n")
    };
    let (head, body) = match served {
        Some(Served::File(bytes)) => (ok(bytes.len()), bytes),
        Some(Served::Cut(announced, bytes)) => (ok(announced), bytes),
        Some(Served::Unannounced(bytes)) => (
            "HTTP/1.1 200 OK\r\nconnection: close\r\n\r\n".to_owned(),
            bytes,
        ),
        Some(Served::Redirect(to)) => {
            let head = format!(
                "HTTP/1.1 302 Found\r\nlocation: {to}\r\ncontent-length: 0\r\nconnection: close\r\n\r\n"
            );
            (head, Vec::new())
        }
        Some(Served::Silent) => std::future::pending().await,
        None => {
            let head = "HTTP/1.1 404 Not Found\r\ncontent-length: 0\r\nconnection: close\r\n\r\n";
            (head.to_owned(), Vec::new())
        }
    };
    let _ = socket.write_all(head.as_bytes()).await;
    let _ = socket.write_all(&body).await;
    let _ = socket.shutdown().await;
}
