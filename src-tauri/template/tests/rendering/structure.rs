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

/// How often each property is tried: the nine of them a million times and more in `cargo xtask templates`.
fn cases() -> u32 {
    let given = std::env::var("HOOKLOOM_PROPERTY_CASES").ok();
    given.map_or(256, |cases| cases.parse().expect("a number"))
}

/// How a template with its values becomes text.
type Render = fn(&str, Place, &Scope) -> Option<String>;
/// How a template of values becomes a value.
type RenderValue = fn(&Value, &Scope) -> Option<Value>;
/// Reads a text as a template for a place, and renders it if it is one.
type Read = fn(&str, Place, &Scope);
type Checked = Result<(), TestCaseError>;

/// The control: values go into every place as they are.
fn unescaped(text: &str, _: Place, scope: &Scope) -> Option<String> {
    rendered(text, Place::Text, scope)
}

fn rendered_value(template: &Value, scope: &Scope) -> Option<Value> {
    let template = ValueTemplate::parse(template).expect("a template");
    template.render(scope).ok()
}

/// The control: values go into the text of the template as they are, and that is read again.
fn value_of_text(template: &Value, scope: &Scope) -> Option<Value> {
    serde_json::from_str(&unescaped(&template.to_string(), Place::Text, scope)?).ok()
}

/// The control: what is exactly one expression is text like everything else.
fn value_of_texts(template: &Value, scope: &Scope) -> Option<Value> {
    Some(match template {
        Value::String(text) => unescaped(text, Place::Text, scope)?.into(),
        Value::Array(items) => items
            .iter()
            .map(|item| value_of_texts(item, scope))
            .collect::<Option<_>>()?,
        Value::Object(fields) => fields
            .iter()
            .map(|(name, field)| Some((name.clone(), value_of_texts(field, scope)?)))
            .collect::<Option<Map<_, _>>>()?
            .into(),
        other => other.clone(),
    })
}

fn read(text: &str, place: Place, scope: &Scope) {
    if let Ok(template) = Template::parse(text, place) {
        let _ = template.render(scope, None);
    }
    let _ = Template::parse_task_body(text, place);
}

/// The control: whoever opens an expression is believed to close it.
fn read_trusting(text: &str, place: Place, scope: &Scope) {
    if let Some((_, behind)) = text.split_once("{{") {
        behind.find("}}").expect("every expression ends");
    }
    read(text, place, scope);
}

/// The control: what was rendered is cut for a message, wherever that falls.
fn read_and_cut(text: &str, place: Place, scope: &Scope) {
    if let Some(out) = Template::parse(text, place)
        .ok()
        .and_then(|template| template.render(scope, None).ok())
    {
        let _ = out.split_at(out.len() / 2);
    }
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

fn values_stay(render: RenderValue, a: &Value, b: &Value) -> Checked {
    let template = json!({"x": "{{a}}", "y": ["{{b}}", "{{a}} "], "{{a}}": 1});
    let out = render(&template, &scope(a, b));
    let text = format!("{} ", text_of(a));
    prop_assert_eq!(out, Some(json!({"x": a, "y": [b, text], "{{a}}": 1})));
    Ok(())
}

/// A panic is what fails here.
fn nothing_panics(read: Read, texts: [&str; 2]) {
    let scope = scope(&json!({"b": [1, {"c": "x"}]}), &json!("y"));
    for text in texts {
        for place in [
            Place::Json,
            Place::Form,
            Place::Xml,
            Place::Text,
            Place::Header,
            Place::Url,
        ] {
            read(text, place, &scope);
        }
    }
}

/// Texts in the language of templates, most of them wrong.
fn pieces() -> impl Strategy<Value = String> {
    let piece = prop::sample::select(PIECES.to_vec());
    prop::collection::vec(piece, 0..24).prop_map(|pieces| pieces.concat())
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
        values_stay(rendered_value, &a, &b)?;
    }

    #[test]
    fn no_text_makes_it_panic(text in any::<String>(), pieces in pieces()) {
        nothing_panics(read, [&text, &pieces]);
    }
}

/// Looks at what a template makes of two values.
type Property = fn(Render, &Value, &Value) -> Checked;

/// Whether a property holds that is tried as often as in `make test`.
fn holds<S: Strategy>(inputs: &S, property: impl Fn(S::Value) -> Checked) -> bool {
    let config = ProptestConfig {
        failure_persistence: None,
        max_shrink_iters: 0,
        ..ProptestConfig::with_cases(256)
    };
    let mut runner =
        TestRunner::new_with_rng(config, TestRng::deterministic_rng(RngAlgorithm::ChaCha));
    runner.run(inputs, property).is_ok()
}

/// The property of values, and that of texts that no one panics at.
fn values_hold(render: RenderValue) -> bool {
    holds(&(value(), value()), |(a, b)| values_stay(render, &a, &b))
}

fn texts_hold(read: Read) -> bool {
    holds(&(any::<String>(), pieces()), |(text, pieces)| {
        nothing_panics(read, [&text, &pieces]);
        Ok(())
    })
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
        let values = (value(), value());
        let is_escaped = holds(&values, |(a, b)| property(rendered, &a, &b));
        assert!(is_escaped, "{what}: it holds");
        let is_noticed = !holds(&values, |(a, b)| property(unescaped, &a, &b));
        assert!(is_noticed, "{what}: nothing was noticed");
    }
}

#[test]
fn the_property_of_values_notices_lost_types_and_lost_structure() {
    assert!(values_hold(rendered_value));
    assert!(!values_hold(value_of_texts), "nothing was noticed");
    assert!(!values_hold(value_of_text), "nothing was noticed");
}

#[test]
fn the_property_of_texts_notices_a_reader_and_a_rendering_that_panic() {
    assert!(texts_hold(read));
    assert!(!texts_hold(read_trusting), "nothing was noticed");
    assert!(!texts_hold(read_and_cut), "nothing was noticed");
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
