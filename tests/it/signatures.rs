//! `hookloom sign` and `hookloom verify`: no data folder is needed.

use crate::support::Workspace;

#[test]
fn the_contracts_vector_is_signed_exactly() {
    let workspace = Workspace::new();
    let body = workspace.file("body", "test");
    let signed = workspace
        .run_with_input(
            &[
                "sign",
                "--scheme",
                "x-webhook-signature",
                "--secret-stdin",
                "--timestamp",
                "1568818215724",
                &body,
            ],
            "mySecret\n",
        )
        .ok();
    assert_eq!(
        signed.stdout,
        "X-Webhook-Signature: t=1568818215724,sha256=ae9c9f18381e423059604b64469099165a343deef595013525703e50e84d19f9\n"
    );
    assert!(!workspace.data().exists(), "signing needs no data folder");
}

#[test]
fn what_was_signed_verifies_and_what_was_changed_does_not() {
    let workspace = Workspace::new();
    let body = workspace.file("body", "{\"a\":1}");
    let other = workspace.file("other", "{\"a\": 1}");
    for scheme in [
        "x-webhook-signature",
        "standard-webhooks",
        "github",
        "stripe",
    ] {
        let secret = "whsec_MfKQ9r8GKYqrTwjUPD8ILPZIo2LaLaSw";
        let signed = workspace
            .run_with_input(
                &[
                    "sign",
                    "--json",
                    "--scheme",
                    scheme,
                    "--secret-stdin",
                    "--id",
                    "dlv_1",
                    &body,
                ],
                secret,
            )
            .ok()
            .json();
        let headers: Vec<String> = signed["headers"]
            .as_array()
            .expect("a list")
            .iter()
            .map(|it| {
                format!(
                    "{}: {}",
                    it["name"].as_str().unwrap_or(""),
                    it["value"].as_str().unwrap_or("")
                )
            })
            .collect();
        let verify = |file: &str, secret: &str| {
            let mut arguments = vec![
                "verify",
                "--json",
                "--scheme",
                scheme,
                "--secret-stdin",
                file,
            ];
            headers
                .iter()
                .for_each(|header| arguments.extend(["--header", header]));
            workspace.run_with_input(&arguments, secret)
        };
        assert_eq!(verify(&body, secret).ok().json()["valid"], true, "{scheme}");
        let changed = verify(&other, secret).code_is(1).json();
        assert_eq!(
            (&changed["valid"], &changed["code"]),
            (&false.into(), &"mismatch".into()),
            "{scheme}"
        );
        let wrong = verify(&body, "whsec_AAAAAAAAAAAAAAAAAAAAAAAAAAAAAAAA").code_is(1);
        assert_eq!(wrong.json()["code"], "mismatch", "{scheme}");
        assert!(!wrong.stdout.contains(secret) && !wrong.stderr.contains(secret));
    }
}

#[test]
fn an_old_message_is_stale_and_a_missing_header_is_named() {
    let workspace = Workspace::new();
    let body = workspace.file("body", "test");
    let header = "X-Webhook-Signature: t=1568818215724,sha256=ae9c9f18381e423059604b64469099165a343deef595013525703e50e84d19f9";
    let verify = |more: &[&str]| {
        let mut arguments = vec!["verify", "--json", "--secret-stdin", &body];
        arguments.extend(more);
        workspace.run_with_input(&arguments, "mySecret")
    };
    assert_eq!(
        verify(&["--header", header]).code_is(1).json()["code"],
        "stale"
    );
    verify(&["--header", header, "--at", "1568818215999"]).ok();
    assert_eq!(verify(&[]).code_is(1).json()["code"], "missing_header");
    verify(&["--header", "nothing"]).code_is(2);
    verify(&["--scheme", "rot13"]).code_is(2);
}
