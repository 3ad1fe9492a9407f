//! A description as JSON, and everything that can be wrong with it.

use serde_json::{Map, Value};

use super::pattern::{self, Piece, Word};
use super::rule::{CustomScheme, KeyForm};
use crate::encoding::Encoding;
use crate::mac::Hash;

/// The keys of a description.
pub const CUSTOM_KEYS: &[&str] = &[
    "kind",
    "header",
    "value",
    "signed",
    "hash",
    "encoding",
    "key",
    "timestamp_header",
    "id_header",
];
/// The longest text of a description.
const TEXT_CHARS_MAX: usize = 500;

/// What is wrong with a description.
#[derive(Debug, Clone, PartialEq, Eq, thiserror::Error)]
#[error("{message}")]
pub struct CustomProblem {
    /// The key that it is about; none for the description as a whole.
    pub key: Option<String>,
    /// What is wrong, and what would be right.
    pub message: String,
}

/// Problems that were found so far.
struct Reader<'v> {
    fields: &'v Map<String, Value>,
    problems: Vec<CustomProblem>,
}

impl CustomScheme {
    /// Reads a description; all of its problems if there are any.
    pub fn read(description: &Value) -> Result<Self, Vec<CustomProblem>> {
        let Value::Object(fields) = description else {
            let problem = CustomProblem {
                key: None,
                message: "a scheme of one's own is an object".to_owned(),
            };
            return Err(vec![problem]);
        };
        let mut reader = Reader {
            fields,
            problems: Vec::new(),
        };
        let scheme = reader.scheme();
        match scheme {
            Some(scheme) if reader.problems.is_empty() => Ok(scheme),
            _ => Err(reader.problems),
        }
    }
}

impl Reader<'_> {
    fn scheme(&mut self) -> Option<CustomScheme> {
        for key in self.fields.keys() {
            if !CUSTOM_KEYS.contains(&key.as_str()) {
                let known = CUSTOM_KEYS.join(", ");
                let shown: String = key.chars().take(80).collect();
                self.wrong(key, format!("there is no `{shown}`; it can have {known}"));
            }
        }
        self.one_of("kind", &[("custom", ())], None);
        let header = self.header("header");
        if header.is_none() && !self.fields.contains_key("header") {
            self.wrong(
                "header",
                "it is missing: it names the header with the signature",
            );
        }
        let [timestamp_header, id_header] =
            ["timestamp_header", "id_header"].map(|key| self.header(key));
        let hashes = [
            ("sha256", Hash::Sha256),
            ("sha1", Hash::Sha1),
            ("sha384", Hash::Sha384),
            ("sha512", Hash::Sha512),
        ];
        let hash = self.one_of("hash", &hashes, Some(Hash::Sha256));
        let encodings = [
            ("hex", Encoding::Hex),
            ("base64", Encoding::Base64),
            ("base64url", Encoding::Base64Url),
        ];
        let encoding = self.one_of("encoding", &encodings, Some(Encoding::Hex));
        let forms = [
            ("text", KeyForm::Text),
            ("base64", KeyForm::Base64),
            ("hex", KeyForm::Hex),
        ];
        let key = self.one_of("key", &forms, Some(KeyForm::Text));
        let in_value = [
            Word::Signature,
            Word::Timestamp,
            Word::TimestampMs,
            Word::Id,
        ];
        let value = self.pattern("value", &in_value, Some("{signature}"));
        let in_signed = [
            Word::Method,
            Word::Url,
            Word::Path,
            Word::Timestamp,
            Word::TimestampMs,
            Word::Id,
            Word::Body,
        ];
        let signed = self.pattern("signed", &in_signed, None);
        let scheme = CustomScheme {
            header: header?,
            form: self.text("value").unwrap_or("{signature}").to_owned(),
            value: value?,
            signed: signed?,
            hash: hash?,
            encoding: encoding?,
            key: key?,
            timestamp_header,
            id_header,
        };
        self.check_value(&scheme);
        self.check_time(&scheme);
        self.check_id(&scheme);
        Some(scheme)
    }

    fn wrong(&mut self, key: &str, message: impl Into<String>) {
        self.problems.push(CustomProblem {
            key: Some(key.to_owned()),
            message: message.into(),
        });
    }

    fn text(&self, key: &str) -> Option<&str> {
        self.fields.get(key).and_then(Value::as_str)
    }

    /// A text, of which too long and other things are told.
    fn checked_text(&mut self, key: &str) -> Option<String> {
        let value = self.fields.get(key)?;
        match value.as_str() {
            Some(text) if !text.is_empty() && text.chars().count() <= TEXT_CHARS_MAX => {
                Some(text.to_owned())
            }
            _ => {
                self.wrong(
                    key,
                    format!("expected a text of 1 to {TEXT_CHARS_MAX} characters"),
                );
                None
            }
        }
    }

    fn one_of<T: Copy>(&mut self, key: &str, known: &[(&str, T)], default: Option<T>) -> Option<T> {
        let names: Vec<&str> = known.iter().map(|(name, _)| *name).collect();
        let Some(value) = self.fields.get(key) else {
            if default.is_none() {
                self.wrong(key, format!("it is missing: it is {}", names.join(", ")));
            }
            return default;
        };
        let found = known.iter().find(|(name, _)| value == name);
        if found.is_none() {
            self.wrong(key, format!("it can be {}", names.join(", ")));
        }
        found.map(|(_, value)| *value)
    }

    fn header(&mut self, key: &str) -> Option<String> {
        let name = self.checked_text(key)?;
        let is_name = name
            .bytes()
            .all(|b| b.is_ascii_alphanumeric() || b"!#$%&'*+-.^_`|~".contains(&b));
        if !is_name {
            self.wrong(key, "this cannot be the name of a header");
            return None;
        }
        Some(name)
    }

    fn pattern(
        &mut self,
        key: &str,
        allowed: &[Word],
        default: Option<&str>,
    ) -> Option<Vec<Piece>> {
        let text = match (self.fields.contains_key(key), default) {
            (true, _) => self.checked_text(key)?,
            (false, Some(default)) => default.to_owned(),
            (false, None) => {
                self.wrong(
                    key,
                    "it is missing: it says what is signed, as in `{timestamp}.{body}`",
                );
                return None;
            }
        };
        match pattern::pieces(&text, allowed) {
            Ok(pieces) => Some(pieces),
            Err(message) => {
                self.wrong(key, message);
                None
            }
        }
    }

    fn check_value(&mut self, scheme: &CustomScheme) {
        let count = |wanted: fn(Word) -> bool| pattern::count(&scheme.value, wanted);
        if count(|word| word == Word::Signature) != 1 {
            self.wrong("value", "it has to hold {signature}, once");
        }
        if count(Word::is_time) > 1 || count(|word| word == Word::Id) > 1 {
            self.wrong("value", "it can hold one time and one {id}");
        }
        let is_adjacent = |pair: &[Piece]| matches!(pair, [Piece::Word(_), Piece::Word(_)]);
        if scheme.value.windows(2).any(is_adjacent) {
            self.wrong(
                "value",
                "two words need text between them: else nobody can tell where one ends",
            );
        }
        if scheme
            .value
            .iter()
            .any(|piece| matches!(piece, Piece::Text(text) if text.chars().any(char::is_control)))
        {
            self.wrong("value", "a header holds no control characters");
        }
        if pattern::count(&scheme.signed, |word| word == Word::Body) != 1 {
            self.wrong(
                "signed",
                "it has to hold {body}, once: else any body passes",
            );
        }
    }

    /// A time that is not signed protects nothing, and one that is signed has to be told.
    fn check_time(&mut self, scheme: &CustomScheme) {
        let given = pattern::count(&scheme.value, Word::is_time)
            + usize::from(scheme.timestamp_header.is_some());
        let signed = pattern::count(&scheme.signed, Word::is_time);
        match (signed, given) {
            (0, 0) => {}
            (0, _) => self.wrong(
                "signed",
                "the time that is sent is not signed: put {timestamp} or {timestamp_ms} in",
            ),
            (_, 0) => self.wrong(
                "timestamp_header",
                "it is missing: the signed time is told in a header of its own, or in `value`",
            ),
            (_, 1) => {}
            _ => self.wrong("timestamp_header", "the time is in `value` already"),
        }
        let is_ms = |word: Word| word == Word::TimestampMs;
        let is_seconds = |word: Word| word == Word::Timestamp;
        let pieces = || {
            scheme
                .value
                .iter()
                .chain(&scheme.signed)
                .cloned()
                .collect::<Vec<_>>()
        };
        if pattern::count(&pieces(), is_ms) > 0 && pattern::count(&pieces(), is_seconds) > 0 {
            self.wrong(
                "signed",
                "the time is written in one unit: {timestamp} or {timestamp_ms} everywhere",
            );
        }
    }

    fn check_id(&mut self, scheme: &CustomScheme) {
        let is_id = |word: Word| word == Word::Id;
        let given = pattern::count(&scheme.value, is_id) + usize::from(scheme.id_header.is_some());
        match (pattern::count(&scheme.signed, is_id), given) {
            (0, 0) | (1.., 1) => {}
            (0, _) => self.wrong("signed", "the id that is sent is not signed: put {id} in"),
            (_, 0) => self.wrong(
                "id_header",
                "it is missing: the signed id is told in a header of its own, or in `value`",
            ),
            _ => self.wrong("id_header", "the id is in `value` already"),
        }
    }
}
