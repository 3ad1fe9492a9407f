//! What is logged, in which form, and where to.

use tracing_subscriber::layer::SubscriberExt as _;
use tracing_subscriber::util::SubscriberInitExt as _;
use tracing_subscriber::{EnvFilter, Layer, Registry, fmt};

use super::journal;
use super::line::Sink;

/// The variable that chooses what is logged: `debug`, `hookloom_receiver=trace`, …
pub const LOG_VARIABLE: &str = "HOOKLOOM_LOG";
/// The variable that chooses how a line looks: `text` or `json`.
pub const FORMAT_VARIABLE: &str = "HOOKLOOM_LOG_FORMAT";
const LEVEL_DEFAULT: &str = "warn,hookloom=info";

/// How a line of the log looks.
#[derive(Debug, Clone, Copy, PartialEq, Eq, Default)]
pub enum LogFormat {
    /// For people.
    #[default]
    Text,
    /// One JSON object a line, for programs.
    Json,
}

impl LogFormat {
    /// What `HOOKLOOM_LOG_FORMAT` says; text if it says nothing that is known.
    fn of_environment() -> Self {
        match std::env::var(FORMAT_VARIABLE).as_deref() {
            Ok("json") => Self::Json,
            _ => Self::Text,
        }
    }
}

/// Logs from now on, as `HOOKLOOM_LOG_FORMAT` says. A second call changes nothing.
pub fn init_logging() {
    init_logging_as(None);
}

/// Logs to standard error from now on, and to files once a data folder is open. A second call changes nothing.
pub fn init_logging_as(format: Option<LogFormat>) {
    let format = format.unwrap_or_else(LogFormat::of_environment);
    let wanted = std::env::var(LOG_VARIABLE).unwrap_or_default();
    let filter = EnvFilter::try_new(if wanted.is_empty() {
        LEVEL_DEFAULT
    } else {
        &wanted
    })
    .unwrap_or_else(|_| EnvFilter::new(LEVEL_DEFAULT));
    // The journal has a time and a level for each line; a second one of ours would only be in the way.
    let in_journal = journal::reads_standard_error();
    let standard_error = layer(format, Sink::StandardError { in_journal }, !in_journal);
    let files = layer(format, Sink::Files, true);
    let _ = Registry::default()
        .with(vec![standard_error, files])
        .with(filter)
        .try_init();
}

fn layer(format: LogFormat, sink: Sink, has_time: bool) -> Box<dyn Layer<Registry> + Send + Sync> {
    let layer = fmt::layer().with_ansi(false).with_writer(sink);
    match (format, has_time) {
        (LogFormat::Text, true) => layer.with_target(false).boxed(),
        (LogFormat::Text, false) => layer
            .with_target(false)
            .without_time()
            .with_level(false)
            .boxed(),
        (LogFormat::Json, true) => layer.json().flatten_event(true).boxed(),
        (LogFormat::Json, false) => layer.json().flatten_event(true).without_time().boxed(),
    }
}
