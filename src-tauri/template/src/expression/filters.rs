//! The filters and tests that an expression can use. Those that write text write it as we do, not as Python does.

use minijinja::value::{Kwargs, Rest};
use minijinja::{Environment, Error, ErrorKind, State, Value as Inner, filters, tests};

use super::convert::json_of_inner;
use crate::error::RenderFault;
use crate::limits::{ITEMS_MAX, OUTPUT_BYTES_MAX};
use crate::text::{json_of, text_of};

/// The filter around each operand of `~`; nobody can write it.
pub(super) const TEXT_FILTER: &str = "_text";

/// Names of filters.
pub(crate) const FILTERS: &[&str] = &[
    "abs",
    "capitalize",
    "count",
    "d",
    "default",
    "first",
    "float",
    "int",
    "join",
    "json",
    "keys",
    "last",
    "length",
    "lower",
    "map",
    "max",
    "min",
    "path",
    "rejectattr",
    "replace",
    "reverse",
    "round",
    "selectattr",
    "sort",
    "split",
    "string",
    "sum",
    "trim",
    "unique",
    "upper",
    "values",
];

/// Names of tests, as in `is defined`.
pub(super) const TESTS: &[&str] = &[
    "boolean",
    "defined",
    "divisibleby",
    "endingwith",
    "eq",
    "even",
    "false",
    "ge",
    "gt",
    "in",
    "integer",
    "le",
    "lt",
    "mapping",
    "ne",
    "none",
    "null",
    "number",
    "odd",
    "sequence",
    "startingwith",
    "string",
    "true",
    "undefined",
];

/// Adds all of them.
pub(super) fn register(environment: &mut Environment<'_>) {
    add_text_filters(environment);
    add_number_filters(environment);
    add_list_filters(environment);
    add_tests(environment);
}

/// The limit that an error of a filter stands for.
pub(super) fn limit_of(error: &Error) -> Option<RenderFault> {
    let source = std::error::Error::source(error)?;
    source.downcast_ref::<RenderFault>().cloned()
}

fn add_text_filters(environment: &mut Environment<'_>) {
    environment.add_filter(TEXT_FILTER, |value: &Inner| text(value));
    environment.add_filter("string", |value: &Inner| text(value));
    environment.add_filter("json", |value: &Inner| {
        json_of_inner(value)
            .map(|value| json_of(&value))
            .map_err(fault)
    });
    environment.add_filter("upper", |value: &Inner| {
        Ok::<_, Error>(text(value)?.to_uppercase())
    });
    environment.add_filter("lower", |value: &Inner| {
        Ok::<_, Error>(text(value)?.to_lowercase())
    });
    environment.add_filter("capitalize", |value: &Inner| capitalize(&text(value)?));
    environment.add_filter("trim", |value: &Inner| {
        Ok::<_, Error>(text(value)?.trim().to_owned())
    });
    environment.add_filter("replace", |value: &Inner, from: &Inner, to: &Inner| {
        let (value, from, to) = (text(value)?, text(from)?, text(to)?);
        let found = value.matches(from.as_str()).count();
        sized(value.len().saturating_add(found.saturating_mul(to.len())))?;
        Ok::<_, Error>(value.replace(from.as_str(), &to))
    });
    environment.add_filter("split", split);
    environment.add_filter("join", join);
    environment.add_filter("path", |value: &Inner| {
        let text = text(value)?;
        match crate::place::why_no_path(&text) {
            Some(why) => Err(fault(RenderFault::NotAllowed {
                place: "a path",
                why,
            })),
            None => Ok(text),
        }
    });
}

fn add_number_filters(environment: &mut Environment<'_>) {
    environment.add_filter("abs", filters::abs);
    environment.add_filter("round", filters::round);
    environment.add_filter("int", |value: &Inner| {
        let number = float_of(value)?;
        if value.is_integer() {
            return Ok(value.clone());
        }
        if let Some(whole) = value
            .as_str()
            .and_then(|text| text.trim().parse::<i64>().ok())
        {
            return Ok(Inner::from(whole));
        }
        if number.abs() >= 9.2e18 {
            return Err(invalid("the number is too large for a whole number"));
        }
        #[expect(
            clippy::cast_possible_truncation,
            reason = "the range was checked, and the fraction is to go"
        )]
        Ok(Inner::from(number.trunc() as i64))
    });
    environment.add_filter("float", |value: &Inner| float_of(value));
}

fn add_list_filters(environment: &mut Environment<'_>) {
    environment.add_filter("default", filters::default);
    environment.add_filter("d", filters::default);
    environment.add_filter("length", filters::length);
    environment.add_filter("count", filters::length);
    environment.add_filter("first", filters::first);
    environment.add_filter("last", |value: Inner| filters::last(few(value)?));
    environment.add_filter("reverse", |value: Inner| filters::reverse(&few(value)?));
    environment.add_filter("keys", |value: &Inner| {
        Ok::<_, Error>(mapping(value)?.try_iter()?.collect::<Vec<_>>())
    });
    environment.add_filter("values", |value: &Inner| {
        let keys = mapping(value)?.try_iter()?;
        keys.map(|key| value.get_item(&key))
            .collect::<Result<Vec<_>, _>>()
    });
    environment.add_filter(
        "sort",
        |state: &State<'_, '_>, value: Inner, options: Kwargs| {
            filters::sort(state, few(value)?, options)
        },
    );
    environment.add_filter(
        "unique",
        |state: &State<'_, '_>, value: Inner, options: Kwargs| {
            filters::unique(state, few(value)?, options)
        },
    );
    environment.add_filter(
        "min",
        |state: &State<'_, '_>, value: Inner, options: Kwargs| {
            filters::min(state, few(value)?, options)
        },
    );
    environment.add_filter(
        "max",
        |state: &State<'_, '_>, value: Inner, options: Kwargs| {
            filters::max(state, few(value)?, options)
        },
    );
    environment.add_filter("sum", filters::sum);
    environment.add_filter("map", filters::map);
    environment.add_filter("selectattr", filters::selectattr);
    environment.add_filter("rejectattr", filters::rejectattr);
}

fn add_tests(environment: &mut Environment<'_>) {
    environment.add_test("defined", tests::is_defined);
    environment.add_test("undefined", tests::is_undefined);
    environment.add_test("none", tests::is_none);
    environment.add_test("null", tests::is_none);
    environment.add_test("boolean", tests::is_boolean);
    environment.add_test("number", tests::is_number);
    environment.add_test("integer", tests::is_integer);
    environment.add_test("string", tests::is_string);
    environment.add_test("sequence", tests::is_sequence);
    environment.add_test("mapping", tests::is_mapping);
    environment.add_test("true", tests::is_true);
    environment.add_test("false", tests::is_false);
    environment.add_test("odd", tests::is_odd);
    environment.add_test("even", tests::is_even);
    environment.add_test("divisibleby", tests::is_divisibleby);
    environment.add_test("startingwith", tests::is_startingwith);
    environment.add_test("endingwith", tests::is_endingwith);
    environment.add_test("in", tests::is_in);
    environment.add_test("eq", tests::is_eq);
    environment.add_test("ne", tests::is_ne);
    environment.add_test("lt", tests::is_lt);
    environment.add_test("le", tests::is_le);
    environment.add_test("gt", tests::is_gt);
    environment.add_test("ge", tests::is_ge);
}

fn fault(fault: RenderFault) -> Error {
    Error::new(ErrorKind::InvalidOperation, fault.to_string()).with_source(fault)
}

fn invalid(message: &'static str) -> Error {
    Error::new(ErrorKind::InvalidOperation, message)
}

/// The text of a value. An undefined one is an error, as everywhere.
fn text(value: &Inner) -> Result<String, Error> {
    if value.is_undefined() {
        return Err(Error::from(ErrorKind::UndefinedError));
    }
    if let Some(text) = value.as_str() {
        sized(text.len())?;
        return Ok(text.to_owned());
    }
    let value = json_of_inner(value).map_err(fault)?;
    Ok(text_of(&value).into_owned())
}

fn sized(bytes: usize) -> Result<(), Error> {
    if bytes > OUTPUT_BYTES_MAX {
        return Err(fault(RenderFault::TooLarge));
    }
    Ok(())
}

fn few(value: Inner) -> Result<Inner, Error> {
    if value.len().is_some_and(|items| items > ITEMS_MAX) {
        return Err(fault(RenderFault::TooManyItems));
    }
    Ok(value)
}

fn mapping(value: &Inner) -> Result<&Inner, Error> {
    if value.kind() != minijinja::value::ValueKind::Map {
        return Err(invalid("`keys` and `values` work on an object"));
    }
    Ok(value)
}

fn capitalize(text: &str) -> Result<String, Error> {
    let mut letters = text.chars();
    Ok(match letters.next() {
        Some(first) => first
            .to_uppercase()
            .chain(letters.flat_map(char::to_lowercase))
            .collect(),
        None => String::new(),
    })
}

fn split(value: &Inner, by: Option<&Inner>) -> Result<Vec<String>, Error> {
    let value = text(value)?;
    let Some(by) = by else {
        return Ok(value.split_whitespace().map(str::to_owned).collect());
    };
    let by = text(by)?;
    if by.is_empty() {
        return Err(invalid("`split` needs a text to split at"));
    }
    Ok(value.split(by.as_str()).map(str::to_owned).collect())
}

fn join(value: &Inner, arguments: Rest<Inner>) -> Result<String, Error> {
    let between = match arguments.first() {
        Some(between) => text(between)?,
        None => String::new(),
    };
    if value.is_undefined() {
        return Err(Error::from(ErrorKind::UndefinedError));
    }
    let mut out = String::new();
    for (at, item) in value.try_iter()?.enumerate() {
        if at >= ITEMS_MAX {
            return Err(fault(RenderFault::TooManyItems));
        }
        if at > 0 {
            out.push_str(&between);
        }
        out.push_str(&text(&item)?);
        sized(out.len())?;
    }
    Ok(out)
}

fn float_of(value: &Inner) -> Result<f64, Error> {
    if value.is_undefined() {
        return Err(Error::from(ErrorKind::UndefinedError));
    }
    let number = match value.as_str() {
        Some(text) => text.trim().parse::<f64>().ok(),
        None => f64::try_from(value.clone()).ok(),
    };
    number
        .filter(|number| number.is_finite())
        .ok_or_else(|| invalid("the value cannot be read as a number"))
}
