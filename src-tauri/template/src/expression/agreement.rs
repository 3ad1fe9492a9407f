//! Our ways around minijinja (paths looked up directly, `~` rewritten) against minijinja itself.

use minijinja::{Environment, UndefinedBehavior, Value as Inner};
use proptest::prelude::*;
use serde_json::{Value, json};

use super::convert::{inner_of, json_of_inner};
use super::{Expression, read_expression};
use crate::scope::Scope;

fn data() -> Value {
    json!({
        "a": {"b": {"c": 1, "0": "zero"}, "list": [1.5, {"x": "y"}, [2, null]], "text": "héllo", "none": null, "flag": true},
        "b": "plain", "n": 7, "if_": [[], {}],
    })
}

/// What minijinja makes of the whole expression with the whole scope.
fn oracle(expression: &str) -> Option<Value> {
    let mut environment = Environment::empty();
    environment.set_undefined_behavior(UndefinedBehavior::Strict);
    let value = environment
        .compile_expression(expression)
        .ok()?
        .eval(whole_scope())
        .ok()?;
    if value.is_undefined() {
        return None;
    }
    json_of_inner(&value).ok()
}

fn whole_scope() -> Inner {
    inner_of(&data())
}

fn ours(expression: &str) -> Option<Value> {
    let text = format!("{expression}}}}}");
    let found = read_expression(&text, 0).ok()?;
    let parsed = Expression::parse(&text, &found, 0).ok()?;
    let mut scope = Scope::default();
    if let Value::Object(roots) = data() {
        for (root, value) in roots {
            scope.insert(root, value);
        }
    }
    parsed
        .evaluate(&scope)
        .ok()
        .map(std::borrow::Cow::into_owned)
}

fn step() -> impl Strategy<Value = String> {
    prop_oneof![
        prop::sample::select(vec![
            ".b", ".c", ".list", ".text", ".x", ".none", ".flag", ".nope", ".0", ".1", ".2", "[0]",
            "[1]", "[2]", "[9]", "[\"b\"]", "['list']", "[\"0\"]", "[ 'x' ]", " . b", "[1:]",
            "[-1]", "[0x1]", "['b' ]", ".1.x", "[n]", "[b]",
        ])
        .prop_map(str::to_owned),
    ]
}

fn operand() -> impl Strategy<Value = String> {
    let leaf = prop::sample::select(vec![
        "n", "b", "1", "23", "'s'", "\"t\"", "a.b.c", "-n", "a.text", "(1 + n)", "[n][0]",
    ])
    .prop_map(str::to_owned);
    leaf.prop_recursive(3, 12, 3, |inner| {
        let operator = prop::sample::select(vec![
            " ~ ", "~", " + ", " - ", " * ", " // ", " == ", " < ", " and ", " or ",
        ]);
        prop_oneof![
            (inner.clone(), operator, inner.clone()).prop_map(|(a, o, b)| format!("{a}{o}{b}")),
            inner.clone().prop_map(|a| format!("({a})")),
            (inner.clone(), inner.clone(), inner)
                .prop_map(|(a, b, c)| format!("{a} if {b} else {c}")),
        ]
    })
}

proptest! {
    #![proptest_config(ProptestConfig::with_cases(2_000))]

    #[test]
    fn a_path_means_what_it_means_to_minijinja(root in prop::sample::select(vec!["a", "b", "n", "if_", "zzz"]), steps in prop::collection::vec(step(), 0..5)) {
        let expression = format!("{root}{}", steps.concat());
        prop_assert_eq!(ours(&expression), oracle(&expression), "{}", expression);
    }

    // Numbers and texts alone are written alike by both, so that only the order of evaluation is compared. True and
    // false are not: minijinja writes them as Python does.
    #[test]
    fn joining_texts_binds_as_in_minijinja(expression in operand()) {
        if let Some(expected) = oracle(&expression)
            && !expected.to_string().contains("True") && !expected.to_string().contains("False")
        {
            let found = ours(&expression);
            let has_flag = found.as_ref().is_some_and(|value| value.to_string().contains("true") || value.to_string().contains("false"));
            if !has_flag {
                prop_assert_eq!(found, Some(expected), "{}", expression);
            }
        }
    }
}
