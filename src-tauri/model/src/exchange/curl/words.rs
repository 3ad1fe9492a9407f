//! A text as a POSIX shell takes it apart: commands of words. Nothing is run or looked up: `$NAME` stays as it is written.

/// Words of one text.
const WORDS_MAX: usize = 20_000;

/// Why a text is no commands.
#[derive(Debug, PartialEq, Eq, thiserror::Error)]
pub(super) enum NoCommands {
    /// A shell would wait for the rest.
    #[error("A quotation mark `{0}` is never closed.")]
    Unclosed(&'static str),
    /// More than anybody copies.
    #[error("The text has more than WORDS_MAX = {WORDS_MAX} words.")]
    TooLong,
}

/// The commands of a text, each with its words.
///
/// # Errors
/// A quotation that is never closed, or too many words.
pub(super) fn commands(text: &str) -> Result<Vec<Vec<String>>, NoCommands> {
    let text = text.replace("\r\n", "\n");
    let mut reader = Reader {
        chars: text.chars().peekable(),
        commands: Vec::new(),
        words: Vec::new(),
        word: None,
        count: 0,
    };
    reader.read()?;
    Ok(reader.commands)
}

struct Reader<'t> {
    chars: std::iter::Peekable<std::str::Chars<'t>>,
    commands: Vec<Vec<String>>,
    words: Vec<String>,
    /// None between words: `''` is a word.
    word: Option<String>,
    count: usize,
}

impl Reader<'_> {
    fn read(&mut self) -> Result<(), NoCommands> {
        while let Some(c) = self.chars.next() {
            match c {
                '\\' => match self.chars.next() {
                    // A line that goes on.
                    Some('\n') | None => {}
                    Some(escaped) => self.push(escaped),
                },
                '\'' => self.single()?,
                '"' => self.double()?,
                '$' if self.chars.peek() == Some(&'\'') => {
                    self.chars.next();
                    self.ansi()?;
                }
                '#' if self.word.is_none() => while self.chars.next_if(|c| *c != '\n').is_some() {},
                '$' if self.word.is_none()
                    && self.words.is_empty()
                    && self.chars.peek() == Some(&' ') => {}
                '\n' | ';' | '|' | '&' => self.end_command()?,
                c if c.is_whitespace() => self.end_word()?,
                c => self.push(c),
            }
        }
        self.end_command()
    }

    fn push(&mut self, c: char) {
        self.word.get_or_insert_default().push(c);
    }

    fn end_word(&mut self) -> Result<(), NoCommands> {
        if let Some(word) = self.word.take() {
            self.count += 1;
            if self.count > WORDS_MAX {
                return Err(NoCommands::TooLong);
            }
            self.words.push(word);
        }
        Ok(())
    }

    fn end_command(&mut self) -> Result<(), NoCommands> {
        self.end_word()?;
        if !self.words.is_empty() {
            self.commands.push(std::mem::take(&mut self.words));
        }
        Ok(())
    }

    fn single(&mut self) -> Result<(), NoCommands> {
        self.word.get_or_insert_default();
        loop {
            match self.chars.next() {
                Some('\'') => return Ok(()),
                Some(c) => self.push(c),
                None => return Err(NoCommands::Unclosed("'")),
            }
        }
    }

    fn double(&mut self) -> Result<(), NoCommands> {
        self.word.get_or_insert_default();
        loop {
            match self.chars.next() {
                Some('"') => return Ok(()),
                Some('\\') => match self.chars.next() {
                    Some('\n') => {}
                    Some(c @ ('"' | '\\' | '$' | '`')) => self.push(c),
                    Some(c) => {
                        self.push('\\');
                        self.push(c);
                    }
                    None => {}
                },
                Some(c) => self.push(c),
                None => return Err(NoCommands::Unclosed("\"")),
            }
        }
    }

    /// `$'…'`, in which browsers write what single quotes cannot hold.
    fn ansi(&mut self) -> Result<(), NoCommands> {
        self.word.get_or_insert_default();
        loop {
            match self.chars.next() {
                Some('\'') => return Ok(()),
                Some('\\') => {
                    let escaped = self.escaped();
                    self.word.get_or_insert_default().extend(escaped);
                }
                Some(c) => self.push(c),
                None => return Err(NoCommands::Unclosed("$'")),
            }
        }
    }

    fn escaped(&mut self) -> Option<char> {
        Some(match self.chars.next()? {
            'n' => '\n',
            't' => '\t',
            'r' => '\r',
            'x' => self.code(2)?,
            'u' => self.code(4)?,
            'U' => self.code(8)?,
            c => c,
        })
    }

    /// A letter by its number; half of a pair is none.
    fn code(&mut self, digits: usize) -> Option<char> {
        let mut code = 0_u32;
        for _ in 0..digits {
            let Some(digit) = self
                .chars
                .next_if(char::is_ascii_hexdigit)
                .and_then(|c| c.to_digit(16))
            else {
                break;
            };
            code = code.wrapping_mul(16).wrapping_add(digit);
        }
        char::from_u32(code)
    }
}
