//! The worker's life: it begins before anything else of the program, and ends when its input does.

use std::cell::RefCell;
use std::io::{self, Stdin, Stdout};
use std::process::ExitCode;
use std::rc::Rc;
use std::time::{Duration, Instant};

use super::interpreter::{End, Interpreter, Prelude, Task, Used, give_way};
use super::natives::{Ask, AskError};
use super::sandbox;
use crate::frame::{Frame, FrameError};
use crate::message::{FromWorker, Place, ToWorker, VERSION};

/// The first argument of a process that is to be a worker. No person types it.
pub const WORKER_ARGUMENT: &str = "--script-worker";

/// What the parent may send: it is believed, and bounded by what it can hold itself.
const PARENT_FRAME_BYTES_MAX: usize = u32::MAX as usize;

/// The exit code of a worker that cannot lock itself in, or cannot talk.
const EXIT_REFUSED: u8 = 70;

/// The first question of every program of ours: was it started to be a worker? Then this serves, and gives the exit code
/// when there is nothing left to serve.
pub fn work_if_asked() -> Option<ExitCode> {
    let asked = std::env::args_os().nth(1)?;
    (asked == WORKER_ARGUMENT).then(|| sandbox::with_room(work))
}

fn work() -> ExitCode {
    let sandbox = match sandbox::enter() {
        Ok(sandbox) => sandbox,
        Err(error) => {
            // Nobody may have opened standard error; then the exit code is all there is.
            let _ = io::Write::write_fmt(&mut io::stderr(), format_args!("{error}\n"));
            return ExitCode::from(EXIT_REFUSED);
        }
    };
    let ready = FromWorker::Ready {
        version: VERSION,
        walls: sandbox.walls,
        is_open: sandbox.is_open,
    };
    match serve(ready) {
        Ok(()) | Err(FrameError::Closed) => ExitCode::SUCCESS,
        Err(_) => ExitCode::from(EXIT_REFUSED),
    }
}

fn serve(ready: FromWorker) -> Result<(), FrameError> {
    let pipes = Rc::new(RefCell::new(Pipes {
        from_parent: io::stdin(),
        to_parent: io::stdout(),
    }));
    // The next run's interpreter is made while nobody waits for it.
    let prelude = Prelude::compile();
    let mut interpreter = Interpreter::new(&prelude);
    pipes.borrow_mut().write(&Frame::bare(ready))?;
    loop {
        let order = pipes.borrow_mut().read()?;
        let Some((answer, used)) = obey(interpreter, order, &pipes) else {
            return Err(FrameError::Malformed("an order is incomplete".to_owned()));
        };
        pipes.borrow_mut().write(&answer)?;
        give_way();
        if let Some(used) = used {
            used.clear();
        }
        interpreter = Interpreter::new(&prelude);
    }
}

fn obey(
    interpreter: Interpreter,
    order: Frame<ToWorker>,
    pipes: &Rc<RefCell<Pipes>>,
) -> Option<(Frame<FromWorker>, Option<Used>)> {
    let mut texts = order.texts.into_iter();
    match order.message {
        ToWorker::Check { timeout_ms } => {
            let deadline = Instant::now() + Duration::from_millis(timeout_ms);
            let message = interpreter.check(&texts.next()?, deadline);
            Some((Frame::bare(FromWorker::Checked { message }), None))
        }
        ToWorker::Run {
            timeout_ms,
            memory,
            memory_apart,
            globals,
        } => {
            sandbox::limit_processor_time(timeout_ms);
            let task = Task {
                deadline: Instant::now() + Duration::from_millis(timeout_ms),
                code: texts.next()?,
                memory: memory.into_iter().zip(texts).collect(),
                memory_apart: memory_apart.into_iter().collect(),
                globals,
            };
            let (end, used) = interpreter.run(task, Pipes::ask(pipes));
            Some((told(end), Some(used)))
        }
        ToWorker::Answer { .. } => None,
    }
}

fn told(end: End) -> Frame<FromWorker> {
    let logs = end.logs;
    match end.result {
        Ok(left) => {
            let mut texts = vec![left.data];
            let mut saved = Vec::new();
            for (name, value) in left.saved {
                saved.push(name);
                texts.push(value);
            }
            let exit_code = left.exit_code;
            let message = FromWorker::Ended {
                exit_code,
                saved,
                logs,
            };
            Frame { message, texts }
        }
        Err((fault, message)) => Frame::bare(FromWorker::Failed {
            fault,
            message,
            logs,
        }),
    }
}

/// The pipes to the parent.
struct Pipes {
    from_parent: Stdin,
    to_parent: Stdout,
}

impl Pipes {
    fn read(&mut self) -> Result<Frame<ToWorker>, FrameError> {
        Frame::read(&mut self.from_parent.lock(), PARENT_FRAME_BYTES_MAX)
    }

    fn write(&mut self, frame: &Frame<FromWorker>) -> Result<(), FrameError> {
        frame.write(&mut self.to_parent.lock())
    }

    /// How a script asks the parent for a value.
    fn ask(pipes: &Rc<RefCell<Self>>) -> Box<Ask> {
        let pipes = Rc::clone(pipes);
        Box::new(move |place: Place, name: &str| {
            let name = name.to_owned();
            let mut pipes = pipes.borrow_mut();
            let asked = pipes.write(&Frame::bare(FromWorker::Ask { place, name }));
            let answer = asked.and_then(|()| pipes.read());
            match answer {
                Ok(Frame {
                    message: ToWorker::Answer { error: None },
                    texts,
                }) => Ok(texts.into_iter().next()),
                Ok(Frame {
                    message: ToWorker::Answer { error: Some(error) },
                    ..
                }) => Err(AskError(error)),
                // Whoever cannot be asked any more will not be answered either.
                _ => Err(AskError("the value cannot be had".to_owned())),
            }
        })
    }
}
