//! What is no expression, what would not end, and what errors keep to themselves.

use hookloom_template::{Place, Scope, Template};
use serde_json::json;

use crate::support::text;

#[test]
fn what_is_no_expression_is_refused_with_a_reason() {
    for (template, expected) in [
        ("{{", "has no `}}`"),
        ("a {{ x", "has no `}}`"),
        ("{{ }}", "nothing between"),
        ("{{ x | uper }}", "did you mean `upper`?"),
        ("{{ x is defind }}", "did you mean `defined`?"),
        ("{{ range(10) }}", "no functions"),
        ("{{ x.items() }}", "no functions"),
        ("{{ 'a'.upper() }}", "no functions"),
        ("{{ a && b }}", "write `and`"),
        ("{{ 'x }}", "does not end"),
        ("{{ a b }}", "cannot be read"),
        ("{{ a. }}", "cannot be read"),
    ] {
        let found = text(template);
        assert!(
            found.starts_with("REFUSED") && found.contains(expected),
            "{template}: {found}"
        );
    }
    let many = format!("{{{{ {} }}}}", "1+".repeat(5000));
    assert!(text(&many).contains("expression tokens"));
    let deep = format!("{{{{ {} }}}}", "(".repeat(5000));
    assert!(text(&deep).contains("expression depth"));
    assert!(text(&"x".repeat(2_000_000)).contains("template length"));
}

#[test]
fn limits_end_what_would_not_end() {
    assert!(text("{{ 'x' * 20000000 }}").contains("output size"));
    assert!(text("{{ [1] * 90000000 }}").contains("output size"));
    assert!(text("{{ ([1] * 90000000) | sort }}").contains("filter items"));
    assert!(text("{{ 1 / 0 }}").contains("divided by zero"));
    assert!(
        text("{{ 'xxxxxxxxxxxxxxxxxxxx' * 500000 ~ 'xxxxxxxxxxxxxxxxxxxx' * 500000 }}")
            .contains("output size")
    );
}

#[test]
fn an_error_never_repeats_a_value() {
    let mut scope = Scope::default();
    scope.insert(
        "secrets",
        json!({"token": "hunter2hunter2", "n": 123456789}),
    );
    for template in [
        "{{ secrets.token + 1 }}",
        "{{ secrets.token | int }}",
        "{{ secrets.n / 0 }}",
        "{{ secrets.token.x.y }}",
        "{{ secrets[secrets.token] }}",
        "{{ secrets.token | keys }}",
        "{{ secrets.n | sum }}",
        "{{ secrets.token | round }}",
        "{{ secrets.token * secrets.n }}",
        "{{ -secrets.token }}",
        "{{ secrets.token | sort(attribute=secrets.token) }}",
        "{{ [1] | map(secrets.token) | json }}",
        "{{ [{'a':1}] | selectattr('a', secrets.token) | json }}",
        "{{ 5 in secrets.n }}",
        "{{ [1] | sort(x=secrets.token) }}",
        "{{ 1.5 | round(secrets.token) }}",
        "{{ 1 | round(1, secrets.token) }}",
        "{{ {'a': 1}[secrets.token] }}",
    ] {
        let Ok(parsed) = Template::parse(template, Place::Text) else {
            panic!("{template} does not parse")
        };
        if let Err(error) = parsed.render(&scope, None) {
            let said = error.to_string();
            assert!(
                !said.contains("hunter2") && !said.contains("123456789"),
                "{template}: {said}"
            );
        }
    }
}
