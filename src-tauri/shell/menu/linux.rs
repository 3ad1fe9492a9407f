//! What the toolkit leaves out of a bar on Linux: editing, which it does only where another library is linked, keys that
//! are shown and not taken, and a window about the app that stops nothing else while it is open.

use gtk::gdk::ModifierType;
use gtk::gdk::keys::Key;
use gtk::gdk_pixbuf::{Colorspace, Pixbuf};
use gtk::prelude::*;
use tauri::{AppHandle, WebviewWindow};
use webkit2gtk::WebViewExt as _;

use super::table::Role;
use crate::window;

/// Does it with what is chosen in the window's page, or says what the app is.
pub fn play(app: &AppHandle, role: Role) {
    let Some(window) = window::of(app) else {
        return;
    };
    let command = match role {
        Role::Cut => "Cut",
        Role::Copy => "Copy",
        Role::Paste => "Paste",
        Role::About => return say_what_it_is(app, &window),
        _ => return,
    };
    let played = window.with_webview(|view| view.inner().execute_editing_command(command));
    if let Err(error) = played {
        tracing::warn!(%error, command, "the window's page cannot be asked");
    }
}

fn say_what_it_is(app: &AppHandle, window: &WebviewWindow) {
    let (app, window) = (app.clone(), window.clone());
    let run = app.clone().run_on_main_thread(move || {
        let about = gtk::AboutDialog::new();
        let package = app.package_info();
        about.set_program_name(&package.name);
        about.set_version(Some(&package.version.to_string()));
        about.set_license_type(gtk::License::Apache20);
        about.set_logo(app.default_window_icon().and_then(pixels).as_ref());
        about.set_transient_for(window.gtk_window().ok().as_ref());
        about.set_modal(true);
        // Not its own loop: whoever says meanwhile that the app shall end is heard.
        about.connect_response(|about, _| about.close());
        about.show();
    });
    drop(run);
}

fn pixels(icon: &tauri::image::Image<'_>) -> Option<Pixbuf> {
    let width = i32::try_from(icon.width()).ok()?;
    let height = i32::try_from(icon.height()).ok()?;
    let rgba = gtk::glib::Bytes::from(icon.rgba());
    Some(Pixbuf::from_bytes(
        &rgba,
        Colorspace::Rgb,
        true,
        8,
        width,
        height,
        width.checked_mul(4)?,
    ))
}

/// Writes the keys beside the entries, menu by menu in the order of the table.
pub fn show_keys(window: &WebviewWindow, menus: Vec<Vec<Option<String>>>) {
    let shown = window.clone();
    // The bar itself was put there on the same thread before.
    let run = window.run_on_main_thread(move || {
        let Ok(around) = shown.default_vbox() else {
            return;
        };
        let bar = around
            .children()
            .into_iter()
            .find_map(|it| it.downcast::<gtk::MenuBar>().ok());
        let entries = bar.map(|bar| bar.children()).unwrap_or_default();
        for (entry, keys) in entries.iter().zip(menus) {
            let entry = entry.downcast_ref::<gtk::MenuItem>();
            let menu = entry.and_then(GtkMenuItemExt::submenu);
            let menu = menu.and_then(|it| it.downcast::<gtk::Menu>().ok());
            let items = menu.map(|menu| menu.children()).unwrap_or_default();
            for (item, key) in items.iter().zip(keys) {
                let label = item
                    .downcast_ref::<gtk::MenuItem>()
                    .and_then(|it| it.child());
                if let Some(label) = label.and_then(|it| it.downcast::<gtk::AccelLabel>().ok()) {
                    let none = (0, ModifierType::empty());
                    let (key, modifiers) = key.as_deref().map_or(none, of_toolkit);
                    label.set_accel(key, modifiers);
                }
            }
        }
    });
    drop(run);
}

/// A key of the page, such as `mod+shift+ArrowUp`, as the toolkit counts them.
fn of_toolkit(key: &str) -> (u32, ModifierType) {
    let mut modifiers = ModifierType::empty();
    let mut name = key;
    for (word, modifier) in [
        ("mod+", ModifierType::CONTROL_MASK),
        ("alt+", ModifierType::MOD1_MASK),
        ("shift+", ModifierType::SHIFT_MASK),
    ] {
        if let Some(rest) = name.strip_prefix(word) {
            (name, modifiers) = (rest, modifiers | modifier);
        }
    }
    let mut letters = name.chars();
    let key = match (letters.next(), letters.next()) {
        (Some(letter), None) => Key::from_unicode(letter.to_ascii_lowercase()),
        _ => Key::from_name(match name {
            "ArrowUp" => "Up",
            "ArrowDown" => "Down",
            "ArrowLeft" => "Left",
            "ArrowRight" => "Right",
            "Backspace" => "BackSpace",
            "Enter" => "Return",
            "PageUp" => "Page_Up",
            "PageDown" => "Page_Down",
            "Space" => "space",
            name => name,
        }),
    };
    (*key, modifiers)
}

#[cfg(test)]
mod tests {
    use super::*;

    #[test]
    fn keys_of_the_page_are_those_of_the_toolkit() {
        let control = ModifierType::CONTROL_MASK;
        let shift = ModifierType::SHIFT_MASK;
        for (key, name, modifiers) in [
            ("mod+K", "k", control),
            ("mod+,", "comma", control),
            ("mod++", "plus", control),
            ("alt+1", "1", ModifierType::MOD1_MASK),
            ("mod+shift+Z", "z", control | shift),
            ("shift+ArrowUp", "Up", shift),
            ("Enter", "Return", ModifierType::empty()),
            ("F2", "F2", ModifierType::empty()),
            ("Delete", "Delete", ModifierType::empty()),
        ] {
            assert_eq!(of_toolkit(key), (*Key::from_name(name), modifiers), "{key}");
        }
    }
}
