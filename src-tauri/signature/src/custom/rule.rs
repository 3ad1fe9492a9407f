//! Signing and verifying by a description.

use base64::Engine as _;
use base64::engine::general_purpose::STANDARD;

use super::pattern::{self, Piece, Word};
use crate::encoding::Encoding;
use crate::header::required;
use crate::mac::{self, Hash};
use crate::scheme::Headers;
use crate::timestamp::{self, Unit};
use crate::{Failure, SignInput, VerifyInput};

/// A scheme that somebody described: an HMAC in a header.
#[derive(Debug, Clone, PartialEq, Eq)]
pub struct CustomScheme {
    pub(super) header: String,
    /// How the header's value was described, for a person.
    pub(super) form: String,
    pub(super) value: Vec<Piece>,
    pub(super) signed: Vec<Piece>,
    pub(super) hash: Hash,
    pub(super) encoding: Encoding,
    pub(super) key: KeyForm,
    pub(super) timestamp_header: Option<String>,
    pub(super) id_header: Option<String>,
}

/// How the key is written.
#[derive(Debug, Clone, Copy, PartialEq, Eq)]
pub(super) enum KeyForm {
    Text,
    Base64,
    Hex,
}

/// What is known of a message, whichever way it goes.
struct Known<'a> {
    method: &'a str,
    url: &'a str,
    id: &'a str,
    time: &'a str,
    body: &'a [u8],
}

impl CustomScheme {
    /// Whether it signs a time.
    pub fn is_timed(&self) -> bool {
        self.unit().is_some()
    }

    fn unit(&self) -> Option<Unit> {
        let has = |wanted| pattern::count(&self.signed, |word| word == wanted) > 0;
        match (has(Word::Timestamp), has(Word::TimestampMs)) {
            (true, _) => Some(Unit::Seconds),
            (_, true) => Some(Unit::Milliseconds),
            _ => None,
        }
    }

    fn signs_an_id(&self) -> bool {
        pattern::count(&self.signed, |word| word == Word::Id) > 0
    }

    pub(crate) fn sign(&self, input: &SignInput<'_>) -> Result<Headers, Failure> {
        if self.signs_an_id() && input.id.is_empty() {
            return Err(Failure::MissingContext {
                what: "the message's id",
            });
        }
        let time = match self.unit() {
            Some(unit) => unit.write(input.timestamp_ms)?,
            None => String::new(),
        };
        let known = Known {
            method: input.method,
            url: input.url,
            id: input.id,
            time: &time,
            body: input.body,
        };
        let signature = self.encoding.encode(&self.mac(input.secret, &known)?);
        let mut value = String::new();
        for piece in &self.value {
            value.push_str(match piece {
                Piece::Text(text) => text,
                Piece::Word(Word::Signature) => &signature,
                Piece::Word(Word::Id) => input.id,
                Piece::Word(_) => &time,
            });
        }
        let mut headers = Headers::new();
        let apart = [(&self.id_header, input.id), (&self.timestamp_header, &time)];
        for (name, value) in apart {
            headers.extend(name.iter().map(|name| (name.clone(), value.to_owned())));
        }
        headers.push((self.header.clone(), value));
        Ok(headers)
    }

    /// What is signed.
    pub(crate) fn signed_content(&self, input: &SignInput<'_>) -> Result<Vec<u8>, Failure> {
        let time = match self.unit() {
            Some(unit) => unit.write(input.timestamp_ms)?,
            None => String::new(),
        };
        let known = Known {
            method: input.method,
            url: input.url,
            id: input.id,
            time: &time,
            body: input.body,
        };
        Ok(self.parts_of(&known)?.concat())
    }

    pub(crate) fn verify(&self, input: &VerifyInput<'_>) -> Result<(), Failure> {
        let expected = format!("`{}`", self.form);
        let malformed = || Failure::malformed(self.header.clone(), expected.clone());
        let value = required(input, &self.header, &expected)?;
        let values = pattern::values(&self.value, value).ok_or_else(malformed)?;
        let (mut signature, mut time, mut id) = ("", "", "");
        for (word, value) in values {
            match word {
                Word::Signature => signature = value,
                Word::Id => id = value,
                _ => time = value,
            }
        }
        let unit = self.unit();
        if let (Some(header), Some(unit)) = (&self.timestamp_header, unit) {
            time = required(input, header, unit.expected())?;
        }
        if let Some(header) = &self.id_header {
            id = required(input, header, "an id")?;
        }
        if self.signs_an_id() && id.is_empty() {
            let header = self.id_header.as_ref().unwrap_or(&self.header);
            return Err(Failure::malformed(header.clone(), "an id"));
        }
        let signed_at_ms = match unit {
            Some(unit) => Some(unit.read(time).ok_or_else(|| {
                let header = self.timestamp_header.as_ref().unwrap_or(&self.header);
                Failure::malformed(header.clone(), unit.expected())
            })?),
            None => None,
        };
        let given = self
            .encoding
            .decode(signature, self.hash.bytes(), &self.header)?;
        let known = Known {
            method: input.method,
            url: input.url,
            id,
            time,
            body: input.body,
        };
        if !mac::any_equals(&self.mac(input.secret, &known)?, &[given]) {
            return Err(Failure::Mismatch);
        }
        match signed_at_ms {
            Some(at_ms) => timestamp::check(at_ms, input.now_ms, input.tolerance_ms),
            None => Ok(()),
        }
    }

    fn mac(&self, secret: &str, known: &Known<'_>) -> Result<Vec<u8>, Failure> {
        let key = match self.key {
            KeyForm::Text => secret.as_bytes().to_vec(),
            KeyForm::Base64 => STANDARD.decode(secret).map_err(|_| Failure::BadSecret {
                reason: "it is no base64",
            })?,
            KeyForm::Hex => hex::decode(secret).map_err(|_| Failure::BadSecret {
                reason: "it is not written in hexadecimal digits",
            })?,
        };
        mac::of(self.hash, &key, &self.parts_of(known)?)
    }

    fn parts_of<'a>(&'a self, known: &Known<'a>) -> Result<Vec<&'a [u8]>, Failure> {
        self.signed.iter().map(|piece| known.bytes(piece)).collect()
    }
}

impl<'a> Known<'a> {
    fn bytes<'p: 'a>(&self, piece: &'p Piece) -> Result<&'a [u8], Failure> {
        let unknown = Failure::MissingContext {
            what: "the absolute URL that was called",
        };
        Ok(match piece {
            Piece::Text(text) => text.as_bytes(),
            Piece::Word(Word::Method) => self.method.as_bytes(),
            Piece::Word(Word::Url) if self.url.is_empty() => return Err(unknown),
            Piece::Word(Word::Url) => self.url.as_bytes(),
            Piece::Word(Word::Path) => {
                let (_, rest) = self.url.split_once("://").ok_or(unknown)?;
                rest.find('/').map_or("/", |at| &rest[at..]).as_bytes()
            }
            Piece::Word(Word::Id) => self.id.as_bytes(),
            Piece::Word(Word::Body) => self.body,
            Piece::Word(Word::Timestamp | Word::TimestampMs) => self.time.as_bytes(),
            // It cannot be in what is signed: no description with it is read.
            Piece::Word(Word::Signature) => &[],
        })
    }
}
