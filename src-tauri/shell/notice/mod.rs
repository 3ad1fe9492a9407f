//! What is said on the desktop while nobody looks at the window.

#[cfg(target_os = "linux")]
#[path = "linux.rs"]
mod system;
#[cfg(not(target_os = "linux"))]
#[path = "elsewhere.rs"]
mod system;

use tauri::AppHandle;

pub use system::begin;

use crate::alerts::News;
use crate::page::Page;

/// What a notification is about: a newer one takes the place of the last.
#[derive(Debug, Clone, Copy, PartialEq, Eq, Hash)]
pub enum About {
    Alerts,
    Release,
    Tray,
}

/// Something to say, or to say no more.
#[derive(Debug)]
pub struct Notice {
    about: About,
    /// None: what was said about it goes.
    words: Option<Words>,
}

#[derive(Debug)]
#[cfg_attr(
    not(target_os = "linux"),
    expect(
        dead_code,
        reason = "a click brings the app to the front there, and all are alike"
    )
)]
struct Words {
    title: String,
    text: String,
    /// What a click opens.
    page: Option<Page>,
    is_urgent: bool,
}

/// Says which alerts go on, or that none does.
pub fn tell_of_alerts(app: &AppHandle, news: News) {
    let words = match news {
        News::Show { title, text, page } => Some(Words {
            title,
            text,
            page: Some(page),
            is_urgent: true,
        }),
        News::Gone => None,
    };
    let about = About::Alerts;
    system::tell(app, Notice { about, words });
}

/// Says that there is a newer release. A click shows what it brings; nothing is downloaded by it.
pub fn tell_of_release(app: &AppHandle, version: &str) {
    let words = Words {
        title: format!("Hookloom {version} is there"),
        text: "What it brings stands in the settings. Nothing was downloaded.".to_owned(),
        page: Some(Page::updates()),
        is_urgent: false,
    };
    let notice = Notice {
        about: About::Release,
        words: Some(words),
    };
    system::tell(app, notice);
}

/// Says where Hookloom is without its window.
pub fn tell_of_the_tray(app: &AppHandle) {
    let words = Words {
        title: "Hookloom goes on receiving".to_owned(),
        text: "Its icon in the tray brings the window back. Quit it there, or choose in the settings what closing does."
            .to_owned(),
        page: None,
        is_urgent: false,
    };
    let notice = Notice {
        about: About::Tray,
        words: Some(words),
    };
    system::tell(app, notice);
}
