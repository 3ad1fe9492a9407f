//! `delay`: waits for a time. It only says until when: the engine waits, on disk.

use async_trait::async_trait;
use hookloom_engine::ports::{Attempt, Outcome, StepRunner};
use hookloom_engine::record;
use hookloom_model::document::{DELAY_MS_MAX, DelayStep};
use hookloom_model::journal::RecordedError;
use hookloom_template::{Reference, Scope, ValueTemplate};
use serde_json::Value;

use crate::registry::Wrong;
use crate::{produced, value};

/// A compiled `delay` step.
pub(crate) struct DelayRunner {
    key: Key,
    template: ValueTemplate,
}

enum Key {
    For,
    Until,
}

impl DelayRunner {
    pub fn new(step: &DelayStep) -> Result<Self, Wrong> {
        let (key, template) = match step {
            DelayStep::For(value) => (Key::For, value::parse("for_ms", value)?),
            DelayStep::Until(text) => (Key::Until, value::parse("until", &text.as_str().into())?),
        };
        Ok(Self { key, template })
    }

    fn until_ms(&self, scope: &Scope, now_ms: i64) -> Result<i64, RecordedError> {
        let value = self.template.render(scope);
        let value = value.map_err(|error| record::error(error.code(), error.to_string()))?;
        let until_ms = match self.key {
            Key::For => now_ms.saturating_add(for_ms(&value)?),
            Key::Until => time_ms(&value)?,
        };
        if until_ms.saturating_sub(now_ms) > DELAY_MS_MAX {
            let at = record::time_text(until_ms);
            return Err(record::error(
                "delay_too_long",
                format!(
                    "the delay would last until {at}, longer than delay_ms_max of {DELAY_MS_MAX} (a year)"
                ),
            ));
        }
        Ok(until_ms)
    }
}

#[async_trait]
impl StepRunner for DelayRunner {
    fn is_pure(&self) -> bool {
        true
    }

    fn references(&self) -> &[Reference] {
        self.template.references()
    }

    async fn run(&self, attempt: Attempt<'_>) -> Outcome {
        match self.until_ms(attempt.scope, attempt.clock.now_ms()) {
            Ok(until_ms) => Outcome::Waiting { until_ms },
            Err(error) => Outcome::Finished(produced::error(error)),
        }
    }
}

/// Milliseconds: a number, or its digits as a form or a query brings them. A negative one is no wait.
fn for_ms(value: &Value) -> Result<i64, RecordedError> {
    let number = match value {
        Value::Number(number) => number.as_i64().or_else(|| {
            let float = number.as_f64().filter(|float| float.fract() == 0.0);
            // Beyond the limit of a delay the exact number makes no difference.
            float.map(|float| float as i64)
        }),
        Value::String(text) => text.trim().parse().ok(),
        _ => None,
    };
    number.map(|for_ms| for_ms.max(0)).ok_or_else(|| {
        record::error(
            "bad_delay",
            format!(
                "`for_ms` gave {}, not a whole number of milliseconds",
                value::kind_of(value)
            ),
        )
    })
}

fn time_ms(value: &Value) -> Result<i64, RecordedError> {
    let text = value.as_str().map(str::trim);
    let time = text.and_then(|text| text.parse::<jiff::Timestamp>().ok());
    time.map(jiff::Timestamp::as_millisecond).ok_or_else(|| {
        record::error(
            "bad_delay",
            format!(
                "`until` gave {}, not a time such as 2027-01-31T08:00:00Z",
                value::kind_of(value)
            ),
        )
    })
}

#[cfg(test)]
mod tests {
    use super::*;
    use serde_json::json;

    #[test]
    fn milliseconds_are_numbers_or_digits() {
        for (given, expected) in [
            (json!(5), Some(5)),
            (json!(5.0), Some(5)),
            (json!(" 5 "), Some(5)),
            (json!(-5), Some(0)),
            (json!(1e300), Some(i64::MAX)),
            (json!(5.5), None),
            (json!("soon"), None),
            (json!(null), None),
        ] {
            assert_eq!(for_ms(&given).ok(), expected, "{given}");
        }
    }

    #[test]
    fn a_time_has_an_offset() {
        assert_eq!(
            time_ms(&json!("2026-11-22T01:20:12.431+01:00")).ok(),
            Some(1_795_306_812_431)
        );
        for wrong in [
            json!("2026-11-22"),
            json!("2026-11-22T00:00:00"),
            json!(1_795_306_812),
        ] {
            assert!(time_ms(&wrong).is_err(), "{wrong}");
        }
    }
}
