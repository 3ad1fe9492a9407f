//! Whether requests are received, in the words of the tray.

use serde_json::Value;

/// How the receiver is.
#[derive(Debug, Clone, Default, PartialEq, Eq)]
pub enum Receiving {
    /// It is not known yet.
    #[default]
    Unknown,
    On {
        address: String,
    },
    /// A person wants it so.
    Paused,
    Off {
        why: Option<String>,
    },
}

impl Receiving {
    /// Out of the answer to `GET /status`; none if it is no such answer.
    pub fn of_status(status: &Value) -> Option<Self> {
        let receiver = &status["receiver"];
        let text = |value: &Value| value.as_str().map(str::to_owned);
        match receiver["state"].as_str()? {
            "listening" => Some(Self::On {
                address: text(&receiver["address"])?,
            }),
            "paused" => Some(Self::Paused),
            _ => Some(Self::Off {
                why: text(&receiver["problem"]["message"]),
            }),
        }
    }

    /// In one line.
    pub fn words(&self) -> String {
        match self {
            Self::Unknown => "Hookloom is starting".to_owned(),
            Self::On { address } => format!("Receiving on {address}"),
            Self::Paused => "Receiving is paused".to_owned(),
            Self::Off { why: Some(why) } => format!("Not receiving: {}", why.trim_end_matches('.')),
            Self::Off { why: None } => "Not receiving".to_owned(),
        }
    }

    /// What pausing is called now, and whether it pauses; none while there is nothing to pause.
    pub fn pause(&self) -> Option<(&'static str, bool)> {
        match self {
            Self::On { .. } => Some(("Pause receiving", true)),
            Self::Paused => Some(("Resume receiving", false)),
            Self::Unknown | Self::Off { .. } => None,
        }
    }

    /// Whether the icon is in colour.
    pub fn is_bright(&self) -> bool {
        matches!(self, Self::On { .. })
    }
}

#[cfg(test)]
mod tests {
    use serde_json::json;

    use super::*;

    fn of(receiver: Value) -> Option<Receiving> {
        Receiving::of_status(&json!({"version": "1", "receiver": receiver}))
    }

    #[test]
    fn the_tray_says_how_the_receiver_is_and_offers_what_fits() {
        let on = of(json!({"state": "listening", "address": "127.0.0.1:4747"})).expect("known");
        assert_eq!(on.words(), "Receiving on 127.0.0.1:4747");
        assert_eq!(on.pause(), Some(("Pause receiving", true)));
        assert!(on.is_bright());

        let paused = of(json!({"state": "paused", "address": "127.0.0.1:4747"})).expect("known");
        assert_eq!(paused.words(), "Receiving is paused");
        assert_eq!(paused.pause(), Some(("Resume receiving", false)));
        assert!(!paused.is_bright());

        let problem = json!({"message": "Another program listens there."});
        let off = of(json!({"state": "off", "problem": problem})).expect("known");
        assert_eq!(off.words(), "Not receiving: Another program listens there");
        assert_eq!(off.pause(), None);
        assert_eq!(
            of(json!({"state": "off"})).expect("known").words(),
            "Not receiving"
        );
    }

    #[test]
    fn what_is_no_status_changes_nothing() {
        assert_eq!(Receiving::of_status(&json!({})), None);
        assert_eq!(of(json!({"state": 7})), None);
        assert_eq!(of(json!({"state": "listening"})), None);
    }
}
