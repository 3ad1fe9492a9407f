//! Signatures of anything at all that were tampered with: none may pass.

use base64::Engine as _;
use base64::engine::general_purpose::STANDARD;
use p256::pkcs8::EncodePrivateKey as _;
use proptest::prelude::*;

use crate::{Failure, SCHEMES, Scheme, SignInput, TOLERANCE_MS, VerifyInput, sign, verify};

const NOW_MS: i64 = 1_795_306_812_431;

/// A message with its headers.
#[derive(Clone, Debug)]
pub(crate) struct Message {
    pub scheme: &'static Scheme,
    pub secret: String,
    pub method: String,
    pub url: String,
    pub body: Vec<u8>,
    pub headers: Vec<(String, String)>,
}

impl Message {
    fn sign(mut self, timestamp_ms: i64) -> Result<Self, Failure> {
        let input = SignInput {
            secret: &self.secret,
            method: &self.method,
            url: &self.url,
            body: &self.body,
            timestamp_ms,
            id: "dlv_0190163d8694739b9a1e0242ac120002",
        };
        self.headers = sign(self.scheme, &input)?;
        Ok(self)
    }

    pub fn verify_at(&self, now_ms: i64) -> Result<(), Failure> {
        let headers: Vec<(&str, &str)> = self
            .headers
            .iter()
            .map(|(name, value)| (name.as_str(), value.as_str()))
            .collect();
        verify(
            self.scheme,
            &VerifyInput {
                secret: &self.secret,
                method: &self.method,
                url: &self.url,
                headers: &headers,
                body: &self.body,
                now_ms,
                tolerance_ms: TOLERANCE_MS,
            },
        )
    }

    fn code_at(&self, now_ms: i64) -> Result<(), &'static str> {
        self.verify_at(now_ms).map_err(|failure| failure.code())
    }

    /// The header that holds the signature.
    pub fn signature(&mut self) -> &mut String {
        let (_, value) = self.headers.last_mut().expect("it is signed");
        value
    }

    pub fn signs_the_body(&self) -> bool {
        match self.scheme.name {
            "x-webhook-signature" => !matches!(self.method.as_str(), "GET" | "DELETE"),
            // A form's fields, which many bodies can have; and nothing at all.
            "twilio" | "gitlab" => false,
            _ => true,
        }
    }

    /// Puts other digits where the time stands, and gives those that stood there.
    pub fn set_time(&mut self, digits: &str) -> String {
        let mut was = None;
        for (name, value) in &mut self.headers {
            if name.to_lowercase().contains("timestamp") {
                was = Some(std::mem::replace(value, digits.to_owned()));
                continue;
            }
            let from = if value.starts_with("t=") || value.starts_with("ts=") {
                value.find('=').map(|at| at + 1)
            } else {
                value.find("created=").map(|at| at + "created=".len())
            };
            let Some(from) = from else { continue };
            let length = value[from..].find([',', ';']).expect("more follows it");
            was = Some(value[from..from + length].to_owned());
            value.replace_range(from..from + length, digits);
        }
        was.expect("it has a time")
    }
}

fn message() -> impl Strategy<Value = Message> {
    let scheme = (0..SCHEMES.len()).prop_map(|at| &SCHEMES[at]);
    let method = prop::sample::select(&["POST", "PUT", "PATCH", "GET", "DELETE"][..]);
    let body = prop::collection::vec(any::<u8>(), 1..60);
    (scheme, method, "[A-Za-z0-9]{8,40}", "[a-z]{1,9}", body).prop_map(
        |(scheme, method, letters, path, body)| {
            Message {
                scheme,
                secret: secret_for(scheme, &letters),
                method: method.to_owned(),
                url: format!("https://example.com/{path}?q=1"),
                body,
                headers: Vec::new(),
            }
            .sign(NOW_MS)
            .expect("it can be signed")
        },
    )
}

/// A secret as the scheme wants it.
fn secret_for(scheme: &Scheme, letters: &str) -> String {
    match scheme.name {
        // Whole groups of base64.
        "standard-webhooks" => letters[..letters.len() / 4 * 4].to_owned(),
        "adyen" => hex::encode(letters),
        "discord" => {
            let seed: Vec<u8> = letters.bytes().cycle().take(32).collect();
            let seed: [u8; 32] = seed.try_into().expect("32 of them");
            hex::encode(ed25519_dalek::SigningKey::from_bytes(&seed).to_keypair_bytes())
        }
        "sendgrid" => {
            let seed: Vec<u8> = letters.bytes().cycle().take(32).collect();
            let key = p256::ecdsa::SigningKey::from_slice(&seed).expect("it is below the order");
            STANDARD.encode(key.to_pkcs8_der().expect("a key").as_bytes())
        }
        _ => letters.to_owned(),
    }
}

proptest! {
    #[test]
    fn what_was_signed_verifies(message in message()) {
        prop_assert_eq!(message.verify_at(NOW_MS), Ok(()));
    }

    #[test]
    fn another_key_does_not_pass(message in message(), at: prop::sample::Index) {
        let mut other = message;
        let at = at.index(other.secret.len());
        let letter = if other.secret.as_bytes()[at] == b'x' { "y" } else { "x" };
        other.secret.replace_range(at..=at, letter);
        let code = other.code_at(NOW_MS);
        prop_assert!(matches!(code, Err("mismatch" | "bad_secret")), "{:?}", code);
        other.secret.clear();
        prop_assert!(other.verify_at(NOW_MS).is_err());
    }

    #[test]
    fn one_bit_of_the_signed_content_is_enough(message in message(), at: prop::sample::Index, bit in 0..8u8) {
        prop_assume!(message.scheme.name != "gitlab");
        let mut changed = message;
        if changed.signs_the_body() {
            let at = at.index(changed.body.len());
            changed.body[at] ^= 1 << bit;
        } else {
            changed.url.push('0');
        }
        prop_assert_eq!(changed.verify_at(NOW_MS), Err(Failure::Mismatch));
    }

    #[test]
    fn a_body_that_is_cut_or_grows_does_not_pass(message in message(), more in 0..255u8) {
        prop_assume!(message.signs_the_body());
        let mut cut = message.clone();
        cut.body.pop();
        prop_assert_eq!(cut.verify_at(NOW_MS), Err(Failure::Mismatch));
        let mut longer = message;
        longer.body.push(more);
        prop_assert_eq!(longer.verify_at(NOW_MS), Err(Failure::Mismatch));
    }

    #[test]
    fn a_header_that_is_cut_anywhere_does_not_pass(message in message(), at: prop::sample::Index) {
        let mut cut = message;
        let value = cut.signature();
        value.truncate(at.index(value.len()));
        prop_assert!(cut.verify_at(NOW_MS).is_err());
    }

    #[test]
    fn a_changed_character_of_a_header_does_not_pass(message in message(), at: prop::sample::Index, by in "[ -~]") {
        let mut changed = message;
        let value = changed.signature();
        let at = at.index(value.len());
        prop_assume!(value[at..=at] != by);
        value.replace_range(at..=at, &by);
        prop_assert!(changed.verify_at(NOW_MS).is_err());
    }

    #[test]
    fn another_case_does_not_pass(message in message()) {
        let mut upper = message;
        let value = upper.signature();
        let other = value.to_ascii_uppercase();
        prop_assume!(*value != other);
        *value = other;
        prop_assert!(upper.verify_at(NOW_MS).is_err());
    }

    #[test]
    fn an_empty_or_a_missing_header_does_not_pass(message in message()) {
        for at in 0..message.headers.len() {
            let mut without = message.clone();
            let (name, _) = without.headers.remove(at);
            prop_assert_eq!(without.verify_at(NOW_MS).map_err(|it| it.code()), Err("missing_header"), "{}", name);
            let mut empty = message.clone();
            empty.headers[at].1.clear();
            prop_assert!(empty.verify_at(NOW_MS).is_err());
        }
    }

    #[test]
    fn two_different_headers_of_one_name_do_not_pass_and_two_equal_ones_do(message in message(), first: bool) {
        for at in 0..message.headers.len() {
            let mut twice = message.clone();
            let (name, value) = twice.headers[at].clone();
            twice.headers.push((name.to_uppercase(), value.clone()));
            prop_assert_eq!(twice.verify_at(NOW_MS), Ok(()));
            let other = (name.to_lowercase(), format!("{value}0"));
            twice.headers.insert(if first { 0 } else { twice.headers.len() }, other);
            prop_assert_eq!(twice.verify_at(NOW_MS).map_err(|it| it.code()), Err("malformed_header"));
        }
    }

    #[test]
    fn a_time_that_was_changed_does_not_pass(message in message(), digits in prop_oneof![
        Just(i64::MIN.to_string()), Just(i64::MAX.to_string()), Just("9223372036854775808".to_owned()),
        Just(String::new()), Just("-1".to_owned()), "[0-9]{1,25}", "[ +0-9a-z.-]{0,5}",
    ]) {
        prop_assume!(message.scheme.is_timed);
        let mut changed = message;
        let was = changed.set_time(&digits);
        prop_assume!(was != digits);
        prop_assert!(changed.verify_at(NOW_MS).is_err());
    }

    #[test]
    fn any_header_at_all_is_read_without_a_panic(message in message(), values in prop::collection::vec("\\PC{0,80}", 3), now: i64) {
        let mut noise = message;
        for ((_, value), other) in noise.headers.iter_mut().zip(values) {
            *value = other;
        }
        prop_assert!(noise.verify_at(now).is_err());
    }

    #[test]
    fn a_header_that_almost_fits_is_read_without_a_panic(
        message in message(),
        value in "(t=[0-9]{0,20},?){0,3}((sha256|v1|v0|v1a)[=,][0-9a-f+/=]{0,70}[, ]?){0,4}",
    ) {
        let mut noise = message;
        *noise.signature() = value;
        prop_assert!(noise.verify_at(NOW_MS).is_err());
    }

    #[test]
    fn any_time_can_be_signed_and_compared(message in message(), signed_at_ms: i64, now_ms: i64) {
        let is_timed = message.scheme.is_timed;
        let Ok(signed) = message.sign(signed_at_ms) else {
            // Only a date has an end.
            prop_assert!(jiff::Timestamp::from_millisecond(signed_at_ms).is_err());
            return Ok(());
        };
        let code = signed.code_at(now_ms);
        if !is_timed {
            prop_assert_eq!(code, Ok(()));
        } else if (i128::from(now_ms) - i128::from(signed_at_ms)).abs() > i128::from(TOLERANCE_MS) + 1000 {
            let is_told = matches!(code, Err("stale" | "from_the_future"))
                || (signed_at_ms < 0 && code == Err("malformed_header"));
            prop_assert!(is_told, "{:?}", code);
        }
    }
}

#[test]
fn a_message_is_good_for_five_minutes_both_ways() {
    let message = Message {
        scheme: Scheme::named("x-webhook-signature").expect("it is implemented"),
        secret: "mySecret".to_owned(),
        method: "POST".to_owned(),
        url: String::new(),
        body: b"test".to_vec(),
        headers: Vec::new(),
    };
    let message = message.sign(NOW_MS).expect("it can be signed");
    assert_eq!(message.verify_at(NOW_MS + TOLERANCE_MS), Ok(()));
    assert_eq!(message.verify_at(NOW_MS - TOLERANCE_MS), Ok(()));
    let stale = message
        .verify_at(NOW_MS + TOLERANCE_MS + 1)
        .map_err(|it| it.code());
    assert_eq!(stale, Err("stale"));
    let ahead = message
        .verify_at(NOW_MS - TOLERANCE_MS - 1)
        .map_err(|it| it.code());
    assert_eq!(ahead, Err("from_the_future"));
}

#[test]
fn several_signatures_in_one_header_pass_when_one_is_right() {
    for (scheme, name) in [("x-webhook-signature", "sha256"), ("stripe", "v1")] {
        let message = Message {
            scheme: Scheme::named(scheme).expect("it is implemented"),
            secret: "mySecret".to_owned(),
            method: "POST".to_owned(),
            url: String::new(),
            body: b"test".to_vec(),
            headers: Vec::new(),
        };
        let mut message = message.sign(NOW_MS).expect("it can be signed");
        let other = format!(",{name}={}", "0".repeat(64));
        message.signature().push_str(&other);
        assert_eq!(message.verify_at(NOW_MS), Ok(()));
        message.signature().push_str(",t=1");
        let twice = message.verify_at(NOW_MS).map_err(|it| it.code());
        assert_eq!(twice, Err("malformed_header"), "two times are refused");
    }
}

#[test]
fn each_failure_says_what_happened_and_what_to_do() {
    let failures = [
        Failure::MissingHeader {
            header: "X-Webhook-Signature".into(),
        },
        Failure::Mismatch,
        Failure::Stale {
            age_ms: 1,
            tolerance_ms: 0,
        },
        Failure::BadSecret {
            reason: "it is empty",
        },
    ];
    for failure in failures {
        let text = failure.explain();
        assert!(
            text.starts_with(|c: char| c.is_ascii_uppercase()) && text.ends_with('.'),
            "{text}"
        );
        assert!(
            text.len() > failure.to_string().len() + 20,
            "it says what to do: {text}"
        );
    }
}
