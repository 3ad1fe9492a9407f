//! What one command says: its options, in the ways in which cURL takes them.

use super::super::notes::{Notes, quoted};
use super::super::request::{Body, Request};

/// Options that take a word and have a meaning here, by their long names.
const WITH_WORD: [&str; 17] = [
    "request",
    "header",
    "data",
    "data-raw",
    "data-binary",
    "data-ascii",
    "data-urlencode",
    "json",
    "form",
    "form-string",
    "user",
    "url",
    "max-time",
    "user-agent",
    "referer",
    "cookie",
    "url-query",
];
/// Options that take a word, and that say nothing of the request.
const WORD_PASSED: [&str; 32] = [
    "output",
    "connect-timeout",
    "retry",
    "retry-delay",
    "retry-max-time",
    "write-out",
    "cookie-jar",
    "dump-header",
    "max-redirs",
    "limit-rate",
    "stderr",
    "trace",
    "trace-ascii",
    "config",
    "proxy",
    "proxy-user",
    "noproxy",
    "resolve",
    "connect-to",
    "interface",
    "cacert",
    "capath",
    "cert",
    "cert-type",
    "key",
    "key-type",
    "pass",
    "ciphers",
    "range",
    "upload-file",
    "unix-socket",
    "oauth2-bearer",
];
/// Of those, the ones that change what is asked or how.
const LOST: [(&str, &str); 12] = [
    ("proxy", "The way out is a setting of the workspace."),
    ("proxy-user", "The way out is a setting of the workspace."),
    ("resolve", "Names are looked up by the system."),
    ("connect-to", "Names are looked up by the system."),
    ("cacert", "The workspace's trust store counts."),
    ("cert", "A step shows no certificate of its own."),
    ("key", "A step shows no certificate of its own."),
    ("range", "Give it as the header `Range`."),
    (
        "upload-file",
        "The file is not in the command: a step sends one that came with a request, as `body_file`.",
    ),
    ("unix-socket", "A step calls by the network."),
    (
        "oauth2-bearer",
        "Give it as the header `Authorization` that names a secret.",
    ),
    ("config", "Options in a file are not in the command."),
];
const SHORT: [(char, &str); 22] = [
    ('X', "request"),
    ('H', "header"),
    ('d', "data"),
    ('F', "form"),
    ('u', "user"),
    ('m', "max-time"),
    ('A', "user-agent"),
    ('e', "referer"),
    ('b', "cookie"),
    ('o', "output"),
    ('w', "write-out"),
    ('c', "cookie-jar"),
    ('D', "dump-header"),
    ('x', "proxy"),
    ('U', "proxy-user"),
    ('E', "cert"),
    ('r', "range"),
    ('T', "upload-file"),
    ('K', "config"),
    ('G', "get"),
    ('I', "head"),
    ('L', "location"),
];

#[derive(Default)]
struct Command {
    request: Request,
    method: Option<String>,
    urls: Vec<String>,
    data: Vec<String>,
    query: Vec<String>,
    form: Vec<(String, Option<String>)>,
    is_json: bool,
    as_query: bool,
    is_head: bool,
}

/// The requests of a command: one for each URL.
pub(super) fn requests(words: &[String], at: &str, notes: &mut Notes) -> Vec<Request> {
    let mut command = Command::default();
    command.request.checks_certificates = true;
    let mut words = words.iter();
    while let Some(word) = words.next() {
        if let Some(long) = word.strip_prefix("--") {
            let (name, given) = match long.split_once('=') {
                Some((name, value)) => (name, Some(value.to_owned())),
                None => (long, None),
            };
            let takes = takes_word(name);
            let value = if takes {
                given.or_else(|| words.next().cloned())
            } else {
                None
            };
            command.option(name, value.as_deref(), at, notes);
        } else if let Some(short) = word.strip_prefix('-').filter(|rest| !rest.is_empty()) {
            let mut letters = short.chars();
            while let Some(letter) = letters.next() {
                let name = SHORT.iter().find(|(short, _)| *short == letter);
                let name = name.map_or_else(|| letter.to_string(), |(_, name)| (*name).to_owned());
                if takes_word(&name) {
                    let rest: String = letters.by_ref().collect();
                    let value = if rest.is_empty() {
                        words.next().cloned()
                    } else {
                        Some(rest)
                    };
                    command.option(&name, value.as_deref(), at, notes);
                    break;
                }
                command.option(&name, None, at, notes);
            }
        } else {
            command.urls.push(word.clone());
        }
    }
    command.into_requests(at, notes)
}

fn takes_word(name: &str) -> bool {
    WITH_WORD.contains(&name) || WORD_PASSED.contains(&name)
}

impl Command {
    fn option(&mut self, name: &str, value: Option<&str>, at: &str, notes: &mut Notes) {
        let text = value.unwrap_or_default();
        match name {
            "request" => self.method = Some(text.to_owned()),
            "url" => self.urls.push(text.to_owned()),
            "header" => {
                let header = text
                    .split_once(':')
                    .map(|(name, value)| (name.trim().to_owned(), value.trim().to_owned()));
                self.request
                    .headers
                    .extend(header.filter(|(_, value)| !value.is_empty()));
            }
            "user-agent" | "referer" => {
                let name = if name == "referer" {
                    "Referer"
                } else {
                    "User-Agent"
                };
                self.request
                    .headers
                    .push((name.to_owned(), text.to_owned()));
            }
            "cookie" => self
                .request
                .headers
                .push(("Cookie".to_owned(), text.to_owned())),
            "user" => {
                // Its value is base64 of both, which the secret has to be: only its place is taken along.
                let why = "Credentials are no part of a flow: its value is `Basic ` and the base64 of `user:password`.";
                notes.changed(format!("{at}: `--user`"), why);
                self.request
                    .headers
                    .push(("Authorization".to_owned(), "user".to_owned()));
            }
            "data" | "data-ascii" | "data-binary" | "data-raw" | "data-urlencode" | "json" => {
                self.put_data(name, text, at, notes);
            }
            "url-query" => self.query.push(text.to_owned()),
            "form" | "form-string" => self.put_form(name, text),
            "get" => self.as_query = true,
            "head" => self.is_head = true,
            "location" | "location-trusted" => self.request.follows_redirects = true,
            "insecure" | "k" => self.request.checks_certificates = false,
            "max-time" => {
                let seconds = text
                    .parse::<u32>()
                    .ok()
                    .filter(|seconds| (1..=86_400).contains(seconds));
                self.request.timeout_ms = seconds.map(|seconds| i64::from(seconds) * 1_000);
            }
            other => {
                if let Some((_, why)) = LOST.iter().find(|(known, _)| *known == other) {
                    notes.dropped(format!("{at}: `--{other}`"), *why);
                }
            }
        }
    }

    fn put_data(&mut self, name: &str, text: &str, at: &str, notes: &mut Notes) {
        if text.starts_with('@') && name != "data-raw" {
            let what = format!("{at}: the body of the file {}", quoted(&text[1..]));
            notes.dropped(
                what,
                "The file is not in the command: put its text into the step.",
            );
            return;
        }
        self.is_json |= name == "json";
        let data = match name {
            "data-urlencode" => {
                let (before, value) = text.split_once('=').unwrap_or(("", text));
                let value: String =
                    url::form_urlencoded::byte_serialize(value.as_bytes()).collect();
                if before.is_empty() {
                    value
                } else {
                    format!("{before}={value}")
                }
            }
            "data" | "data-ascii" => text.replace(['\n', '\r'], ""),
            _ => text.to_owned(),
        };
        self.data.push(data);
    }

    fn put_form(&mut self, kind: &str, text: &str) {
        let (name, value) = text.split_once('=').unwrap_or((text, ""));
        let is_file = kind == "form" && value.starts_with(['@', '<']);
        self.form
            .push((name.to_owned(), (!is_file).then(|| value.to_owned())));
    }

    fn into_requests(mut self, at: &str, notes: &mut Notes) -> Vec<Request> {
        if self.urls.is_empty() {
            notes.dropped(at, "The command names no URL.");
        }
        let sign = if self.is_json { "" } else { "&" };
        let data = (!self.data.is_empty()).then(|| self.data.join(sign));
        let mut query = self.query.clone();
        let mut body = None;
        match data {
            Some(data) if self.as_query => query.push(data),
            Some(data) => body = Some(Data::Text(data)),
            None if !self.form.is_empty() => body = Some(Data::Form),
            None => {}
        }
        let posts = body.is_some();
        let method = match (self.method.take(), self.is_head) {
            (Some(method), _) => method,
            (None, true) => "HEAD".to_owned(),
            (None, false) if posts => "POST".to_owned(),
            (None, false) => "GET".to_owned(),
        };
        let mut headers = std::mem::take(&mut self.request.headers);
        let has = |headers: &[(String, String)], name: &str| {
            headers
                .iter()
                .any(|(known, _)| known.eq_ignore_ascii_case(name))
        };
        if matches!(body, Some(Data::Text(_))) && !has(&headers, "content-type") {
            let kind = if self.is_json {
                "application/json"
            } else {
                "application/x-www-form-urlencoded"
            };
            headers.push(("Content-Type".to_owned(), kind.to_owned()));
        }
        if self.is_json && !has(&headers, "accept") {
            headers.push(("Accept".to_owned(), "application/json".to_owned()));
        }
        let request = |url: &String| Request {
            method: method.clone(),
            url: whole(url, &query),
            headers: headers.clone(),
            body: body.as_ref().map(|body| match body {
                Data::Text(text) => Body::Text(text.clone()),
                Data::Form => Body::Form(self.form.clone()),
            }),
            follows_redirects: self.request.follows_redirects,
            checks_certificates: self.request.checks_certificates,
            timeout_ms: self.request.timeout_ms,
        };
        self.urls.iter().take(10).map(request).collect()
    }
}

enum Data {
    Text(String),
    Form,
}

/// cURL takes a URL without a scheme for http.
fn whole(url: &str, query: &[String]) -> String {
    let url = if url.contains("://") {
        url.to_owned()
    } else {
        format!("http://{url}")
    };
    if query.is_empty() {
        return url;
    }
    let sign = if url.contains('?') { '&' } else { '?' };
    format!("{url}{sign}{}", query.join("&"))
}
