//! Takes `multipart/form-data` apart while it arrives, whatever the pieces that it comes in. No I/O.
//!
//! It holds no more than a part's head or one boundary in memory; what is done with the data is for others.

use bytes::{Buf, Bytes, BytesMut};
use memchr::memmem::Finder;

/// The head of one part, with its lines.
const HEAD_BYTES_MAX: usize = 8 * 1024;
/// A boundary has at most this many bytes, by its standard.
const BOUNDARY_BYTES_MAX: usize = 70;
/// White space that may follow a boundary.
const PADDING_BYTES_MAX: usize = 256;

/// What stands next in a form.
#[derive(Debug, Clone, PartialEq, Eq)]
pub(crate) enum Event {
    /// A part begins.
    Part(Part),
    /// Some of the part's data, never empty.
    Data(Bytes),
    /// The part has ended.
    End,
}

/// A part's head.
#[derive(Debug, Clone, PartialEq, Eq)]
pub(crate) struct Part {
    /// The field.
    pub name: String,
    /// The file's name; none if the part is no file.
    pub file_name: Option<String>,
    /// The part's own type; empty if it has none.
    pub content_type: String,
}

/// Why this is no form.
#[derive(Debug, Clone, PartialEq, Eq, thiserror::Error)]
pub(crate) enum NoForm {
    #[error("its Content-Type names no boundary of 1 to {BOUNDARY_BYTES_MAX} bytes")]
    Boundary,
    #[error("it ends within a part, or before its last boundary")]
    CutShort,
    #[error("a boundary is followed by something else than the end of its line")]
    AfterBoundary,
    #[error("the head of a part has more than {HEAD_BYTES_MAX} bytes (head_bytes_max)")]
    LongHead,
    #[error("a part has no `Content-Disposition: form-data` with a name")]
    Nameless,
}

/// A form that is being taken apart.
pub(crate) struct Multipart {
    /// A line's end, two dashes, and the boundary.
    delimiter: Finder<'static>,
    state: State,
    buffer: BytesMut,
}

#[derive(Clone, Copy, PartialEq, Eq)]
enum State {
    Before,
    AfterBoundary,
    Head,
    Data,
    Over,
}

impl Multipart {
    /// For bodies of this Content-Type.
    pub fn new(content_type: &str) -> Result<Self, NoForm> {
        let boundary = parameter(content_type, "boundary").ok_or(NoForm::Boundary)?;
        if boundary.is_empty() || boundary.len() > BOUNDARY_BYTES_MAX {
            return Err(NoForm::Boundary);
        }
        let delimiter = [b"\r\n--", boundary.as_bytes()].concat();
        Ok(Self {
            delimiter: Finder::new(&delimiter).into_owned(),
            state: State::Before,
            // The first boundary may stand at the very start, where no line has ended.
            buffer: BytesMut::from(&b"\r\n"[..]),
        })
    }

    /// Takes the next piece. What is known by then is told by [`Self::next`].
    pub fn feed(&mut self, piece: &[u8]) {
        if self.state != State::Over {
            self.buffer.extend_from_slice(piece);
        }
    }

    /// The next event; none until more was fed.
    pub fn next(&mut self) -> Result<Option<Event>, NoForm> {
        loop {
            match self.state {
                State::Over => {
                    self.buffer.clear();
                    return Ok(None);
                }
                State::Before => match self.delimiter.find(&self.buffer) {
                    Some(at) => self.pass_delimiter(at),
                    None => {
                        self.buffer.advance(self.sure_bytes());
                        return Ok(None);
                    }
                },
                State::AfterBoundary => {
                    if !self.after_boundary()? {
                        return Ok(None);
                    }
                }
                State::Head => return self.head(),
                State::Data => return Ok(self.data()),
            }
        }
    }

    /// To be asked once nothing more comes.
    pub fn finish(&self) -> Result<(), NoForm> {
        match self.state {
            State::Over => Ok(()),
            _ => Err(NoForm::CutShort),
        }
    }

    fn pass_delimiter(&mut self, at: usize) {
        self.buffer.advance(at + self.delimiter.needle().len());
        self.state = State::AfterBoundary;
    }

    /// How much of the buffer cannot be the beginning of a boundary.
    fn sure_bytes(&self) -> usize {
        (self.buffer.len() + 1).saturating_sub(self.delimiter.needle().len())
    }

    fn after_boundary(&mut self) -> Result<bool, NoForm> {
        if self.buffer.starts_with(b"--") {
            self.state = State::Over;
            return Ok(true);
        }
        let padding = self
            .buffer
            .iter()
            .take_while(|byte| matches!(byte, b' ' | b'\t'))
            .count();
        if padding > PADDING_BYTES_MAX {
            return Err(NoForm::AfterBoundary);
        }
        match &self.buffer[padding..] {
            [b'\r', b'\n', ..] => {
                // The line's end stays: a head without any line ends at once.
                self.buffer.advance(padding);
                self.state = State::Head;
                Ok(true)
            }
            [] | [b'\r'] | [b'-'] => Ok(false),
            _ => Err(NoForm::AfterBoundary),
        }
    }

    fn head(&mut self) -> Result<Option<Event>, NoForm> {
        let Some(end) = memchr::memmem::find(&self.buffer, b"\r\n\r\n") else {
            if self.buffer.len() > HEAD_BYTES_MAX {
                return Err(NoForm::LongHead);
            }
            return Ok(None);
        };
        if end > HEAD_BYTES_MAX {
            return Err(NoForm::LongHead);
        }
        let part = part_of(&self.buffer.split_to(end))?;
        self.buffer.advance(4);
        self.state = State::Data;
        Ok(Some(Event::Part(part)))
    }

    fn data(&mut self) -> Option<Event> {
        match self.delimiter.find(&self.buffer) {
            Some(0) => {
                self.pass_delimiter(0);
                Some(Event::End)
            }
            Some(at) => Some(Event::Data(self.buffer.split_to(at).freeze())),
            None => match self.sure_bytes() {
                0 => None,
                sure => Some(Event::Data(self.buffer.split_to(sure).freeze())),
            },
        }
    }
}

fn part_of(head: &[u8]) -> Result<Part, NoForm> {
    let head = crate::shown::text(head);
    let mut disposition = None;
    let mut content_type = String::new();
    for line in head.split("\r\n") {
        let Some((name, value)) = line.split_once(':') else {
            continue;
        };
        match name.trim().to_ascii_lowercase().as_str() {
            "content-disposition" => disposition = Some(value.trim()),
            "content-type" => value.trim().clone_into(&mut content_type),
            _ => {}
        }
    }
    let disposition = disposition.ok_or(NoForm::Nameless)?;
    let kind = disposition.split(';').next().unwrap_or_default().trim();
    if !kind.eq_ignore_ascii_case("form-data") {
        return Err(NoForm::Nameless);
    }
    Ok(Part {
        name: parameter(disposition, "name").ok_or(NoForm::Nameless)?,
        file_name: extended(disposition).or_else(|| parameter(disposition, "filename")),
        content_type,
    })
}

/// `filename*=UTF-8''a%20b`, which counts before `filename`.
fn extended(disposition: &str) -> Option<String> {
    let value = parameter(disposition, "filename*")?;
    let (charset, rest) = value.split_once('\'')?;
    let (_, encoded) = rest.split_once('\'')?;
    charset.eq_ignore_ascii_case("utf-8").then(|| {
        percent_encoding::percent_decode_str(encoded)
            .decode_utf8_lossy()
            .into_owned()
    })
}

/// A parameter of a header's value, in quotes or not.
fn parameter(value: &str, wanted: &str) -> Option<String> {
    let (_, mut rest) = value.split_once(';')?;
    loop {
        let (name, after) = rest.split_once('=')?;
        let (given, after) = value_of(after.trim_start());
        // What stands between two parameters without a value belongs to none.
        let name = name.rsplit(';').next().unwrap_or_default().trim();
        if name.eq_ignore_ascii_case(wanted) {
            return Some(given);
        }
        rest = after;
    }
}

/// A value and what follows it.
fn value_of(text: &str) -> (String, &str) {
    let Some(quoted) = text.strip_prefix('"') else {
        let end = text.find(';').unwrap_or(text.len());
        return (text[..end].trim_end().to_owned(), &text[end..]);
    };
    let mut value = String::new();
    let mut chars = quoted.char_indices().peekable();
    while let Some((at, letter)) = chars.next() {
        match letter {
            '"' => return (value, &quoted[at + 1..]),
            // Other backslashes are themselves: old browsers send whole paths.
            '\\' if matches!(chars.peek(), Some((_, '"' | '\\'))) => {
                value.extend(chars.next().map(|(_, escaped)| escaped));
            }
            _ => value.push(letter),
        }
    }
    (value, "")
}

#[cfg(test)]
mod tests {
    use proptest::prelude::*;

    use super::*;

    const TYPE: &str = "multipart/form-data; boundary=\"--x y\"";

    /// Parts with their whole data.
    fn parts(pieces: &[&[u8]]) -> Result<Vec<(Part, Vec<u8>)>, NoForm> {
        let mut form = Multipart::new(TYPE)?;
        let mut parts: Vec<(Part, Vec<u8>)> = Vec::new();
        for piece in pieces {
            form.feed(piece);
            while let Some(event) = form.next()? {
                match event {
                    Event::Part(part) => parts.push((part, Vec::new())),
                    Event::Data(data) => {
                        assert!(!data.is_empty());
                        parts.last_mut().expect("a part").1.extend_from_slice(&data);
                    }
                    Event::End => {}
                }
            }
            assert!(form.buffer.len() <= HEAD_BYTES_MAX + piece.len() + 100);
        }
        form.finish()?;
        Ok(parts)
    }

    fn written(parts: &[(Part, Vec<u8>)]) -> Vec<u8> {
        let mut body = b"a word before".to_vec();
        for (part, data) in parts {
            let mut head = format!(
                "\r\n----x y\r\nContent-Disposition: form-data; name=\"{}\"",
                part.name
            );
            if let Some(name) = &part.file_name {
                head.push_str(&format!("; filename=\"{}\"", name.replace('"', "\\\"")));
            }
            if !part.content_type.is_empty() {
                head.push_str(&format!("\r\ncontent-type: {}", part.content_type));
            }
            body.extend(head.bytes().chain(*b"\r\n\r\n").chain(data.iter().copied()));
        }
        body.extend(b"\r\n----x y--\r\na word after");
        body
    }

    fn field(name: &str, file_name: Option<&str>, content_type: &str) -> Part {
        Part {
            name: name.into(),
            file_name: file_name.map(Into::into),
            content_type: content_type.into(),
        }
    }

    #[test]
    fn fields_and_files_are_told_apart() {
        let expected = vec![
            (field("note", None, ""), b"a\r\n--b".to_vec()),
            (field("empty", None, ""), Vec::new()),
            (
                field("pic", Some("a \"b\".png"), "image/png"),
                vec![0, 255, 13, 10],
            ),
        ];
        let body = written(&expected);
        assert_eq!(parts(&[&body]), Ok(expected));
    }

    #[test]
    fn names_come_in_every_spelling() {
        for (disposition, name, file_name) in [
            ("form-data; name=a", "a", None),
            (
                "Form-Data ; NAME=\"a;b=c\" ; filename=x",
                "a;b=c",
                Some("x"),
            ),
            (
                "form-data; name=\"a\"; filename*=UTF-8''%e2%82%ac.txt; filename=e.txt",
                "a",
                Some("€.txt"),
            ),
            (
                "form-data; name=\"a\"; filename=\"C:\\dir\\b.txt\"",
                "a",
                Some("C:\\dir\\b.txt"),
            ),
            (
                "form-data; filename=\"name=b\"; name=\"a\"",
                "a",
                Some("name=b"),
            ),
            ("form-data; x; name=\"a", "a", None),
        ] {
            let body =
                format!("----x y\r\nContent-Disposition: {disposition}\r\n\r\n1\r\n----x y--");
            let expected = vec![(field(name, file_name, ""), b"1".to_vec())];
            assert_eq!(parts(&[body.as_bytes()]), Ok(expected), "{disposition}");
        }
    }

    #[test]
    fn what_is_no_form_is_refused_with_its_reason() {
        let part = "----x y\r\nContent-Disposition: form-data; name=a\r\n\r\n1";
        for (body, why) in [
            (String::new(), NoForm::CutShort),
            ("nothing".into(), NoForm::CutShort),
            (part.into(), NoForm::CutShort),
            (format!("{part}\r\n----x y"), NoForm::CutShort),
            (format!("{part}\r\n----x y?"), NoForm::AfterBoundary),
            ("----x y\r\n\r\n1\r\n----x y--".into(), NoForm::Nameless),
            (part.replace("name=a", "nam=a"), NoForm::Nameless),
            (part.replace("form-data", "attachment"), NoForm::Nameless),
            (
                format!("----x y\r\na: {}", "b".repeat(9_000)),
                NoForm::LongHead,
            ),
        ] {
            assert_eq!(parts(&[body.as_bytes()]), Err(why), "{body}");
        }
        for content_type in ["multipart/form-data", "multipart/form-data; boundary=\"\""] {
            assert!(Multipart::new(content_type).is_err());
        }
    }

    proptest! {
        #[test]
        fn the_pieces_that_a_form_comes_in_do_not_matter(
            data in prop::collection::vec(prop::collection::vec(prop_oneof![any::<u8>(), Just(b'\r'), Just(b'\n'), Just(b'-')], 0..40), 0..4),
            cuts in prop::collection::vec(any::<prop::sample::Index>(), 0..6),
        ) {
            let expected: Vec<_> = data.into_iter().map(|data| (field("a", Some("b"), "c/d"), data)).collect();
            let body = written(&expected);
            let mut cuts: Vec<usize> = cuts.iter().map(|cut| cut.index(body.len())).collect();
            cuts.extend([0, body.len()]);
            cuts.sort_unstable();
            let pieces: Vec<&[u8]> = cuts.windows(2).map(|pair| &body[pair[0]..pair[1]]).collect();
            prop_assert_eq!(parts(&pieces), Ok(expected));
        }

        #[test]
        fn anything_at_all_is_read_without_a_panic(body in prop::collection::vec(
            prop_oneof![Just("\r\n".to_owned()), Just("----x y".to_owned()), Just("--".to_owned()),
                Just("Content-Disposition: form-data; name=\"".to_owned()), "\\PC{0,9}"], 0..20)) {
            let body = body.concat();
            let _ = parts(&[body.as_bytes()]);
        }
    }
}
