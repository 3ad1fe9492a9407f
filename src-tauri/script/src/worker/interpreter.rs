//! One interpreter for one run: made ahead, used once, thrown away. Runs nothing but what it is given.

use std::cell::{Cell, RefCell};
use std::collections::HashSet;
use std::rc::Rc;
use std::time::Instant;

use indexmap::IndexMap;
use rquickjs::context::EvalOptions;
use rquickjs::module::WriteOptions;
use rquickjs::promise::PromiseState;
use rquickjs::{Context, Ctx, Function, Module, Persistent, Promise, Runtime, Value};

use super::natives::{self, Ask, Desk};
use super::place::{self, CODE_FILE};
use crate::limits::{HEAP_BYTES_MAX, STACK_BYTES_MAX};
use crate::message::Fault;

const PRELUDE: &str = include_str!("prelude.js");
/// The prelude's name in stacks of calls. A script that imports it gets a function that makes nothing without our natives.
const PRELUDE_FILE: &str = "hookloom";

/// The prelude, compiled once for all interpreters of a worker: compiling it takes longer than most scripts.
pub(super) struct Prelude(Vec<u8>);

impl Prelude {
    /// # Panics
    /// When a fresh process has no memory for it.
    pub fn compile() -> Self {
        let runtime = Runtime::new().expect("a worker has memory for an interpreter");
        let context = Context::full(&runtime).expect("a worker has memory for a context");
        let code = context.with(|ctx| {
            Module::declare(ctx, PRELUDE_FILE, PRELUDE)?.write(WriteOptions::default())
        });
        Self(code.expect("the prelude is ours, and has no mistake"))
    }

    fn load<'js>(&self, ctx: &Ctx<'js>) -> rquickjs::Result<Function<'js>> {
        // SAFETY: this process wrote the bytes itself, from a text of ours, and they never leave it. A script that could
        // change them would rule the process already.
        #[expect(unsafe_code, reason = "bytecode is believed; this one may be")]
        let module = unsafe { Module::load(ctx.clone(), &self.0) }?;
        let (module, _evaluated) = module.eval()?;
        module.get("default")
    }
}

/// A heap this full, and an error that cannot even be described: that was the memory.
const HEAP_BYTES_FULL: i64 = (HEAP_BYTES_MAX / 10 * 9) as i64;

/// An interpreter that has not run anything yet.
pub(super) struct Interpreter {
    tools: Tools<Persistent<Function<'static>>>,
    context: Context,
    runtime: Runtime,
    desk: Rc<RefCell<Desk>>,
    watch: Rc<Watch>,
}

/// An interpreter that has run. Freeing its heap takes as long as many a script: answer first.
#[must_use = "dropping it takes time that nobody should wait for"]
pub(super) struct Used {
    // Fields are dropped in this order: a context goes before its runtime.
    context: Context,
    runtime: Runtime,
}

/// Lets others have this core. Whom an answer woke may wait for it, while what is left to do here is in nobody's way; a
/// system gives a core to them only when a slice of time is over, which takes longer than all of it.
pub(super) fn give_way() {
    std::thread::yield_now();
}

/// Functions of the prelude.
struct Tools<F> {
    /// A value as JSON text; throws if there is none.
    text_of: F,
    /// An error as name, message and stack.
    describe: F,
}

/// Ends a run that is late, as far as the interpreter asks.
#[derive(Default)]
struct Watch {
    deadline: Cell<Option<Instant>>,
    is_over: Cell<bool>,
}

/// What to run.
pub(super) struct Task {
    pub code: String,
    pub deadline: Instant,
    /// Values as JSON text.
    pub memory: IndexMap<String, String>,
    pub memory_apart: HashSet<String>,
    pub globals: Vec<String>,
}

/// How a run ended.
pub(super) struct End {
    pub result: Result<Left, (Fault, String)>,
    pub logs: Vec<String>,
}

/// What a run leaves, as JSON text.
pub(super) struct Left {
    pub exit_code: Option<String>,
    pub data: String,
    pub saved: IndexMap<String, String>,
}

impl Watch {
    fn is_over(&self) -> bool {
        let late = self.deadline.get().is_some_and(|it| Instant::now() >= it);
        if late {
            self.is_over.set(true);
        }
        self.is_over.get()
    }
}

impl Interpreter {
    /// A fresh world with the functions of scripts in it.
    ///
    /// # Panics
    /// When a fresh process has no memory for it.
    pub fn new(prelude: &Prelude) -> Self {
        let runtime = Runtime::new().expect("a worker has memory for an interpreter");
        runtime.set_memory_limit(HEAP_BYTES_MAX);
        runtime.set_max_stack_size(STACK_BYTES_MAX);
        let watch = Rc::new(Watch::default());
        let its = Rc::clone(&watch);
        runtime.set_interrupt_handler(Some(Box::new(move || its.is_over())));
        let context = Context::full(&runtime).expect("a worker has memory for a context");
        give_way();
        let desk = Rc::default();
        let tools = context.with(|ctx| Tools::make(&ctx, prelude, &desk));
        Self {
            tools: tools.expect("the prelude is ours, and runs"),
            context,
            runtime,
            desk,
            watch,
        }
    }

    /// Runs the code as the body of an async function.
    pub fn run(self, task: Task, ask: Box<Ask>) -> (End, Used) {
        self.watch.deadline.set(Some(task.deadline));
        {
            let mut desk = self.desk.borrow_mut();
            desk.memory = task.memory.into_iter().collect();
            desk.memory_apart = task.memory_apart;
            desk.globals = task.globals;
            desk.ask = Some(ask);
        }
        let run = Run {
            code: &task.code,
            desk: &self.desk,
            watch: &self.watch,
        };
        let tools = self.tools;
        let result = self.context.with(|ctx| {
            let tools = tools.restore(&ctx)?;
            Ok(run.of(&ctx, &tools))
        });
        let result = result.unwrap_or_else(|error: rquickjs::Error| {
            Err((Fault::Memory, format!("the script cannot begin: {error}")))
        });
        let mut result = result.map_err(|fault| judged(&self.runtime, fault));
        let mut desk = self.desk.borrow_mut();
        if let Ok(left) = &mut result {
            left.saved = std::mem::take(&mut desk.saved);
        }
        let end = End {
            result,
            logs: desk.take_logs(),
        };
        drop(desk);
        let used = Used {
            context: self.context,
            runtime: self.runtime,
        };
        (end, used)
    }

    /// The first syntax error of a code, as a sentence. Nothing of the code runs.
    pub fn check(self, code: &str, deadline: Instant) -> Option<String> {
        self.watch.deadline.set(Some(deadline));
        let run = Run {
            code,
            desk: &self.desk,
            watch: &self.watch,
        };
        let tools = self.tools;
        let found = self.context.with(|ctx| {
            let tools = tools.restore(&ctx)?;
            Ok(run.function(&ctx, &tools).err())
        });
        match found {
            Ok(found) => found.map(|(_, message)| message),
            Err(error) => {
                let error: rquickjs::Error = error;
                Some(format!("the code cannot be read: {error}"))
            }
        }
    }
}

impl Used {
    /// Frees it in short parts.
    pub fn clear(self) {
        drop(self.context);
        give_way();
        drop(self.runtime);
        give_way();
    }
}

/// An interpreter without memory cannot say what happened.
fn judged(runtime: &Runtime, (fault, message): (Fault, String)) -> (Fault, String) {
    if !message.is_empty() || fault == Fault::Timeout {
        return (fault, message);
    }
    if runtime.memory_usage().malloc_size >= HEAP_BYTES_FULL {
        return out_of_memory();
    }
    (fault, "what was thrown cannot be shown".to_owned())
}

impl Tools<Persistent<Function<'static>>> {
    fn make(ctx: &Ctx<'_>, prelude: &Prelude, desk: &Rc<RefCell<Desk>>) -> rquickjs::Result<Self> {
        let prelude = prelude.load(ctx)?;
        let (text_of, describe) = {
            let tools: Vec<Function<'_>> = prelude.call((natives::object(ctx, desk)?,))?;
            let mut tools = tools.into_iter();
            match (tools.next(), tools.next()) {
                (Some(text_of), Some(describe)) => (text_of, describe),
                _ => return Err(rquickjs::Error::Unknown),
            }
        };
        Ok(Self {
            text_of: Persistent::save(ctx, text_of),
            describe: Persistent::save(ctx, describe),
        })
    }

    fn restore<'js>(self, ctx: &Ctx<'js>) -> rquickjs::Result<Tools<Function<'js>>> {
        Ok(Tools {
            text_of: self.text_of.restore(ctx)?,
            describe: self.describe.restore(ctx)?,
        })
    }
}

/// A run under way.
struct Run<'a> {
    code: &'a str,
    desk: &'a RefCell<Desk>,
    watch: &'a Watch,
}

type Faulty<T> = Result<T, (Fault, String)>;

impl Run<'_> {
    fn of<'js>(&self, ctx: &Ctx<'js>, tools: &Tools<Function<'js>>) -> Faulty<Left> {
        let function = self.function(ctx, tools)?;
        let promise: Promise<'js> = function
            .call(())
            .map_err(|_| self.fault(ctx, tools, Fault::Thrown))?;
        let data = self.settled(ctx, tools, &promise)?;
        let exit = self.desk.borrow_mut().exit.take();
        let (exit_code, data) = match (exit, data) {
            (Some((exit_code, data)), _) => (Some(exit_code), data),
            (None, Some(value)) => (None, self.text(ctx, tools, value)?),
            (None, None) => return Err((Fault::Thrown, NEVER_SETTLED.to_owned())),
        };
        Ok(Left {
            exit_code,
            data,
            saved: IndexMap::new(),
        })
    }

    /// The code as a function. It does not run yet.
    fn function<'js>(&self, ctx: &Ctx<'js>, tools: &Tools<Function<'js>>) -> Faulty<Function<'js>> {
        // On lines of its own: a comment at the end of the code must not swallow what comes after it.
        let source = format!("(async function () {{\n{}\n}})", self.code);
        match ctx.eval_with_options(source, options()) {
            Ok(function) => Ok(function),
            Err(error) if error.is_exception() => Err(self.fault(ctx, tools, Fault::Syntax)),
            Err(_) => Err((
                Fault::Syntax,
                "the code closes a brace that it did not open".to_owned(),
            )),
        }
    }

    /// Runs jobs until the script has returned; none if it called `exit`.
    fn settled<'js>(
        &self,
        ctx: &Ctx<'js>,
        tools: &Tools<Function<'js>>,
        promise: &Promise<'js>,
    ) -> Faulty<Option<Value<'js>>> {
        loop {
            if self.desk.borrow().exit.is_some() {
                return Ok(None);
            }
            if self.watch.is_over() {
                return Err(timeout());
            }
            match promise.state() {
                PromiseState::Pending => {
                    if !ctx.execute_pending_job() {
                        return Err((Fault::Thrown, NEVER_SETTLED.to_owned()));
                    }
                }
                PromiseState::Resolved | PromiseState::Rejected => {
                    return match promise.result::<Value<'js>>() {
                        Some(Ok(value)) => Ok(Some(value)),
                        _ => Err(self.fault(ctx, tools, Fault::Thrown)),
                    };
                }
            }
        }
    }

    fn text<'js>(
        &self,
        ctx: &Ctx<'js>,
        tools: &Tools<Function<'js>>,
        value: Value<'js>,
    ) -> Faulty<String> {
        const CANNOT: &str = "what the script returns cannot be its data";
        let text: Result<String, _> = tools.text_of.call((value,));
        let text = text.map_err(|_| match self.fault(ctx, tools, Fault::Data) {
            (Fault::Data, message) => (Fault::Data, format!("{CANNOT}: {message}")),
            other => other,
        })?;
        let checked = self.desk.borrow_mut().checked("the data", text);
        checked.map_err(|error| (Fault::Data, format!("{CANNOT}: {error}")))
    }

    /// What was thrown, in words. `kind` says what it is unless it was the time or the memory.
    fn fault<'js>(
        &self,
        ctx: &Ctx<'js>,
        tools: &Tools<Function<'js>>,
        kind: Fault,
    ) -> (Fault, String) {
        let thrown = ctx.catch();
        if self.watch.is_over() {
            return timeout();
        }
        if thrown.is_null() {
            // What the interpreter throws when it has no memory left for an error, too.
            let message = format!(
                "the script threw null, or wanted more memory than script_heap_bytes_max of {HEAP_BYTES_MAX}"
            );
            return (kind, message);
        }
        let described: Result<Vec<String>, _> = tools.describe.call((thrown,));
        if self.watch.is_over() {
            return timeout();
        }
        let Ok(described) = described else {
            ctx.catch();
            return (kind, String::new());
        };
        let part = |at: usize| described.get(at).map_or("", String::as_str);
        let (name, message, stack) = (part(0), part(1), part(2));
        if name == "InternalError" && message.contains("out of memory") {
            return out_of_memory();
        }
        let place = place::shown(stack, self.code);
        let message = match (name, message) {
            ("", message) => format!("the script threw {message}"),
            (name, "") => format!("{name}{place}"),
            (name, message) => format!("{name}: {message}{place}"),
        };
        (kind, message)
    }
}

const NEVER_SETTLED: &str = "the script waits for a promise that never settles: nothing is left that could settle it; scripts \
                             have no timers and no network";

fn timeout() -> (Fault, String) {
    (Fault::Timeout, String::new())
}

fn out_of_memory() -> (Fault, String) {
    let message = format!(
        "the script wanted more memory than script_heap_bytes_max of {HEAP_BYTES_MAX}; let it keep less at a time"
    );
    (Fault::Memory, message)
}

fn options() -> EvalOptions {
    let mut options = EvalOptions::default();
    options.global = true;
    options.strict = true;
    options.filename = Some(CODE_FILE.to_owned());
    options
}

#[cfg(test)]
#[path = "interpreter_tests.rs"]
mod tests;
