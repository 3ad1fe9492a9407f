//! Commands as people and browsers write them, in and out.

use serde_json::{Value, json};

use super::*;
use crate::document::from_value;
use crate::exchange::{Fate, Note};

fn steps(text: &str) -> (Vec<Value>, Vec<Note>) {
    let incoming = read(text, "pasted").expect(text);
    let draft = &incoming.document.flows[0].draft;
    let parsed = from_value(draft.clone());
    assert!(
        !parsed.blocks_publish(),
        "{draft:#}\n{:#?}",
        parsed.problems
    );
    let steps = draft["steps"].as_array().cloned().unwrap_or_default();
    (steps, incoming.notes.into_vec())
}

#[test]
fn what_a_browser_copies_is_a_step() {
    let text = "curl 'https://api.shop.example/v1/orders?page=2' \\\n  -X 'PUT' \\\n  -H 'accept: */*' \\\n  \
                -H 'authorization: Bearer hunter2hunter2' \\\n  -b 'session=hunter2hunter2' \\\n  -H 'content-type: application/json' \\\n  \
                --data-raw $'{\"name\":\"it\\'s \\u00e9\"}' \\\n  --compressed -sSk -L -m 5";
    let (steps, notes) = steps(text);
    assert_eq!(
        steps[0],
        json!({
            "kind": "http", "url": "https://api.shop.example/v1/orders?page=2", "method": "PUT",
            "headers": {"accept": "*/*", "authorization": "Bearer {{secrets.shop_token}}", "content-type": "application/json"},
            "body": "{\"name\":\"it's é\"}", "validate_ssl": false, "follow_redirects": true, "timeout_ms": 5000,
            "name": "put_orders",
        })
    );
    assert!(
        notes
            .iter()
            .any(|it| it.fate == Fate::Dropped && it.what.contains("Cookie")),
        "{notes:#?}"
    );
    assert!(!format!("{notes:?}").contains("hunter2"), "{notes:#?}");
}

#[test]
fn several_commands_follow_one_another_and_say_what_curl_would_do() {
    let text = "# first\n$ curl shop.example/a -d x=1 -dy=2 --data-urlencode 'z=a b'\n\
                curl -G https://shop.example/b -d q=1\ncurl --json '{\"a\": 1}' https://shop.example/c; echo done\n\
                curl -F note=hello -F scan=@a.pdf https://shop.example/d\ncurl -I -u ada:hunter2hunter2 https://shop.example/e";
    let (steps, notes) = steps(text);
    let of = |key: &str| -> Vec<Value> { steps.iter().map(|step| step[key].clone()).collect() };
    assert_eq!(of("method"), ["POST", "GET", "POST", "POST", "HEAD"]);
    assert_eq!(
        of("url")[..2],
        ["http://shop.example/a", "https://shop.example/b?q=1"]
    );
    assert_eq!(steps[0]["body"], "x=1&y=2&z=a+b");
    assert_eq!(
        steps[0]["headers"]["Content-Type"],
        "application/x-www-form-urlencoded"
    );
    assert_eq!(steps[2]["headers"]["Content-Type"], "application/json");
    assert_eq!(steps[3]["multipart"][1]["name"], "scan");
    assert_eq!(
        steps[4]["headers"]["Authorization"],
        "{{secrets.shop_token}}"
    );
    assert_eq!(
        steps[4]["after"],
        json!([{"step": steps[3]["name"], "on": ["success"]}])
    );
    assert!(
        notes.iter().any(|it| it.what.contains("none of cURL")),
        "{notes:#?}"
    );
}

#[test]
fn what_is_no_request_is_refused_with_the_reason() {
    for (text, why) in [
        ("curl 'https://shop.example", "never closed"),
        ("curl -X GET", "names no URL"),
        ("curl ftp://shop.example/a", "http or https"),
    ] {
        let refused = read(text, "a").expect_err(text);
        assert!(refused.message.contains(why), "{text}: {}", refused.message);
    }
}

#[test]
fn endpoints_and_steps_go_out_as_commands_that_come_back() {
    let document = json!({"name": "orders", "endpoints": [
        {"name": "in", "auth": {"kind": "shared_key", "secret": "orders_key"}},
        {"name": "signed", "auth": {"kind": "signature", "scheme": "github", "secret": "github"}},
    ], "steps": [
        {"name": "ship", "kind": "http", "method": "POST", "url": "{{vars.shop_url}}/ship", "headers": {"Authorization": "Bearer {{ secrets.shop_token }}"},
         "body": "{\"cost\": \"$5 `x`\", \"id\": {{ trigger.body.id }}}"},
        {"name": "compute", "kind": "script", "code": ""},
    ]});
    let (text, notes) = write([&document], "http://127.0.0.1:4747");
    let notes = notes.into_vec();
    let has = |fate: Fate, what: &str| {
        notes
            .iter()
            .any(|it| it.fate == fate && it.what.contains(what))
    };
    assert!(
        has(Fate::Dropped, "the step `compute`") && has(Fate::Dropped, "`signature`"),
        "{notes:#?}"
    );
    assert!(has(Fate::Changed, "`trigger.body.id`"), "{notes:#?}");
    assert!(
        text.contains("# export ORDERS_KEY=…\n# export SHOP_TOKEN=…\n# export SHOP_URL=…\n"),
        "{text}"
    );
    let commands = words::commands(&text).expect("a script");
    assert_eq!(
        commands[0][..4],
        [
            "curl",
            "-X",
            "POST",
            "http://127.0.0.1:4747/api/webhook/local/orders/in?key=${ORDERS_KEY}"
        ]
    );
    assert_eq!(
        commands[2][3..6],
        [
            "${SHOP_URL}/ship",
            "-H",
            "Authorization: Bearer ${SHOP_TOKEN}"
        ]
    );
    assert_eq!(
        commands[2][7],
        "{\"cost\": \"$5 `x`\", \"id\": {{ trigger.body.id }}}"
    );
}
