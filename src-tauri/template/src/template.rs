//! A text with expressions in it, for one place.

use indexmap::IndexMap;
use serde_json::Value;

use crate::error::{RenderError, RenderFault, TemplateError, TemplateFault, TextPlace};
use crate::expression::Expression;
use crate::limits::{OUTPUT_BYTES_MAX, TEMPLATE_BYTES_MAX};
use crate::place::{DotSegments, Escape, Place};
use crate::scan::{Piece, scan};
use crate::scope::{Reference, Scope};
use crate::words::{TaskWords, Word};

/// A template that was parsed. Cheap to render, many times and from many threads.
#[derive(Debug)]
pub struct Template {
    parts: Vec<Part>,
    references: Vec<Reference>,
    /// One for each reference: nowhere is it an error when it is missing.
    optional: Vec<bool>,
    host_from_request: bool,
}

#[derive(Debug)]
enum Part {
    Text(String),
    Expression {
        expression: Expression,
        source: String,
        place: TextPlace,
        escape: Escape,
    },
    Word {
        word: Word,
        place: TextPlace,
        escape: Escape,
    },
}

impl Template {
    /// Parses a text for a place.
    pub fn parse(text: &str, place: Place) -> Result<Self, TemplateError> {
        Self::parse_with(text, place, false)
    }

    /// Parses the body of a webhook task, which also has words such as `$jobId`.
    pub fn parse_task_body(text: &str, place: Place) -> Result<Self, TemplateError> {
        Self::parse_with(text, place, true)
    }

    fn parse_with(text: &str, place: Place, with_words: bool) -> Result<Self, TemplateError> {
        let located = |(offset, fault)| TemplateError {
            fault,
            place: TextPlace::of(text, offset),
        };
        if text.len() > TEMPLATE_BYTES_MAX {
            let bytes = text.len();
            return Err(located((0, TemplateFault::TooLong { bytes })));
        }
        let pieces = scan(text, with_words).map_err(located)?;
        let plan = place.plan(&pieces).map_err(located)?;
        let mut references: IndexMap<Reference, bool> = IndexMap::new();
        let mut last_place = TextPlace::START;
        let mut onward = |offset| {
            last_place = last_place.onward(text, offset);
            last_place
        };
        let mut parts: Vec<Part> = Vec::with_capacity(pieces.len());
        for (piece, escape) in pieces.into_iter().zip(plan.escapes) {
            match (piece, parts.last_mut()) {
                (Piece::Text { text, .. }, Some(Part::Text(before))) => before.push_str(text),
                (Piece::Text { text, .. }, _) => parts.push(Part::Text(text.to_owned())),
                (Piece::Word { word, offset }, _) => parts.push(Part::Word {
                    word,
                    place: onward(offset),
                    escape,
                }),
                (
                    Piece::Expression {
                        expression,
                        source,
                        offset,
                    },
                    _,
                ) => {
                    for (reference, may_miss) in expression.references() {
                        *references.entry(reference).or_insert(true) &= may_miss;
                    }
                    parts.push(Part::Expression {
                        expression,
                        source: source.to_owned(),
                        place: onward(offset),
                        escape,
                    });
                }
            }
        }
        let (references, optional) = references.into_iter().unzip();
        Ok(Self {
            parts,
            references,
            optional,
            host_from_request: plan.host_from_request,
        })
    }

    /// The names that it uses, each once.
    pub fn references(&self) -> &[Reference] {
        &self.references
    }

    /// The names that it uses, each with whether it may be missing: everywhere `default` or `is defined` takes
    /// care of it.
    pub fn references_with_need(&self) -> impl Iterator<Item = (&Reference, bool)> {
        self.references.iter().zip(self.optional.iter().copied())
    }

    /// Whether an expression other than over `vars` and `secrets` has a part in a URL's host.
    pub fn host_from_request(&self) -> bool {
        self.host_from_request
    }

    /// How many expressions it has.
    pub fn expressions(&self) -> usize {
        let is_one = |part: &&Part| matches!(part, Part::Expression { .. });
        self.parts.iter().filter(is_one).count()
    }

    /// Whether it is plain text.
    pub fn is_constant(&self) -> bool {
        self.parts.iter().all(|part| matches!(part, Part::Text(_)))
    }

    /// Whether it is exactly one expression and nothing else: then its value keeps its type where a value is asked for.
    pub fn is_one_expression(&self) -> bool {
        matches!(self.parts.as_slice(), [Part::Expression { .. }])
    }

    /// What is wrong with the text around the expressions of a JSON body, if it is no JSON: then no value makes it JSON.
    pub fn json_flaw(&self) -> Option<String> {
        let mut sample = String::new();
        for part in &self.parts {
            match part {
                Part::Text(text) => sample.push_str(text),
                Part::Expression { escape, .. } | Part::Word { escape, .. } => match escape {
                    Escape::JsonValue => sample.push_str("null"),
                    _ => sample.push('x'),
                },
            }
        }
        let flaw = serde_json::from_str::<Value>(&sample).err()?.to_string();
        Some(
            flaw.split(" at line ")
                .next()
                .unwrap_or_default()
                .to_owned(),
        )
    }

    /// The text with these values. `words` is for bodies of webhook tasks.
    pub fn render(&self, scope: &Scope, words: Option<&TaskWords>) -> Result<String, RenderError> {
        let mut out = String::new();
        let mut dots = DotSegments::default();
        for (number, part) in self.parts.iter().enumerate() {
            let start = out.len();
            let escape = match part {
                Part::Text(text) => {
                    out.push_str(text);
                    Escape::Plain
                }
                Part::Expression {
                    expression, escape, ..
                } => {
                    let value = expression
                        .evaluate(scope)
                        .map_err(|fault| part.error(fault))?;
                    escape
                        .write(&mut out, &value)
                        .map_err(|fault| part.error(fault))?;
                    *escape
                }
                Part::Word { word, escape, .. } => {
                    let words = words.ok_or_else(|| part.error(RenderFault::NoTaskWords))?;
                    escape
                        .write(&mut out, &word.value(words))
                        .map_err(|fault| part.error(fault))?;
                    *escape
                }
            };
            if out.len() > OUTPUT_BYTES_MAX {
                return Err(part.error(RenderFault::TooLarge));
            }
            dots.note(escape, number, start..out.len());
        }
        match dots.find(&out) {
            Some((number, fault)) => Err(self.parts[number].error(fault)),
            None => Ok(out),
        }
    }

    /// The expression, if the text is exactly one: then its value keeps its type.
    pub(crate) fn sole_value(&self, scope: &Scope) -> Option<Result<Value, RenderError>> {
        match self.parts.as_slice() {
            [part @ Part::Expression { expression, .. }] => Some(
                expression
                    .evaluate(scope)
                    .map(std::borrow::Cow::into_owned)
                    .map_err(|fault| part.error(fault)),
            ),
            _ => None,
        }
    }
}

impl Part {
    fn error(&self, fault: RenderFault) -> RenderError {
        let (expression, place) = match self {
            Self::Text(_) => (String::new(), TextPlace::START),
            Self::Expression { source, place, .. } => (source.clone(), *place),
            Self::Word { word, place, .. } => (format!("${}", word.name()), *place),
        };
        RenderError {
            fault,
            expression,
            place,
        }
    }
}
