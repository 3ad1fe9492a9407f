//! Endpoints and `http` steps as commands. Secrets and variables become variables of the shell, which whoever runs a
//! command sets first; what is only known while a job runs cannot be said, and is named.

use std::collections::BTreeSet;

use serde_json::Value;

use super::super::notes::{Notes, quoted};

/// The text of a shell script with a command for each endpoint and each `http` step of these documents, and what is lost.
/// `receiver` is where senders reach the receiver, without a slash at the end.
pub fn write<'d>(
    documents: impl IntoIterator<Item = &'d Value>,
    receiver: &str,
) -> (String, Notes) {
    let mut notes = Notes::default();
    let mut body = String::new();
    let mut names = BTreeSet::new();
    for document in documents {
        let flow = document["name"].as_str().unwrap_or_default();
        for endpoint in list(document, "endpoints") {
            call(endpoint, flow, receiver, &mut body, &mut names, &mut notes);
        }
        for step in list(document, "steps") {
            if step["kind"] == "http" {
                request(step, flow, &mut body, &mut names, &mut notes);
            } else {
                let what = format!(
                    "{}: the step {}",
                    quoted(flow),
                    quoted(step["name"].as_str().unwrap_or_default())
                );
                notes.dropped(what, "cURL sends requests; it computes nothing.");
            }
        }
        for (key, what) in [
            ("schedules", "schedules"),
            ("webhook_tasks", "webhook tasks"),
        ] {
            let count = list(document, key).len();
            if count > 0 {
                notes.dropped(
                    format!("{}: {count} {what}", quoted(flow)),
                    "cURL sends one request, once.",
                );
            }
        }
    }
    let mut text =
        String::from("#!/bin/sh\n# Made by Hookloom. Set these before you run a command:\n");
    for name in &names {
        text.push_str(&format!("# export {name}=…\n"));
    }
    if names.is_empty() {
        text.push_str("# (nothing)\n");
    }
    text.push_str(&body);
    (text, notes)
}

fn list<'d>(document: &'d Value, key: &str) -> &'d [Value] {
    document[key].as_array().map_or(&[], Vec::as_slice)
}

fn call(
    endpoint: &Value,
    flow: &str,
    receiver: &str,
    text: &mut String,
    names: &mut BTreeSet<String>,
    notes: &mut Notes,
) {
    let name = endpoint["name"].as_str().unwrap_or_default();
    let auth = &endpoint["auth"];
    let what = format!("{}: the endpoint {}", quoted(flow), quoted(name));
    let secret = auth["secret"]
        .as_str()
        .unwrap_or_default()
        .to_ascii_uppercase();
    let is_word = !secret.is_empty()
        && secret
            .bytes()
            .all(|b| b.is_ascii_alphanumeric() || b == b'_');
    let mut url = format!("{receiver}/api/webhook/local/{flow}/{name}");
    let mut header = None;
    let kind = auth["kind"].as_str().unwrap_or_default();
    match kind {
        "none" | "ip" => {}
        _ if !is_word && kind != "any" && kind != "all" => {}
        "shared_key" => match auth["header"].as_str() {
            None => url.push_str(&format!("?key=${{{secret}}}")),
            Some(name) => header = Some(format!("{name}: ${{{secret}}}")),
        },
        "api_key" => {
            header = Some(format!(
                "{}: ${{{secret}}}",
                auth["header"].as_str().unwrap_or("X-Api-Key")
            ))
        }
        "bearer" => header = Some(format!("Authorization: Bearer ${{{secret}}}")),
        "basic" => {
            let user = auth["username"].as_str().unwrap_or_default();
            notes.changed(
                format!("{what}: `basic`"),
                format!("The command asks for the password of {}.", quoted(user)),
            );
        }
        other => {
            let why = "A command of cURL signs nothing: `hookloom send` signs a request as its sender would.";
            notes.dropped(format!("{what}: {}", quoted(other)), why);
        }
    }
    if url.contains("${") || header.is_some() {
        names.insert(secret);
    }
    let method = list(endpoint, "methods")
        .first()
        .and_then(Value::as_str)
        .unwrap_or("POST");
    text.push_str(&format!("\n# {}\n", comment(&what)));
    text.push_str(&format!("curl -X {} {}", shell(method), shell_open(&url)));
    if let Some(header) = header {
        text.push_str(&format!(" \\\n  -H {}", shell_open(&header)));
    }
    if kind == "basic" {
        text.push_str(&format!(
            " \\\n  -u {}",
            shell(auth["username"].as_str().unwrap_or_default())
        ));
    }
    if !matches!(method, "GET" | "HEAD") {
        text.push_str(" \\\n  -H 'Content-Type: application/json' \\\n  -d '{}'");
    }
    text.push('\n');
    notes.kept(
        what,
        "A command calls it, with an empty body to begin with.",
    );
}

fn request(
    step: &Value,
    flow: &str,
    text: &mut String,
    names: &mut BTreeSet<String>,
    notes: &mut Notes,
) {
    let name = step["name"].as_str().unwrap_or_default();
    let what = format!("{}: the step {}", quoted(flow), quoted(name));
    let mut unknown = BTreeSet::new();
    let mut say = |template: &str| said(template, names, &mut unknown);
    let method = step["method"].as_str().unwrap_or("GET");
    let mut command = format!(
        "curl -X {} {}",
        shell(method),
        say(step["url"].as_str().unwrap_or_default())
    );
    let headers = step["headers"].as_object();
    for (name, value) in headers.into_iter().flatten() {
        let value = value.as_str().unwrap_or_default();
        command.push_str(&format!(" \\\n  -H {}", say(&format!("{name}: {value}"))));
    }
    if let Some(body) = step["body"].as_str() {
        command.push_str(&format!(" \\\n  --data-raw {}", say(body)));
    }
    if step["follow_redirects"] == true {
        command.push_str(" \\\n  -L");
    }
    if step["validate_ssl"] == false {
        command.push_str(" \\\n  -k");
    }
    for (key, why) in [
        ("query", "Add it to the URL."),
        ("multipart", "Add a `-F` for each part."),
        (
            "body_file",
            "The file is only known while a job runs: add `--data-binary @FILE`.",
        ),
        ("retry", "cURL has `--retry` of its own."),
    ] {
        if step.get(key).is_some() {
            notes.dropped(format!("{what}: `{key}`"), why);
        }
    }
    for expression in &unknown {
        let why = "It is only known while a job runs: put a value there.";
        notes.changed(format!("{what}: {}", quoted(expression)), why);
    }
    text.push_str(&format!("\n# {}\n{command}\n", comment(&what)));
    notes.kept(what, "A command sends its request.");
}

/// A template as one word of a shell. `{{secrets.shop_token}}` is `${SHOP_TOKEN}`.
fn said(template: &str, names: &mut BTreeSet<String>, unknown: &mut BTreeSet<String>) -> String {
    let mut word = String::new();
    let mut rest = template;
    while let Some(begin) = rest.find("{{") {
        let Some(length) = rest[begin..].find("}}") else {
            break;
        };
        word.push_str(&inside(&rest[..begin]));
        let expression = rest[begin + 2..begin + length].trim();
        let path = expression.split('|').next().unwrap_or_default().trim();
        let name = path
            .strip_prefix("secrets.")
            .or_else(|| path.strip_prefix("vars."));
        let is_word = |name: &&str| {
            !name.is_empty() && name.bytes().all(|b| b.is_ascii_alphanumeric() || b == b'_')
        };
        match name.filter(is_word) {
            Some(name) => {
                let name = name.to_ascii_uppercase();
                word.push_str(&format!("${{{name}}}"));
                names.insert(name);
            }
            None if expression == "\"{{\"" => word.push_str("{{"),
            None => {
                word.push_str(&inside(&rest[begin..begin + length + 2]));
                unknown.insert(expression.to_owned());
            }
        }
        rest = &rest[begin + length + 2..];
    }
    word.push_str(&inside(rest));
    format!("\"{word}\"")
}

/// A text within double quotes.
fn inside(text: &str) -> String {
    let mut word = String::with_capacity(text.len());
    for c in text.chars() {
        if matches!(c, '"' | '\\' | '$' | '`') {
            word.push('\\');
        }
        word.push(c);
    }
    word
}

/// A word in which nothing means anything.
fn shell(text: &str) -> String {
    let is_bare = !text.is_empty()
        && text
            .bytes()
            .all(|b| b.is_ascii_alphanumeric() || b"-_./:".contains(&b));
    match is_bare {
        true => text.to_owned(),
        false => format!("'{}'", text.replace('\'', r"'\''")),
    }
}

/// A word in which only `${NAME}` means something.
fn shell_open(text: &str) -> String {
    let mut word = String::new();
    for (place, part) in text.split("${").enumerate() {
        if place > 0 {
            word.push_str("${");
        }
        word.push_str(&inside(part));
    }
    format!("\"{word}\"")
}

/// A text in one line of a comment.
fn comment(text: &str) -> String {
    text.replace(['\n', '\r'], " ")
}
