//! A request that somebody recorded or wrote down, as an `http` step. Its credentials stay where they came from: the step
//! names secrets in their place.

use serde_json::{Map, Value, json};
use url::Url;

use super::names::{Given, plain};
use super::notes::{Notes, quoted};
use crate::document::requests::{HEADERS_MAX, HEADERS_OURS};

/// Methods that a step can have.
const METHODS: [&str; 7] = ["GET", "HEAD", "POST", "PUT", "PATCH", "DELETE", "OPTIONS"];
/// Headers of the program that sent the request, beside those of a connection: Hookloom sets its own.
const HEADERS_OF_SENDER: [&str; 11] = [
    "accept-encoding",
    "alt-used",
    "cookie",
    "dnt",
    "expect",
    "host",
    "http2-settings",
    "origin",
    "priority",
    "upgrade-insecure-requests",
    "user-agent",
];

/// A request as it was recorded.
#[derive(Debug, Default)]
pub(super) struct Request {
    pub(super) method: String,
    pub(super) url: String,
    pub(super) headers: Vec<(String, String)>,
    pub(super) body: Option<Body>,
    pub(super) follows_redirects: bool,
    pub(super) checks_certificates: bool,
    pub(super) timeout_ms: Option<i64>,
}

/// What it carried.
#[derive(Debug)]
pub(super) enum Body {
    Text(String),
    /// Fields of a form; one without a value was a file.
    Form(Vec<(String, Option<String>)>),
}

/// What the steps of one flow have in common.
#[derive(Debug, Default)]
pub(super) struct Steps {
    names: Given,
    made: Vec<Value>,
}

impl Steps {
    /// Adds a step, after the one before. `place` says where the request stands in the file.
    pub(super) fn push(&mut self, request: Request, place: &str, notes: &mut Notes) {
        let Some(mut step) = step(request, place, notes) else {
            return;
        };
        let name = self.names.plain(&suggestion(&step), "request");
        step.insert("name".to_owned(), name.into());
        if let Some(before) = self.made.last() {
            let after = json!([{"step": before["name"], "on": ["success"]}]);
            step.insert("after".to_owned(), after);
        }
        self.made.push(Value::Object(step));
    }

    pub(super) fn len(&self) -> usize {
        self.made.len()
    }

    pub(super) fn into_vec(self) -> Vec<Value> {
        self.made
    }
}

/// `GET https://shop.example/api/orders?x` is `get_orders`.
fn suggestion(step: &Map<String, Value>) -> String {
    let text = |key: &str| step.get(key).and_then(Value::as_str).unwrap_or_default();
    let path = text("url").split(['?', '#']).next().unwrap_or_default();
    let path = path.split_once("://").map_or(path, |(_, rest)| rest);
    let mut parts = path.split('/');
    let host = parts.next().unwrap_or_default();
    let is_word = |part: &&str| part.chars().any(|c| c.is_ascii_alphabetic()) && part.len() <= 40;
    let last = parts.rfind(is_word).unwrap_or(host);
    plain(&format!("{} {last}", text("method")), "request")
}

fn step(request: Request, place: &str, notes: &mut Notes) -> Option<Map<String, Value>> {
    let Request {
        method,
        url,
        headers,
        body,
        follows_redirects,
        checks_certificates,
        timeout_ms,
    } = request;
    let method = method.to_ascii_uppercase();
    if !METHODS.contains(&method.as_str()) {
        let why = format!("A step has one of the methods {}.", METHODS.join(", "));
        notes.dropped(format!("{place}: {}", quoted(&method)), why);
        return None;
    }
    let Some(parsed) = parsed(&url) else {
        notes.dropped(
            format!("{place}: {}", quoted(&url)),
            "A step calls an http or https URL.",
        );
        return None;
    };
    let host = host_word(&parsed);
    let mut step = Map::new();
    step.insert("kind".to_owned(), "http".into());
    step.insert(
        "url".to_owned(),
        with_secret_query(&parsed, &host, place, notes).into(),
    );
    step.insert("method".to_owned(), method.as_str().into());
    let is_form = matches!(body, Some(Body::Form(_)));
    let headers = step_headers(headers, is_form, &host, place, notes);
    if !headers.is_empty() {
        step.insert("headers".to_owned(), Value::Object(headers));
    }
    put_body(&mut step, body, place, notes);
    if !checks_certificates {
        step.insert("validate_ssl".to_owned(), false.into());
    }
    if follows_redirects {
        step.insert("follow_redirects".to_owned(), true.into());
    }
    if let Some(timeout_ms) = timeout_ms {
        step.insert("timeout_ms".to_owned(), timeout_ms.into());
    }
    Some(step)
}

fn parsed(url: &str) -> Option<Url> {
    let url = Url::parse(url).ok()?;
    (matches!(url.scheme(), "http" | "https") && url.has_host()).then_some(url)
}

fn put_body(step: &mut Map<String, Value>, body: Option<Body>, place: &str, notes: &mut Notes) {
    let is_bodiless = matches!(
        step.get("method").and_then(Value::as_str),
        Some("GET" | "HEAD")
    );
    match body {
        None => {}
        Some(_) if is_bodiless => {
            notes.dropped(
                format!("{place}: the body"),
                "A GET or HEAD request of a step has none.",
            );
        }
        Some(Body::Text(text)) => {
            step.insert("body".to_owned(), literal(&text).into());
        }
        Some(Body::Form(fields)) => {
            let part = |(name, value): (String, Option<String>)| match value {
                Some(value) => json!({"name": name, "value": literal(&value)}),
                None => {
                    let what = format!("{place}: the file {}", quoted(&name));
                    notes.changed(what, "The file itself is not in there: the step sends one that comes with the request, under the same name.");
                    let key = Value::from(name.as_str());
                    json!({"name": name, "file": format!("{{{{ trigger.files[{key}] }}}}")})
                }
            };
            let parts: Vec<Value> = fields.into_iter().map(part).collect();
            step.insert("multipart".to_owned(), parts.into());
        }
    }
}

/// A text that no template reads: two braces are written as an expression that gives them.
pub(super) fn literal(text: &str) -> String {
    text.replace("{{", r#"{{ "{{" }}"#)
}

fn step_headers(
    headers: Vec<(String, String)>,
    is_form: bool,
    host: &str,
    place: &str,
    notes: &mut Notes,
) -> Map<String, Value> {
    let mut kept: Map<String, Value> = Map::new();
    for (name, value) in headers {
        let lower = name.to_ascii_lowercase();
        if lower == "cookie" {
            let why =
                "Cookies are a browser's session: they end, and they let in whoever has them.";
            notes.dropped(format!("{place}: the header `Cookie`"), why);
            continue;
        }
        let is_sender_s = lower.starts_with(':')
            || lower.starts_with("sec-")
            || HEADERS_OURS.contains(&lower.as_str())
            || HEADERS_OF_SENDER.contains(&lower.as_str())
            || (is_form && lower == "content-type");
        if is_sender_s {
            continue;
        }
        let is_sound = http::HeaderName::from_bytes(name.as_bytes()).is_ok()
            && http::HeaderValue::from_str(&value).is_ok();
        let known = kept
            .keys()
            .find(|known| known.eq_ignore_ascii_case(&name))
            .cloned();
        if !is_sound || known.is_some() || kept.len() >= HEADERS_MAX {
            let why = format!(
                "A step has each header once, at most {HEADERS_MAX}, with a name and a value that HTTP allows."
            );
            notes.dropped(format!("{place}: the header {}", quoted(&name)), why);
            continue;
        }
        let value = match is_credential(&lower) {
            true => {
                let secret = secret_name(host, &lower);
                let (scheme, _) = scheme_of(&value);
                asked_for(
                    &format!("{place}: the value of the header {}", quoted(&name)),
                    &secret,
                    notes,
                );
                format!("{scheme}{{{{secrets.{secret}}}}}")
            }
            false => literal(&value),
        };
        kept.insert(name, value.into());
    }
    kept
}

/// A credential was left where it came from.
pub(super) fn asked_for(what: &str, secret: &str, notes: &mut Notes) {
    notes.changed(
        what,
        format!("Credentials are no part of a flow: set the secret `{secret}`."),
    );
}

/// `Bearer abc` is `Bearer ` and `abc`. The two parts of `Basic` are one value, in base64.
fn scheme_of(value: &str) -> (&str, &str) {
    match value.split_once(' ') {
        Some((scheme, rest))
            if !scheme.is_empty() && scheme.bytes().all(|b| b.is_ascii_alphabetic()) =>
        {
            (&value[..=scheme.len()], rest)
        }
        _ => ("", value),
    }
}

/// Whether a header's value is a key or a password, as far as its name tells.
pub(super) fn is_credential(lower: &str) -> bool {
    lower == "authorization" || has_secret_word(lower)
}

/// Whether a name speaks of something that nobody else should have.
pub(super) fn has_secret_word(name: &str) -> bool {
    let lower = name.to_ascii_lowercase().replace(['-', '_'], "");
    let whole = ["key", "sig", "auth", "code", "pwd", "pass"];
    let parts = [
        "token",
        "secret",
        "password",
        "passwd",
        "apikey",
        "accesskey",
        "signature",
        "credential",
    ];
    whole.contains(&lower.as_str()) || parts.iter().any(|part| lower.contains(part))
}

fn with_secret_query(url: &Url, host: &str, place: &str, notes: &mut Notes) -> String {
    let text = url.as_str();
    // Braces mean nothing in a URL but what they are; escaped they are the same.
    let text = text.replace('{', "%7B").replace('}', "%7D");
    let has_user = !url.username().is_empty() || url.password().is_some();
    let text = match has_user {
        true => {
            let what = format!("{place}: the user and the password in the URL");
            notes.dropped(what, "Credentials are no part of a flow: add an `Authorization` header that names a secret.");
            let (scheme, rest) = text.split_once("://").unwrap_or(("https", &text));
            let end = rest.find(['/', '?', '#']).unwrap_or(rest.len());
            let authority = rest[..end].rsplit('@').next().unwrap_or_default();
            format!("{scheme}://{authority}{}", &rest[end..])
        }
        false => text,
    };
    let text = text.split('#').next().unwrap_or_default();
    let Some((before, query)) = text.split_once('?') else {
        return text.to_owned();
    };
    let pair = |pair: &str| {
        let (name, value) = pair.split_once('=').unwrap_or((pair, ""));
        if value.is_empty() || !has_secret_word(name) {
            return pair.to_owned();
        }
        let secret = secret_name(host, name);
        asked_for(
            &format!("{place}: the value of {} in the URL", quoted(name)),
            &secret,
            notes,
        );
        format!("{name}={{{{secrets.{secret}}}}}")
    };
    let pairs: Vec<String> = query.split('&').map(pair).collect();
    format!("{before}?{}", pairs.join("&"))
}

/// A name for a secret: of whom, and what.
fn secret_name(host: &str, what: &str) -> String {
    let what = what.strip_prefix("x-").unwrap_or(what);
    let what = if what == "authorization" {
        "token"
    } else {
        what
    };
    plain(&format!("{host} {what}"), "token")
}

/// `api.github.com` is known as `github`.
pub(super) fn host_word(url: &Url) -> String {
    match url.host() {
        Some(url::Host::Domain(domain)) => {
            let parts: Vec<&str> = domain.split('.').collect();
            let word = parts.iter().rev().nth(1).or(parts.last());
            word.copied().unwrap_or_default().to_owned()
        }
        _ => String::new(),
    }
}

#[cfg(test)]
mod tests {
    use super::*;
    use crate::document::from_value;

    fn made(request: Request) -> (Value, Vec<String>) {
        let mut notes = Notes::default();
        let mut steps = Steps::default();
        steps.push(request, "here", &mut notes);
        let step = steps.into_vec().pop().unwrap_or_default();
        let document = json!({"format": "hookloom.flow/1", "name": "a", "steps": [step]});
        let parsed = from_value(document);
        assert!(!parsed.blocks_publish(), "{:#?}", parsed.problems);
        let told = notes.into_vec().into_iter();
        (
            step,
            told.map(|note| format!("{} {}", note.what, note.why))
                .collect(),
        )
    }

    fn get(url: &str) -> Request {
        Request {
            method: "get".to_owned(),
            url: url.to_owned(),
            checks_certificates: true,
            ..Request::default()
        }
    }

    #[test]
    fn credentials_stay_where_they_were_and_the_step_names_secrets() {
        let headers = [
            ("Authorization", "Bearer hunter2hunter2"),
            ("X-Api-Key", "hunter2hunter2"),
            ("Cookie", "session=hunter2hunter2"),
            (":authority", "api.shop.example"),
            ("Sec-Fetch-Mode", "cors"),
            ("Accept", "application/json"),
        ];
        let request = Request {
            headers: headers
                .map(|(name, value)| (name.to_owned(), value.to_owned()))
                .into(),
            ..get(
                "https://me:hunter2hunter2@api.shop.example/v1/orders?page=2&access_token=hunter2hunter2#x",
            )
        };
        let (step, told) = made(request);
        assert!(!step.to_string().contains("hunter2"), "{step:#}");
        assert!(!told.concat().contains("hunter2"), "{told:?}");
        assert_eq!(step["name"], "get_orders");
        assert_eq!(
            step["url"],
            "https://api.shop.example/v1/orders?page=2&access_token={{secrets.shop_access_token}}"
        );
        assert_eq!(
            step["headers"],
            json!({"Authorization": "Bearer {{secrets.shop_token}}", "X-Api-Key": "{{secrets.shop_api_key}}", "Accept": "application/json"})
        );
        assert!(
            told.iter().any(|it| it.contains("`shop_token`")),
            "{told:?}"
        );
    }

    #[test]
    fn braces_of_a_text_are_no_template() {
        let request = Request {
            method: "POST".to_owned(),
            headers: vec![("Content-Type".to_owned(), "application/json".to_owned())],
            body: Some(Body::Text(r#"{"text": "{{ name }}"}"#.to_owned())),
            ..get("https://shop.example/{{a}}")
        };
        let (step, _) = made(request);
        assert_eq!(step["body"], r#"{"text": "{{ "{{" }} name }}"}"#);
        assert!(!step["url"].to_string().contains("{{"), "{step:#}");
    }

    #[test]
    fn what_a_step_cannot_do_is_told() {
        let trace = Request {
            method: "TRACE".to_owned(),
            ..get("https://shop.example/")
        };
        let mut notes = Notes::default();
        let mut steps = Steps::default();
        steps.push(trace, "here", &mut notes);
        steps.push(get("ws://shop.example/"), "there", &mut notes);
        assert_eq!(steps.len(), 0);
        assert_eq!(notes.into_vec().len(), 2);
    }
}
