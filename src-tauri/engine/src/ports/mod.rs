//! What the engine and the receiver need from outside. Each port is implemented once for real, and by fakes in tests.

mod alerts;
mod calls;
mod clock;
mod downloads;
mod files;
mod http;
mod inbox;
mod journal;
mod outbox;
mod schedules;
mod scripts;
mod secrets;
mod steps;

pub use alerts::{AlertKind, AlertRule, Alerts, NewAlert, OpenAlert, WindowCounts};
pub use calls::{Calls, STATUS_URL_KEPT_MS, StatusUrl};
pub use clock::{Clock, Entropy};
pub use downloads::{Download, Downloads};
pub use files::{FileContent, FileError, Files, FinishedFile, NewFile, OpenFile};
pub use http::{
    Answer, Certificate, Certificates, ClientIdentity, Http, HttpError, HttpErrorKind,
    InnerDestinations, NetworkSettings, OutgoingRequest, ProxySettings, Redirects, Timings,
};
pub use inbox::{
    Accepted, Answered, Arrival, DueSchedule, IdempotencyKey, Inbox, InboxError, JobStart, Origin,
};
pub use journal::{Commit, Journal, JournalError, SecretStateChange, StoredJob};
pub use outbox::{AttemptEnd, AttemptResult, DeliveryRow, NewDelivery, Outbox, TaskDisable};
pub use schedules::{LiveSchedule, PassedSchedule, Schedules};
pub use scripts::{
    Memory, ScriptEnd, ScriptFault, ScriptFaultKind, ScriptOutcome, ScriptRun, Scripts,
};
pub use secrets::{JobKeys, KnownSecret, KnownSecrets, SecretError, Secrets};
pub use steps::{Attempt, Outcome, Produced, StepCall, StepKinds, StepRunner, TriggeredBy};
