//! The examples of RFC 9421 and RFC 9530, and what a signature has to cover.

use super::*;

const DATE: &str = "Tue, 20 Apr 2021 02:07:55 GMT";
const BODY: &[u8] = br#"{"hello": "world"}"#;
const SHARED: &str = "whsec_uzvJfB4u3N0Jy4T7NZ75MDVcr8zSTInedJtkgcu46YW4XByzNJjxBdtjUkdJPBtbmHhIDi6pcl8jsasjlTMtDQ==";
const PRIVATE: &str = "-----BEGIN PRIVATE KEY-----\nMC4CAQAwBQYDK2VwBCIEIJ+DYvh6SEqVTm50DFtMDoQikTmiCqirVv9mWG9qfSnF\n-----END PRIVATE KEY-----\n";
const PUBLIC: &str = "-----BEGIN PUBLIC KEY-----\nMCowBQYDK2VwAyEAJrQLj5P/89iXES9+vFgrIy29clF9CC/oPPsw3c5D0bs=\n-----END PUBLIC KEY-----\n";

/// The request that the RFC signs over and over.
const HEADERS: &[(&str, &str)] = &[
    ("Host", "example.com"),
    ("Date", DATE),
    ("Content-Type", "application/json"),
    (
        "Content-Digest",
        "sha-512=:WZDPaVn/7XgHaAy8pmojAkGWoRx2UFChF41A2svX+TaPm+AbwAgBWnrIiYllu7BNNyealdVLvRwEmTHWXvJwew==:",
    ),
    ("Content-Length", "18"),
];

fn message() -> Message<'static> {
    Message {
        method: "POST",
        url: "https://example.com/foo?param=Value&Pet=dog",
        headers: HEADERS,
    }
}

#[test]
fn the_rfc_s_shared_secret_signs_its_base_to_its_signature() {
    let params =
        r#"("date" "@authority" "content-type");created=1618884473;keyid="test-shared-secret""#;
    let base = message().base(&["date", "@authority", "content-type"], params);
    let base = base.expect("all of it is there");
    let expected = format!(
        "\"date\": {DATE}\n\"@authority\": example.com\n\"content-type\": application/json\n\"@signature-params\": {params}"
    );
    assert_eq!(String::from_utf8_lossy(&base), expected);
    let key = Key::of(SHARED).expect("a key");
    let signature = key.sign(&base).expect("it signs");
    assert_eq!(
        STANDARD.encode(&signature),
        "pxcQw6G3AjtMBQjwo8XzkZf/bws5LelbaMk5rGIGtE8="
    );
}

#[test]
fn the_rfc_s_ed25519_key_signs_its_base_to_its_signature() {
    let params = r#"("date" "@method" "@path" "@authority" "content-type" "content-length");created=1618884473;keyid="test-key-ed25519""#;
    let components = [
        "date",
        "@method",
        "@path",
        "@authority",
        "content-type",
        "content-length",
    ];
    let base = message()
        .base(&components, params)
        .expect("all of it is there");
    let signature = Key::of(PRIVATE)
        .and_then(|key| key.sign(&base))
        .expect("it signs");
    assert_eq!(
        STANDARD.encode(&signature),
        "wqcAqbmYJ2ji2glfAMaRy4gruYYnx2nEFN2HN6jrnDnQCK1u02Gb04v9EDgwUPiu4A0w6vuQv5lIp5WPpBKRCw=="
    );
    assert_eq!(
        Key::of(PUBLIC).and_then(|key| key.verify(&base, &signature)),
        Ok(true)
    );
    assert!(Key::of(PUBLIC).and_then(|key| key.sign(&base)).is_err());
}

#[test]
fn components_that_are_derived_are_those_of_the_rfc() {
    for (name, value) in [
        ("@method", "POST"),
        ("@target-uri", "https://example.com/foo?param=Value&Pet=dog"),
        ("@authority", "example.com"),
        ("@scheme", "https"),
        ("@request-target", "/foo?param=Value&Pet=dog"),
        ("@path", "/foo"),
        ("@query", "?param=Value&Pet=dog"),
    ] {
        assert_eq!(message().component(name).as_deref(), Ok(value), "{name}");
    }
    let bare = Message {
        url: "HTTP://Example.com:80",
        ..message()
    };
    for (name, value) in [
        ("@authority", "example.com"),
        ("@path", "/"),
        ("@query", "?"),
        ("@scheme", "http"),
    ] {
        assert_eq!(bare.component(name).as_deref(), Ok(value), "{name}");
    }
    for unknown in ["@status", "@query-param", "x-none", "Date"] {
        assert!(message().component(unknown).is_err(), "{unknown}");
    }
}

fn verified(
    secret: &str,
    headers: &[(&str, &str)],
    body: &[u8],
    now_ms: i64,
) -> Result<(), &'static str> {
    let input = VerifyInput {
        secret,
        method: "POST",
        url: "https://example.com/foo?param=Value&Pet=dog",
        headers,
        body,
        now_ms,
        tolerance_ms: 0,
    };
    verify(&input).map_err(|failure| failure.code())
}

/// Signs the RFC's request with these components, by the machinery whose results the examples pin.
fn signed(components: &[&str], after: &str, key: &str, body: &[u8]) -> Result<(), &'static str> {
    let names: Vec<String> = components
        .iter()
        .map(|name| format!("\"{name}\""))
        .collect();
    let params = format!("({}){after}", names.join(" "));
    let base = message()
        .base(components, &params)
        .expect("all of it is there");
    let signature = Key::of(key)
        .and_then(|key| key.sign(&base))
        .expect("it signs");
    let (input, signature) = (
        format!("a={params}"),
        format!("b=:AAAA:, a=:{}:", STANDARD.encode(signature)),
    );
    let mut headers = HEADERS.to_vec();
    headers.extend([
        ("signature-input", input.as_str()),
        ("signature", signature.as_str()),
    ]);
    verified(key, &headers, body, 1_618_884_473_000)
}

#[test]
fn a_signature_has_to_cover_the_body_and_a_time_and_be_of_the_key_s_algorithm() {
    let created = ";created=1618884473";
    for key in [SHARED, PRIVATE] {
        assert_eq!(signed(&["content-digest"], created, key, BODY), Ok(()));
        assert_eq!(
            signed(&["@path", "content-digest"], created, key, BODY),
            Ok(())
        );
        assert_eq!(
            signed(&["content-digest"], created, key, b"{}"),
            Err("mismatch")
        );
        assert_eq!(
            signed(&["@method", "date"], created, key, BODY),
            Err("malformed_header")
        );
        assert_eq!(
            signed(&["content-digest"], "", key, BODY),
            Err("malformed_header")
        );
        assert_eq!(signed(&["@path"], created, key, b""), Ok(()));
        assert_eq!(
            signed(&["date"], created, key, b""),
            Err("malformed_header")
        );
        let late = ";created=1618884000";
        assert_eq!(signed(&["content-digest"], late, key, BODY), Err("stale"));
        let expired = ";created=1618884473;expires=1618884472";
        assert_eq!(
            signed(&["content-digest"], expired, key, BODY),
            Err("stale")
        );
        let other = ";created=1618884473;alg=\"rsa-pss-sha512\"";
        assert_eq!(
            signed(&["content-digest"], other, key, BODY),
            Err("malformed_header")
        );
    }
}

#[test]
fn a_digest_is_the_one_of_the_rfc_and_any_wrong_one_spoils_it() {
    let digest = |value: &str| {
        let headers = [("content-digest", value)];
        let input = VerifyInput {
            secret: "",
            method: "POST",
            url: "",
            headers: &headers,
            body: BODY,
            now_ms: 0,
            tolerance_ms: 0,
        };
        check_digest(&input).map_err(|failure| failure.code())
    };
    let short = "sha-256=:X48E9qOokqqrvdts8nOJRJN3OWDUoyWxBf7kbu9DBPE=:";
    assert_eq!(digest(short), Ok(()));
    assert_eq!(digest(&format!("md5=:AAAA:, {short}")), Ok(()));
    assert_eq!(digest(&format!("{short}, sha-512=:AAAA:")), Err("mismatch"));
    assert_eq!(digest("md5=:AAAA:"), Err("malformed_header"));
    assert_eq!(
        digest(&short.replace("PE=", "PF=")),
        Err("malformed_header"),
        "one spelling"
    );
    assert_eq!(digest("sha-256"), Err("malformed_header"));
}
