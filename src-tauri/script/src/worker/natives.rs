//! What the world of a script can call in the worker: a few functions over texts. They keep what the script logs and
//! saves, and fetch what it loads.

use std::cell::RefCell;
use std::collections::{HashMap, HashSet};
use std::rc::Rc;

use hookloom_model::document::{exit_code_problem, is_plain_name};
use hookloom_model::journal::STEP_DATA_BYTES_MAX;
use hookloom_template::RESERVED_NAMES;
use indexmap::IndexMap;
use rquickjs::{Ctx, Function, Object};

use super::json_text;
use crate::limits::{
    DATA_DEPTH_MAX, LOG_BYTES_MAX, LOG_LINES_MAX, MESSAGE_BYTES_MAX, SAVED_BYTES_MAX,
};
use crate::message::Place;

/// Fetches a value as JSON text from whoever has it.
pub(super) type Ask = dyn FnMut(Place, &str) -> Result<Option<String>, AskError>;

/// Why a value cannot be had, for the script.
pub(super) struct AskError(pub String);

/// Why a value cannot leave the script, for whoever wrote it.
#[derive(Debug, thiserror::Error)]
pub(super) enum Unfit {
    #[error("it has {bytes} bytes as JSON, more than step_data_bytes_max of {STEP_DATA_BYTES_MAX}")]
    TooLarge { bytes: usize },
    #[error(
        "it has {depth} lists and objects within one another, more than script_data_depth_max of {DATA_DEPTH_MAX}"
    )]
    TooDeep { depth: usize },
}

/// Why memory is not saved.
#[derive(Debug, thiserror::Error)]
enum SaveError {
    #[error(
        "memory.save: `{name}` cannot name memory; take letters, digits and _, no digit first, and no word that \
         templates use"
    )]
    Name { name: String },
    #[error("memory.save('{name}'): {why}")]
    Value { name: String, why: Unfit },
    #[error(
        "memory.save('{name}'): {bytes} bytes are saved in all, more than script_saved_bytes_max of {SAVED_BYTES_MAX}"
    )]
    TooMuch { name: String, bytes: usize },
}

/// Why a script cannot end so.
#[derive(Debug, thiserror::Error)]
enum ExitError {
    #[error("exit cannot end the script so: {problem}")]
    Code { problem: &'static str },
    #[error("exit('{exit_code}'): {why}")]
    Data { exit_code: String, why: Unfit },
}

/// What a run has and leaves.
#[derive(Default)]
pub(super) struct Desk {
    pub memory: HashMap<String, String>,
    pub memory_apart: HashSet<String>,
    pub globals: Vec<String>,
    pub ask: Option<Box<Ask>>,
    pub saved: IndexMap<String, String>,
    /// The exit code and the data as JSON.
    pub exit: Option<(String, String)>,
    logs: Vec<String>,
    log_bytes: usize,
    log_lines_lost: usize,
}

impl Desk {
    /// Notes a line for a person. One that does not fit is left out whole: half of a secret would not be masked.
    pub fn log(&mut self, line: String) {
        let has_room = self.logs.len() < LOG_LINES_MAX
            && self.log_lines_lost == 0
            && self.log_bytes + line.len() <= LOG_BYTES_MAX;
        if has_room {
            self.log_bytes += line.len();
            self.logs.push(line);
        } else {
            self.log_lines_lost += 1;
        }
    }

    /// The lines so far, and how many are missing.
    pub fn take_logs(&mut self) -> Vec<String> {
        let mut logs = std::mem::take(&mut self.logs);
        if self.log_lines_lost > 0 {
            logs.push(format!(
                "[{} more are left out: script_log_lines_max is {LOG_LINES_MAX}, script_log_bytes_max is {LOG_BYTES_MAX}]",
                self.log_lines_lost
            ));
        }
        logs
    }

    /// Makes JSON of the interpreter ready to leave.
    pub fn checked(&mut self, what: &str, mut text: String) -> Result<String, Unfit> {
        if text.len() > STEP_DATA_BYTES_MAX {
            return Err(Unfit::TooLarge { bytes: text.len() });
        }
        let depth = json_text::depth(&text);
        if depth > DATA_DEPTH_MAX {
            return Err(Unfit::TooDeep { depth });
        }
        let mended = json_text::mend_surrogates(&mut text);
        if mended > 0 {
            self.log(format!(
                "[{mended} unpaired surrogates in {what} are no Unicode text and became U+FFFD]"
            ));
        }
        Ok(text)
    }

    fn load(&mut self, place: &str, name: &str) -> Result<Option<String>, AskError> {
        let place = match place {
            "memory" => {
                if let Some(saved) = self.saved.get(name).or_else(|| self.memory.get(name)) {
                    return Ok(Some(saved.clone()));
                }
                if !self.memory_apart.contains(name) {
                    return Ok(None);
                }
                Place::Memory
            }
            "secret_state" => Place::SecretState,
            _ if !self.globals.iter().any(|known| known == name) => return Ok(None),
            _ => Place::Global,
        };
        let Some(ask) = &mut self.ask else {
            return Ok(None);
        };
        let answer = ask(place, name)?;
        if let (Place::Memory, Some(text)) = (place, &answer) {
            self.memory.insert(name.to_owned(), text.clone());
        }
        Ok(answer)
    }

    fn save(&mut self, name: String, text: String) -> Result<(), SaveError> {
        if !is_plain_name(&name) || RESERVED_NAMES.contains(&name.as_str()) {
            return Err(SaveError::Name { name });
        }
        let text = match self.checked(&format!("the memory `{name}`"), text) {
            Ok(text) => text,
            Err(why) => return Err(SaveError::Value { name, why }),
        };
        let others = self.saved.iter().filter(|(known, _)| **known != name);
        let bytes = others.map(|(_, text)| text.len()).sum::<usize>() + text.len();
        if bytes > SAVED_BYTES_MAX {
            return Err(SaveError::TooMuch { name, bytes });
        }
        self.saved.insert(name, text);
        Ok(())
    }

    fn exit(&mut self, exit_code: String, text: String) -> Result<(), ExitError> {
        if let Some(problem) = exit_code_problem(&exit_code) {
            return Err(ExitError::Code { problem });
        }
        let text = match self.checked("the data", text) {
            Ok(text) => text,
            Err(why) => return Err(ExitError::Data { exit_code, why }),
        };
        self.exit.get_or_insert((exit_code, text));
        Ok(())
    }
}

/// The functions for the prelude. Errors are texts: the prelude throws them.
pub(super) fn object<'js>(
    ctx: &Ctx<'js>,
    desk: &Rc<RefCell<Desk>>,
) -> rquickjs::Result<Object<'js>> {
    let native = Object::new(ctx.clone())?;
    native.set("dataMax", STEP_DATA_BYTES_MAX as f64)?;
    native.set("messageMax", MESSAGE_BYTES_MAX as f64)?;
    let its = Rc::clone(desk);
    let load = move |place: String, name: String| -> Vec<Option<String>> {
        match its.borrow_mut().load(&place, &name) {
            Ok(text) => vec![text, None],
            Err(AskError(error)) => vec![None, Some(error)],
        }
    };
    native.set("load", Function::new(ctx.clone(), load)?)?;
    let its = Rc::clone(desk);
    let save = move |name: String, text: String| {
        let saved = its.borrow_mut().save(name, text);
        saved.err().map(|error| error.to_string())
    };
    native.set("save", Function::new(ctx.clone(), save)?)?;
    let its = Rc::clone(desk);
    let exit = move |code: String, text: String| {
        let ended = its.borrow_mut().exit(code, text);
        ended.err().map(|error| error.to_string())
    };
    native.set("exit", Function::new(ctx.clone(), exit)?)?;
    let its = Rc::clone(desk);
    let log = move |line: String| its.borrow_mut().log(line);
    native.set("log", Function::new(ctx.clone(), log)?)?;
    Ok(native)
}
