//! minijinja, held to evaluating single expressions: no globals, no functions, no templates, strict names, fuel.

use std::fmt;
use std::sync::atomic::{AtomicUsize, Ordering};
use std::sync::{Arc, LazyLock};

use minijinja::value::Object;
use minijinja::{Environment, ErrorKind, UndefinedBehavior, Value as Inner};
use serde_json::Value;

use super::convert::{inner_of, json_of_inner};
use super::filters;
use super::resolve::Lookup;
use crate::error::{RenderFault, TemplateFault};
use crate::limits::FUEL_MAX;
use crate::scope::Scope;

static ENVIRONMENT: LazyLock<Environment<'static>> = LazyLock::new(|| {
    let mut environment = Environment::empty();
    environment.set_undefined_behavior(UndefinedBehavior::Strict);
    environment.set_fuel(Some(FUEL_MAX));
    environment.set_recursion_limit(100);
    filters::register(&mut environment);
    environment
});

/// An expression whose paths are `_0`, `_1`, ….
pub(super) struct Compiled {
    expression: minijinja::Expression<'static, 'static>,
    may_be_empty: bool,
}

impl fmt::Debug for Compiled {
    fn fmt(&self, f: &mut fmt::Formatter<'_>) -> fmt::Result {
        f.write_str("Compiled")
    }
}

impl Compiled {
    /// Compiles an expression. What is wrong is told of it as it was written.
    pub(super) fn new(
        written: &str,
        rewritten: String,
        may_be_empty: bool,
    ) -> Result<Self, TemplateFault> {
        ENVIRONMENT.compile_expression(written).map_err(syntax)?;
        let expression = ENVIRONMENT
            .compile_expression_owned(rewritten)
            .map_err(syntax)?;
        Ok(Self {
            expression,
            may_be_empty,
        })
    }

    /// Evaluates with the values of its paths.
    pub(super) fn evaluate(&self, lookups: &[Lookup], scope: &Scope) -> Result<Value, RenderFault> {
        let slots = Arc::new(Slots {
            values: lookups
                .iter()
                .map(|lookup| lookup.resolve(scope).map(|value| inner_of(&value)))
                .collect(),
            guarded: lookups.iter().map(|lookup| lookup.guarded).collect(),
            missed: AtomicUsize::new(usize::MAX),
        });
        let result = self
            .expression
            .eval(Inner::from_dyn_object(Arc::clone(&slots)));
        let missed = lookups.get(slots.missed.load(Ordering::Relaxed));
        match result {
            Ok(value) if !value.is_undefined() => json_of_inner(&value),
            Ok(_) => match missed {
                Some(lookup) => Err(lookup.undefined(scope)),
                None if self.may_be_empty => Ok(Value::Null),
                None => Err(no_such_key()),
            },
            Err(error) => Err(fault_of(&error, missed, scope)),
        }
    }
}

/// The values of the paths, and the first one that was asked for and is missing.
#[derive(Debug)]
struct Slots {
    values: Vec<Option<Inner>>,
    guarded: Vec<bool>,
    missed: AtomicUsize,
}

impl Object for Slots {
    fn get_value(self: &Arc<Self>, key: &Inner) -> Option<Inner> {
        self.get_value_by_str(key.as_str()?)
    }

    fn get_value_by_str(self: &Arc<Self>, key: &str) -> Option<Inner> {
        let number: usize = key.strip_prefix('_')?.parse().ok()?;
        let value = self.values.get(number)?.clone();
        if value.is_none() && !self.guarded[number] {
            // Keeps the first; a guarded one is no reason for an error.
            let _ = self.missed.compare_exchange(
                usize::MAX,
                number,
                Ordering::Relaxed,
                Ordering::Relaxed,
            );
        }
        value
    }
}

fn syntax(error: minijinja::Error) -> TemplateFault {
    TemplateFault::Syntax {
        message: error.detail().unwrap_or("it is not complete").to_owned(),
    }
}

fn fault_of(error: &minijinja::Error, missed: Option<&Lookup>, scope: &Scope) -> RenderFault {
    if let Some(limit) = filters::limit_of(error) {
        return limit;
    }
    match (error.kind(), missed) {
        (ErrorKind::OutOfFuel, _) => RenderFault::OutOfFuel,
        (ErrorKind::UndefinedError, Some(lookup)) => lookup.undefined(scope),
        // A missing name given to a filter that wants something else.
        (_, Some(lookup)) => lookup.undefined(scope),
        (ErrorKind::UndefinedError, None) => no_such_key(),
        (_, None) => RenderFault::Evaluation {
            message: message_without_values(error),
        },
    }
}

fn no_such_key() -> RenderFault {
    RenderFault::Undefined {
        name: "a key or an item that the expression asks for".to_owned(),
        nearest: None,
    }
}

/// Some messages of minijinja repeat operands, and an operand can be a secret.
fn message_without_values(error: &minijinja::Error) -> String {
    // `map` and `selectattr` take the name of a filter or test as a value.
    if matches!(
        error.kind(),
        ErrorKind::UnknownFilter | ErrorKind::UnknownTest
    ) {
        return "it asks for a filter or test that does not exist".to_owned();
    }
    let detail = error.detail().unwrap_or_default();
    if detail.starts_with("unable to calculate") {
        return "it cannot be calculated: too large, or divided by zero".to_owned();
    }
    if detail.is_empty() {
        error.kind().to_string()
    } else {
        detail.to_owned()
    }
}
