//! What expressions give, and what is said when they give nothing.

use hookloom_template::{Place, Scope, Template, TemplateFault, ValueTemplate};
use serde_json::{Value, json};

use crate::support::{scope, text};

#[test]
fn text_holds_values_as_they_are() {
    assert_eq!(text("{{requestBody.customer.name}}!"), "Zoë & <Co>!");
    assert_eq!(text("{{ requestHeaders[\"x-github-event\"] }}"), "push");
    assert_eq!(
        text("{{ requestHeaders['x-github-event'] | upper }}"),
        "PUSH"
    );
    assert_eq!(
        text("{{requestBody.total}} {{requestBody.big}} {{requestBody.id}}"),
        "10 1e+21 9007199254740993"
    );
    assert_eq!(
        text("[{{requestBody.none}}] {{requestBody.yes}}"),
        "[] true"
    );
    assert_eq!(text("{{requestBody.items[1]}}"), r#"{"sku":"B","n":2}"#);
    assert_eq!(text("{{requestBody.items.0.sku}}"), "A");
}

#[test]
fn other_brackets_are_text() {
    for plain in [
        "{% if x %}",
        "{# no #}",
        "{ {x} }",
        "}}",
        "$jobId",
        "a{b}c",
        "{\"a\":{\"b\":{}}}",
    ] {
        assert_eq!(text(plain), plain);
    }
    assert_eq!(text("{{ \"{{\" }}x{{ '}}' }}"), "{{x}}");
    assert_eq!(text("{{ {\"a\": {\"b\": 1}} }}}"), "{\"a\":{\"b\":1}}}");
}

#[test]
fn filters_and_operators_write_text_as_we_do() {
    assert_eq!(text("{{ requestBody.items | length }}"), "2");
    assert_eq!(
        text("{{ requestBody.items | map(attribute='sku') | join(', ') }}"),
        "A, B"
    );
    assert_eq!(
        text("{{ [true, none, null, 1.0, 'x'] | join('|') }}"),
        "true|||1|x"
    );
    assert_eq!(
        text("{{ 'a' ~ true ~ 1.0 ~ requestBody.none ~ requestBody.items[0] }}"),
        "atrue1{\"sku\":\"A\",\"n\":1}"
    );
    assert_eq!(
        text("{{ 1 + 2 ~ 3 * 2 }}"),
        "ERROR `{{1 + 2 ~ 3 * 2}}`: tried to use + operator on unsupported types number and string (line 1, column 1)"
    );
    assert_eq!(text("{{ (1 + 2) ~ 3 * 2 }}"), "36");
    assert_eq!(text("{{ -1 ~ -2 }}"), "-1-2");
    assert_eq!(text("{{ requestBody.total * 2 }}"), "20");
    assert_eq!(text("{{ requestBody[requestBody.key] }}"), "10");
    assert_eq!(
        text("{{ 'big' if requestBody.total > 5 else 'small' }}"),
        "big"
    );
    assert_eq!(text("{{ 'big' if requestBody.total > 50 }}"), "");
    assert_eq!(
        text("{{ requestBody.items | last | json }}"),
        r#"{"sku":"B","n":2}"#
    );
    assert_eq!(
        text("{{ 'x' in requestBody.slashed or not requestBody.yes }}"),
        "false"
    );
    assert_eq!(
        text("{{ requestBody.items[-1].sku ~ requestBody.items[0:1] }}"),
        r#"B[{"sku":"A","n":1}]"#
    );
    assert_eq!(
        text("{{ ' a b ' | trim | replace(' ', '-') | capitalize }}"),
        "A-b"
    );
    assert_eq!(text("{{ 'a,b' | split(',') | first }}"), "a");
    assert_eq!(
        text("{{ '12.7' | float | round }} {{ '12' | int + 1 }} {{ 12.9 | int }}"),
        "13 13 12"
    );
}

#[test]
fn an_undefined_name_says_which_and_the_nearest() {
    let cases = [
        (
            "x {{requestBody.custmer.email}}",
            "`custmer` of `requestBody` is not there; did you mean `customer`?",
        ),
        (
            "{{ requstBody.x }}",
            "`requstBody` is not there; did you mean `requestBody`?",
        ),
        (
            "{{ requestBody.total.x }}",
            "`x` of `requestBody.total` (it is a number) is not there",
        ),
        (
            "{{ requestBody.items[7] | upper }}",
            "item 7 of `requestBody.items` (it has 2 items) is not there",
        ),
        (
            "{{ requestBody.custmer ~ 'x' }}",
            "`custmer` of `requestBody`",
        ),
        (
            "{{ (requestBody.a.b | default('x')) ~ requestBody.totl }}",
            "`totl` of `requestBody`",
        ),
        (
            "{{ requestBody[requestBody.dots] }}",
            "a key or an item that the expression asks for is not there",
        ),
    ];
    for (template, expected) in cases {
        let found = text(template);
        assert!(
            found.starts_with("ERROR") && found.contains(expected),
            "{template}: {found}"
        );
    }
    assert!(text("a\nbc{{ x.y }}").ends_with("(line 2, column 3)"));
}

#[test]
fn default_handles_what_may_be_missing_however_deep() {
    assert_eq!(text("{{ requestBody.a.b.c | default('none') }}"), "none");
    assert_eq!(text("{{ nothing | default }}"), "");
    assert_eq!(text("{{ requestBody.none | default('x') }}"), "");
    assert_eq!(text("{{ requestBody.empty | default('x', true) }}"), "x");
    assert_eq!(
        text("{{ 'y' if requestBody.a.b is defined else 'n' }}"),
        "n"
    );
    assert_eq!(
        text("{{ requestBody.a.b if requestBody.a is not undefined else 'n' }}"),
        "n"
    );
}

#[test]
fn a_value_that_is_one_expression_keeps_its_type() {
    let given = json!({"total": "{{requestBody.total}}", "list": ["{{requestBody.items}}", "n {{requestBody.total}}", 7, null], "sum": "{{requestBody.total + 1}}"});
    let template = ValueTemplate::parse(&given).expect("a template");
    assert_eq!(
        template.render(&scope()).expect("a value"),
        json!({"total": 10.0, "list": [[{"sku": "A", "n": 1}, {"sku": "B", "n": 2}], "n 10", 7, null], "sum": 11.0})
    );
    let (pointer, error) =
        ValueTemplate::parse(&json!({"a/b": ["x", "{{"]})).expect_err("unclosed");
    assert_eq!(pointer, "/a~1b/1");
    assert_eq!(error.fault, TemplateFault::Unclosed);
}

#[test]
fn references_name_what_is_used() {
    let template = Template::parse(
        "{{ steps.enrich.data.email }} {{ vars[requestBody.key].x }} {{ secrets['a b'] | default(job.id) }} {{ x is sameas_ }}",
        Place::Text,
    );
    assert!(matches!(
        template.expect_err("no such test").fault,
        TemplateFault::UnknownTest { .. }
    ));
    let template = Template::parse(
        "{{ steps.enrich.data.email }} {{ vars[requestBody.key].x }} {{ secrets['a b'] | default(job.id) }} {{ items[0].a | sort(attribute=attr) }}",
        Place::Text,
    ).expect("a template");
    let names: Vec<String> = template
        .references()
        .iter()
        .map(|r| format!("{}:{}", r.root, r.path.join(".")))
        .collect();
    assert_eq!(
        names,
        [
            "steps:enrich.data.email",
            "vars:",
            "requestBody:key",
            "secrets:a b",
            "job:id",
            "items:0.a",
            "attr:"
        ]
    );
}

#[test]
fn fields_keep_their_order() {
    assert_eq!(
        text("{{ {'b': 1, 'a': {'d': 2, 'c': 3}} }}"),
        r#"{"b":1,"a":{"d":2,"c":3}}"#
    );
    assert_eq!(
        text("{{ requestBody.items | reverse }}"),
        r#"[{"sku":"B","n":2},{"sku":"A","n":1}]"#
    );
}

#[test]
fn many_expressions_are_parsed_in_good_time() {
    let many: String = (0..20_000).map(|n| format!("{{{{ n{n} }}}}\n")).collect();
    let template = Template::parse(&many, Place::Text).expect("a template");
    assert_eq!(template.references().len(), 20_000);
    let error = template
        .render(&scope(), None)
        .expect_err("nothing is there");
    assert_eq!((error.place.line, error.place.column), (1, 1));
}

#[test]
fn a_template_can_be_rendered_from_many_threads() {
    fn is_shared<T: Send + Sync>() {}
    is_shared::<Template>();
    is_shared::<ValueTemplate>();
}

#[test]
fn text_around_expressions_that_is_no_json_is_told() {
    let flaw = |text: &str| {
        Template::parse_task_body(text, Place::Json)
            .expect(text)
            .json_flaw()
    };
    assert_eq!(
        flaw("{\"a\": {{x}}, \"b\": \"{{y}}\", \"c\": $jobId}"),
        None
    );
    assert!(flaw("{\"a\": {{x}}").is_some_and(|flaw| flaw.contains("EOF")));
    assert!(flaw("{\"a\": $unknown}").is_some());
}

#[test]
fn what_a_value_holds_is_never_a_template() {
    let mut scope = Scope::default();
    scope.insert("a", Value::from("{{secrets.x}} $jobId"));
    let template = Template::parse("{{a}}", Place::Text).expect("a template");
    assert_eq!(
        template.render(&scope, None).expect("text"),
        "{{secrets.x}} $jobId"
    );
}
