//! What the app alone can say of what is wrong: what draws its window.

use hookloom_runtime::{Finding, FindingArea};

/// WebKitGTK with the web features that the workbench is built for, those of Safari 16.
const WEBKIT_MIN: (u32, u32) = (2, 38);
const ELSEWHERE: &str =
    "Until then run `hookloom serve`: it is the same workbench, in a browser of your choice.";

/// Looks at what draws the window.
pub fn look() -> Vec<Finding> {
    let version = tauri::webview_version();
    vec![judge(version.as_deref().ok(), cfg!(target_os = "linux"))]
}

fn judge(version: Option<&str>, is_webkit_gtk: bool) -> Finding {
    let area = FindingArea::Window;
    let Some(version) = version else {
        return Finding::notice(area, "It is not known what draws the window.").hint(
            "If parts of it look wrong, run `hookloom serve`: it is the same workbench, in a browser.",
        );
    };
    if !is_webkit_gtk {
        return Finding::fine(
            area,
            format!("The window is drawn by version {version} of the system's web view."),
        );
    }
    let drawn = format!("The window is drawn by WebKitGTK {version}.");
    let mut numbers = version.split('.').map_while(|it| it.parse::<u32>().ok());
    match (numbers.next(), numbers.next()) {
        (Some(major), Some(minor)) if (major, minor) < WEBKIT_MIN => Finding::wrong(area, drawn)
            .why(format!(
                "It is older than {}.{}, with which parts of the workbench do not work.",
                WEBKIT_MIN.0, WEBKIT_MIN.1
            ))
            .hint(format!(
                "Update WebKitGTK by your system's packages. {ELSEWHERE}"
            )),
        _ => Finding::fine(area, drawn),
    }
}

#[cfg(test)]
mod tests {
    use hookloom_runtime::FindingState::{Fine, Notice, Wrong};

    use super::*;

    #[test]
    fn a_webkit_that_is_too_old_is_wrong_and_the_way_out_is_named() {
        for (version, state) in [
            (Some("2.36.8"), Wrong),
            (Some("1.99"), Wrong),
            (Some("2.38.0"), Fine),
            (Some("2.50.6"), Fine),
            (Some("3.0"), Fine),
            (Some("unknown"), Fine),
            (None, Notice),
        ] {
            let finding = judge(version, true);
            assert_eq!(finding.state, state, "{version:?}");
            let hint = finding.hint.unwrap_or_default();
            assert_eq!(state == Fine, !hint.contains("hookloom serve"), "{hint}");
        }
        assert_eq!(judge(Some("16.1"), false).state, Fine);
    }
}
