//! One hook as a flow with one endpoint.

use serde_json::{Map, Value, json};

use super::super::names::{Given, plain};
use super::super::notes::{Notes, quoted};
use super::super::request::literal;
use super::super::workspace::ExchangedFlow;
use super::go_template::{Piece, pieces};
use super::javascript::script;
use super::rule::{Halves, Rules};
use super::source::Source;
use crate::document::{FORMAT, PathPattern};

/// Methods that webhook takes if a hook names none.
const METHODS_ANY: [&str; 5] = ["GET", "POST", "PUT", "PATCH", "DELETE"];
const METHODS: [&str; 7] = ["GET", "HEAD", "POST", "PUT", "PATCH", "DELETE", "OPTIONS"];
/// Values that one hook passes on.
const VALUES_MAX: usize = 200;

/// Parts of a hook that have no place here, each with its reason.
const DROPPED: [(&str, &str); 12] = [
    (
        "execute-command",
        "Hookloom starts no programs: add steps that do the work, or have a program of yours called by an `http` step.",
    ),
    ("command-working-directory", "No program is started."),
    (
        "include-command-output-in-response",
        "No program is started. An endpoint of the mode `sync` answers with what its flow computed.",
    ),
    (
        "include-command-output-in-response-on-error",
        "No program is started. An endpoint of the mode `sync` answers with what its flow computed.",
    ),
    (
        "pass-file-to-command",
        "No program reads a file. Files of a request are at hand as `trigger.files`.",
    ),
    ("keep-file-environment", "No program reads a file."),
    (
        "incoming-payload-content-type",
        "A body is read by the type that its sender gives.",
    ),
    (
        "parse-parameters-as-json",
        "A parameter stays the text that it is; a `script` step can parse it.",
    ),
    (
        "trigger-rule-mismatch-http-response-code",
        "Who is not let in gets the answer that every endpoint gives, such as 401.",
    ),
    (
        "trigger-signature-soft-failures",
        "A signature that is wrong is always refused.",
    ),
    (
        "max-multipart-mem",
        "Files of a form go to the disk at once.",
    ),
    ("uploads", "Files of a form go to the disk at once."),
];
const KNOWN: [&str; 8] = [
    "id",
    "http-methods",
    "trigger-rule",
    "response-message",
    "response-headers",
    "success-http-response-code",
    "pass-arguments-to-command",
    "pass-environment-to-command",
];

/// The flow for a hook; none if it could only be kept with more let in than before.
pub(super) fn flow(
    hook: &Value,
    actions: &[String],
    names: &mut Given,
    notes: &mut Notes,
) -> Option<ExchangedFlow> {
    let (Some(id), Some(fields)) = (hook["id"].as_str(), hook.as_object()) else {
        notes.dropped("an entry without an `id`", "It is no hook.");
        return None;
    };
    let shown = quoted(id);
    let mut rules = Rules {
        hook: id,
        actions,
        notes,
        parts: 0,
    };
    let halves = match &hook["trigger-rule"] {
        Value::Null => Ok(Halves::default()),
        rule => rules.read(rule),
    };
    let halves = match halves {
        Ok(halves) => halves,
        Err(why) => {
            notes.dropped(format!("the hook {shown}"), why);
            return None;
        }
    };
    let name = names.address(id, "hook");
    notes.kept(
        format!("the hook {shown}"),
        format!("It is the flow `{name}`, with an endpoint of that name."),
    );
    for (key, why) in DROPPED.iter().filter(|(key, _)| fields.contains_key(*key)) {
        notes.dropped(format!("{shown}: `{key}`"), *why);
    }
    for key in fields.keys().filter(|key| {
        !KNOWN.contains(&key.as_str()) && !DROPPED.iter().any(|(known, _)| known == key)
    }) {
        notes.dropped(
            format!("{shown}: {}", quoted(key)),
            "This is not known here.",
        );
    }
    let Halves { auth, check } = halves;
    let endpoint = endpoint(hook, &name, auth, actions, notes);
    let draft = json!({
        "format": FORMAT,
        "name": name,
        "title": id.chars().take(200).collect::<String>(),
        "endpoints": [endpoint],
        "steps": steps(hook, check, actions, notes),
    });
    Some(ExchangedFlow {
        name,
        draft,
        published: None,
        switched_off_tasks: Vec::new(),
    })
}

fn endpoint(
    hook: &Value,
    name: &str,
    auth: Option<Value>,
    actions: &[String],
    notes: &mut Notes,
) -> Value {
    let id = hook["id"].as_str().unwrap_or_default();
    let shown = quoted(id);
    let mut endpoint = Map::new();
    endpoint.insert("name".to_owned(), name.into());
    let path = format!("/in/hooks/{id}");
    match PathPattern::parse(&path) {
        Ok(_) => {
            endpoint.insert("path".to_owned(), path.as_str().into());
            let why =
                format!("Its URL ends with `{path}` here; webhook's ended with `/hooks/{id}`.");
            notes.changed(format!("{shown}: the URL"), why);
        }
        Err(problem) => notes.changed(
            format!("{shown}: the URL"),
            format!("It is called by the endpoint's name: {problem}."),
        ),
    }
    endpoint.insert(
        "methods".to_owned(),
        methods(&hook["http-methods"], &shown, notes).into(),
    );
    endpoint.insert("mode".to_owned(), "async".into());
    endpoint.insert(
        "auth".to_owned(),
        auth.unwrap_or_else(|| {
            let why =
                "Its rule does not ask who calls, so whoever knows the URL can call it, as before.";
            notes.changed(format!("{shown}: no authentication"), why);
            json!({"kind": "none"})
        }),
    );
    if let Some(response) = response(hook, &shown, actions, notes) {
        endpoint.insert("response".to_owned(), response);
    }
    Value::Object(endpoint)
}

fn methods(given: &Value, shown: &str, notes: &mut Notes) -> Vec<String> {
    let given = given.as_array().map_or(&[][..], Vec::as_slice);
    let mut methods: Vec<String> = Vec::new();
    for method in given
        .iter()
        .filter_map(Value::as_str)
        .map(|method| method.trim().to_ascii_uppercase())
    {
        if !METHODS.contains(&method.as_str()) {
            notes.dropped(
                format!("{shown}: the method {}", quoted(&method)),
                "An endpoint does not take it.",
            );
        } else if !methods.contains(&method) {
            methods.push(method);
        }
    }
    if !methods.is_empty() {
        return methods;
    }
    METHODS_ANY.map(str::to_owned).into()
}

fn response(hook: &Value, shown: &str, actions: &[String], notes: &mut Notes) -> Option<Value> {
    let message = hook["response-message"].as_str().unwrap_or_default();
    let status = hook["success-http-response-code"]
        .as_i64()
        .filter(|status| *status != 0);
    let given = hook["response-headers"]
        .as_array()
        .map_or(&[][..], Vec::as_slice);
    if message.is_empty() && status.is_none() && given.is_empty() {
        return None;
    }
    let mut headers = Map::new();
    for header in given {
        let (Some(name), Some(value)) = (header["name"].as_str(), header["value"].as_str()) else {
            continue;
        };
        headers.insert(name.to_owned(), said(value, shown, actions, notes).into());
    }
    let has_type = headers
        .keys()
        .any(|name| name.eq_ignore_ascii_case("content-type"));
    if !has_type {
        headers.insert(
            "Content-Type".to_owned(),
            "text/plain; charset=utf-8".into(),
        );
    }
    let status = status.unwrap_or(200);
    if !(200..=599).contains(&status) {
        notes.changed(
            format!("{shown}: the status {status}"),
            "An endpoint answers with 200 to 599; it is 200 now.",
        );
    }
    let status = if (200..=599).contains(&status) {
        status
    } else {
        200
    };
    Some(
        json!({"status": status, "headers": headers, "body": said(message, shown, actions, notes)}),
    )
}

/// A text of the file as a template of ours: what webhook would have taken from its environment are variables.
fn said(text: &str, shown: &str, actions: &[String], notes: &mut Notes) -> String {
    let mut said = String::new();
    for piece in pieces(text, actions) {
        match piece {
            Piece::Plain(text) => said.push_str(&literal(text)),
            Piece::Named(name, theirs) => {
                let why = format!("It comes from the variable `{name}` here: set that one.");
                notes.changed(
                    format!("{shown}: {} of the environment", quoted(theirs)),
                    why,
                );
                said.push_str(&format!("{{{{ vars.{name} }}}}"));
            }
            Piece::Unknown(_) => {}
        }
    }
    said
}

fn steps(hook: &Value, check: Option<String>, actions: &[String], notes: &mut Notes) -> Vec<Value> {
    let shown = quoted(hook["id"].as_str().unwrap_or_default());
    let mut steps = Vec::new();
    if let Some(check) = check {
        let why = "The flow's first step checks what is in the request, after the caller has its answer; a request that \
                   does not fit is recorded, and nothing behind that step runs.";
        notes.changed(format!("{shown}: the rule about the request"), why);
        steps.push(json!({"name": "check", "kind": "script", "code": script(&check)}));
    }
    let mut values = Map::new();
    let mut names = Given::default();
    for (key, named_by) in [
        ("pass-arguments-to-command", "name"),
        ("pass-environment-to-command", "envname"),
    ] {
        let given = hook[key].as_array().map_or(&[][..], Vec::as_slice);
        for (index, argument) in given.iter().take(VALUES_MAX).enumerate() {
            match Source::of(argument) {
                Ok(source) => {
                    let called = source.called();
                    let like = match argument[named_by].as_str() {
                        Some(name) if named_by == "envname" => name,
                        _ => called
                            .rsplit('.')
                            .find(|part| part.parse::<u32>().is_err())
                            .unwrap_or(&called),
                    };
                    let value = match &source {
                        Source::Text(text) => said(text, &shown, actions, notes),
                        other => other.template(),
                    };
                    let name = names.plain(&plain(like, "value"), "value");
                    values.insert(name, value.into());
                }
                Err(why) => notes.dropped(format!("{shown}: number {} of `{key}`", index + 1), why),
            }
        }
    }
    if !values.is_empty() {
        let why = "They are the values of the step `values`, for the steps that you add behind it.";
        notes.changed(format!("{shown}: what the command was given"), why);
        let mut step = json!({"name": "values", "kind": "set", "values": values});
        if !steps.is_empty() {
            step["after"] = json!([{"step": "check", "on": ["success"]}]);
        }
        steps.push(step);
    }
    steps
}
