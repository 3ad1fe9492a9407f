//! Rendering, place by place.

use hookloom_template::{
    Place, RenderFault, Scope, TaskWords, Template, TemplateFault, ValueTemplate,
};
use serde_json::{Value, json};

fn scope() -> Scope {
    let mut scope = Scope::default();
    scope.insert(
        "requestBody",
        json!({
            "customer": {"email": "a\"b@x.org", "name": "Zoë & <Co>"},
            "total": 10.0, "big": 1e21, "none": null, "yes": true, "id": 9007199254740993i64,
            "items": [{"sku": "A", "n": 1}, {"sku": "B", "n": 2}],
            "slashed": "a/b?c#d&e=f", "dots": "..", "key": "total", "empty": "",
        }),
    );
    scope.insert("requestHeaders", json!({"x-github-event": "push"}));
    scope.insert(
        "steps",
        json!({"enrich": {"data": {"email": "x@y.z"}, "exit_code": "success"}}),
    );
    scope.insert("vars", json!({"shop_url": "http://127.0.0.1:9000/base", "host": "shop.example", "scheme": "https"}));
    scope.insert("secrets", json!({"slack_path": "T0/B0/x y"}));
    scope
}

fn render(text: &str, place: Place) -> String {
    match Template::parse(text, place) {
        Ok(template) => match template.render(&scope(), None) {
            Ok(text) => text,
            Err(error) => format!("ERROR {error}"),
        },
        Err(error) => format!("REFUSED {error}"),
    }
}

fn text(text: &str) -> String {
    render(text, Place::Text)
}

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
fn json_bodies_take_values_outside_quotes_and_text_inside() {
    let json = |text: &str| render(text, Place::Json);
    assert_eq!(
        json(
            r#"{"email": {{requestBody.customer.email}}, "note": "total {{requestBody.total}} {{requestBody.customer.email}}"}"#
        ),
        r#"{"email": "a\"b@x.org", "note": "total 10 a\"b@x.org"}"#
    );
    assert_eq!(
        json("{{requestBody.items}}"),
        r#"[{"sku":"A","n":1},{"sku":"B","n":2}]"#
    );
    assert_eq!(json(r#"{"a":{{requestBody.none}}}"#), r#"{"a":null}"#);
    assert_eq!(
        json(r#"{"a":"{{requestBody.items}}"}"#),
        r#"{"a":"[{\"sku\":\"A\",\"n\":1},{\"sku\":\"B\",\"n\":2}]"}"#
    );
    for refused in [
        r#"{ {{x}}: 1 }"#,
        "[1{{x}}]",
        "{{x}}{{y}}",
        "[{{x}} 2]",
        r#"{"a" {{x}}}"#,
    ] {
        assert!(
            json(refused).starts_with("REFUSED in JSON an expression"),
            "{refused}: {}",
            json(refused)
        );
    }
    for refused in [r#"{"a": "\{{x}}"}"#, r#"{"a": "\u00{{x}}"}"#] {
        assert!(json(refused).contains("backslash"), "{refused}");
    }
    assert_eq!(
        json(r#"{"a": "\u0041{{requestBody.yes}}\\{{requestBody.yes}}"}"#),
        r#"{"a": "\u0041true\\true"}"#
    );
}

#[test]
fn forms_xml_and_headers_have_their_own_escaping() {
    assert_eq!(
        render(
            "a={{requestBody.slashed}}&b={{requestBody.customer.name}}",
            Place::Form
        ),
        "a=a%2Fb%3Fc%23d%26e%3Df&b=Zo%C3%AB+%26+%3CCo%3E"
    );
    assert_eq!(
        render(
            "<a b=\"{{requestBody.customer.email}}\">{{requestBody.customer.name}}</a>",
            Place::Xml
        ),
        "<a b=\"a&quot;b@x.org\">Zoë &amp; &lt;Co&gt;</a>"
    );
    assert_eq!(
        render("<![CDATA[{{ 'x]]>y' }}]]>", Place::Xml),
        "<![CDATA[x]]>]<![CDATA[]]>]<![CDATA[]]>&gt;<![CDATA[y]]>"
    );
    for refused in ["<{{x}}/>", "<a {{x}}>", "<!-- {{x}} -->", "<?{{x}}?>"] {
        assert!(
            render(refused, Place::Xml).starts_with("REFUSED"),
            "{refused}"
        );
    }
    assert_eq!(
        render("Bearer {{secrets.slack_path}}", Place::Header),
        "Bearer T0/B0/x y"
    );
    assert!(render("{{ 'a\\r\\nb: c' }}", Place::Header).contains("line break"));
    assert!(render("a\nb", Place::Header).starts_with("REFUSED"));
}

#[test]
fn content_types_choose_the_place() {
    for (content_type, place) in [
        ("application/json; charset=utf-8", Place::Json),
        ("Application/Vnd.Api+JSON", Place::Json),
        ("text/json", Place::Json),
        ("application/x-www-form-urlencoded", Place::Form),
        ("application/soap+xml", Place::Xml),
        ("text/plain", Place::Text),
        ("", Place::Text),
    ] {
        assert_eq!(
            Place::for_content_type(content_type),
            place,
            "{content_type}"
        );
    }
}

#[test]
fn urls_keep_their_shape() {
    let url = |text: &str| render(text, Place::Url);
    assert_eq!(
        url("{{vars.shop_url}}/api/{{requestBody.slashed}}"),
        "http://127.0.0.1:9000/base/api/a%2Fb%3Fc%23d%26e%3Df"
    );
    assert_eq!(
        url("https://hooks.slack.com/services/{{secrets.slack_path | path}}"),
        "https://hooks.slack.com/services/T0/B0/x%20y"
    );
    assert_eq!(
        url("https://x.org/?a={{requestBody.slashed}}#{{requestBody.slashed}}"),
        "https://x.org/?a=a%2Fb%3Fc%23d%26e%3Df#a%2Fb%3Fc%23d%26e%3Df"
    );
    assert_eq!(url("https://{{vars.host}}/x"), "https://shop.example/x");
    assert_eq!(
        url("{{vars.scheme}}://{{vars.host}}:81/x"),
        "https://shop.example:81/x"
    );
    assert_eq!(
        url("https://u:{{requestBody.slashed}}@x.org/"),
        "https://u:a%2Fb%3Fc%23d%26e%3Df@x.org/"
    );
    for (text, expected) in [
        (
            "https://x.org/{{requestBody.dots}}/y",
            "makes a segment `.` or `..`",
        ),
        ("https://x.org/.{{ '.' }}", "makes a segment"),
        ("https://x.org/%2e{{ '.' }}?a", "makes a segment"),
        (
            "https://x.org/{{ 'a/../b' | path }}",
            "has a segment `.` or `..`",
        ),
        (
            "https://x.org/{{ requestBody.slashed | path }}",
            "has a `?` or `#`",
        ),
        ("https://{{requestBody.slashed}}/", "other signs"),
        ("https://{{requestBody.empty}}/", "is empty"),
        ("{{vars.host}}/x", "does not begin with"),
        ("{{vars.shop_url}}{{requestBody.slashed}}", "other signs"),
    ] {
        let found = url(text);
        assert!(
            found.starts_with("ERROR") && found.contains(expected),
            "{text}: {found}"
        );
    }
    for refused in [
        "{{requestBody.slashed}}/x",
        "http{{vars.host}}://x",
        "ftp://x.org",
        "//x.org",
        "",
        "https:///{{vars.host}}",
        "https://x.org/a b",
        "https://x.org\\@y",
        "https://x.org/%2{{requestBody.yes}}",
        "http://",
        "x{{vars.host}}",
    ] {
        assert!(
            url(refused).starts_with("REFUSED"),
            "{refused}: {}",
            url(refused)
        );
    }
}

#[test]
fn a_host_that_other_data_chooses_is_reported() {
    let host = |text: &str| {
        Template::parse(text, Place::Url)
            .expect(text)
            .host_from_request()
    };
    assert!(!host("https://x.org/{{requestBody.x}}"));
    assert!(!host("{{vars.shop_url}}/{{requestBody.x}}"));
    assert!(!host("{{secrets.url}}?{{requestBody.x}}"));
    assert!(!host("https://{{vars.host}}/"));
    assert!(host("https://{{requestBody.x}}/"));
    assert!(host("https://api.{{steps.a.data.x}}.org/"));
    assert!(host("{{vars.shop_url}}{{requestBody.x}}"));
    assert!(host("{{vars.scheme}}://{{requestBody.x}}"));
    assert!(host("https://u:{{requestBody.x}}@x.org/"));
    assert!(host("https://{{vars[requestBody.x]}}/"));
}

#[test]
fn words_of_a_task_body_are_in_the_templates_own_text_only() {
    let words = TaskWords {
        job_id: 17,
        job_status: "Complete".into(),
        flow_id: 4,
        flow_name: "order_intake".into(),
        output_name: None,
    };
    let render = |text: &str, place| {
        Template::parse_task_body(text, place)
            .expect(text)
            .render(&scope(), Some(&words))
            .expect(text)
    };
    assert_eq!(
        render(
            "{\"text\":\"Job $jobId has completed. Status: $jobStatus.\"}",
            Place::Json
        ),
        "{\"text\":\"Job 17 has completed. Status: Complete.\"}"
    );
    assert_eq!(
        render(
            "{\"id\": $jobId, \"s\": $jobStatus, \"f\": $flowId, \"n\": $flowName, \"o\": $outputName, \"u\": \"$unknown $$jobId $ $\"}",
            Place::Json
        ),
        "{\"id\": 17, \"s\": \"Complete\", \"f\": 4, \"n\": \"order_intake\", \"o\": \"\", \"u\": \"$unknown $jobId $ $\"}"
    );
    assert_eq!(
        render("$jobIds $jobId_x ${{ '$jobId' }} $jobStatus", Place::Text),
        "$jobIds $jobId_x $$jobId Complete"
    );
    let template = Template::parse_task_body("$jobId", Place::Text).expect("a template");
    assert_eq!(
        template.render(&scope(), None).expect_err("no words").fault,
        RenderFault::NoTaskWords
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
