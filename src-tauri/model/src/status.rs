//! The states that flows, jobs, steps, deliveries and requests can be in, by their names in the API and the database.

use std::fmt;
use std::str::FromStr;

use serde::{Deserialize, Serialize};

macro_rules! named {
    ($(#[$doc:meta])* $name:ident { $($(#[$vdoc:meta])* $variant:ident = $text:literal),+ $(,)? }) => {
        $(#[$doc])*
        #[derive(Debug, Clone, Copy, PartialEq, Eq, Hash, Serialize, Deserialize)]
        pub enum $name {
            $($(#[$vdoc])* #[serde(rename = $text)] $variant,)+
        }

        impl $name {
            /// Every value, in the order of a usual life.
            pub const ALL: &'static [Self] = &[$(Self::$variant),+];

            /// The name in the API, the database and the command line.
            pub fn as_str(self) -> &'static str {
                match self { $(Self::$variant => $text,)+ }
            }
        }

        impl fmt::Display for $name {
            fn fmt(&self, f: &mut fmt::Formatter<'_>) -> fmt::Result {
                f.write_str(self.as_str())
            }
        }

        impl FromStr for $name {
            type Err = UnknownName;

            fn from_str(text: &str) -> Result<Self, UnknownName> {
                match text {
                    $($text => Ok(Self::$variant),)+
                    _ => Err(UnknownName { given: text.chars().take(64).collect(), known: &[$($text),+] }),
                }
            }
        }
    };
}

/// A name that stands for no value.
#[derive(Debug, Clone, PartialEq, Eq, thiserror::Error)]
#[error("`{given}` is unknown; it can be {}", known.join(", "))]
pub struct UnknownName {
    /// What was given.
    pub given: String,
    /// What would have been understood.
    pub known: &'static [&'static str],
}

named!(
    /// Whether a flow's published version reacts to its triggers.
    FlowState { Off = "off", Live = "live", Paused = "paused" }
);

named!(
    /// Where a job is; the last four never change.
    JobStatus {
        Queued = "queued", Running = "running", Waiting = "waiting",
        Complete = "complete", Failed = "failed", Canceled = "canceled", TimedOut = "timed_out",
    }
);

impl JobStatus {
    /// Whether the job has ended for good.
    pub fn is_final(self) -> bool {
        matches!(
            self,
            Self::Complete | Self::Failed | Self::Canceled | Self::TimedOut
        )
    }
}

named!(
    /// Where a step of a job is; the last four never change.
    StepStatus {
        Pending = "pending", Running = "running", Waiting = "waiting",
        Complete = "complete", Failed = "failed", Skipped = "skipped", Canceled = "canceled",
    }
);

impl StepStatus {
    /// Whether the step has ended for good.
    pub fn is_final(self) -> bool {
        matches!(
            self,
            Self::Complete | Self::Failed | Self::Skipped | Self::Canceled
        )
    }
}

named!(
    /// Where a delivery is; the last three never change.
    DeliveryStatus {
        Pending = "pending", Sending = "sending", Waiting = "waiting",
        Delivered = "delivered", Failed = "failed", Canceled = "canceled",
    }
);

impl DeliveryStatus {
    /// Whether the delivery has ended for good.
    pub fn is_final(self) -> bool {
        matches!(self, Self::Delivered | Self::Failed | Self::Canceled)
    }
}

named!(
    /// What became of an inbound request.
    Verdict { Accepted = "accepted", Rejected = "rejected", Duplicate = "duplicate", Held = "held" }
);

named!(
    /// What started a job.
    TriggerKind {
        Endpoint = "endpoint", Schedule = "schedule", Manual = "manual",
        Api = "api", Flow = "flow", Replay = "replay",
    }
);
