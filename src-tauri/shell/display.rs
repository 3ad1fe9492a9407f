//! Whether a window can be shown at all, found out before the toolkit would end the process.

/// What stands in the way of a window, for a person; none if nothing does.
pub fn missing() -> Option<&'static str> {
    if !cfg!(target_os = "linux") {
        return None;
    }
    let set = |name: &str| std::env::var_os(name).is_some_and(|value| !value.is_empty());
    if set("DISPLAY") || set("WAYLAND_DISPLAY") {
        return unreachable();
    }
    Some(
        "Hookloom cannot open its window: there is no display here (neither DISPLAY nor WAYLAND_DISPLAY is set).\n\
         Run `hookloom serve` instead: it is the same workbench, in a browser.",
    )
}

/// A display that is named and does not answer: the toolkit would panic, and a message window wait for ever.
#[cfg(target_os = "linux")]
fn unreachable() -> Option<&'static str> {
    gtk::init().is_err().then_some(
        "Hookloom cannot open its window: the display that DISPLAY or WAYLAND_DISPLAY names does not answer.\n\
         Start it from a desktop, or run `hookloom serve`: it is the same workbench, in a browser.",
    )
}

#[cfg(not(target_os = "linux"))]
fn unreachable() -> Option<&'static str> {
    None
}

/// Settles how WebKit draws, unless somebody has: without its DMA-BUF renderer the window paints sooner, uses less
/// memory, and is not black where there is no graphics card.
#[cfg(target_os = "linux")]
pub fn prefer_plain_rendering() {
    const NAME: &str = "WEBKIT_DISABLE_DMABUF_RENDERER";
    if std::env::var_os(NAME).is_none() {
        #[expect(
            unsafe_code,
            reason = "called first in main, while the process has one thread"
        )]
        // SAFETY: no other thread exists yet that could read or write the environment.
        unsafe {
            std::env::set_var(NAME, "1");
        }
    }
}

/// Nothing to settle where WebKitGTK is not used.
#[cfg(not(target_os = "linux"))]
pub fn prefer_plain_rendering() {}
