//! The table: what the schemes of the family are made of.

use super::Part::{Body, DecodedUrl, Id, Method, Text, Time, Url};
use super::{Family, Key, Shape};
use crate::encoding::Encoding;
use crate::header::Pairs;
use crate::mac::Hash;
use crate::timestamp::Unit;

/// Hex of an HMAC-SHA256 over the body, alone in a header.
const PLAIN: Family = Family {
    header: "",
    expected: "<hex>",
    shape: Shape::Bare,
    hash: Hash::Sha256,
    encoding: Encoding::Hex,
    time_header: None,
    unit: None,
    id_header: None,
    key: Key::Text,
    content: &[Body],
};

const MARKED: Family = Family {
    expected: "`sha256=<hex>`",
    shape: Shape::Marked("sha256="),
    ..PLAIN
};

const BASE64: Family = Family {
    expected: "<base64>",
    encoding: Encoding::Base64,
    ..PLAIN
};

/// `t=<seconds>,v1=<hex>` over `<t>.<body>`; other versions beside it are skipped.
const TIMED: Family = Family {
    expected: "`t=<Unix seconds>,v1=<hex>`",
    shape: Shape::Timed(Pairs {
        separator: ',',
        time: "t",
        signature: "v1",
        only_known: false,
    }),
    unit: Some(Unit::Seconds),
    content: &[Time, Text("."), Body],
    ..PLAIN
};

/// `v0=<hex>` over `v0:<seconds>:<body>`, the time in a header of its own.
const VERSIONED: Family = Family {
    expected: "`v0=<hex>`",
    shape: Shape::Marked("v0="),
    unit: Some(Unit::Seconds),
    content: &[Text("v0:"), Time, Text(":"), Body],
    ..PLAIN
};

/// Every scheme of the family: its name, its headers (the signature's last), and what it is made of.
pub(super) const ROWS: &[(&str, &[&str], Family)] = &[
    ("github", &["X-Hub-Signature-256"], MARKED),
    // GitHub's old header name with another hash.
    ("bitbucket", &["X-Hub-Signature"], MARKED),
    ("gitea", &["X-Gitea-Signature"], PLAIN),
    ("forgejo", &["X-Forgejo-Signature"], PLAIN),
    ("stripe", &["Stripe-Signature"], TIMED),
    ("mux", &["Mux-Signature"], TIMED),
    ("calendly", &["Calendly-Webhook-Signature"], TIMED),
    (
        "workos",
        &["WorkOS-Signature"],
        Family {
            expected: "`t=<Unix milliseconds>,v1=<hex>`",
            unit: Some(Unit::Milliseconds),
            ..TIMED
        },
    ),
    (
        "paddle",
        &["Paddle-Signature"],
        Family {
            expected: "`ts=<Unix seconds>;h1=<hex>`",
            shape: Shape::Timed(Pairs {
                separator: ';',
                time: "ts",
                signature: "h1",
                only_known: false,
            }),
            content: &[Time, Text(":"), Body],
            ..TIMED
        },
    ),
    (
        "slack",
        &["X-Slack-Request-Timestamp", "X-Slack-Signature"],
        VERSIONED,
    ),
    (
        "zoom",
        &["x-zm-request-timestamp", "x-zm-signature"],
        VERSIONED,
    ),
    ("shopify", &["X-Shopify-Hmac-Sha256"], BASE64),
    ("woocommerce", &["X-WC-Webhook-Signature"], BASE64),
    ("xero", &["x-xero-signature"], BASE64),
    (
        "typeform",
        &["Typeform-Signature"],
        Family {
            expected: "`sha256=<base64>`",
            shape: Shape::Marked("sha256="),
            ..BASE64
        },
    ),
    ("linear", &["Linear-Signature"], PLAIN),
    (
        "zendesk",
        &[
            "X-Zendesk-Webhook-Signature-Timestamp",
            "X-Zendesk-Webhook-Signature",
        ],
        Family {
            unit: Some(Unit::Rfc3339),
            content: &[Time, Body],
            ..BASE64
        },
    ),
    ("notion", &["X-Notion-Signature"], MARKED),
    ("razorpay", &["X-Razorpay-Signature"], PLAIN),
    ("sentry", &["Sentry-Hook-Signature"], PLAIN),
    ("dropbox", &["X-Dropbox-Signature"], PLAIN),
    ("lemonsqueezy", &["X-Signature"], PLAIN),
    ("launchdarkly", &["X-LD-Signature"], PLAIN),
    (
        "paystack",
        &["x-paystack-signature"],
        Family {
            hash: Hash::Sha512,
            ..PLAIN
        },
    ),
    (
        "vercel",
        &["x-vercel-signature"],
        Family {
            hash: Hash::Sha1,
            ..PLAIN
        },
    ),
    (
        "pagerduty",
        &["X-PagerDuty-Signature"],
        Family {
            expected: "`v1=<hex>`, several separated by commas",
            shape: Shape::List("v1="),
            ..PLAIN
        },
    ),
    (
        "hubspot-v3",
        &["X-HubSpot-Request-Timestamp", "X-HubSpot-Signature-V3"],
        Family {
            unit: Some(Unit::Milliseconds),
            content: &[Method, DecodedUrl, Body, Time],
            ..BASE64
        },
    ),
    (
        "square",
        &["x-square-hmacsha256-signature"],
        Family {
            content: &[Url, Body],
            ..BASE64
        },
    ),
    (
        "adyen",
        &["HmacSignature"],
        Family {
            key: Key::Hex,
            ..BASE64
        },
    ),
    (
        "twitch",
        &[
            "Twitch-Eventsub-Message-Id",
            "Twitch-Eventsub-Message-Timestamp",
            "Twitch-Eventsub-Message-Signature",
        ],
        Family {
            id_header: Some("Twitch-Eventsub-Message-Id"),
            time_header: Some("Twitch-Eventsub-Message-Timestamp"),
            unit: Some(Unit::Rfc3339),
            content: &[Id, Time, Body],
            ..MARKED
        },
    ),
    (
        "webflow",
        &["x-webflow-timestamp", "x-webflow-signature"],
        Family {
            unit: Some(Unit::Milliseconds),
            content: &[Time, Text(":"), Body],
            ..PLAIN
        },
    ),
    (
        "klaviyo",
        &["Klaviyo-Timestamp", "Klaviyo-Signature"],
        Family {
            unit: Some(Unit::AnyForm),
            content: &[Body, Time],
            ..PLAIN
        },
    ),
];
