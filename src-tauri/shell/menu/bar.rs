//! The bar in the toolkit's terms: made from the table, and kept as the page offers its commands.

use parking_lot::Mutex;
use tauri::menu::{
    AboutMetadataBuilder, HELP_SUBMENU_ID, IsMenuItem, Menu, MenuEvent, MenuItem,
    PredefinedMenuItem, Submenu, WINDOW_SUBMENU_ID,
};
use tauri::{AppHandle, Manager as _, WebviewWindow, Wry};

use super::offered::{Offer, Shown, accelerator};
use super::table::{self, Does, Entry, Role, System};
use crate::desk::{Ask, Desk};
use crate::memory::Memory;
use crate::window;

/// Whether a person chooses to have it; on macOS every app has one.
pub const IS_A_CHOICE: bool = !cfg!(target_os = "macos");

/// Entries of the bar begin with it: the tray's have names of their own.
const OURS: &str = "bar.";

/// The bar as it is made, and what the page offers.
struct Bar {
    offer: Mutex<Offer>,
    made: Mutex<Option<Made>>,
}

struct Made {
    menu: Menu<Wry>,
    submenus: Vec<(&'static str, Submenu<Wry>)>,
    items: Vec<OwnItem>,
}

/// An entry that is ours to change.
struct OwnItem {
    text: &'static str,
    does: Does,
    item: MenuItem<Wry>,
    shown: Shown,
}

/// Makes the bar where every app has one.
pub fn begin(app: &AppHandle) {
    app.manage(Bar {
        offer: Mutex::new(Offer::none()),
        made: Mutex::default(),
    });
    if !IS_A_CHOICE {
        let set = make(app).and_then(|menu| app.set_menu(menu));
        if let Err(error) = set {
            tracing::warn!(%error, "there is no menu bar");
        }
    }
}

/// Shows the bar in the window, or takes it away, as a person chose.
pub fn show(app: &AppHandle) {
    if IS_A_CHOICE {
        on_main_thread(app, |app| {
            if let Some(window) = window::of(app) {
                show_in(app, &window);
            }
        });
    }
}

/// The toolkit has one thread: what is done there alone needs no order of locks.
fn on_main_thread(app: &AppHandle, act: impl FnOnce(&AppHandle) + Send + 'static) {
    let handle = app.clone();
    log(app.run_on_main_thread(move || act(&handle)));
}

fn show_in(app: &AppHandle, window: &WebviewWindow) {
    let is_wanted = app.state::<Memory>().kept().menu_bar;
    let shown = match (is_wanted, window.menu().is_some()) {
        (true, false) => make(app).and_then(|menu| window.set_menu(menu)),
        (false, true) => window.remove_menu(),
        _ => return,
    };
    log(shown.map(drop));
    show_keys(app);
}

/// What the page offers from now on.
pub fn offer(app: &AppHandle, offer: Offer) {
    on_main_thread(app, |app| keep(app, offer));
}

fn keep(app: &AppHandle, offer: Offer) {
    let bar = app.state::<Bar>();
    if let Some(made) = &mut *bar.made.lock() {
        for (key, submenu) in &made.submenus {
            log(submenu.set_text(offer.words.menu(key)));
        }
        for it in &mut made.items {
            let shown = shown(&offer, it.text, it.does);
            if it.shown != shown {
                log(change(&it.item, &shown));
                it.shown = shown;
            }
        }
    }
    *bar.offer.lock() = offer;
    show_keys(app);
}

/// Does what an entry is for.
pub fn act(app: &AppHandle, event: &MenuEvent) {
    let Some(text) = event.id().as_ref().strip_prefix(OURS) else {
        return;
    };
    let entries = table::menus(System::HERE).flat_map(|menu| menu.entries_on(System::HERE));
    let does = entries.into_iter().find_map(|entry| match entry {
        Entry::Item(_, key, does) if key == text => Some(does),
        _ => None,
    });
    match does {
        Some(Does::Close) => window::close(app),
        Some(Does::Quit) => window::quit(app),
        Some(Does::Command(command)) => run(app, command, None),
        Some(Does::CommandAt(command, page)) => run(app, command, Some(page)),
        Some(Does::Role(role)) => play(app, role),
        None => {}
    }
}

fn run(app: &AppHandle, command: &'static str, page: Option<&'static str>) {
    // The bar of macOS is there without the window.
    if !window::is_in_front(app) {
        window::show(app, None);
    }
    app.state::<Desk>().ask(Ask::Run { command, page });
}

/// Roles that the toolkit does not play here.
fn play(app: &AppHandle, role: Role) {
    let what = match role {
        Role::Undo => Some("undo"),
        Role::Redo => Some("redo"),
        Role::SelectAll => Some("selectAll"),
        _ => None,
    };
    match what {
        // A drawing has more to undo than a field: the page knows what is edited.
        Some(what) => app.state::<Desk>().ask(Ask::Edit { what }),
        None => play_here(app, role),
    }
}

#[cfg(target_os = "linux")]
use super::linux::play as play_here;

/// Elsewhere the toolkit plays all others.
#[cfg(not(target_os = "linux"))]
fn play_here(_: &AppHandle, _: Role) {}

/// A bar with what is offered now.
fn make(app: &AppHandle) -> tauri::Result<Menu<Wry>> {
    let bar = app.state::<Bar>();
    let offer = bar.offer.lock();
    let mut made = Made {
        menu: Menu::new(app)?,
        submenus: Vec::new(),
        items: Vec::new(),
    };
    for menu in table::menus(System::HERE) {
        let text = offer.words.menu(menu.text);
        let submenu = match menu.text {
            // The system adds its own to these.
            "window" => Submenu::with_id(app, WINDOW_SUBMENU_ID, text, true)?,
            "help" => Submenu::with_id(app, HELP_SUBMENU_ID, text, true)?,
            _ => Submenu::new(app, text, true)?,
        };
        for entry in menu.entries_on(System::HERE) {
            submenu.append(&*made.entry(app, entry, &offer)?)?;
        }
        made.menu.append(&submenu)?;
        made.submenus.push((menu.text, submenu));
    }
    let menu = made.menu.clone();
    *bar.made.lock() = Some(made);
    Ok(menu)
}

impl Made {
    fn entry(
        &mut self,
        app: &AppHandle,
        entry: Entry,
        offer: &Offer,
    ) -> tauri::Result<Box<dyn IsMenuItem<Wry>>> {
        let (text, does) = match entry {
            Entry::Line(_) => return Ok(Box::new(PredefinedMenuItem::separator(app)?)),
            Entry::Item(_, text, does) => (text, does),
        };
        if let Does::Role(role) = does
            && is_native(role)
        {
            return Ok(Box::new(native(app, role, offer.words.item(text))?));
        }
        let shown = shown(offer, text, does);
        let item = MenuItem::with_id(
            app,
            format!("{OURS}{text}"),
            &shown.text,
            true,
            None::<&str>,
        )?;
        change(&item, &shown)?;
        self.items.push(OwnItem {
            text,
            does,
            item: item.clone(),
            shown,
        });
        Ok(Box::new(item))
    }
}

fn shown(offer: &Offer, text: &str, does: Does) -> Shown {
    let mut shown = offer.of(text, does);
    if let Does::Role(role) = does {
        shown.key = role.key().map(str::to_owned);
    }
    shown
}

/// Whether the toolkit plays a role on this system. On Linux it writes the word and does nothing.
fn is_native(role: Role) -> bool {
    match System::HERE {
        System::Mac => true,
        System::Windows => !matches!(role, Role::Undo | Role::Redo | Role::SelectAll),
        System::Linux => false,
    }
}

fn native(app: &AppHandle, role: Role, text: &str) -> tauri::Result<PredefinedMenuItem<Wry>> {
    let text = Some(text);
    match role {
        Role::About => {
            // The name and the version: what else the configuration says of packages is no part of the program.
            let package = app.package_info();
            let about = AboutMetadataBuilder::new()
                .name(Some(package.name.clone()))
                .version(Some(package.version.to_string()))
                .build();
            PredefinedMenuItem::about(app, text, Some(about))
        }
        Role::Services => PredefinedMenuItem::services(app, text),
        Role::Hide => PredefinedMenuItem::hide(app, text),
        Role::HideOthers => PredefinedMenuItem::hide_others(app, text),
        Role::ShowAll => PredefinedMenuItem::show_all(app, text),
        Role::Undo => PredefinedMenuItem::undo(app, text),
        Role::Redo => PredefinedMenuItem::redo(app, text),
        Role::Cut => PredefinedMenuItem::cut(app, text),
        Role::Copy => PredefinedMenuItem::copy(app, text),
        Role::Paste => PredefinedMenuItem::paste(app, text),
        Role::SelectAll => PredefinedMenuItem::select_all(app, text),
        Role::FullScreen => PredefinedMenuItem::fullscreen(app, text),
        Role::Minimize => PredefinedMenuItem::minimize(app, text),
        Role::Maximize => PredefinedMenuItem::maximize(app, text),
        Role::BringAllToFront => PredefinedMenuItem::bring_all_to_front(app, text),
    }
}

/// The page hears keys first and acts on them, with its own rules for fields and dialogs; so the bar only shows them,
/// but on macOS, where it cannot show one that it does not take when the page leaves it.
fn change(item: &MenuItem<Wry>, shown: &Shown) -> tauri::Result<()> {
    item.set_enabled(shown.is_enabled)?;
    match (System::HERE, &shown.key) {
        (System::Mac, key) => {
            item.set_text(&shown.text)?;
            item.set_accelerator(key.as_deref().map(accelerator))
        }
        // What stands behind a tab is written where keys stand.
        (System::Windows, Some(key)) => {
            let key = accelerator(key).replace("CmdOrCtrl", "Ctrl");
            item.set_text(format!("{}\t{key}", shown.text))
        }
        (System::Windows | System::Linux, _) => item.set_text(&shown.text),
    }
}

#[cfg(target_os = "linux")]
fn show_keys(app: &AppHandle) {
    let bar = app.state::<Bar>();
    let Some(window) = window::of(app) else {
        return;
    };
    let made = bar.made.lock();
    let Some(made) = made.as_ref().filter(|_| window.menu().is_some()) else {
        return;
    };
    let key = |text: &str| {
        let item = made.items.iter().find(|it| it.text == text);
        item.and_then(|it| it.shown.key.clone())
    };
    let menus = table::menus(System::HERE).map(|menu| {
        let entries = menu.entries_on(System::HERE).map(|entry| match entry {
            Entry::Item(_, text, _) => key(text),
            Entry::Line(_) => None,
        });
        entries.collect()
    });
    super::linux::show_keys(&window, menus.collect());
}

#[cfg(not(target_os = "linux"))]
fn show_keys(_: &AppHandle) {}

fn log(changed: tauri::Result<()>) {
    if let Err(error) = changed {
        tracing::warn!(%error, "the menu bar cannot be changed");
    }
}
