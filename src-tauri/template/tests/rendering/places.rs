//! How values are written in bodies and headers.

use hookloom_template::{Place, RenderFault, TaskWords, Template};

use crate::support::{render, scope};

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
