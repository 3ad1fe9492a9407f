//! Vaults without a keychain: a key file and a passphrase, and what is refused of them with exit code 4.

#![cfg(unix)]

use std::fs;
use std::os::unix::fs::PermissionsExt;

use crate::support::Workspace;

fn private_file(workspace: &Workspace, name: &str, text: &str) -> String {
    let path = workspace.file(name, text);
    fs::set_permissions(&path, fs::Permissions::from_mode(0o600)).expect("it is ours");
    path
}

/// What a list of secrets says of the first one.
fn state_of_first(workspace: &Workspace) -> String {
    let listed = workspace.json(&["secret", "list"]);
    listed[0]["state"].as_str().unwrap_or_default().to_owned()
}

#[test]
fn a_key_file_opens_its_secrets_again_and_another_one_is_refused_without_harm() {
    let workspace = Workspace::new();
    workspace.set_secret("key", "a-value-0123456789");
    assert_eq!(state_of_first(&workspace), "stored");
    let other = private_file(&workspace, "other.key", &"a5".repeat(32));
    let with_other = |arguments: &[&str]| {
        let mut command = workspace.program();
        command
            .env("HOOKLOOM_VAULT_KEY_FILE", &other)
            .args(arguments);
        command.output().expect("it runs")
    };
    let refused = with_other(&["secret", "list", "--json"]);
    assert_eq!(
        refused.status.code(),
        Some(4),
        "{}",
        String::from_utf8_lossy(&refused.stderr)
    );
    assert!(String::from_utf8_lossy(&refused.stderr).contains("vault_unusable"));
    assert_eq!(
        state_of_first(&workspace),
        "stored",
        "the first key still opens them"
    );
}

#[test]
fn a_key_file_that_others_can_read_or_that_is_no_key_is_refused_with_4() {
    let readable = Workspace::new();
    let path = readable.folder().join("vault.key");
    fs::set_permissions(&path, fs::Permissions::from_mode(0o644)).expect("it is ours");
    let error = readable.run(&["flow", "list", "--json"]).code_is(4).error();
    assert!(
        error["message"]
            .as_str()
            .is_some_and(|it| it.contains("vault.key")),
        "{error}"
    );

    let broken = Workspace::new();
    private_file(&broken, "vault.key", "no key");
    let error = broken.run(&["flow", "list", "--json"]).code_is(4).error();
    assert!(
        error["message"]
            .as_str()
            .is_some_and(|it| it.contains("vault.key")),
        "{error}"
    );

    let unknown = Workspace::with_environment(&[("HOOKLOOM_VAULT", "cupboard")]);
    let error = unknown.run(&["serve", "--json"]).code_is(4).error();
    assert!(
        error["message"]
            .as_str()
            .is_some_and(|it| it.contains("cupboard")),
        "{error}"
    );
}

#[test]
fn a_passphrase_opens_its_secrets_again_a_wrong_one_does_not_and_nobody_to_ask_is_said() {
    let workspace = Workspace::with_environment(&[("HOOKLOOM_VAULT", "passphrase")]);
    let run = |file: Option<&str>, arguments: &[&str], input: &str| {
        let file = file
            .map(|it| format!("export HOOKLOOM_PASSPHRASE_FILE='{it}';"))
            .unwrap_or_default();
        let mut command =
            workspace.program_in_shell(&format!("{file} printf %s '{input}' | \"$0\" \"$@\""));
        command.args(arguments).output().expect("it runs")
    };
    let right = private_file(&workspace, "right", "correct horse\n");
    let wrong = private_file(&workspace, "wrong", "battery staple\n");
    let set = run(
        Some(&right),
        &["secret", "set", "key"],
        "a-value-0123456789",
    );
    assert!(
        set.status.success(),
        "{}",
        String::from_utf8_lossy(&set.stderr)
    );
    let listed = run(Some(&right), &["secret", "list", "--json"], "");
    assert!(String::from_utf8_lossy(&listed.stdout).contains("stored"));
    let refused = run(Some(&wrong), &["secret", "list", "--json"], "");
    assert_eq!(
        refused.status.code(),
        Some(4),
        "{}",
        String::from_utf8_lossy(&refused.stderr)
    );
    let nobody = run(None, &["secret", "list", "--json"], "");
    assert_eq!(nobody.status.code(), Some(4));
    let said = String::from_utf8_lossy(&nobody.stderr).into_owned();
    assert!(said.contains("HOOKLOOM_PASSPHRASE_FILE"), "{said}");
}
