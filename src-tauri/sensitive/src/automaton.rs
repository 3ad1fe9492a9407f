//! One set of values, compiled: what a text contains of them.

use std::collections::{HashMap, HashSet};
use std::fmt;
use std::ops::Range;

use aho_corasick::{AhoCorasick, AhoCorasickKind, MatchKind};
use zeroize::Zeroize;

use crate::encodings::{Patterns, Surroundings, add_encodings, add_number, add_quoted};
use crate::views::for_each_view;

/// The search looks for this much of a pattern; the rest is compared where that was found. A search for whole long
/// patterns takes too long to build.
const HEAD_BYTES_MAX: usize = 48;

/// How much is compared behind heads, as a multiple of the text. A text that repeats one head over and over gets a mask
/// without a comparison: wider than need be, and soon.
const COMPARED_FACTOR: usize = 64;

/// Values, sorted by how they are looked for.
#[derive(Default)]
pub(crate) struct ValueSet<'a> {
    /// Looked for inside text, in every encoding.
    pub long: HashSet<&'a str>,
    /// Looked for as whole JSON strings.
    pub short: HashSet<&'a str>,
    /// Long numbers: looked for inside text where they stand alone.
    pub numbers: HashSet<String>,
    /// All of them, and short numbers: a field that equals one is masked whole.
    pub whole: HashSet<String>,
}

/// The values of one layer of a masker.
pub(crate) struct Automaton {
    search: Option<AhoCorasick>,
    /// By the head's number in `search`: what may follow it.
    tails: Vec<Vec<Tail>>,
    /// Whether a value has a space, which forms write as `+`.
    spaces: bool,
    whole: HashSet<String>,
}

/// What follows the head of a pattern.
struct Tail {
    bytes: Vec<u8>,
    surroundings: Surroundings,
}

impl Automaton {
    pub fn new(values: ValueSet<'_>) -> Self {
        let mut patterns = Patterns::new();
        for value in &values.long {
            add_encodings(value, &mut patterns);
        }
        for value in &values.short {
            add_quoted(value, &mut patterns);
        }
        for number in &values.numbers {
            add_number(number, &mut patterns);
        }
        let mut heads: HashMap<Vec<u8>, Vec<Tail>> = HashMap::new();
        for (mut head, surroundings) in patterns {
            let bytes = head.split_off(head.len().min(HEAD_BYTES_MAX));
            heads.entry(head).or_default().push(Tail {
                bytes,
                surroundings,
            });
        }
        let (heads, tails): (Vec<_>, Vec<_>) = heads.into_iter().unzip();
        let search = (!heads.is_empty()).then(|| {
            AhoCorasick::builder()
                .match_kind(MatchKind::Standard)
                .kind(Some(AhoCorasickKind::ContiguousNFA))
                .build(&heads)
                .expect("a search of less than 2 GiB of patterns can be built, and values are far shorter")
        });
        Self {
            search,
            tails,
            spaces: values.long.iter().any(|value| value.contains(' ')),
            whole: values.whole,
        }
    }

    /// Whether a whole field is one of the values that count only as such.
    pub fn equals(&self, field: &str) -> bool {
        !self.whole.is_empty() && self.whole.contains(field.trim())
    }

    /// The parts of a text that hold a value, in any order, overlapping.
    pub fn find(&self, text: &str, parts: &mut Vec<Range<usize>>) {
        let Some(search) = &self.search else {
            return;
        };
        self.find_in(search, text.as_bytes(), &mut |part| add(parts, part));
        for_each_view(text.as_bytes(), self.spaces, &mut |view, to_source| {
            self.find_in(search, view, &mut |part| add(parts, to_source(part)));
        });
    }

    fn find_in(&self, search: &AhoCorasick, text: &[u8], found: &mut dyn FnMut(Range<usize>)) {
        let mut to_compare = text.len().saturating_mul(COMPARED_FACTOR);
        for head in search.find_overlapping_iter(text) {
            for tail in &self.tails[head.pattern().as_usize()] {
                let rest = &text[head.end()..];
                let length = rest.len().min(tail.bytes.len());
                // A value that the text's end cuts off counts as far as it goes.
                let follows = to_compare < length || rest[..length] == tail.bytes[..length];
                to_compare = to_compare.saturating_sub(length);
                if follows {
                    let part = head.start()..head.end() + length;
                    if let Some(part) = cover(text, part, tail.surroundings) {
                        found(part);
                    }
                }
            }
        }
    }
}

impl fmt::Debug for Automaton {
    fn fmt(&self, f: &mut fmt::Formatter<'_>) -> fmt::Result {
        write!(f, "<{} values>", self.whole.len())
    }
}

impl Drop for Automaton {
    fn drop(&mut self) {
        for mut value in self.whole.drain() {
            value.zeroize();
        }
    }
}

/// Adds a part. One that goes on where the last one ended is the same part: a text that repeats a value would else have
/// one for each of its bytes.
fn add(parts: &mut Vec<Range<usize>>, part: Range<usize>) {
    match parts.last_mut() {
        Some(last) if last.start <= part.start && part.start <= last.end => {
            last.end = last.end.max(part.end);
        }
        _ => parts.push(part),
    }
}

/// What the mask covers for a match; nothing where the surroundings do not fit.
fn cover(text: &[u8], part: Range<usize>, surroundings: Surroundings) -> Option<Range<usize>> {
    let Range { mut start, mut end } = part;
    let before = start.checked_sub(1).map(|at| text[at]);
    let after = text.get(end).copied();
    match surroundings {
        Surroundings::Any => {}
        Surroundings::Base64 {
            before: left,
            after: right,
        } => {
            if left && before.is_some_and(is_base64) {
                start -= 1;
            }
            if right && after.is_some_and(is_base64) {
                end += 1;
                let padding = text[end..]
                    .iter()
                    .take(2)
                    .take_while(|b| **b == b'=')
                    .count();
                end += padding;
            }
        }
        Surroundings::Alone => {
            let joins = |b: u8| b.is_ascii_alphanumeric() || b == b'_' || !b.is_ascii();
            let continues = after.is_some_and(joins)
                || (after == Some(b'.') && text.get(end + 1).is_some_and(u8::is_ascii_digit));
            if before.is_some_and(|b| joins(b) || matches!(b, b'.' | b'-' | b'+')) || continues {
                return None;
            }
        }
        Surroundings::Quoted => {
            let next = text[end..].iter().find(|b| !b.is_ascii_whitespace());
            if next == Some(&b':') {
                return None;
            }
            start += 1;
            end -= 1;
        }
    }
    Some(start..end)
}

fn is_base64(byte: u8) -> bool {
    byte.is_ascii_alphanumeric() || matches!(byte, b'+' | b'/' | b'-' | b'_')
}
