//! Positions in XML: text, quoted attributes and CDATA can hold a value; tags, comments and instructions cannot.

use super::Escape;
use crate::error::{RenderFault, TemplateFault};
use crate::scan::Piece;

#[derive(Clone, Copy, PartialEq, Eq)]
enum State {
    Text,
    Tag,
    Quoted(u8),
    Comment,
    Cdata,
    Instruction,
}

/// How each piece of an XML template is written.
pub(super) fn escapes(pieces: &[Piece<'_>]) -> Result<Vec<Escape>, (usize, TemplateFault)> {
    let mut state = State::Text;
    let mut escapes = Vec::with_capacity(pieces.len());
    for piece in pieces {
        let offset = match piece {
            Piece::Text { text, .. } => {
                state = read(state, text.as_bytes());
                escapes.push(Escape::Plain);
                continue;
            }
            Piece::Expression { offset, .. } | Piece::Word { offset, .. } => *offset,
        };
        let position = match state {
            State::Text | State::Quoted(_) => {
                escapes.push(Escape::XmlText);
                continue;
            }
            State::Cdata => {
                escapes.push(Escape::XmlCdata);
                continue;
            }
            State::Tag => "inside a tag",
            State::Comment => "in a comment",
            State::Instruction => "in a processing instruction",
        };
        return Err((offset, TemplateFault::XmlPosition { position }));
    }
    Ok(escapes)
}

fn read(mut state: State, bytes: &[u8]) -> State {
    let mut at = 0;
    while at < bytes.len() {
        let rest = &bytes[at..];
        let (next, length) = match state {
            State::Text if rest.starts_with(b"<!--") => (State::Comment, 4),
            State::Text if rest.starts_with(b"<![CDATA[") => (State::Cdata, 9),
            State::Text if rest.starts_with(b"<?") => (State::Instruction, 2),
            State::Text if rest[0] == b'<' => (State::Tag, 1),
            State::Tag if matches!(rest[0], b'"' | b'\'') => (State::Quoted(rest[0]), 1),
            State::Tag if rest[0] == b'>' => (State::Text, 1),
            State::Quoted(quote) if rest[0] == quote => (State::Tag, 1),
            State::Comment if rest.starts_with(b"-->") => (State::Text, 3),
            State::Cdata if rest.starts_with(b"]]>") => (State::Text, 3),
            State::Instruction if rest.starts_with(b"?>") => (State::Text, 2),
            same => (same, 1),
        };
        state = next;
        at += length;
    }
    state
}

/// Writes a value as text or inside quotes.
pub(super) fn push_text(out: &mut String, text: &str) -> Result<(), RenderFault> {
    for character in text.chars() {
        check(character)?;
        match character {
            '&' => out.push_str("&amp;"),
            '<' => out.push_str("&lt;"),
            '>' => out.push_str("&gt;"),
            '"' => out.push_str("&quot;"),
            '\'' => out.push_str("&#39;"),
            // A reader of XML would turn these into spaces or drop them.
            '\r' => out.push_str("&#13;"),
            '\n' => out.push_str("&#10;"),
            '\t' => out.push_str("&#9;"),
            other => out.push(other),
        }
    }
    Ok(())
}

/// Writes a value inside CDATA. `]` and `>` are written outside of it, so that no `]]>` arises with what stands around.
pub(super) fn push_cdata(out: &mut String, text: &str) -> Result<(), RenderFault> {
    for character in text.chars() {
        check(character)?;
        match character {
            ']' => out.push_str("]]>]<![CDATA["),
            '>' => out.push_str("]]>&gt;<![CDATA["),
            '\r' => out.push_str("]]>&#13;<![CDATA["),
            other => out.push(other),
        }
    }
    Ok(())
}

fn check(character: char) -> Result<(), RenderFault> {
    let forbidden = (character < ' ' && !matches!(character, '\t' | '\n' | '\r'))
        || matches!(character, '\u{fffe}' | '\u{ffff}');
    if forbidden {
        return Err(RenderFault::NotAllowed {
            place: "XML",
            why: "has a control character",
        });
    }
    Ok(())
}
