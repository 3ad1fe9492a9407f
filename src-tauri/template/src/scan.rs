//! Splits the text of a template into plain text, expressions and words.

use crate::error::TemplateFault;
use crate::expression::{Expression, read_expression};
use crate::words::Word;

/// A piece of a template.
pub(crate) enum Piece<'t> {
    Text {
        text: &'t str,
        offset: usize,
    },
    Expression {
        expression: Expression,
        /// As it is written, without brackets and outer spaces.
        source: &'t str,
        /// Of its `{{`.
        offset: usize,
    },
    Word {
        word: Word,
        offset: usize,
    },
}

/// Splits a text. The error has its byte offset.
pub(crate) fn scan(text: &str, with_words: bool) -> Result<Vec<Piece<'_>>, (usize, TemplateFault)> {
    let bytes = text.as_bytes();
    let mut pieces = Vec::new();
    let mut plain_from = 0;
    let mut at = 0;
    while at < bytes.len() {
        let (piece, end) = match bytes[at] {
            b'{' if bytes[at..].starts_with(b"{{") => {
                let start = at + 2;
                let found = read_expression(text, start)?;
                let expression = Expression::parse(text, &found, start)?;
                let source = text[start..found.end].trim();
                (
                    Piece::Expression {
                        expression,
                        source,
                        offset: at,
                    },
                    found.end + 2,
                )
            }
            b'$' if with_words => match word_at(text, at) {
                Some(found) => found,
                None => {
                    at += 1;
                    continue;
                }
            },
            _ => {
                at += 1;
                continue;
            }
        };
        push_text(&mut pieces, text, plain_from, at);
        pieces.push(piece);
        at = end;
        plain_from = end;
    }
    push_text(&mut pieces, text, plain_from, text.len());
    Ok(pieces)
}

fn push_text<'t>(pieces: &mut Vec<Piece<'t>>, text: &'t str, from: usize, to: usize) {
    if from < to {
        pieces.push(Piece::Text {
            text: &text[from..to],
            offset: from,
        });
    }
}

/// `$$` is one `$`; a known word is its value; anything else stays.
fn word_at(text: &str, at: usize) -> Option<(Piece<'_>, usize)> {
    let rest = &text[at + 1..];
    if rest.starts_with('$') {
        let dollar = Piece::Text {
            text: &text[at..=at],
            offset: at,
        };
        return Some((dollar, at + 2));
    }
    let length = rest
        .bytes()
        .take_while(|byte| byte.is_ascii_alphanumeric() || *byte == b'_')
        .count();
    let word = Word::named(&rest[..length])?;
    Some((Piece::Word { word, offset: at }, at + 1 + length))
}
