//! Endpoints as `hooks.json`. An endpoint whose callers webhook could not check is left out: a hook that lets everybody in
//! would be worse than none.

use serde_json::{Map, Value, json};

use super::super::names::plain;
use super::super::notes::{Notes, quoted};

/// Stands around the name of a secret until the text is written: quotes in it would be escaped.
const MARK: char = '\u{e0a7}';
/// What stands where webhook starts a program; who uses the file puts theirs there.
const COMMAND: &str = "/bin/true";

/// The text of a file with a hook for each endpoint of these documents, and what is lost. webhook has to be started with
/// `-template`: the names of secrets stand there as names in its environment.
pub fn write<'d>(documents: impl IntoIterator<Item = &'d Value>) -> (String, Notes) {
    let mut notes = Notes::default();
    let mut hooks: Vec<Value> = Vec::new();
    for document in documents {
        let document = &without_marks(document);
        let flow = document["name"].as_str().unwrap_or_default();
        let endpoints = document["endpoints"]
            .as_array()
            .map_or(&[][..], Vec::as_slice);
        for endpoint in endpoints {
            hooks.extend(hook(endpoint, flow, &mut notes));
        }
        lost_with(document, flow, &mut notes);
    }
    if !hooks.is_empty() {
        let why = "Put your program there: webhook cannot run the flow's steps. For each hook the file names `/bin/true`.";
        notes.changed("`execute-command`", why);
        let why = "Secrets are names of its environment in the file, such as `{{ getenv \"orders_key\" | js }}`: set them there.";
        notes.changed("webhook has to be started with `-template`", why);
    }
    let mut text = serde_json::to_string_pretty(&hooks).unwrap_or_default();
    text.push('\n');
    (with_templates(&text), notes)
}

/// What the document says itself is never taken for a mark.
fn without_marks(document: &Value) -> Value {
    let text = document.to_string().replace(MARK, "");
    serde_json::from_str(&text).unwrap_or_default()
}

fn environment(secret: &str) -> String {
    format!("{MARK}{}{MARK}", plain(secret, "secret"))
}

fn with_templates(text: &str) -> String {
    let mut written = String::with_capacity(text.len());
    for (place, part) in text.split(MARK).enumerate() {
        match place % 2 {
            0 => written.push_str(part),
            _ => written.push_str(&format!("{{{{ getenv \"{part}\" | js }}}}")),
        }
    }
    written
}

fn lost_with(document: &Value, flow: &str, notes: &mut Notes) {
    for (key, what, why) in [
        (
            "steps",
            "steps",
            "webhook starts one program and knows no flow.",
        ),
        ("schedules", "schedules", "webhook has none; cron has."),
        ("webhook_tasks", "webhook tasks", "webhook sends nothing."),
    ] {
        let count = document[key].as_array().map_or(0, Vec::len);
        if count > 0 {
            notes.dropped(format!("{}: {count} {what}", quoted(flow)), why);
        }
    }
}

fn hook(endpoint: &Value, flow: &str, notes: &mut Notes) -> Option<Value> {
    let name = endpoint["name"].as_str()?;
    let shown = format!("{}, {}", quoted(flow), quoted(name));
    let rule = match rule(&endpoint["auth"]) {
        Ok(rule) => rule,
        Err(why) => {
            notes.dropped(format!("{shown}: the endpoint"), why);
            return None;
        }
    };
    let path = endpoint["path"].as_str().unwrap_or_default();
    let path = path.trim_start_matches('/');
    let path = path.strip_prefix("in/").unwrap_or(path);
    let path = path.strip_prefix("hooks/").unwrap_or(path);
    let id = if path.is_empty() || path.contains('{') {
        name
    } else {
        path
    };
    let mut hook = Map::new();
    hook.insert("id".to_owned(), id.into());
    hook.insert("execute-command".to_owned(), COMMAND.into());
    let methods = match endpoint["methods"].as_array() {
        Some(methods) => methods.clone(),
        None => vec!["POST".into()],
    };
    hook.insert("http-methods".to_owned(), methods.into());
    put_response(&mut hook, endpoint, &shown, notes);
    if let Some(rule) = rule {
        hook.insert("trigger-rule".to_owned(), rule);
    }
    notes.kept(
        format!("{shown}: the endpoint"),
        format!("webhook answers at `/hooks/{id}`."),
    );
    let lost = [
        ("limits", "webhook has no limits of one hook."),
        ("schema", "webhook knows no JSON Schema."),
        ("allowed_origins", "webhook does not look at pages."),
        ("handshake", "webhook answers no provider's handshake."),
        ("off_response", "A hook is there or is not."),
        ("content_types", "webhook reads bodies of any type."),
    ];
    for (key, why) in lost.iter().filter(|(key, _)| endpoint.get(*key).is_some()) {
        notes.dropped(format!("{shown}: `{key}`"), *why);
    }
    if endpoint["mode"]
        .as_str()
        .is_some_and(|mode| mode != "async")
    {
        let why = "webhook answers with what its program prints: see `include-command-output-in-response`.";
        notes.dropped(format!("{shown}: `mode`"), why);
    }
    Some(Value::Object(hook))
}

fn put_response(hook: &mut Map<String, Value>, endpoint: &Value, shown: &str, notes: &mut Notes) {
    let response = &endpoint["response"];
    if !response.is_object() {
        return;
    }
    let body = match &response["body"] {
        Value::Null => String::new(),
        Value::String(text) => text.clone(),
        json => json.to_string(),
    };
    let headers = response["headers"].as_object();
    let headers = headers.map(|headers| {
        headers
            .iter()
            .map(|(name, value)| json!({"name": name, "value": value}))
    });
    let headers: Vec<Value> = headers.into_iter().flatten().collect();
    let has_expression =
        body.contains("{{") || Value::from(headers.clone()).to_string().contains("{{");
    if has_expression {
        notes.dropped(
            format!("{shown}: `response`"),
            "It has expressions, and webhook's answer is a fixed text.",
        );
        return;
    }
    hook.insert("response-message".to_owned(), body.into());
    if let Some(status) = response["status"].as_i64() {
        hook.insert("success-http-response-code".to_owned(), status.into());
    }
    if !headers.is_empty() {
        hook.insert("response-headers".to_owned(), headers.into());
    }
}

/// The rule that lets in whom the endpoint does; none if it lets in everybody.
fn rule(auth: &Value) -> Result<Option<Value>, String> {
    let kind = auth["kind"].as_str().unwrap_or_default();
    let secret = || environment(auth["secret"].as_str().unwrap_or_default());
    let value = |source: &str, name: &str, value: String| {
        let parameter = json!({"source": source, "name": name});
        Ok(Some(
            json!({"match": {"type": "value", "value": value, "parameter": parameter}}),
        ))
    };
    match kind {
        "none" => Ok(None),
        "shared_key" => match auth["header"].as_str() {
            Some(header) => value("header", header, secret()),
            None => value("url", "key", secret()),
        },
        "api_key" => value(
            "header",
            auth["header"].as_str().unwrap_or("x-api-key"),
            secret(),
        ),
        "bearer" => value("header", "Authorization", format!("Bearer {}", secret())),
        "ip" => {
            let ranges = auth["ranges"].as_array().map_or(&[][..], Vec::as_slice);
            let rules = ranges
                .iter()
                .map(|range| json!({"match": {"type": "ip-whitelist", "ip-range": range}}));
            Ok(together("or", rules.collect()))
        }
        "signature" => signature(auth, &secret()).map(Some),
        "any" | "all" => {
            let ways = auth["of"].as_array().map_or(&[][..], Vec::as_slice);
            let mut rules = Vec::new();
            for way in ways {
                match (rule(way)?, kind) {
                    (Some(rule), _) => rules.push(rule),
                    (None, "any") => return Ok(None),
                    (None, _) => {}
                }
            }
            Ok(together(if kind == "any" { "or" } else { "and" }, rules))
        }
        _ => Err(format!(
            "webhook cannot check {}, and a hook without a rule would let everybody in.",
            quoted(kind)
        )),
    }
}

fn together(kind: &str, mut rules: Vec<Value>) -> Option<Value> {
    match rules.len() {
        0 | 1 => rules.pop(),
        _ => Some(json!({kind: rules})),
    }
}

/// webhook signs the body alone, in hexadecimal digits, and takes a mark such as `sha256=` before them.
fn signature(auth: &Value, secret: &str) -> Result<Value, String> {
    let scheme = &auth["scheme"];
    let (header, hash) = match scheme.as_str() {
        Some("github") => ("X-Hub-Signature-256", "sha256"),
        Some("bitbucket") => ("X-Hub-Signature", "sha256"),
        Some("gitea") => ("X-Gitea-Signature", "sha256"),
        Some("forgejo") => ("X-Forgejo-Signature", "sha256"),
        _ => {
            let text = |key: &str| scheme[key].as_str();
            let hash = text("hash").unwrap_or("sha256");
            let value = text("value").unwrap_or_default();
            let is_plain = value == "{signature}" || value == format!("{hash}={{signature}}");
            let is_hex = text("encoding").is_none_or(|encoding| encoding == "hex");
            let is_body = text("signed") == Some("{body}");
            let is_hmac = text("key").is_none_or(|key| key == "text");
            match text("header").filter(|_| is_plain && is_hex && is_body && is_hmac) {
                Some(header) => (header, hash),
                None => {
                    let name = scheme.as_str().unwrap_or("custom");
                    return Err(format!(
                        "webhook cannot check the scheme {}, and a hook without a rule would let everybody in.",
                        quoted(name)
                    ));
                }
            }
        }
    };
    if !["sha1", "sha256", "sha512"].contains(&hash) {
        return Err(format!("webhook knows no {} in a signature.", quoted(hash)));
    }
    let parameter = json!({"source": "header", "name": header});
    Ok(
        json!({"match": {"type": format!("payload-hmac-{hash}"), "secret": secret, "parameter": parameter}}),
    )
}
