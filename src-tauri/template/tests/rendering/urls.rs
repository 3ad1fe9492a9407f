//! How values are written in URLs.

use hookloom_template::{Place, Template};

use crate::support::render;

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
}

#[test]
fn hosts_and_credentials_come_from_values_that_stay_in_their_place() {
    let url = |text: &str| render(text, Place::Url);
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
        ("{{vars.folder}}{{requestBody.dots}}", "makes a segment"),
        ("{{vars.folder}}{{ '.' }}{{ '.' }}/y", "makes a segment"),
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
