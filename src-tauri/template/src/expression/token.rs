//! Splits an expression into names, numbers, strings and signs, as minijinja does, and finds its end in a text.
//!
//! It checks no grammar: minijinja does.

use crate::error::TemplateFault;
use crate::limits::{EXPRESSION_DEPTH_MAX, EXPRESSION_TOKENS_MAX};

/// What a token is.
#[derive(Debug, Clone, Copy, PartialEq, Eq)]
pub(crate) enum Kind {
    Name,
    /// A whole number without sign.
    Integer,
    Float,
    /// With its quotes.
    Text,
    Sign,
}

/// A piece of an expression: bytes `start..end` of the text it was found in.
#[derive(Debug, Clone, Copy, PartialEq, Eq)]
pub(crate) struct Token {
    pub(crate) kind: Kind,
    pub(crate) start: usize,
    pub(crate) end: usize,
    /// How many brackets are open around it.
    pub(crate) depth: usize,
}

/// An expression found in a text.
pub(crate) struct Found {
    pub(crate) tokens: Vec<Token>,
    /// Where its `}}` begins.
    pub(crate) end: usize,
}

/// Reads the tokens from `start` (behind `{{`) to the `}}` that closes it. The error has its byte offset.
pub(crate) fn read_expression(text: &str, start: usize) -> Result<Found, (usize, TemplateFault)> {
    let bytes = text.as_bytes();
    let mut tokens: Vec<Token> = Vec::new();
    let mut at = start;
    let mut depth = 0usize;
    loop {
        while bytes.get(at).is_some_and(u8::is_ascii_whitespace) {
            at += 1;
        }
        if at >= bytes.len() {
            return Err((start.saturating_sub(2), TemplateFault::Unclosed));
        }
        if depth == 0 && bytes[at..].starts_with(b"}}") {
            return Ok(Found { tokens, end: at });
        }
        let after_dot = tokens
            .last()
            .is_some_and(|last| last.end == at && &text[last.start..last.end] == ".");
        let (kind, end) = read_token(text, at, after_dot)?;
        let mut token = Token {
            kind,
            start: at,
            end,
            depth,
        };
        if kind == Kind::Sign {
            match bytes[at] {
                b'(' | b'[' | b'{' => {
                    depth += 1;
                    if depth > EXPRESSION_DEPTH_MAX {
                        return Err((at, TemplateFault::TooDeep));
                    }
                }
                b')' | b']' | b'}' => {
                    depth = depth.checked_sub(1).ok_or((
                        at,
                        TemplateFault::Syntax {
                            message: format!("`{}` closes nothing", char::from(bytes[at])),
                        },
                    ))?;
                    token.depth = depth;
                }
                _ => {}
            }
        }
        tokens.push(token);
        if tokens.len() > EXPRESSION_TOKENS_MAX {
            return Err((at, TemplateFault::TooManyTokens));
        }
        at = end;
    }
}

fn read_token(
    text: &str,
    at: usize,
    after_dot: bool,
) -> Result<(Kind, usize), (usize, TemplateFault)> {
    let rest = &text.as_bytes()[at..];
    match rest[0] {
        b'\'' | b'"' => read_string(rest)
            .map(|length| (Kind::Text, at + length))
            .ok_or((at, TemplateFault::UnclosedString)),
        first if first.is_ascii_digit() => {
            let (kind, length) = read_number(rest, after_dot);
            Ok((kind, at + length))
        }
        first if is_name_start(first) => Ok((Kind::Name, at + name_length(rest))),
        _ => read_sign(rest)
            .map(|length| (Kind::Sign, at + length))
            .ok_or_else(|| {
                let found = text[at..].chars().next().unwrap_or('\u{fffd}');
                let hint = match found {
                    '&' => Some("write `and`"),
                    '!' => Some("write `not`"),
                    '?' => Some("write `a if b else c`, or `a | default(b)`"),
                    '`' => Some("write \"text\" or 'text'"),
                    '$' => Some("names have no `$` here"),
                    '\\' => Some("quotes need no backslash here"),
                    _ => None,
                };
                (at, TemplateFault::UnexpectedCharacter { found, hint })
            }),
    }
}

fn read_sign(rest: &[u8]) -> Option<usize> {
    if let Some(b"//" | b"**" | b"==" | b"!=" | b">=" | b"<=") = rest.get(..2) {
        return Some(2);
    }
    b"+-*/%.,:~|=><()[]{}".contains(&rest[0]).then_some(1)
}

fn read_string(rest: &[u8]) -> Option<usize> {
    let mut at = 1;
    while at < rest.len() {
        match rest[at] {
            b'\\' => at += 2,
            byte if byte == rest[0] => return Some(at + 1),
            _ => at += 1,
        }
    }
    None
}

/// `1`, `1.5`, `1e5`, `0x1f`, `1_000`. After a dot only digits: `a.1.0` is `a[1][0]`.
fn read_number(rest: &[u8], after_dot: bool) -> (Kind, usize) {
    if let Some(b"0b" | b"0B" | b"0o" | b"0O" | b"0x" | b"0X") = rest.get(..2) {
        let hex = matches!(rest[1], b'x' | b'X');
        let digits = rest[2..]
            .iter()
            .take_while(|b| b.is_ascii_digit() || **b == b'_' || (hex && b.is_ascii_hexdigit()))
            .count();
        return (Kind::Integer, 2 + digits);
    }
    let mut at = 0;
    let mut kind = Kind::Integer;
    let mut exponent = 0u8;
    while let Some(byte) = rest.get(at) {
        match byte {
            b'0'..=b'9' => {
                if exponent == 1 {
                    exponent = 2;
                }
            }
            b'_' => {}
            b'.' if kind == Kind::Integer && !after_dot => {
                let next = rest.get(at + 1).copied().unwrap_or(b' ');
                let is_exponent = matches!(next, b'e' | b'E')
                    && matches!(rest.get(at + 2), Some(b'+' | b'-' | b'0'..=b'9'));
                if is_name_start(next) && !is_exponent {
                    break;
                }
                kind = Kind::Float;
            }
            b'e' | b'E' if exponent == 0 => {
                kind = Kind::Float;
                exponent = 1;
            }
            b'+' | b'-' if exponent == 1 => exponent = 2,
            _ => break,
        }
        at += 1;
    }
    (kind, at)
}

fn is_name_start(byte: u8) -> bool {
    byte == b'_' || byte.is_ascii_alphabetic()
}

fn name_length(rest: &[u8]) -> usize {
    rest.iter()
        .take_while(|byte| is_name_start(**byte) || byte.is_ascii_digit())
        .count()
}
