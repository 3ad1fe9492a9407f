//! One window for one data folder: a second start brings the first one to the front, and ends.

use std::time::{Duration, Instant};

use hookloom_runtime::{DataFolder, Doorbell, Error, Options, Ring, Role, Running};
use tauri::{AppHandle, Manager as _};
use tokio::sync::mpsc::Receiver;

use crate::desk::{Ask, Desk};
use crate::page::Page;
use crate::start::Start;
use crate::window;

/// An app that is starting, or about to end, is waited for this long.
const PATIENCE_MS: u64 = 15_000;
const AGAIN_MS: u64 = 100;

/// What a desktop gives to a program that a person starts, so that its window may come to the front.
const STARTUP_VARIABLES: [&str; 2] = ["XDG_ACTIVATION_TOKEN", "DESKTOP_STARTUP_ID"];

/// What came of a start.
pub enum Opened {
    /// This is the one.
    First(Box<Only>),
    /// Another one has the folder, and shows its window.
    ThereAlready,
}

/// The folder, and the door at which later starts ring.
pub struct Only {
    pub running: Running,
    pub bell: Doorbell,
    pub rings: Receiver<Ring>,
}

/// Opens the folder, or rings at the app that has it.
pub async fn open(options: Options, folder: &DataFolder, start: &Start) -> Result<Opened, Error> {
    let deadline = Instant::now() + Duration::from_millis(PATIENCE_MS);
    let wish = wish(start);
    loop {
        let refused = match hookloom_runtime::open(options.clone()).await {
            Ok(running) => return Ok(Opened::First(Box::new(first(running, folder).await?))),
            Err(error) => error,
        };
        let Error::FolderOwned { owner, .. } = &refused else {
            return Err(refused);
        };
        let is_app = owner.as_ref().is_none_or(|owner| owner.role == Role::App);
        if is_app && hookloom_runtime::ring(folder, &wish).await {
            return Ok(Opened::ThereAlready);
        }
        if !is_app || Instant::now() >= deadline {
            return Err(refused);
        }
        tokio::time::sleep(Duration::from_millis(AGAIN_MS)).await;
    }
}

async fn first(running: Running, folder: &DataFolder) -> Result<Only, Error> {
    match Doorbell::hang(folder).await {
        Ok((bell, rings)) => Ok(Only {
            running,
            bell,
            rings,
        }),
        Err(error) => {
            running.stop().await;
            Err(Error::Internal {
                what: format!("the door for later starts cannot be opened: {error}"),
            })
        }
    }
}

fn wish(start: &Start) -> Ring {
    let startup_id = STARTUP_VARIABLES
        .iter()
        .find_map(|name| std::env::var(name).ok().filter(|it| !it.is_empty()));
    Ring {
        page: start.page.as_ref().map(Page::place),
        refused: start.refused.clone(),
        startup_id,
    }
}

/// Shows the window to whoever rings, for as long as the app runs.
pub fn answer(app: &AppHandle, mut rings: Receiver<Ring>) {
    let app = app.clone();
    tauri::async_runtime::spawn(async move {
        while let Some(ring) = rings.recv().await {
            let Ring {
                page,
                refused,
                startup_id,
            } = ring;
            let desk = app.state::<Desk>();
            // Checked again: whoever has the token could say anything.
            let page = page.map(|page| Page::of_address(&page));
            match page {
                Some(Ok(page)) => desk.ask(Ask::from(&page)),
                Some(Err(refused)) => desk.ask(Ask::Say {
                    message: refused.to_string(),
                }),
                None => {}
            }
            if let Some(message) = refused {
                desk.ask(Ask::Say { message });
            }
            window::show(&app, startup_id.as_deref());
        }
    });
}
