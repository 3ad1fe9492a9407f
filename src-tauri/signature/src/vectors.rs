//! Messages whose signatures are known from elsewhere: they are made and taken, and none passes once it was changed.

use serde::Deserialize;

use crate::mutations::Message;
use crate::{SCHEMES, Scheme, SignInput, VerifyInput, sign, verify};

/// Known messages, and each of them changed in every way.
const ENOUGH_CASES: usize = 500;

/// What is known of a message from elsewhere.
#[derive(Deserialize)]
struct Vector {
    scheme: String,
    #[serde(default)]
    method: Option<String>,
    secret: String,
    #[serde(default)]
    timestamp: Option<String>,
    #[serde(default)]
    public_key: Option<String>,
    #[serde(default)]
    id: String,
    #[serde(default)]
    url: String,
    #[serde(default)]
    body: String,
    signature: String,
    source: String,
}

impl Vector {
    fn all() -> Vec<Self> {
        let text = include_str!("../../../tests/fixtures/signatures.json");
        serde_json::from_str(text).expect("the vectors are JSON")
    }

    fn scheme(&self) -> &'static Scheme {
        Scheme::named(&self.scheme).expect("it is implemented")
    }

    fn timestamp_ms(&self) -> i64 {
        let digits = self.timestamp.as_deref().unwrap_or("0");
        let number: i64 = digits.parse().expect("a time");
        if number > 1_000_000_000_000 {
            number
        } else {
            number * 1000
        }
    }

    fn input(&self) -> SignInput<'_> {
        SignInput {
            secret: &self.secret,
            method: self.method.as_deref().unwrap_or("POST"),
            url: &self.url,
            body: self.body.as_bytes(),
            timestamp_ms: self.timestamp_ms(),
            id: &self.id,
        }
    }

    fn signed(&self) -> Message {
        let input = self.input();
        Message {
            scheme: self.scheme(),
            secret: self.secret.clone(),
            method: input.method.to_owned(),
            url: self.url.clone(),
            body: self.body.clone().into_bytes(),
            headers: sign(self.scheme(), &input).expect("it can be signed"),
        }
    }
}

#[test]
fn known_messages_are_signed_and_verified() {
    let vectors = Vector::all();
    for scheme in SCHEMES.iter() {
        assert!(
            vectors.iter().any(|vector| vector.scheme == scheme.name),
            "no vector of {scheme:?}"
        );
    }
    for vector in vectors {
        let input = vector.input();
        let message = vector.signed();
        let (_, value) = message.headers.last().expect("a header");
        assert!(
            value.ends_with(&vector.signature),
            "{}: {value}",
            vector.source
        );
        let headers: Vec<(&str, &str)> = message
            .headers
            .iter()
            .map(|(name, value)| (name.as_str(), value.as_str()))
            .collect();
        for secret in [Some(input.secret), vector.public_key.as_deref()] {
            let Some(secret) = secret else { continue };
            let verified = verify(
                message.scheme,
                &VerifyInput {
                    secret,
                    method: input.method,
                    url: input.url,
                    headers: &headers,
                    body: input.body,
                    now_ms: input.timestamp_ms,
                    tolerance_ms: 0,
                },
            );
            assert_eq!(verified, Ok(()), "{}", vector.source);
        }
    }
}

#[test]
fn no_known_message_passes_once_it_was_changed() {
    let mut cases = 0;
    for vector in Vector::all() {
        let message = vector.signed();
        let now_ms = vector.timestamp_ms();
        assert_eq!(message.verify_at(now_ms), Ok(()), "{}", vector.source);
        cases += 1;
        let changed = [
            other_headers(&message),
            other_signatures(&message),
            other_keys(&message),
            other_contents(&message),
            other_times(&message),
        ];
        for (what, changed) in changed.into_iter().flatten() {
            let verified = changed.verify_at(now_ms);
            assert!(verified.is_err(), "{}: {what}: {changed:?}", vector.source);
            cases += 1;
        }
    }
    assert!(cases >= ENOUGH_CASES, "only {cases}");
}

type Changed = (&'static str, Message);

fn change(message: &Message, what: &'static str, by: impl FnOnce(&mut Message)) -> Changed {
    let mut changed = message.clone();
    by(&mut changed);
    (what, changed)
}

/// One header is missing or empty, or there is another one of its name.
fn other_headers(message: &Message) -> Vec<Changed> {
    let mut all = Vec::new();
    for at in 0..message.headers.len() {
        let (name, value) = &message.headers[at];
        let other = (name.clone(), format!("{value}0"));
        all.push(change(message, "a header is missing", |it| {
            it.headers.remove(at);
        }));
        all.push(change(message, "a header is empty", |it| {
            it.headers[at].1.clear();
        }));
        all.push(change(message, "another header stands before it", |it| {
            it.headers.insert(at, other.clone());
        }));
        all.push(change(message, "another header stands behind it", |it| {
            it.headers.push(other.clone());
        }));
    }
    all
}

/// The signature is cut, or written in another case.
fn other_signatures(message: &Message) -> Vec<Changed> {
    let value = message.clone().signature().clone();
    let mut all: Vec<Changed> = [1, value.len() / 2, value.len() - 1]
        .into_iter()
        .map(|length| {
            change(message, "the signature is cut", |it| {
                it.signature().truncate(length);
            })
        })
        .collect();
    for other in [value.to_ascii_uppercase(), value.to_ascii_lowercase()] {
        if other != value {
            all.push(change(message, "the signature is of another case", |it| {
                *it.signature() = other;
            }));
        }
    }
    all
}

fn other_keys(message: &Message) -> Vec<Changed> {
    let first = if message.secret.starts_with('x') {
        "y"
    } else {
        "x"
    };
    vec![
        change(message, "no key", |it| it.secret.clear()),
        change(message, "a longer key", |it| it.secret.push('x')),
        change(message, "another key", |it| {
            it.secret.replace_range(..1, first);
        }),
    ]
}

/// What was signed has another bit, another end or more of it.
fn other_contents(message: &Message) -> Vec<Changed> {
    match message.scheme.name {
        // Its token signs nothing.
        "gitlab" => Vec::new(),
        _ if message.signs_the_body() => vec![
            change(message, "another bit at the start", |it| it.body[0] ^= 1),
            change(message, "another bit at the end", |it| {
                *it.body.last_mut().expect("a body") ^= 0x80;
            }),
            change(message, "a shorter body", |it| {
                it.body.pop();
            }),
            change(message, "a longer body", |it| it.body.push(b' ')),
        ],
        _ => vec![change(message, "another URL", |it| it.url.push('0'))],
    }
}

/// The time is another one, or none.
fn other_times(message: &Message) -> Vec<Changed> {
    if !message.scheme.is_timed {
        return Vec::new();
    }
    let digits = message.clone().set_time("");
    // One that is as good as the true one, but was not signed.
    let later = match digits.parse::<i64>() {
        Ok(number) => (number + 1).to_string(),
        // A date.
        Err(_) => digits.replacen('2', "1", 1),
    };
    [
        i64::MIN.to_string(),
        i64::MAX.to_string(),
        "9223372036854775808".to_owned(),
        String::new(),
        later,
    ]
    .into_iter()
    .map(|time| change(message, "another time", |it| drop(it.set_time(&time))))
    .collect()
}
