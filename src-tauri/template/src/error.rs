//! What can be wrong with a template, when it is parsed and when it is rendered, in words for a person.

use std::fmt;

use crate::expression::read_expression;
use crate::limits;

/// A place in the text of a template.
#[derive(Debug, Clone, Copy, PartialEq, Eq, Hash)]
pub struct TextPlace {
    /// Bytes from the start.
    pub offset: usize,
    /// Counts from 1.
    pub line: u32,
    /// Characters from the start of the line, counts from 1.
    pub column: u32,
}

impl TextPlace {
    /// The first character.
    pub(crate) const START: Self = Self {
        offset: 0,
        line: 1,
        column: 1,
    };

    /// How many bytes of the text are meant: the whole expression that begins here, else the word, else one character.
    pub fn length_in(self, text: &str) -> usize {
        let Some(rest) = text.get(self.offset..) else {
            return 0;
        };
        if rest.starts_with("{{") {
            let found = read_expression(text, self.offset + 2);
            return found.map_or(2, |found| found.end + 2 - self.offset);
        }
        let is_word = |c: char| c == '_' || c.is_alphanumeric();
        match rest.find(|c| !is_word(c)) {
            Some(0) => rest.chars().next().map_or(0, char::len_utf8),
            Some(end) => end,
            None => rest.len(),
        }
    }

    /// A later place of the same text. Many places in order cost one walk over the text.
    pub(crate) fn onward(self, text: &str, offset: usize) -> Self {
        let passed = text.get(self.offset..offset).unwrap_or_default();
        let count = |chars: usize| u32::try_from(chars).unwrap_or(u32::MAX);
        let lines = passed.bytes().filter(|byte| *byte == b'\n').count();
        let column = match passed.rfind('\n') {
            Some(at) => count(passed[at + 1..].chars().count()).saturating_add(1),
            None => self.column.saturating_add(count(passed.chars().count())),
        };
        Self {
            offset,
            line: self.line.saturating_add(count(lines)),
            column,
        }
    }

    /// The place of a byte offset.
    pub(crate) fn of(text: &str, offset: usize) -> Self {
        let mut offset = offset.min(text.len());
        while !text.is_char_boundary(offset) {
            offset -= 1;
        }
        Self::START.onward(text, offset)
    }
}

impl fmt::Display for TextPlace {
    fn fmt(&self, f: &mut fmt::Formatter<'_>) -> fmt::Result {
        write!(f, "line {}, column {}", self.line, self.column)
    }
}

/// A text that is no template.
#[derive(Debug, Clone, PartialEq, Eq, thiserror::Error)]
#[error("{fault} ({place})")]
pub struct TemplateError {
    /// What is wrong.
    pub fault: TemplateFault,
    /// Where.
    pub place: TextPlace,
}

/// What is wrong with a text that is no template.
#[derive(Debug, Clone, PartialEq, Eq, thiserror::Error)]
pub enum TemplateFault {
    #[error(
        "the text has {bytes} bytes, and a template has at most {} (template length)",
        limits::TEMPLATE_BYTES_MAX
    )]
    TooLong { bytes: usize },
    #[error("`{{{{` has no `}}}}`; to write the signs themselves, use {{{{ \"{{{{\" }}}}")]
    Unclosed,
    #[error(
        "there is nothing between `{{{{` and `}}}}`; write a name, such as `requestBody.email`"
    )]
    Empty,
    #[error("`{found}` has no meaning in an expression{}", hint.map(|hint| format!("; {hint}")).unwrap_or_default())]
    UnexpectedCharacter {
        found: char,
        hint: Option<&'static str>,
    },
    #[error("the text in quotes does not end")]
    UnclosedString,
    #[error("the expression cannot be read: {message}")]
    Syntax { message: String },
    #[error("there is no filter `{name}`{}", or_nearest(nearest))]
    UnknownFilter {
        name: String,
        nearest: Option<String>,
    },
    #[error("there is no test `is {name}`{}", or_nearest(nearest))]
    UnknownTest {
        name: String,
        nearest: Option<String>,
    },
    #[error(
        "there are no functions and methods in expressions; filters work on values, as in `name | upper`"
    )]
    Call,
    #[error(
        "the expression is too long: it has more than {} names and signs (expression tokens)",
        limits::EXPRESSION_TOKENS_MAX
    )]
    TooManyTokens,
    #[error(
        "brackets are nested too deep: more than {} (expression depth)",
        limits::EXPRESSION_DEPTH_MAX
    )]
    TooDeep,
    #[error(
        "in JSON an expression outside quotes is a whole value; here it stands beside another value or is the name of a field. Put it in quotes, or between `:` and `,`"
    )]
    JsonPosition,
    #[error("in JSON nothing can stand between a backslash and what it escapes")]
    JsonEscape,
    #[error(
        "an expression cannot stand {position}: a value could change the XML around it; put it into an element's text or into a quoted attribute"
    )]
    XmlPosition { position: &'static str },
    #[error("the text has a line break or another control character, which {place} cannot have")]
    ControlCharacter { place: &'static str },
    #[error(
        "a URL begins with `http://` or `https://`, or with one expression over `vars` or `secrets`; no other value may choose it"
    )]
    UrlScheme,
    #[error("a URL cannot hold `{found}` as it is; percent-encode it")]
    UrlCharacter { found: char },
}

/// A template that gives no text with these values.
#[derive(Debug, Clone, PartialEq, Eq, thiserror::Error)]
#[error("`{{{{{expression}}}}}`: {fault} ({place})")]
pub struct RenderError {
    /// What is wrong.
    pub fault: RenderFault,
    /// The expression as it is written.
    pub expression: String,
    /// Where the expression begins in its template.
    pub place: TextPlace,
}

impl RenderError {
    /// A stable name for records: `undefined_name`, `value_not_allowed`, `limit`, `expression_failed`.
    pub fn code(&self) -> &'static str {
        self.fault.code()
    }
}

/// Why a template gives no text with these values. Holds names, never values.
#[derive(Debug, Clone, PartialEq, Eq, thiserror::Error)]
pub enum RenderFault {
    #[error("{}", undefined(name, nearest))]
    Undefined {
        /// What is missing, as a person would say it: "`email` of `requestBody.customer`".
        name: String,
        /// The most similar name that is there.
        nearest: Option<String>,
    },
    #[error("the value {why}, which is not possible in {place}")]
    NotAllowed {
        place: &'static str,
        why: &'static str,
    },
    #[error(
        "the result is larger than {} bytes (output size)",
        limits::OUTPUT_BYTES_MAX
    )]
    TooLarge,
    #[error(
        "the value has more than {} lists and objects within one another (value depth)",
        limits::VALUE_DEPTH_MAX
    )]
    TooDeep,
    #[error("a list has more than {} items (filter items)", limits::ITEMS_MAX)]
    TooManyItems,
    #[error("it takes more than {} steps to evaluate (fuel)", limits::FUEL_MAX)]
    OutOfFuel,
    #[error("{message}")]
    Evaluation { message: String },
    #[error("a word such as `$jobId` can stand only where a job's end is told")]
    NoTaskWords,
}

impl RenderFault {
    /// A stable name for records.
    pub fn code(&self) -> &'static str {
        match self {
            Self::Undefined { .. } => "undefined_name",
            Self::NotAllowed { .. } => "value_not_allowed",
            Self::TooLarge | Self::TooDeep | Self::TooManyItems | Self::OutOfFuel => "limit",
            Self::Evaluation { .. } | Self::NoTaskWords => "expression_failed",
        }
    }
}

fn undefined(name: &str, nearest: &Option<String>) -> String {
    let advice = "use `default` for what may be missing";
    match nearest {
        Some(nearest) => format!("{name} is not there; did you mean `{nearest}`? Else {advice}"),
        None => format!("{name} is not there; {advice}"),
    }
}

fn or_nearest(nearest: &Option<String>) -> String {
    match nearest {
        Some(name) => format!("; did you mean `{name}`?"),
        None => String::new(),
    }
}

/// The known name that is most like the given one, if one is like it at all.
pub(crate) fn nearest<'a>(given: &str, known: impl IntoIterator<Item = &'a str>) -> Option<String> {
    known
        .into_iter()
        .map(|name| {
            (
                strsim::jaro_winkler(&given.to_lowercase(), &name.to_lowercase()),
                name,
            )
        })
        .filter(|(likeness, _)| *likeness >= 0.75)
        .max_by(|a, b| a.0.total_cmp(&b.0))
        .map(|(_, name)| name.to_owned())
}

#[cfg(test)]
mod tests {
    use super::*;

    #[test]
    fn a_place_knows_how_much_of_its_text_is_meant() {
        let text = "ä {{ a | upcase(\"}}\") }} {{ b";
        let length = |offset| TextPlace::of(text, offset).length_in(text);
        assert_eq!(&text[3..3 + length(3)], "{{ a | upcase(\"}}\") }}");
        assert_eq!(&text[10..10 + length(10)], "upcase");
        let open = text.rfind("{{").expect("it is there");
        assert_eq!(length(open), 2, "an expression without an end");
        assert_eq!((length(0), length(text.len())), ("ä".len(), 0));
    }
}
