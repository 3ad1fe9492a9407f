//! Tokens signed with keys whose public half is all that the endpoint has: one test for each algorithm.

use hookloom_model::document::{Auth, JwtAlgorithm, JwtAuth, JwtKey};
use jsonwebtoken::{Algorithm, EncodingKey, Header, encode};
use serde_json::{Value, json};

use super::started::{NOW_MS, Started, post};

const ED_PRIVATE: &str = include_str!("keys_pem/ed25519_test_key.pem");
const ED_PUBLIC: &str = include_str!("keys_pem/ed25519_test_key.pub.pem");
const EC_PRIVATE: &str = include_str!("keys_pem/es256_test_key.pem");
const EC_PUBLIC: &str = include_str!("keys_pem/es256_test_key.pub.pem");
const RSA_PRIVATE: &str = include_str!("keys_pem/rsa_test_key.pem");
const RSA_PUBLIC: &str = include_str!("keys_pem/rsa_test_key.pub.pem");

/// An algorithm with its keys.
struct Case {
    wanted: JwtAlgorithm,
    signs_as: Algorithm,
    key: EncodingKey,
    public: &'static str,
}

fn cases() -> [Case; 3] {
    let key = |read: fn(&[u8]) -> Result<EncodingKey, jsonwebtoken::errors::Error>, pem: &str| {
        read(pem.as_bytes()).expect("a key")
    };
    [
        Case {
            wanted: JwtAlgorithm::EdDsa,
            signs_as: Algorithm::EdDSA,
            key: key(EncodingKey::from_ed_pem, ED_PRIVATE),
            public: ED_PUBLIC,
        },
        Case {
            wanted: JwtAlgorithm::Es256,
            signs_as: Algorithm::ES256,
            key: key(EncodingKey::from_ec_pem, EC_PRIVATE),
            public: EC_PUBLIC,
        },
        Case {
            wanted: JwtAlgorithm::Rs256,
            signs_as: Algorithm::RS256,
            key: key(EncodingKey::from_rsa_pem, RSA_PRIVATE),
            public: RSA_PUBLIC,
        },
    ]
}

async fn endpoint(algorithm: JwtAlgorithm, key: JwtKey) -> Started {
    let auth = Auth::Jwt(JwtAuth {
        algorithm,
        key,
        issuer: Some("https://issuer.example".into()),
        audience: Some("orders".into()),
        previous: None,
    });
    Started::with(|live| live.endpoint.auth = auth).await
}

fn claims(changed: Value) -> Value {
    let mut claims =
        json!({"iss": "https://issuer.example", "aud": "orders", "exp": NOW_MS / 1000 + 60});
    for (name, value) in changed.as_object().into_iter().flatten() {
        claims[name] = value.clone();
    }
    claims
}

async fn status(started: &Started, token: &str) -> u16 {
    let headers = format!("authorization: Bearer {token}\r\n");
    started.send(post("", &headers, "")).await.status
}

#[tokio::test]
async fn a_token_of_each_algorithm_passes_with_its_public_key_alone() {
    for Case {
        wanted,
        signs_as,
        key,
        public,
    } in cases()
    {
        let sign = |changed: Value| {
            encode(&Header::new(signs_as), &claims(changed), &key).expect("a token")
        };
        let by_document = endpoint(wanted, JwtKey::Public(public.into())).await;
        let by_secret = endpoint(wanted, JwtKey::Secret("pem".into())).await;
        by_secret.secrets.set("pem", public);
        for started in [&by_document, &by_secret] {
            assert_eq!(status(started, &sign(json!({}))).await, 200, "{signs_as:?}");
            for wrong in [
                json!({"exp": NOW_MS / 1000 - 61}),
                json!({"aud": "others"}),
                json!({"iss": "https://elsewhere.example"}),
                json!({"nbf": NOW_MS / 1000 + 120}),
            ] {
                assert_eq!(
                    status(started, &sign(wrong.clone())).await,
                    401,
                    "{signs_as:?} {wrong}"
                );
            }
            // The head says another algorithm, and everybody knows the public key.
            let shared = EncodingKey::from_secret(public.as_bytes());
            let confused = encode(&Header::new(Algorithm::HS256), &claims(json!({})), &shared);
            assert_eq!(
                status(started, &confused.expect("a token")).await,
                401,
                "{signs_as:?}"
            );
        }
        let good = sign(json!({}));
        let (signed, signature) = good.rsplit_once('.').expect("three parts");
        let other = sign(json!({"aud": ["orders", "more"]}));
        let (_, others) = other.rsplit_once('.').expect("three parts");
        assert_ne!(signature, others);
        assert_eq!(
            status(&by_document, &format!("{signed}.{others}")).await,
            401,
            "{signs_as:?}"
        );
        for other in cases() {
            if other.signs_as != signs_as {
                let token = encode(&Header::new(other.signs_as), &claims(json!({})), &other.key);
                assert_eq!(
                    status(&by_document, &token.expect("a token")).await,
                    401,
                    "{signs_as:?}"
                );
            }
        }
    }
}
