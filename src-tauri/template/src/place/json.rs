//! Positions in JSON: outside quotes an expression is a whole value, inside quotes it is text.

use super::Escape;
use crate::error::TemplateFault;
use crate::scan::Piece;

/// How each piece of a JSON template is written.
pub(super) fn escapes(pieces: &[Piece<'_>]) -> Result<Vec<Escape>, (usize, TemplateFault)> {
    let mut cursor = Cursor {
        string: None,
        before: None,
        open_value: None,
    };
    let mut escapes = Vec::with_capacity(pieces.len());
    for piece in pieces {
        escapes.push(match piece {
            Piece::Text { text, .. } => {
                cursor.read(text)?;
                Escape::Plain
            }
            Piece::Expression { offset, .. } => cursor.value(*offset, true)?,
            Piece::Word { offset, .. } => cursor.value(*offset, false)?,
        });
    }
    Ok(escapes)
}

struct Cursor {
    /// Inside a string: how many of its next characters belong to an escape.
    string: Option<u8>,
    /// The last sign outside strings.
    before: Option<u8>,
    /// An expression outside strings, until it is known what follows it.
    open_value: Option<usize>,
}

impl Cursor {
    fn read(&mut self, text: &str) -> Result<(), (usize, TemplateFault)> {
        for byte in text.bytes() {
            match self.string {
                Some(0) => match byte {
                    b'"' => self.string = None,
                    b'\\' => self.string = Some(1),
                    _ => {}
                },
                Some(1) if byte == b'u' => self.string = Some(5),
                Some(5) => self.string = Some(4),
                // Four digits behind `\u`: 5 → 4 → 3 → 2 → 0.
                Some(left) => self.string = Some(if left > 2 { left - 1 } else { 0 }),
                None if byte.is_ascii_whitespace() => {}
                None => {
                    if let Some(offset) = self.open_value.take()
                        && !matches!(byte, b',' | b']' | b'}')
                    {
                        return Err((offset, TemplateFault::JsonPosition));
                    }
                    self.before = Some(byte);
                    if byte == b'"' {
                        self.string = Some(0);
                    }
                }
            }
        }
        Ok(())
    }

    fn value(
        &mut self,
        offset: usize,
        is_expression: bool,
    ) -> Result<Escape, (usize, TemplateFault)> {
        match self.string {
            Some(0) => Ok(Escape::JsonText),
            Some(_) => Err((offset, TemplateFault::JsonEscape)),
            None => {
                let stands_alone = matches!(self.before, None | Some(b'[' | b',' | b':'));
                if is_expression && (!stands_alone || self.open_value.is_some()) {
                    return Err((offset, TemplateFault::JsonPosition));
                }
                if is_expression {
                    self.open_value = Some(offset);
                }
                self.before = Some(b'0');
                Ok(Escape::JsonValue)
            }
        }
    }
}
