//! Every way in which a secret value is written: the exact byte strings that the masker looks for.
//!
//! Mixtures (only some characters escaped, base64 within a URL) are found by decoding the text: see `views`.

use std::collections::HashMap;

use base64::Engine as _;
use base64::engine::general_purpose::{STANDARD_NO_PAD, URL_SAFE_NO_PAD};
use percent_encoding::{AsciiSet, NON_ALPHANUMERIC, percent_encode};

/// What must lie around a match, and what of it belongs to the mask.
#[derive(Debug, Clone, Copy, PartialEq, Eq)]
pub(crate) enum Surroundings {
    /// Anything; the mask covers the match.
    Any,
    /// Anything. Where `before`, the character before holds bits of the value and of its neighbour; where `after`,
    /// the character after does, and padding may follow. The mask covers these too.
    Base64 { before: bool, after: bool },
    /// No character of a number or word on either side: a number that stands alone.
    Alone,
    /// The match has quotes around the value, which stay; a colon behind makes it a key, which does not count.
    Quoted,
}

/// The byte strings to look for, each with its surroundings.
pub(crate) type Patterns = HashMap<Vec<u8>, Surroundings>;

/// What `encodeURIComponent` leaves as it is; other encoders leave less, and what they do is in between.
const URI_COMPONENT: &AsciiSet = &NON_ALPHANUMERIC
    .remove(b'-')
    .remove(b'_')
    .remove(b'.')
    .remove(b'!')
    .remove(b'~')
    .remove(b'*')
    .remove(b'\'')
    .remove(b'(')
    .remove(b')');
const UNRESERVED: &AsciiSet = &NON_ALPHANUMERIC
    .remove(b'-')
    .remove(b'_')
    .remove(b'.')
    .remove(b'~');

/// Adds every encoding of a value that is long enough to be looked for inside text.
pub(crate) fn add_encodings(value: &str, patterns: &mut Patterns) {
    let mut exact = |text: Vec<u8>| {
        patterns.insert(text, Surroundings::Any);
    };
    exact(value.as_bytes().to_vec());
    exact(hex::encode(value).into_bytes());
    exact(hex::encode_upper(value).into_bytes());
    add_url_encodings(value, &mut exact);
    add_json_escapes(value, &mut exact);
    for alignment in 0..3 {
        for engine in [&STANDARD_NO_PAD, &URL_SAFE_NO_PAD] {
            let (core, surroundings) = base64_core(value.as_bytes(), alignment, engine);
            patterns.entry(core).or_insert(surroundings);
        }
    }
}

/// Adds a number: it counts where it stands alone.
pub(crate) fn add_number(number: &str, patterns: &mut Patterns) {
    patterns
        .entry(number.as_bytes().to_vec())
        .or_insert(Surroundings::Alone);
}

/// Adds a value that is too short to be looked for inside text: it counts as a whole JSON string.
pub(crate) fn add_quoted(value: &str, patterns: &mut Patterns) {
    let escaped = json_escape(value, false, Ascii::AsIs);
    patterns
        .entry(format!("\"{escaped}\"").into_bytes())
        .or_insert(Surroundings::Quoted);
}

/// The base64 characters that depend on the value alone when `alignment` bytes stand before it in its group of three.
fn base64_core(
    value: &[u8],
    alignment: usize,
    engine: &base64::engine::GeneralPurpose,
) -> (Vec<u8>, Surroundings) {
    let mut padded = vec![0; alignment];
    padded.extend_from_slice(value);
    let encoded = engine.encode(&padded).into_bytes();
    let first = (alignment * 8).div_ceil(6);
    let end_bits = padded.len() * 8;
    let surroundings = Surroundings::Base64 {
        before: alignment != 0,
        after: !end_bits.is_multiple_of(6),
    };
    (encoded[first..end_bits / 6].to_vec(), surroundings)
}

fn add_url_encodings(value: &str, exact: &mut impl FnMut(Vec<u8>)) {
    for set in [URI_COMPONENT, UNRESERVED] {
        let upper = percent_encode(value.as_bytes(), set).to_string();
        for text in [lower_hex_digits(&upper), upper] {
            exact(text.replace("%20", "+").into_bytes());
            exact(text.into_bytes());
        }
    }
    let all = |digits: &str| {
        digits
            .as_bytes()
            .chunks(2)
            .fold(Vec::new(), |mut text, pair| {
                text.push(b'%');
                text.extend_from_slice(pair);
                text
            })
    };
    exact(all(&hex::encode(value)));
    exact(all(&hex::encode_upper(value)));
}

/// `%2F` becomes `%2f`; everything else stays.
fn lower_hex_digits(encoded: &str) -> String {
    let mut left = 0;
    encoded
        .chars()
        .map(|c| {
            if c == '%' {
                left = 2;
                c
            } else if left > 0 {
                left -= 1;
                c.to_ascii_lowercase()
            } else {
                c
            }
        })
        .collect()
}

fn add_json_escapes(value: &str, exact: &mut impl FnMut(Vec<u8>)) {
    for slashes in [false, true] {
        for ascii in [Ascii::AsIs, Ascii::Lower, Ascii::Upper] {
            let once = json_escape(value, slashes, ascii);
            exact(json_escape(&once, false, Ascii::AsIs).into_bytes());
            exact(once.into_bytes());
        }
    }
}

/// How characters beyond ASCII are written in JSON.
#[derive(Clone, Copy, PartialEq, Eq)]
enum Ascii {
    AsIs,
    Lower,
    Upper,
}

fn json_escape(value: &str, slashes: bool, ascii: Ascii) -> String {
    let mut escaped = String::with_capacity(value.len() + 8);
    for c in value.chars() {
        match c {
            '"' => escaped.push_str("\\\""),
            '\\' => escaped.push_str("\\\\"),
            '\n' => escaped.push_str("\\n"),
            '\r' => escaped.push_str("\\r"),
            '\t' => escaped.push_str("\\t"),
            '\u{8}' => escaped.push_str("\\b"),
            '\u{c}' => escaped.push_str("\\f"),
            '/' if slashes => escaped.push_str("\\/"),
            c if c < ' ' || (!c.is_ascii() && ascii != Ascii::AsIs) => {
                for unit in c.encode_utf16(&mut [0; 2]) {
                    escaped.push_str(&match ascii {
                        Ascii::Upper => format!("\\u{unit:04X}"),
                        _ => format!("\\u{unit:04x}"),
                    });
                }
            }
            c => escaped.push(c),
        }
    }
    escaped
}

#[cfg(test)]
mod tests {
    use super::*;

    fn patterns(value: &str) -> Patterns {
        let mut patterns = Patterns::new();
        add_encodings(value, &mut patterns);
        patterns
    }

    #[test]
    fn a_plain_word_has_few_patterns() {
        let patterns = patterns("sk4live4abc");
        assert!(patterns.len() <= 11, "{}", patterns.len());
    }

    #[test]
    fn the_cores_of_base64_stand_in_every_alignment() {
        let value = "Tr0ub4dor&3";
        let patterns = patterns(value);
        for before in ["", "u", "us", "user:"] {
            for after in ["", "x", "xy"] {
                let encoded = base64::engine::general_purpose::STANDARD
                    .encode(format!("{before}{value}{after}"));
                assert!(
                    patterns
                        .keys()
                        .any(|p| encoded.as_bytes().windows(p.len()).any(|w| w == p)),
                    "{before}…{after}"
                );
            }
        }
    }

    #[test]
    fn json_escapes_hold_pairs_of_surrogates() {
        assert_eq!(
            json_escape("a\u{1f511}/", true, Ascii::Lower),
            "a\\ud83d\\udd11\\/"
        );
    }
}
