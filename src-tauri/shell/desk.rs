//! What the shell and the page in its window say to one another: which page to open, why something was refused, whether
//! to go on without a window.

use std::sync::atomic::{AtomicBool, Ordering};

use parking_lot::Mutex;
use serde::Serialize;
use tauri::ipc::Channel;

use crate::memory::Closing;
use crate::page::Page;

/// What waits for a window that is not there yet; older things are forgotten.
const WAITING_MAX: usize = 8;

/// What the page is asked to do.
#[derive(Debug, Clone, PartialEq, Eq, Serialize)]
#[serde(tag = "ask", rename_all = "snake_case")]
pub enum Ask {
    /// Open the page with this address.
    Open { address: String },
    /// Say why something is not done.
    Say { message: String },
    /// Ask whether receiving goes on without the window.
    Close,
    /// Run a command of the palette; on this page, if it is not offered where the person is.
    Run {
        command: &'static str,
        page: Option<&'static str>,
    },
    /// Undo, redo or select all, in a field or in the drawing.
    Edit { what: &'static str },
}

impl From<&Page> for Ask {
    fn from(page: &Page) -> Self {
        Self::Open {
            address: page.address().to_owned(),
        }
    }
}

/// The shell's side of it.
#[derive(Default)]
pub struct Desk {
    talk: Mutex<Talk>,
    /// Somebody sees the tray.
    pub has_tray: AtomicBool,
}

#[derive(Default)]
struct Talk {
    page: Option<Channel<Ask>>,
    waiting: Vec<Ask>,
    /// It was asked whether to go on, and there is no answer yet.
    is_asked: bool,
}

impl Desk {
    /// A page is there that does what it is asked; also what was asked before it came.
    pub fn connect(&self, page: Channel<Ask>) {
        let mut talk = self.talk.lock();
        for ask in std::mem::take(&mut talk.waiting) {
            // A page that went already is replaced by the next one.
            drop(page.send(ask));
        }
        talk.is_asked = false;
        talk.page = Some(page);
    }

    /// Asks the page, now or as soon as there is one.
    pub fn ask(&self, ask: Ask) {
        let mut talk = self.talk.lock();
        if ask == Ask::Close {
            talk.is_asked = true;
        }
        let sent = talk
            .page
            .as_ref()
            .is_some_and(|page| page.send(ask.clone()).is_ok());
        if !sent {
            talk.page = None;
            talk.waiting.push(ask);
            let too_many = talk.waiting.len().saturating_sub(WAITING_MAX);
            talk.waiting.drain(..too_many);
        }
    }

    /// The person answered, or does not want to.
    pub fn answered(&self) {
        self.talk.lock().is_asked = false;
    }

    /// What closing the window does now.
    pub fn on_close(&self, closing: Closing, was_told: bool) -> OnClose {
        let has_tray = self.has_tray.load(Ordering::Relaxed);
        OnClose::of(closing, has_tray, was_told, self.talk.lock().is_asked)
    }
}

/// What closing the window does.
#[derive(Debug, Clone, Copy, PartialEq, Eq)]
pub enum OnClose {
    Hide,
    /// For the first time: say where Hookloom is from now on.
    HideAndTell,
    Ask,
    Quit,
}

impl OnClose {
    fn of(closing: Closing, has_tray: bool, was_told: bool, is_asked: bool) -> Self {
        match closing {
            Closing::Quit => Self::Quit,
            Closing::Keep => Self::Hide,
            Closing::Ask if has_tray && was_told => Self::Hide,
            Closing::Ask if has_tray => Self::HideAndTell,
            // Who closes while the question is open wants no question; or the page hangs, and shows none.
            Closing::Ask if is_asked => Self::Hide,
            Closing::Ask => Self::Ask,
        }
    }
}

#[cfg(test)]
mod tests {
    use super::*;

    #[test]
    fn closing_never_ends_receiving_unless_that_was_chosen() {
        for has_tray in [false, true] {
            for was_told in [false, true] {
                for is_asked in [false, true] {
                    let of = |closing| OnClose::of(closing, has_tray, was_told, is_asked);
                    assert_eq!(of(Closing::Quit), OnClose::Quit);
                    assert_eq!(of(Closing::Keep), OnClose::Hide);
                    assert_ne!(of(Closing::Ask), OnClose::Quit);
                }
            }
        }
    }

    #[test]
    fn without_a_tray_a_person_is_asked_and_a_second_click_closes() {
        let of = |is_asked| OnClose::of(Closing::Ask, false, true, is_asked);
        assert_eq!(of(false), OnClose::Ask);
        assert_eq!(of(true), OnClose::Hide);
    }

    #[test]
    fn the_tray_is_told_of_once() {
        let of = |was_told| OnClose::of(Closing::Ask, true, was_told, false);
        assert_eq!(of(false), OnClose::HideAndTell);
        assert_eq!(of(true), OnClose::Hide);
    }

    #[test]
    fn what_is_asked_before_there_is_a_page_waits_within_a_bound() {
        let desk = Desk::default();
        for number in 0..20 {
            desk.ask(Ask::Open {
                address: format!("/jobs/{number}"),
            });
        }
        let talk = desk.talk.lock();
        assert_eq!(talk.waiting.len(), WAITING_MAX);
        let last = Ask::Open {
            address: "/jobs/19".to_owned(),
        };
        assert_eq!(talk.waiting.last(), Some(&last));
    }
}
