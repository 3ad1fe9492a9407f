//! What was checked on the way in, told from the verdict: the receiver stops at the first check that fails.

use hookloom_model::request::RequestRecord;
use hookloom_model::{RequestId, Verdict};

use super::detail::{Check, CheckName};
use crate::masked::Masked;

/// The checks in their order.
pub(super) fn of(
    record: &RequestRecord,
    duplicate_of: Option<RequestId>,
    masked: &Masked,
) -> Vec<Check> {
    let reason = record.reason.as_ref();
    let failed = reason.and_then(|reason| failure(&reason.code));
    let found = |name: CheckName| -> (Option<bool>, String) {
        let why = || {
            reason
                .map(|reason| masked.text(reason.message.clone()))
                .unwrap_or_default()
        };
        match (record.verdict, &failed) {
            (Verdict::Rejected, Some(failure)) if failure.failed == name => (Some(false), why()),
            (Verdict::Rejected, Some(failure)) if failure.passed.contains(&name) => passed(name),
            (Verdict::Rejected, Some(_)) => (None, "Not reached.".to_owned()),
            (Verdict::Rejected, None) => (None, why()),
            (Verdict::Held, _) if name == CheckName::FlowState => (
                Some(false),
                "The flow was off or paused: the request was recorded, and nothing was started."
                    .to_owned(),
            ),
            (Verdict::Duplicate, _) if name == CheckName::FlowState => (None, repeat(duplicate_of)),
            (Verdict::Accepted | Verdict::Held | Verdict::Duplicate, _) => passed(name),
        }
    };
    ORDER
        .into_iter()
        .map(|name| {
            let (ok, message) = found(name);
            Check { name, ok, message }
        })
        .collect()
}

use CheckName::{Authentication, FlowState, Format, Limits, PathMethod, SizeType};

const ORDER: [CheckName; 6] = [
    PathMethod,
    Limits,
    Authentication,
    SizeType,
    Format,
    FlowState,
];

/// Which check a reason belongs to, and which ones came before it.
struct Failure {
    failed: CheckName,
    passed: &'static [CheckName],
}

/// None for what is no fault of the request: nothing is said about checks then.
fn failure(code: &str) -> Option<Failure> {
    let (failed, passed): (_, &'static [CheckName]) = match code {
        "method_not_allowed" => (PathMethod, &[]),
        "source_rate_limit" => (Limits, &[PathMethod]),
        "origin"
        | "secret_unavailable"
        | "secret_missing"
        | "key_missing"
        | "wrong_key"
        | "address_not_allowed"
        | "credentials_missing"
        | "wrong_credentials" => (Authentication, &[PathMethod, Limits]),
        // A signature is checked once the whole body is there.
        "invalid_signature" => (Authentication, &[PathMethod, Limits, SizeType]),
        "content_encoding" | "content_type" | "too_large" | "compression_ratio"
        | "body_incomplete" => (SizeType, &[PathMethod, Limits, Authentication]),
        // The endpoint's own limit comes after the body was read.
        "endpoint_rate_limit" => (Limits, &[PathMethod, Authentication, SizeType]),
        "mode" | "malformed" | "schema" | "idempotency_key" => {
            (Format, &[PathMethod, Limits, Authentication, SizeType])
        }
        _ => return None,
    };
    Some(Failure { failed, passed })
}

fn passed(name: CheckName) -> (Option<bool>, String) {
    let message = match name {
        PathMethod => "The path is an endpoint's, and it takes the method.",
        Limits => "Within the rate limits.",
        Authentication => "The caller showed what the endpoint asks for.",
        SizeType => "The body is not too large, and its type is taken.",
        Format => "The body is what its type says.",
        FlowState => "The flow is live.",
    };
    (Some(true), message.to_owned())
}

fn repeat(of: Option<RequestId>) -> String {
    match of {
        Some(first) => format!("It repeats {first}, so nothing was started."),
        None => "It repeats another request, so nothing was started.".to_owned(),
    }
}

#[cfg(test)]
mod tests {
    use hookloom_model::FlowId;
    use hookloom_model::request::Reason;

    use super::*;

    fn checks(verdict: Verdict, code: Option<&str>) -> Vec<Option<bool>> {
        let record = RequestRecord {
            id: RequestId::new(1, [1; 10]),
            at_ms: 1,
            endpoint: "orders".into(),
            flow_id: FlowId(1),
            method: "POST".into(),
            path: "/".into(),
            remote_address: "127.0.0.1".into(),
            headers: Vec::new(),
            sealed_headers: None,
            way: None,
            body: Vec::new(),
            files: Vec::new(),
            body_bytes: 0,
            body_sha256: None,
            verdict,
            status: 200,
            reason: code.map(|code| Reason {
                code: code.into(),
                message: "why".into(),
            }),
        };
        of(&record, None, &Masked::default())
            .into_iter()
            .map(|check| check.ok)
            .collect()
    }

    #[test]
    fn an_accepted_request_passed_everything() {
        assert_eq!(checks(Verdict::Accepted, None), [Some(true); 6]);
    }

    #[test]
    fn what_comes_after_the_check_that_failed_was_not_reached() {
        let (yes, no) = (Some(true), Some(false));
        assert_eq!(
            checks(Verdict::Rejected, Some("wrong_key")),
            [yes, yes, no, None, None, None]
        );
        assert_eq!(
            checks(Verdict::Rejected, Some("malformed")),
            [yes, yes, yes, yes, no, None]
        );
        let limited = checks(Verdict::Rejected, Some("endpoint_rate_limit"));
        assert_eq!(limited, [yes, no, yes, yes, None, None]);
        assert_eq!(checks(Verdict::Rejected, Some("stopping")), [None; 6]);
    }

    #[test]
    fn a_held_request_failed_at_the_flow_alone() {
        let (yes, no) = (Some(true), Some(false));
        assert_eq!(checks(Verdict::Held, None), [yes, yes, yes, yes, yes, no]);
    }
}
