//! The schemes that are an HMAC in a header: a table of what they differ in, and the one way to sign and verify them.

mod rows;

use std::borrow::Cow;

use crate::encoding::Encoding;
use crate::header::{Pairs, marked_signatures, required};
use crate::mac::{self, Hash};
use crate::scheme::{Headers, Rule, Scheme};
use crate::timestamp::{self, Unit};
use crate::{Failure, SignInput, VerifyInput};

use Part::{Body, DecodedUrl, Id, Method, Text, Time, Url};

/// What a scheme of this family is made of.
#[derive(Clone, Copy)]
pub(crate) struct Family {
    /// The header with the signature.
    header: &'static str,
    /// What stands in it, for a person.
    expected: &'static str,
    shape: Shape,
    hash: Hash,
    encoding: Encoding,
    /// The header with the time, where it is one of its own; and how times are written.
    time_header: Option<&'static str>,
    unit: Option<Unit>,
    id_header: Option<&'static str>,
    key: Key,
    /// What is signed, in this order.
    content: &'static [Part],
}

/// How the signature stands in its header.
#[derive(Clone, Copy)]
enum Shape {
    /// Alone.
    Bare,
    /// Behind a mark.
    Marked(&'static str),
    /// Behind a mark, several separated by commas.
    List(&'static str),
    /// In pairs, with the time.
    Timed(Pairs),
}

/// How the key is written.
#[derive(Clone, Copy, PartialEq, Eq)]
enum Key {
    Text,
    Hex,
}

/// A part of what is signed.
#[derive(Clone, Copy)]
enum Part {
    Text(&'static str),
    Time,
    Id,
    Method,
    Url,
    /// The URL with a few escapes undone, as HubSpot does.
    DecodedUrl,
    Body,
}

/// What is known of a message, whichever way it goes.
struct Known<'a> {
    method: &'a str,
    url: &'a str,
    id: &'a str,
    time: &'a str,
    body: &'a [u8],
}

/// The schemes of the table.
pub(crate) fn rows() -> impl Iterator<Item = Scheme> {
    rows::ROWS.iter().map(|(name, headers, family)| {
        let header = headers.last().copied().unwrap_or_default();
        let is_apart = family.unit.is_some() && !matches!(family.shape, Shape::Timed(_));
        let first = headers.first().copied().filter(|_| is_apart);
        Scheme {
            name,
            headers,
            is_timed: family.unit.is_some(),
            rule: Rule::Family(Family {
                header,
                time_header: family.time_header.or(first),
                ..*family
            }),
        }
    })
}

impl Family {
    pub fn sign(&self, input: &SignInput<'_>) -> Result<Headers, Failure> {
        if self.id_header.is_some() && input.id.is_empty() {
            return Err(Failure::MissingContext {
                what: "the message's id",
            });
        }
        let time = match self.unit {
            Some(unit) => unit.write(input.timestamp_ms)?,
            None => String::new(),
        };
        let mac = self.mac(
            input.secret,
            &Known {
                method: input.method,
                url: input.url,
                id: input.id,
                time: &time,
                body: input.body,
            },
        )?;
        let signature = self.encoding.encode(&mac);
        let value = match self.shape {
            Shape::Bare => signature,
            Shape::Marked(mark) | Shape::List(mark) => format!("{mark}{signature}"),
            Shape::Timed(pairs) => pairs.write(&time, &signature),
        };
        let mut headers = Headers::new();
        headers.extend(
            self.id_header
                .map(|name| (name.to_owned(), input.id.to_owned())),
        );
        headers.extend(self.time_header.map(|name| (name.to_owned(), time)));
        headers.push((self.header.to_owned(), value));
        Ok(headers)
    }

    pub fn verify(&self, input: &VerifyInput<'_>) -> Result<(), Failure> {
        let malformed = Failure::malformed(self.header, self.expected);
        let value = required(input, self.header, self.expected)?;
        let id = self.id(input)?;
        let mut time = match (self.time_header, self.unit) {
            (Some(header), Some(unit)) => required(input, header, unit.expected())?,
            _ => "",
        };
        let signatures = match self.shape {
            Shape::Bare => vec![value],
            Shape::Marked(mark) => vec![value.strip_prefix(mark).ok_or(malformed.clone())?],
            Shape::List(mark) => marked_signatures(value, mark, &malformed)?,
            Shape::Timed(pairs) => {
                let read = pairs.read(value, &malformed)?;
                time = read.timestamp;
                read.signatures
            }
        };
        let signed_at_ms = match self.unit {
            Some(unit) => Some(unit.read(time).ok_or_else(|| match self.time_header {
                Some(header) => Failure::malformed(header, unit.expected()),
                None => malformed,
            })?),
            None => None,
        };
        let given = signatures
            .iter()
            .map(|text| self.encoding.decode(text, self.hash.bytes(), self.header))
            .collect::<Result<Vec<_>, _>>()?;
        let expected = self.mac(
            input.secret,
            &Known {
                method: input.method,
                url: input.url,
                id,
                time,
                body: input.body,
            },
        )?;
        if !mac::any_equals(&expected, &given) {
            return Err(Failure::Mismatch);
        }
        match signed_at_ms {
            Some(at_ms) => timestamp::check(at_ms, input.now_ms, input.tolerance_ms),
            None => Ok(()),
        }
    }

    fn id<'a>(&self, input: &VerifyInput<'a>) -> Result<&'a str, Failure> {
        let Some(header) = self.id_header else {
            return Ok("");
        };
        let expected = "an id";
        let id = required(input, header, expected)?;
        match id.is_empty() {
            true => Err(Failure::malformed(header, expected)),
            false => Ok(id),
        }
    }

    /// What is signed.
    pub fn signed_content(&self, input: &SignInput<'_>) -> Result<Vec<u8>, Failure> {
        let time = match self.unit {
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
        Ok(self.content_of(&known)?.concat())
    }

    fn content_of<'a>(&self, known: &Known<'a>) -> Result<Vec<Cow<'a, [u8]>>, Failure> {
        self.content.iter().map(|part| known.part(*part)).collect()
    }

    fn mac(&self, secret: &str, known: &Known<'_>) -> Result<Vec<u8>, Failure> {
        let key = match self.key {
            Key::Text => Cow::Borrowed(secret.as_bytes()),
            Key::Hex => hex::decode(secret)
                .map(Cow::Owned)
                .map_err(|_| Failure::BadSecret {
                    reason: "it is not written in hexadecimal digits",
                })?,
        };
        let content = self.content_of(known)?;
        let content: Vec<&[u8]> = content.iter().map(AsRef::as_ref).collect();
        mac::of(self.hash, &key, &content)
    }
}

impl<'a> Known<'a> {
    fn part(&self, part: Part) -> Result<Cow<'a, [u8]>, Failure> {
        Ok(match part {
            Text(text) => text.as_bytes().into(),
            Time => self.time.as_bytes().to_vec().into(),
            Id => self.id.as_bytes().into(),
            Method => self.method.as_bytes().into(),
            Url => self.url()?.as_bytes().into(),
            DecodedUrl => undo_escapes(self.url()?).into_bytes().into(),
            Body => self.body.into(),
        })
    }

    fn url(&self) -> Result<&'a str, Failure> {
        match self.url.is_empty() {
            true => Err(Failure::MissingContext {
                what: "the absolute URL that was called",
            }),
            false => Ok(self.url),
        }
    }
}

/// Undoes the escapes that HubSpot undoes, and no others.
fn undo_escapes(url: &str) -> String {
    const ESCAPES: &[(&str, &str)] = &[
        ("%3A", ":"),
        ("%2F", "/"),
        ("%3F", "?"),
        ("%40", "@"),
        ("%21", "!"),
        ("%24", "$"),
        ("%27", "'"),
        ("%28", "("),
        ("%29", ")"),
        ("%2A", "*"),
        ("%2C", ","),
        ("%3B", ";"),
    ];
    let mut undone = String::with_capacity(url.len());
    let mut rest = url;
    while let Some(at) = rest.find('%') {
        undone.push_str(&rest[..at]);
        rest = &rest[at..];
        let found = ESCAPES.iter().find(|(escape, _)| {
            rest.get(..3)
                .is_some_and(|given| given.eq_ignore_ascii_case(escape))
        });
        let (plain, length) = found.map_or(("%", 1), |(_, plain)| (*plain, 3));
        undone.push_str(plain);
        rest = &rest[length..];
    }
    undone.push_str(rest);
    undone
}

#[cfg(test)]
mod tests {
    use super::*;

    #[test]
    fn only_the_escapes_of_the_list_are_undone_and_only_once() {
        assert_eq!(
            undo_escapes("https://a.example/?q=%2Fa%3a%20%252F%"),
            "https://a.example/?q=/a:%20%252F%"
        );
        assert_eq!(undo_escapes("%é%2"), "%é%2");
    }

    #[test]
    fn a_scheme_that_signs_a_url_says_when_it_has_none() {
        let square = Scheme::named("square").expect("it is implemented");
        let input = SignInput {
            secret: "asdf1234",
            method: "POST",
            url: "",
            body: b"{}",
            timestamp_ms: 0,
            id: "",
        };
        let failure = crate::sign(square, &input).map_err(|failure| failure.code());
        assert_eq!(failure, Err("missing_context"));
    }
}
