//! Values to render with, and short forms for rendering.

use hookloom_template::{Place, Scope, Template};
use serde_json::json;

pub fn scope() -> Scope {
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
    scope.insert("vars", json!({"shop_url": "http://127.0.0.1:9000/base", "host": "shop.example", "scheme": "https", "folder": "https://x.org/a/b/"}));
    scope.insert("secrets", json!({"slack_path": "T0/B0/x y"}));
    scope
}

pub fn render(text: &str, place: Place) -> String {
    match Template::parse(text, place) {
        Ok(template) => match template.render(&scope(), None) {
            Ok(text) => text,
            Err(error) => format!("ERROR {error}"),
        },
        Err(error) => format!("REFUSED {error}"),
    }
}

pub fn text(text: &str) -> String {
    render(text, Place::Text)
}
