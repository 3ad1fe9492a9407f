//! One expression: what it names, and its value. A plain path is looked up directly; the rest is minijinja's work.

#[cfg(test)]
mod agreement;
mod analysis;
mod convert;
mod engine;
mod filters;
mod resolve;
mod token;

use std::borrow::Cow;

use serde_json::Value;

#[cfg(test)]
pub(crate) use filters::FILTERS;
pub(crate) use token::{Found, read_expression};

use self::resolve::Lookup;
use crate::error::{RenderFault, TemplateFault};
use crate::scope::{Reference, Scope};

/// An expression that was parsed.
#[derive(Debug)]
pub(crate) struct Expression {
    lookups: Vec<Lookup>,
    form: Form,
    /// Whether its last filter is `path`.
    pub(crate) is_path: bool,
}

#[derive(Debug)]
enum Form {
    /// The first lookup, and nothing else.
    Plain,
    /// The lookups are `_0`, `_1`, … in it.
    Compiled(engine::Compiled),
}

impl Expression {
    /// Parses the tokens of an expression in a text. The error has its byte offset in the text.
    pub(crate) fn parse(
        text: &str,
        found: &Found,
        start: usize,
    ) -> Result<Self, (usize, TemplateFault)> {
        let analysis = analysis::analyse(text, &found.tokens)
            .map_err(|(at, fault)| (if at == usize::MAX { start } else { at }, fault))?;
        if analysis.is_plain {
            return Ok(Self {
                lookups: analysis.lookups,
                form: Form::Plain,
                is_path: false,
            });
        }
        let compiled = engine::Compiled::new(
            &text[start..found.end],
            analysis.rewritten,
            analysis.may_be_empty,
        )
        .map_err(|fault| (start, fault))?;
        Ok(Self {
            lookups: analysis.lookups,
            form: Form::Compiled(compiled),
            is_path: analysis.is_path,
        })
    }

    /// The names that it uses, each with whether it may be missing: `default` or `is defined` takes care of it.
    pub(crate) fn references(&self) -> impl Iterator<Item = (Reference, bool)> + '_ {
        self.lookups
            .iter()
            .map(|lookup| (lookup.reference(), lookup.guarded))
    }

    /// Whether every name that it uses is a variable or a secret of the workspace: the owner's own values.
    pub(crate) fn is_owners(&self) -> bool {
        !self.lookups.is_empty()
            && self.lookups.iter().all(|lookup| {
                matches!(lookup.root.as_str(), "vars" | "secrets") && !lookup.path.is_empty()
            })
    }

    /// Its value.
    pub(crate) fn evaluate<'s>(&self, scope: &'s Scope) -> Result<Cow<'s, Value>, RenderFault> {
        match &self.form {
            Form::Plain => match self.lookups[0].resolve(scope) {
                Some(value) => Ok(value),
                None => Err(self.lookups[0].undefined(scope)),
            },
            Form::Compiled(compiled) => compiled.evaluate(&self.lookups, scope).map(Cow::Owned),
        }
    }
}
