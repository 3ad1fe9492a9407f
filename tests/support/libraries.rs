//! Signatures by the senders' own libraries, run by Node.

use std::io::Write;
use std::path::Path;
use std::process::{Command, Stdio};

use serde_json::{Value, json};

/// The schemes that have a library here.
pub const LIBRARIES: [&str; 3] = ["stripe", "github", "standard-webhooks"];

/// The headers that the scheme's own library signs a body with.
pub fn sign_by_library(scheme: &str, secret: &str, body: &str) -> Vec<(String, String)> {
    let headers = run("sign", scheme, secret, &json!({"body": body}));
    let headers = headers.as_object().expect("an object");
    headers
        .iter()
        .map(|(name, value)| (name.clone(), value.as_str().expect("a text").to_owned()))
        .collect()
}

/// Whether the scheme's own library takes a message for genuine.
pub fn is_genuine_to_library(scheme: &str, secret: &str, body: &str, headers: &Value) -> bool {
    let message = json!({"body": body, "headers": headers});
    run("verify", scheme, secret, &message) == true
}

fn run(what: &str, scheme: &str, secret: &str, message: &Value) -> Value {
    let script =
        Path::new(env!("CARGO_MANIFEST_DIR")).join("../../tests/support/signature_libraries.cjs");
    let mut child = Command::new("node")
        .arg(script)
        .args([what, scheme, secret])
        .stdin(Stdio::piped())
        .stdout(Stdio::piped())
        .spawn()
        .expect("node starts; `make setup` says what is missing");
    let mut stdin = child.stdin.take().expect("piped");
    stdin
        .write_all(message.to_string().as_bytes())
        .expect("it reads");
    drop(stdin);
    let output = child.wait_with_output().expect("it ends");
    assert!(output.status.success(), "{what} {scheme}");
    serde_json::from_slice(&output.stdout).expect("JSON")
}
