//! One set of values, compiled: what a text contains of them.

use std::collections::HashSet;
use std::fmt;
use std::ops::Range;

use aho_corasick::{AhoCorasick, MatchKind};
use zeroize::Zeroize;

use crate::encodings::{Patterns, Surroundings, add_encodings, add_number, add_quoted};
use crate::views::for_each_view;

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
    /// By the pattern's number in `search`.
    surroundings: Vec<Surroundings>,
    /// Whether a value has a space, which forms write as `+`.
    spaces: bool,
    whole: HashSet<String>,
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
        let (bytes, surroundings): (Vec<_>, Vec<_>) = patterns.into_iter().unzip();
        let search = (!bytes.is_empty()).then(|| {
            AhoCorasick::builder()
                .match_kind(MatchKind::Standard)
                .build(&bytes)
                .expect("a search of less than 2 GiB of patterns can be built, and values are far shorter")
        });
        Self {
            search,
            surroundings,
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
        self.find_in(search, text.as_bytes(), &mut |part| parts.push(part));
        for_each_view(text.as_bytes(), self.spaces, &mut |view, to_source| {
            self.find_in(search, view, &mut |part| parts.push(to_source(part)));
        });
    }

    fn find_in(&self, search: &AhoCorasick, text: &[u8], found: &mut dyn FnMut(Range<usize>)) {
        for part in search.find_overlapping_iter(text) {
            let surroundings = self.surroundings[part.pattern().as_usize()];
            if let Some(covered) = cover(text, part.range(), surroundings) {
                found(covered);
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
