//! One worker process: its pipes, its start, its end. When this is dropped the process is killed.

use std::process::{ExitStatus, Stdio};
use std::time::Duration;

use tokio::io::{AsyncReadExt as _, AsyncWriteExt as _};
use tokio::process::{Child, ChildStdin, ChildStdout};
use tokio::sync::OwnedSemaphorePermit;

use super::program::Program;
use crate::frame::{Frame, FrameError, body_length};
use crate::limits::{FRAME_BYTES_MAX, START_MS_MAX};
use crate::message::{FromWorker, ToWorker, VERSION};

/// How long is waited for the exit status of a worker that closed its pipe.
const STATUS_MS_MAX: u64 = 100;

/// A worker that said that it is ready.
pub(super) struct Worker {
    child: Child,
    to: ChildStdin,
    from: ChildStdout,
    pub runs: u32,
    pub walls: Vec<String>,
    pub is_open: bool,
    /// Its place among the processes.
    _place: OwnedSemaphorePermit,
}

/// Why there is no worker.
#[derive(Debug, thiserror::Error)]
pub(super) enum StartError {
    #[error("the worker process cannot be started: {0}")]
    Spawn(#[from] std::io::Error),
    #[error("the worker process does not answer: {0}")]
    Silent(FrameError),
    #[error("the worker process did not answer within script_start_ms_max of {START_MS_MAX}")]
    Slow,
    #[error(
        "the worker process is of another release; Hookloom was replaced while it ran, and has to be started anew"
    )]
    OtherRelease,
}

impl Worker {
    pub async fn start(program: &Program, place: OwnedSemaphorePermit) -> Result<Self, StartError> {
        let mut child = program
            .command()
            .stdin(Stdio::piped())
            .stdout(Stdio::piped())
            .stderr(Stdio::null())
            .kill_on_drop(true)
            .spawn()?;
        let missing = || std::io::Error::other("a pipe is missing");
        let to = child.stdin.take().ok_or_else(missing)?;
        let from = child.stdout.take().ok_or_else(missing)?;
        let mut worker = Self {
            child,
            to,
            from,
            runs: 0,
            walls: Vec::new(),
            is_open: true,
            _place: place,
        };
        let patience = Duration::from_millis(START_MS_MAX);
        let first = tokio::time::timeout(patience, worker.read()).await;
        let first = first.map_err(|_| StartError::Slow)?;
        match first.map_err(StartError::Silent)?.message {
            FromWorker::Ready {
                version: VERSION,
                walls,
                is_open,
            } => {
                worker.walls = walls;
                worker.is_open = is_open;
                Ok(worker)
            }
            _ => Err(StartError::OtherRelease),
        }
    }

    pub async fn write(&mut self, frame: &Frame<ToWorker>) -> Result<(), FrameError> {
        self.to.write_all(&frame.to_bytes()?).await?;
        Ok(())
    }

    pub async fn read(&mut self) -> Result<Frame<FromWorker>, FrameError> {
        let mut length = [0; 4];
        match self.from.read_exact(&mut length).await {
            Ok(_) => {}
            Err(error) if error.kind() == std::io::ErrorKind::UnexpectedEof => {
                return Err(FrameError::Closed);
            }
            Err(error) => return Err(error.into()),
        }
        let bytes = body_length(length, FRAME_BYTES_MAX)?;
        // Grows with what arrives: what is announced is not believed.
        let mut body = Vec::with_capacity(bytes.min(64 * 1024));
        let mut rest = (&mut self.from).take(bytes as u64);
        rest.read_to_end(&mut body).await?;
        if body.len() < bytes {
            return Err(FrameError::Closed);
        }
        Frame::from_body(&body)
    }

    /// Whether it still runs, as far as that is known.
    pub fn is_alive(&mut self) -> bool {
        matches!(self.child.try_wait(), Ok(None))
    }

    /// How it ended, after its pipe closed.
    pub async fn exit_status(&mut self) -> Option<ExitStatus> {
        let patience = Duration::from_millis(STATUS_MS_MAX);
        let status = tokio::time::timeout(patience, self.child.wait()).await;
        status.ok()?.ok()
    }

    /// Ends it at once. It is waited for elsewhere.
    pub fn kill(&mut self) {
        // It may be dead already, which is as good.
        let _ = self.child.start_kill();
    }
}
