//! The same text decoded: percent-encoding, JSON escapes and XML entities taken away, each byte still knowing
//! where it stood. A secret that is only partly escaped, or escaped twice, shows itself in one of the views.
//!
//! Base64 and hex are not decoded here: their patterns are looked for in every view.

use std::ops::Range;

/// How often a text is decoded over: `%2525`, JSON in JSON, a URL in JSON.
const DEPTH_MAX: u32 = 2;

/// The longest XML entity that is understood, between `&` and `;`.
const ENTITY_BYTES_MAX: usize = 8;

/// Gets a decoded text, and a function from its parts to the parts of the text as it was given.
pub(crate) type Visit<'v> = dyn FnMut(&[u8], &dyn Fn(Range<usize>) -> Range<usize>) + 'v;

/// Visits every view of the text that differs from it. `spaces`: whether `+` may stand for a space.
pub(crate) fn for_each_view(text: &[u8], spaces: bool, visit: &mut Visit<'_>) {
    let escapes = |b: &u8| matches!(b, b'\\' | b'%' | b'&') || (spaces && *b == b'+');
    if text.iter().any(escapes) {
        descend(text, &|part| part, spaces, DEPTH_MAX, visit);
    }
}

fn descend(
    text: &[u8],
    to_source: &dyn Fn(Range<usize>) -> Range<usize>,
    spaces: bool,
    depth: u32,
    visit: &mut Visit<'_>,
) {
    for decoder in [Decoder::Json, Decoder::Percent, Decoder::Xml, Decoder::Form] {
        if decoder == Decoder::Form && !(spaces && text.contains(&b'+')) {
            continue;
        }
        let Some(view) = View::decode(text, decoder) else {
            continue;
        };
        let to_source = |part: Range<usize>| to_source(view.source(part));
        visit(&view.bytes, &to_source);
        if depth > 1 {
            descend(&view.bytes, &to_source, spaces, depth - 1, visit);
        }
    }
}

#[derive(Debug, Clone, Copy, PartialEq, Eq)]
enum Decoder {
    Json,
    Percent,
    Xml,
    /// Percent-encoding with `+` for a space.
    Form,
}

/// A decoded text and where its escapes stood.
struct View {
    bytes: Vec<u8>,
    /// In order.
    escapes: Vec<Escape>,
}

/// Where an escape stood and what it became.
struct Escape {
    source: usize,
    source_bytes: u8,
    decoded: usize,
    decoded_bytes: u8,
}

impl View {
    /// `None` when there is nothing to decode.
    fn decode(text: &[u8], decoder: Decoder) -> Option<Self> {
        let mut view = View {
            bytes: Vec::new(),
            escapes: Vec::new(),
        };
        let mut at = 0;
        let mut copied = 0;
        while at < text.len() {
            let Some(unit) = Unit::read(&text[at..], decoder) else {
                at += 1;
                continue;
            };
            view.bytes.extend_from_slice(&text[copied..at]);
            view.escapes.push(Escape {
                source: at,
                source_bytes: unit.source_bytes,
                decoded: view.bytes.len(),
                decoded_bytes: unit.decoded_bytes,
            });
            view.bytes
                .extend_from_slice(&unit.decoded[..usize::from(unit.decoded_bytes)]);
            at += usize::from(unit.source_bytes);
            copied = at;
        }
        view.bytes.extend_from_slice(&text[copied..]);
        (!view.escapes.is_empty()).then_some(view)
    }

    /// The part of the text that a part of this view was decoded from, whole escapes only.
    fn source(&self, part: Range<usize>) -> Range<usize> {
        let start = match self.last_escape(|escape| escape.decoded <= part.start) {
            None => part.start,
            Some(escape) => match part.start.checked_sub(escape.decoded_end()) {
                Some(behind) => escape.source_end() + behind,
                None => escape.source,
            },
        };
        let end = match self.last_escape(|escape| escape.decoded < part.end) {
            None => part.end,
            Some(escape) => escape.source_end() + part.end.saturating_sub(escape.decoded_end()),
        };
        start..end
    }

    fn last_escape(&self, before: impl Fn(&Escape) -> bool) -> Option<&Escape> {
        let count = self.escapes.partition_point(before);
        count.checked_sub(1).map(|last| &self.escapes[last])
    }
}

impl Escape {
    fn source_end(&self) -> usize {
        self.source + usize::from(self.source_bytes)
    }

    fn decoded_end(&self) -> usize {
        self.decoded + usize::from(self.decoded_bytes)
    }
}

/// One escape, read.
struct Unit {
    source_bytes: u8,
    decoded: [u8; 4],
    decoded_bytes: u8,
}

impl Unit {
    /// The escape that a text begins with.
    fn read(text: &[u8], decoder: Decoder) -> Option<Self> {
        match (decoder, *text.first()?) {
            (Decoder::Json, b'\\') => Self::json(text),
            (Decoder::Percent | Decoder::Form, b'%') => {
                let byte = hex_number(text.get(1..3)?)?;
                Some(Self::byte(3, u8::try_from(byte).ok()?))
            }
            (Decoder::Form, b'+') => Some(Self::byte(1, b' ')),
            (Decoder::Xml, b'&') => Self::xml(text),
            _ => None,
        }
    }

    fn json(text: &[u8]) -> Option<Self> {
        let byte = match *text.get(1)? {
            b'n' => b'\n',
            b'r' => b'\r',
            b't' => b'\t',
            b'b' => 8,
            b'f' => 12,
            b'u' => return Self::json_unit(text),
            quoted @ (b'"' | b'\\' | b'/' | b'\'') => quoted,
            _ => return None,
        };
        Some(Self::byte(2, byte))
    }

    fn json_unit(text: &[u8]) -> Option<Self> {
        let first = hex_number(text.get(2..6)?)?;
        if let Some(c) = char::from_u32(first) {
            return Some(Self::char(6, c));
        }
        // The first half of a pair of surrogates; a lone one is no text.
        if text.get(6..8)? != b"\\u" {
            return None;
        }
        let second = hex_number(text.get(8..12)?)?;
        let pair = [u16::try_from(first).ok()?, u16::try_from(second).ok()?];
        let c = char::decode_utf16(pair).next()?.ok()?;
        Some(Self::char(12, c))
    }

    fn xml(text: &[u8]) -> Option<Self> {
        let length = text
            .iter()
            .take(ENTITY_BYTES_MAX + 2)
            .position(|b| *b == b';')?;
        let name = std::str::from_utf8(&text[1..length]).ok()?;
        let c = match name {
            "amp" => '&',
            "lt" => '<',
            "gt" => '>',
            "quot" => '"',
            "apos" => '\'',
            _ => {
                let number = name.strip_prefix('#')?;
                char::from_u32(match number.strip_prefix(['x', 'X']) {
                    Some(digits) => hex_number(digits.as_bytes())?,
                    None => number.parse().ok()?,
                })?
            }
        };
        Some(Self::char(u8::try_from(length + 1).ok()?, c))
    }

    fn byte(source_bytes: u8, byte: u8) -> Self {
        Self {
            source_bytes,
            decoded: [byte, 0, 0, 0],
            decoded_bytes: 1,
        }
    }

    fn char(source_bytes: u8, c: char) -> Self {
        let mut decoded = [0; 4];
        let decoded_bytes = c.encode_utf8(&mut decoded).len() as u8;
        Self {
            source_bytes,
            decoded,
            decoded_bytes,
        }
    }
}

fn hex_number(digits: &[u8]) -> Option<u32> {
    if digits.is_empty() || !digits.iter().all(u8::is_ascii_hexdigit) {
        return None;
    }
    u32::from_str_radix(std::str::from_utf8(digits).ok()?, 16).ok()
}

#[cfg(test)]
mod tests {
    use super::*;

    fn views(text: &str) -> Vec<String> {
        let mut found = Vec::new();
        for_each_view(text.as_bytes(), true, &mut |bytes, _| {
            found.push(String::from_utf8_lossy(bytes).into_owned());
        });
        found
    }

    fn source_of(text: &str, part: &str) -> Option<String> {
        let mut found = None;
        for_each_view(text.as_bytes(), true, &mut |bytes, to_source| {
            let view = String::from_utf8_lossy(bytes).into_owned();
            if let (None, Some(at)) = (&found, view.find(part)) {
                found = Some(text[to_source(at..at + part.len())].to_owned());
            }
        });
        found
    }

    #[test]
    fn a_text_without_escapes_has_no_views() {
        assert!(views("{\"a\": [1, 2]} 100 $ é").is_empty());
    }

    #[test]
    fn a_text_with_one_kind_of_escape_is_decoded_once() {
        assert_eq!(views("a%20b"), ["a b"]);
        assert_eq!(views("a\\\"b"), ["a\"b"]);
        assert_eq!(views("a&amp;b"), ["a&b"]);
    }

    #[test]
    fn an_escape_in_an_escape_is_decoded_too() {
        assert!(views("a%2526b").contains(&"a&b".to_owned()));
        assert!(views("\\\\u00e9").contains(&"é".to_owned()));
        assert!(views("%5Cu00e9").contains(&"é".to_owned()));
    }

    #[test]
    fn a_part_of_a_view_knows_where_it_stood() {
        assert_eq!(source_of("x%41%42cy", "ABc").as_deref(), Some("%41%42c"));
        assert_eq!(
            source_of("x\\ud83d\\udd11y", "\u{1f511}").as_deref(),
            Some("\\ud83d\\udd11")
        );
        assert_eq!(source_of("ab%2526cd", "b&c").as_deref(), Some("b%2526c"));
        assert_eq!(source_of("ab%2526cd", "b%26c").as_deref(), Some("b%2526c"));
        assert_eq!(source_of("ab%252Bcd", "b+c").as_deref(), Some("b%252Bc"));
        assert_eq!(source_of("ab+cd", "b c").as_deref(), Some("b+c"));
    }

    #[test]
    fn broken_escapes_stay_as_they_are() {
        for text in [
            "100%",
            "%zz",
            "%+1",
            "\\u12",
            "\\ud83d\\u0041",
            "&nothing;",
            "&#x110000;",
            "\\",
        ] {
            let found = views(text);
            assert!(
                found.is_empty() || text.contains('+') || text.contains("0041"),
                "{text}: {found:?}"
            );
        }
    }
}
