//! No value changes the structure around it, and no text makes the parser panic.

use hookloom_template::{Place, Scope, Template, ValueTemplate};
use proptest::prelude::*;
use proptest::test_runner::{RngAlgorithm, TestRng, TestRunner};
use serde_json::{Map, Value, json};

/// Texts with what could break out of a place.
fn hostile() -> impl Strategy<Value = String> {
    let piece = prop_oneof![
        prop::sample::select(vec![
            "\"", "'", "\\", "\\u0022", "{{a}}", "}}", "{%", "$jobId", "&", "=", "+", "%2e", "%2F",
            "%", ".", "..", "/", "\\..", "?", "#", "@", ":", "//", "\r\n", "\n", "\0", "\t", " ",
            "<", ">", "]]>", "<!--", "-->", ",", "]", "}", "[", "{", "null", "1", "\u{2028}", "é",
            "\u{ff0e}", ";",
        ])
        .prop_map(str::to_owned),
        any::<String>(),
    ];
    prop::collection::vec(piece, 0..6).prop_map(|pieces| pieces.concat())
}

fn value() -> impl Strategy<Value = Value> {
    let leaf = prop_oneof![
        3 => hostile().prop_map(Value::from),
        1 => any::<i64>().prop_map(Value::from),
        1 => any::<f64>().prop_filter_map("finite", |f| f.is_finite().then(|| Value::from(f))),
        1 => any::<bool>().prop_map(Value::from),
        1 => Just(Value::Null),
    ];
    leaf.prop_recursive(3, 16, 4, |inner| {
        prop_oneof![
            prop::collection::vec(inner.clone(), 0..4).prop_map(Value::from),
            prop::collection::vec((hostile(), inner), 0..4)
                .prop_map(|fields| Value::Object(fields.into_iter().collect())),
        ]
    })
}

fn scope(a: &Value, b: &Value) -> Scope {
    let mut scope = Scope::default();
    scope.insert("a", a.clone());
    scope.insert("b", b.clone());
    scope.insert("vars", json!({"base": "https://base.example/x"}));
    scope
}

fn rendered(text: &str, place: Place, scope: &Scope) -> Option<String> {
    let template = Template::parse(text, place).expect(text);
    template.render(scope, None).ok()
}

/// How often each property is tried: the eight of them a million times in `cargo xtask templates`.
fn cases() -> u32 {
    let given = std::env::var("HOOKLOOM_PROPERTY_CASES").ok();
    given.map_or(256, |cases| cases.parse().expect("a number"))
}

/// How a template with its values becomes text.
type Render = fn(&str, Place, &Scope) -> Option<String>;
type Checked = Result<(), TestCaseError>;

/// The control: values go into every place as they are.
fn unescaped(text: &str, _: Place, scope: &Scope) -> Option<String> {
    rendered(text, Place::Text, scope)
}

fn text_of(value: &Value) -> String {
    hookloom_template::text_of(value).into_owned()
}

fn json_stays(render: Render, a: &Value, b: &Value) -> Checked {
    let text = r#"{"x": {{a}}, "y": ["s {{b}} {{ a }}", {{ b }}], "z\"": {"k": "{{a | json}}"}}"#;
    let out = render(text, Place::Json, &scope(a, b)).expect("every value fits into JSON");
    let read: Result<Value, _> = serde_json::from_str(&out);
    let read = read.map_err(|error| TestCaseError::fail(format!("{error}: {out}")))?;
    let expected = json!({
        "x": a,
        "y": [format!("s {} {}", text_of(b), text_of(a)), b],
        "z\"": {"k": hookloom_template::json_of(a)},
    });
    prop_assert_eq!(without_number_forms(&read), without_number_forms(&expected));
    Ok(())
}

fn forms_stay(render: Render, a: &Value, b: &Value) -> Checked {
    let text = "x={{a}}&y=1{{b}}&{{b}}=z&c={{a}}";
    let out = render(text, Place::Form, &scope(a, b)).expect("every value fits");
    let pairs: Vec<(String, String)> = url::form_urlencoded::parse(out.as_bytes())
        .into_owned()
        .collect();
    let expected = vec![
        ("x".to_owned(), text_of(a)),
        ("y".to_owned(), format!("1{}", text_of(b))),
        (text_of(b), "z".to_owned()),
        ("c".to_owned(), text_of(a)),
    ];
    prop_assert_eq!(pairs, expected);
    Ok(())
}

fn headers_stay(render: Render, a: &Value, b: &Value) -> Checked {
    if let Some(out) = render("Bearer {{a}}{{b}}", Place::Header, &scope(a, b)) {
        prop_assert!(!out.contains(['\r', '\n', '\0']));
    }
    Ok(())
}

fn xml_stays(render: Render, a: &Value, b: &Value) -> Checked {
    let text = "<r x=\"{{a}}\" y='{{b}}'>{{b}}<![CDATA[]{{a}}>{{b}}]]></r>";
    let Some(out) = render(text, Place::Xml, &scope(a, b)) else {
        return Ok(());
    };
    let outside = strip_cdata(&out);
    prop_assert_eq!(outside.matches('<').count(), 2, "{}", out);
    prop_assert_eq!(outside.matches('"').count(), 2, "{}", out);
    prop_assert_eq!(outside.matches('\'').count(), 2, "{}", out);
    // Behind every `&` is one of our own references.
    let references = ["amp;", "lt;", "gt;", "quot;", "#39;", "#13;", "#10;", "#9;"];
    let mut behind = outside.split('&').skip(1);
    prop_assert!(behind.all(|rest| references.iter().any(|known| rest.starts_with(known))));
    Ok(())
}

fn urls_stay(render: Render, a: &Value, b: &Value) -> Checked {
    let text = "https://u:{{b}}@x.org/p/{{a}}/q.{{b}}?k={{a}}&l=1{{b}}#f{{a}}";
    let Some(out) = render(text, Place::Url, &scope(a, b)) else {
        return Ok(());
    };
    let url = parsed(&out)?;
    prop_assert_eq!(url.host_str(), Some("x.org"));
    prop_assert_eq!(url.port(), None);
    prop_assert_eq!(url.username(), "u");
    let segments: Vec<&str> = url.path_segments().expect("segments").collect();
    prop_assert_eq!(segments.len(), 3, "{}", out);
    prop_assert_eq!(segments[0], "p");
    let keys: Vec<String> = url.query_pairs().map(|(key, _)| key.into_owned()).collect();
    prop_assert_eq!(keys, ["k", "l"]);
    prop_assert_eq!(url.query_pairs().next().expect("k").1, text_of(a));
    Ok(())
}

fn paths_stay(render: Render, a: &Value, b: &Value) -> Checked {
    let text = "{{vars.base}}/s/{{a | path}}/t";
    let Some(out) = render(text, Place::Url, &scope(a, b)) else {
        return Ok(());
    };
    let url = parsed(&out)?;
    prop_assert_eq!(url.host_str(), Some("base.example"));
    let is_between = url.path().starts_with("/x/s/") && url.path().ends_with("/t");
    prop_assert!(is_between, "{}", out);
    let slashes = text_of(a).matches('/').count();
    prop_assert_eq!(url.path().matches('/').count(), 4 + slashes, "{}", out);
    prop_assert_eq!(url.query(), None);
    prop_assert_eq!(url.fragment(), None);
    Ok(())
}

fn hosts_stay(render: Render, a: &Value, b: &Value) -> Checked {
    if let Some(out) = render("https://api-{{a}}.x.org/p", Place::Url, &scope(a, b))
        && let Ok(url) = url::Url::parse(&out)
    {
        let is_ours = url.host_str().is_some_and(|host| host.ends_with(".x.org"));
        prop_assert!(is_ours, "{}", out);
        prop_assert_eq!(url.path(), "/p");
    }
    Ok(())
}

fn parsed(out: &str) -> Result<url::Url, TestCaseError> {
    url::Url::parse(out).map_err(|error| TestCaseError::fail(format!("{error}: {out}")))
}

proptest! {
    #![proptest_config(ProptestConfig::with_cases(cases()))]

    #[test]
    fn of_json(a in value(), b in value()) {
        json_stays(rendered, &a, &b)?;
    }

    #[test]
    fn of_forms(a in value(), b in value()) {
        forms_stay(rendered, &a, &b)?;
    }

    #[test]
    fn of_headers(a in value(), b in value()) {
        headers_stay(rendered, &a, &b)?;
    }

    #[test]
    fn of_xml(a in value(), b in value()) {
        xml_stays(rendered, &a, &b)?;
    }

    #[test]
    fn of_urls(a in value(), b in value()) {
        urls_stay(rendered, &a, &b)?;
    }

    #[test]
    fn of_urls_with_a_base_and_a_path(a in value(), b in value()) {
        paths_stay(rendered, &a, &b)?;
    }

    #[test]
    fn of_hosts(a in value(), b in value()) {
        hosts_stay(rendered, &a, &b)?;
    }

    #[test]
    fn of_values(a in value(), b in value()) {
        let template = ValueTemplate::parse(&json!({"x": "{{a}}", "y": ["{{b}}", "{{a}} "], "{{a}}": 1})).expect("a template");
        let out = template.render(&scope(&a, &b)).expect("a value");
        let text = format!("{} ", hookloom_template::text_of(&a));
        prop_assert_eq!(out, json!({"x": a, "y": [b, text], "{{a}}": 1}));
    }

    #[test]
    fn no_text_makes_it_panic(text in any::<String>(), pieces in prop::collection::vec(prop::sample::select(PIECES.to_vec()), 0..24)) {
        let scope = scope(&json!({"b": [1, {"c": "x"}]}), &json!("y"));
        for text in [text, pieces.concat()] {
            for place in [Place::Json, Place::Form, Place::Xml, Place::Text, Place::Header, Place::Url] {
                if let Ok(template) = Template::parse(&text, place) {
                    let _ = template.render(&scope, None);
                }
                let _ = Template::parse_task_body(&text, place);
            }
        }
    }
}

/// Looks at what a template makes of two values.
type Property = fn(Render, &Value, &Value) -> Checked;

/// Whether a property that is tried as often as in `make test` holds for values that go in as they are.
fn holds_unescaped(property: Property) -> bool {
    let config = ProptestConfig {
        failure_persistence: None,
        max_shrink_iters: 0,
        ..ProptestConfig::with_cases(256)
    };
    let mut runner =
        TestRunner::new_with_rng(config, TestRng::deterministic_rng(RngAlgorithm::ChaCha));
    let values = (value(), value());
    let run = runner.run(&values, |(a, b)| property(unescaped, &a, &b));
    run.is_ok()
}

#[test]
fn each_property_notices_values_that_go_in_as_they_are() {
    let properties: [(&str, Property); 7] = [
        ("JSON", json_stays),
        ("forms", forms_stay),
        ("headers", headers_stay),
        ("XML", xml_stays),
        ("URLs", urls_stay),
        ("paths", paths_stay),
        ("hosts", hosts_stay),
    ];
    for (what, property) in properties {
        assert!(!holds_unescaped(property), "{what}: nothing was noticed");
    }
}

const PIECES: &[&str] = &[
    "{{",
    "}}",
    "{{ a",
    "a",
    ".b",
    "[0]",
    "[",
    "]",
    "(",
    ")",
    "{",
    "}",
    "\"",
    "'",
    "\\",
    " | ",
    "upper",
    "default('x')",
    "path",
    " ~ ",
    " + ",
    " - ",
    " * ",
    "1",
    "1.5",
    "1e5",
    "0x",
    "'s'",
    ",",
    ":",
    " if ",
    " else ",
    " is ",
    " not ",
    " in ",
    "defined",
    "null",
    "https://",
    "/",
    "?",
    "#",
    "@",
    "%",
    "<",
    ">",
    "<!--",
    "$jobId",
    "$",
    "é",
    "\u{0}",
    "=",
    "**",
    "//",
    "~",
];

/// JSON knows one kind of number: `1.0` and `1` are the same.
fn without_number_forms(value: &Value) -> Value {
    match value {
        Value::Number(number) => json!(number.as_f64()),
        Value::Array(items) => items.iter().map(without_number_forms).collect(),
        Value::Object(fields) => fields
            .iter()
            .map(|(name, field)| (name.clone(), without_number_forms(field)))
            .collect::<Map<_, _>>()
            .into(),
        other => other.clone(),
    }
}

fn strip_cdata(text: &str) -> String {
    let mut out = String::new();
    let mut rest = text;
    while let Some((before, behind)) = rest.split_once("<![CDATA[") {
        out.push_str(before);
        rest = behind.split_once("]]>").expect("CDATA ends").1;
    }
    out + rest
}
