//! Texts with words in braces: what a header looks like, and what is signed.

/// A word in braces.
#[derive(Debug, Clone, Copy, PartialEq, Eq)]
pub(super) enum Word {
    Method,
    Url,
    /// What the request line asks for: the path with its query.
    Path,
    /// Unix seconds.
    Timestamp,
    TimestampMs,
    Id,
    Body,
    Signature,
}

/// A piece of such a text.
#[derive(Debug, Clone, PartialEq, Eq)]
pub(super) enum Piece {
    Text(String),
    Word(Word),
}

impl Word {
    const ALL: &[(&str, Word)] = &[
        ("method", Self::Method),
        ("url", Self::Url),
        ("path", Self::Path),
        ("timestamp", Self::Timestamp),
        ("timestamp_ms", Self::TimestampMs),
        ("id", Self::Id),
        ("body", Self::Body),
        ("signature", Self::Signature),
    ];

    fn named(name: &str) -> Option<Self> {
        let mut all = Self::ALL.iter();
        all.find(|(known, _)| *known == name).map(|(_, word)| *word)
    }

    pub(super) fn is_time(self) -> bool {
        matches!(self, Self::Timestamp | Self::TimestampMs)
    }
}

/// Takes a text apart. A brace that belongs to no word of these is an error, which names them.
pub(super) fn pieces(text: &str, allowed: &[Word]) -> Result<Vec<Piece>, String> {
    let mut pieces = Vec::new();
    let mut rest = text;
    while let Some(at) = rest.find(['{', '}']) {
        let (before, after) = rest.split_at(at);
        let word = after
            .strip_prefix('{')
            .and_then(|inner| inner.split_once('}'))
            .and_then(|(name, rest)| Some((Word::named(name)?, rest)));
        let Some((word, after)) = word.filter(|(word, _)| allowed.contains(word)) else {
            let known = Word::ALL.iter().filter(|(_, word)| allowed.contains(word));
            let known: Vec<String> = known.map(|(name, _)| format!("{{{name}}}")).collect();
            return Err(format!("braces hold one of {}", known.join(", ")));
        };
        if !before.is_empty() {
            pieces.push(Piece::Text(before.to_owned()));
        }
        pieces.push(Piece::Word(word));
        rest = after;
    }
    if !rest.is_empty() {
        pieces.push(Piece::Text(rest.to_owned()));
    }
    Ok(pieces)
}

/// How often a word is there.
pub(super) fn count(pieces: &[Piece], wanted: impl Fn(Word) -> bool) -> usize {
    let words = pieces.iter().filter(|piece| match piece {
        Piece::Word(word) => wanted(*word),
        Piece::Text(_) => false,
    });
    words.count()
}

/// The values of the words in a text of this form, in their order. A value ends where the text behind its word begins.
pub(super) fn values<'t>(pieces: &[Piece], text: &'t str) -> Option<Vec<(Word, &'t str)>> {
    let mut values = Vec::new();
    let mut rest = text;
    for (place, piece) in pieces.iter().enumerate() {
        match piece {
            Piece::Text(expected) => rest = rest.strip_prefix(expected.as_str())?,
            Piece::Word(word) => {
                let end = match pieces.get(place + 1) {
                    Some(Piece::Text(next)) => rest.find(next.as_str())?,
                    _ => rest.len(),
                };
                let (value, after) = rest.split_at(end);
                values.push((*word, value));
                rest = after;
            }
        }
    }
    rest.is_empty().then_some(values)
}
