//! Reads an expression's tokens: which names it uses, and whether it is a plain path. Rewrites it for minijinja:
//! each constant path becomes one name, so that only its value is handed over, and `~` joins texts as we write them.
//!
//! It checks no grammar: minijinja compiles the expression as it was written before this rewriting counts.

use std::collections::BTreeSet;

use super::filters;
use super::resolve::{Lookup, Segment};
use super::token::{Kind, Token};
use crate::error::{TemplateFault, nearest};

/// What was found.
pub(crate) struct Analysis {
    pub(crate) lookups: Vec<Lookup>,
    /// The whole expression is the first lookup.
    pub(crate) is_plain: bool,
    /// The last filter is `path`.
    pub(crate) is_path: bool,
    /// There is an `if` without `else`: no value is an answer, too.
    pub(crate) may_be_empty: bool,
    pub(crate) rewritten: String,
}

/// What a token does in its expression.
#[derive(Debug, Clone, Copy, PartialEq, Eq)]
enum Role {
    /// The first token of a constant path: the lookup's number.
    Path(usize),
    /// Another token of that path.
    Inside,
    /// `and`, `or`, `not`, `in`, `if`, `else`.
    Operator,
    /// Ends an operand: a filter's or test's name, an attribute, a constant, a closing bracket.
    OperandEnd,
    /// `null`, which minijinja calls `none`.
    Null,
    Other,
}

/// Analyses the tokens of one expression. The error has its byte offset; `usize::MAX` for the whole.
pub(crate) fn analyse(text: &str, tokens: &[Token]) -> Result<Analysis, (usize, TemplateFault)> {
    if tokens.is_empty() {
        return Err((usize::MAX, TemplateFault::Empty));
    }
    let mut walk = Walk {
        text,
        tokens,
        roles: Vec::with_capacity(tokens.len()),
        lookups: Vec::new(),
    };
    walk.run()?;
    let is_plain = walk.roles[0] == Role::Path(0)
        && walk.roles[1..].iter().all(|role| *role == Role::Inside)
        && !walk.lookups[0].goes_on;
    let count = |word: &str| {
        (0..tokens.len())
            .filter(|at| walk.roles[*at] == Role::Operator && walk.slice(*at) == word)
            .count()
    };
    Ok(Analysis {
        is_plain,
        is_path: walk.ends_with_path(),
        may_be_empty: count("if") > count("else"),
        rewritten: if is_plain {
            String::new()
        } else {
            walk.rewrite()
        },
        lookups: walk.lookups,
    })
}

struct Walk<'t> {
    text: &'t str,
    tokens: &'t [Token],
    roles: Vec<Role>,
    lookups: Vec<Lookup>,
}

impl<'t> Walk<'t> {
    fn slice(&self, at: usize) -> &'t str {
        self.tokens
            .get(at)
            .map_or("", |token| &self.text[token.start..token.end])
    }

    fn run(&mut self) -> Result<(), (usize, TemplateFault)> {
        while self.roles.len() < self.tokens.len() {
            let at = self.roles.len();
            match self.tokens[at].kind {
                Kind::Name => self.name(at)?,
                Kind::Integer | Kind::Float | Kind::Text => self.roles.push(Role::OperandEnd),
                Kind::Sign => self.sign(at)?,
            }
        }
        Ok(())
    }

    fn sign(&mut self, at: usize) -> Result<(), (usize, TemplateFault)> {
        let role = match self.slice(at) {
            "(" if at > 0 && self.ends_operand(at - 1) && !self.is_called_name(at - 1) => {
                return Err((self.tokens[at].start, TemplateFault::Call));
            }
            ")" | "]" | "}" => Role::OperandEnd,
            _ => Role::Other,
        };
        self.roles.push(role);
        Ok(())
    }

    fn name(&mut self, at: usize) -> Result<(), (usize, TemplateFault)> {
        let before = if at > 0 { self.slice(at - 1) } else { "" };
        let before_is_sign = at > 0 && self.tokens[at - 1].kind == Kind::Sign;
        let name = self.slice(at);
        if before_is_sign && before == "." {
            self.roles.push(Role::OperandEnd);
        } else if before_is_sign && before == "|" {
            self.known(at, filters::FILTERS, |name, nearest| {
                TemplateFault::UnknownFilter { name, nearest }
            })?;
        } else if name != "not" && self.is_test_name(at) {
            self.known(at, filters::TESTS, |name, nearest| {
                TemplateFault::UnknownTest { name, nearest }
            })?;
        } else if matches!(name, "and" | "or" | "not" | "in" | "is" | "if" | "else") {
            self.roles.push(Role::Operator);
        } else if matches!(name, "true" | "True" | "false" | "False" | "none" | "None") {
            self.roles.push(Role::OperandEnd);
        } else if name == "null" {
            self.roles.push(Role::Null);
        } else if self.slice(at + 1) == "=" {
            self.roles.push(Role::Other);
        } else {
            self.path(at)?;
        }
        Ok(())
    }

    fn known(
        &mut self,
        at: usize,
        names: &[&'static str],
        fault: impl Fn(String, Option<String>) -> TemplateFault,
    ) -> Result<(), (usize, TemplateFault)> {
        let name = self.slice(at);
        // A dotted name is one name to minijinja, and we have none such.
        if !names.contains(&name) || self.slice(at + 1) == "." {
            let nearest = nearest(name, names.iter().copied());
            return Err((self.tokens[at].start, fault(name.to_owned(), nearest)));
        }
        self.roles.push(Role::OperandEnd);
        Ok(())
    }

    fn is_test_name(&self, at: usize) -> bool {
        let is = |at: usize| self.roles[at] == Role::Operator && self.slice(at) == "is";
        (at >= 1 && is(at - 1))
            || (at >= 2
                && self.roles[at - 1] == Role::Operator
                && self.slice(at - 1) == "not"
                && is(at - 2))
    }

    /// Whether the token is the name of a filter or test, which may have arguments in brackets.
    fn is_called_name(&self, at: usize) -> bool {
        self.tokens[at].kind == Kind::Name
            && at > 0
            && (self.slice(at - 1) == "|" || self.is_test_name(at))
    }

    fn ends_operand(&self, at: usize) -> bool {
        !matches!(self.roles[at], Role::Operator | Role::Other)
    }

    /// A root name and the constant path behind it.
    fn path(&mut self, head: usize) -> Result<(), (usize, TemplateFault)> {
        let mut path = Vec::new();
        let mut at = head + 1;
        loop {
            match self.slice(at) {
                "." => match self.tokens.get(at + 1).map(|token| token.kind) {
                    Some(Kind::Name) => path.push(Segment::Key(self.slice(at + 1).to_owned())),
                    Some(Kind::Integer) => match self.slice(at + 1).parse() {
                        Ok(index) => path.push(Segment::Index(index)),
                        Err(_) => break,
                    },
                    _ => break,
                },
                "[" if self.slice(at + 2) == "]" => match self.constant_key(at + 1) {
                    Some(segment) => {
                        path.push(segment);
                        at += 1;
                    }
                    None => break,
                },
                _ => break,
            }
            at += 2;
        }
        if self.slice(at) == "(" {
            return Err((self.tokens[head].start, TemplateFault::Call));
        }
        self.roles.push(Role::Path(self.lookups.len()));
        self.roles.resize(at, Role::Inside);
        self.lookups.push(Lookup {
            root: self.slice(head).to_owned(),
            path,
            goes_on: matches!(self.slice(at), "[" | "."),
            guarded: self.is_guarded(at),
        });
        Ok(())
    }

    fn constant_key(&self, at: usize) -> Option<Segment> {
        let slice = self.slice(at);
        match self.tokens[at].kind {
            Kind::Integer => slice.parse().ok().map(Segment::Index),
            Kind::Text if !slice.contains('\\') => {
                Some(Segment::Key(slice[1..slice.len() - 1].to_owned()))
            }
            _ => None,
        }
    }

    fn is_guarded(&self, at: usize) -> bool {
        match self.slice(at) {
            "|" => matches!(self.slice(at + 1), "default" | "d"),
            "is" => {
                let test = if self.slice(at + 1) == "not" {
                    at + 2
                } else {
                    at + 1
                };
                matches!(self.slice(test), "defined" | "undefined")
            }
            _ => false,
        }
    }

    fn ends_with_path(&self) -> bool {
        let mut last = self.tokens.len() - 1;
        if last >= 3 && self.slice(last) == ")" && self.slice(last - 1) == "(" {
            last -= 2;
        }
        last >= 2
            && self.slice(last) == "path"
            && self.slice(last - 1) == "|"
            && self.tokens[last].depth == 0
    }

    fn rewrite(&self) -> String {
        let mut opens = vec![0usize; self.tokens.len()];
        let mut closes = vec![0usize; self.tokens.len()];
        for (first, last) in self.joined_operands() {
            opens[first] += 1;
            closes[last] += 1;
        }
        let mut out = String::new();
        for at in 0..self.tokens.len() {
            out.extend(std::iter::repeat_n('(', opens[at]));
            match self.roles[at] {
                Role::Path(number) => out.push_str(&format!("_{number}")),
                Role::Inside => {}
                Role::Null => out.push_str("none"),
                _ => out.push_str(self.slice(at)),
            }
            for _ in 0..closes[at] {
                out.push_str(")|");
                out.push_str(filters::TEXT_FILTER);
            }
            out.push(' ');
        }
        out
    }

    /// The operands of every `~`, as their first and last token.
    fn joined_operands(&self) -> BTreeSet<(usize, usize)> {
        let mut operands = BTreeSet::new();
        for at in 0..self.tokens.len() {
            if self.tokens[at].kind != Kind::Sign || self.slice(at) != "~" {
                continue;
            }
            let depth = self.tokens[at].depth;
            let mut first = at;
            while first > 0 && !self.bounds(first - 1, depth) {
                first -= 1;
            }
            if first < at {
                operands.insert((first, at - 1));
            }
            let mut last = at;
            while last + 1 < self.tokens.len() && !self.bounds(last + 1, depth) {
                last += 1;
            }
            if last > at {
                operands.insert((at + 1, last));
            }
        }
        operands
    }

    /// Whether an operand of `~` cannot reach over this token.
    fn bounds(&self, at: usize, depth: usize) -> bool {
        let token = self.tokens[at];
        if token.depth != depth {
            return token.depth < depth;
        }
        match token.kind {
            Kind::Sign => match self.slice(at) {
                "~" | "," | ":" | "=" | "==" | "!=" | "<" | "<=" | ">" | ">=" | "+" => {
                    self.roles[at] != Role::Inside
                }
                "-" => at > 0 && self.ends_operand(at - 1),
                _ => false,
            },
            Kind::Name => {
                self.roles[at] == Role::Operator
                    && !self.is_test_name(at + 1)
                    && self.slice(at) != "is"
            }
            _ => false,
        }
    }
}
