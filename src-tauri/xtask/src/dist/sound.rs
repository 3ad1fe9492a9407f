//! What the packages are made of is there and fits together: cheap enough for every run of the tests. Whether a package
//! works is shown by `make test-dist`.

use std::fs;
use std::path::PathBuf;

use serde_json::Value;

use super::bundler::ICON_PIXELS;
use super::layout::{FILES, From};

#[test]
fn every_file_of_the_packages_is_there_and_has_a_place_of_its_own() {
    let mut places: Vec<_> = FILES.iter().map(|(_, place, _)| place).collect();
    places.sort();
    places.dedup();
    assert_eq!(places.len(), FILES.len(), "two files at one place");
    for (_, place, from) in FILES {
        assert!(place.starts_with("usr/"), "{place}");
        match from {
            From::File(name) => assert!(!read(name).is_empty(), "{name}"),
            From::Changes(name) => {
                let newest = format!("hookloom ({}) ", env!("CARGO_PKG_VERSION"));
                assert!(
                    read(name).starts_with(&newest),
                    "{name} is of another version"
                );
                assert!(read(name).contains("\n -- MAINTAINER  "), "{name}");
            }
            From::Printed(command) => assert_eq!(command[0], "completions"),
            From::Notices | From::Family => {}
        }
    }
}

#[test]
fn icons_have_the_sizes_that_their_names_say() {
    for pixels in ICON_PIXELS {
        let name = format!("icons/hicolor/{pixels}.png");
        assert_eq!(size(&name), (*pixels, *pixels), "{name}");
    }
    for icon in configuration()["bundle"]["icon"]
        .as_array()
        .expect("a list")
    {
        let name = icon.as_str().expect("a name");
        assert!(crate::root().join(name).is_file(), "{name}");
    }
    // Windows takes the size that fits from one file: how many it has stands in its head.
    let windows = fs::read(crate::root().join("icons/icon.ico")).expect("it can be read");
    assert!(windows[4] >= 6, "icons/icon.ico has {} sizes", windows[4]);
}

#[test]
fn the_unit_runs_a_command_that_exists_and_a_program_that_is_packed() {
    let unit = read("src-tauri/packaging/hookloom.service");
    let value = |key: &str| {
        let line = unit
            .lines()
            .find_map(|line| line.strip_prefix(&format!("{key}=")));
        line.unwrap_or_else(|| panic!("{key} is missing"))
            .to_owned()
    };
    let command = value("ExecStart");
    let command = command
        .strip_prefix("/usr/bin/")
        .expect("the place of the packages");
    let reference = read("docs/reference/cli.md");
    assert!(reference.contains(&format!("## {command}\n")), "{command}");
    // A refusal ends with 4, wrong use with 2: neither is tried again.
    assert_eq!(value("RestartPreventExitStatus"), "2 4");
    assert_eq!(value("WantedBy"), "default.target");
}

#[test]
fn the_menu_entry_and_its_description_name_the_program_that_is_packed() {
    let configuration = configuration();
    let app = configuration["mainBinaryName"].as_str().expect("a name");
    let entry = configuration["bundle"]["linux"]["deb"]["desktopTemplate"]
        .as_str()
        .expect("a file");
    assert_eq!(
        configuration["bundle"]["linux"]["rpm"]["desktopTemplate"],
        entry
    );
    let entry = read(entry);
    for key in [
        "Type=Application",
        "Name={{name}}",
        // It says so where the window's libraries are missing, which the window's own program cannot.
        "Exec=hookloom app %u\n",
        "Exec=hookloom app\n",
        "StartupWMClass={{exec}}",
        "Icon={{icon}}",
        "Categories=",
    ] {
        assert!(entry.contains(&format!("\n{key}")), "{key}");
    }
    let product = configuration["productName"].as_str().expect("a name");
    let described = read("src-tauri/packaging/dev.hookloom.workbench.metainfo.xml");
    for part in [
        format!(
            "<id>{}</id>",
            configuration["identifier"].as_str().expect("an identifier")
        ),
        format!("<launchable type=\"desktop-id\">{product}.desktop</launchable>"),
        format!("<binary>{app}</binary>"),
        format!("<icon type=\"stock\">{app}</icon>"),
    ] {
        assert!(described.contains(&part), "{part}");
    }
}

#[test]
fn one_version_stands_everywhere() {
    let package: Value = serde_json::from_str(&read("ui/package.json")).expect("JSON");
    for version in [&configuration()["version"], &package["version"]] {
        assert_eq!(version, env!("CARGO_PKG_VERSION"));
    }
}

#[test]
fn the_release_makes_every_kind_and_says_which_nobody_tried() {
    let release = read(".github/workflows/release.yml");
    for kind in ["deb", "rpm", "appimage", "dmg", "msi", "nsis"] {
        assert!(release.contains(kind), "{kind}");
    }
    assert!(
        release.contains("UNTESTED"),
        "what nobody tried is not named"
    );
    // Somebody else's code runs with our keys: it is named by its content, not by a name that can be moved.
    for name in [".github/workflows/release.yml", ".github/workflows/ci.yml"] {
        for used in read(name)
            .lines()
            .filter_map(|line| line.trim().trim_start_matches("- ").strip_prefix("uses: "))
        {
            let (_, at) = used.split_once('@').expect("a version");
            let commit = at.split(' ').next().unwrap_or_default();
            let is_commit = commit.len() == 40 && commit.bytes().all(|it| it.is_ascii_hexdigit());
            assert!(is_commit, "{name}: {used}");
        }
    }
}

fn configuration() -> Value {
    serde_json::from_str(&read("tauri.conf.json")).expect("JSON")
}

fn read(name: &str) -> String {
    let path: PathBuf = crate::root().join(name);
    fs::read_to_string(&path).unwrap_or_else(|error| panic!("{name}: {error}"))
}

/// Width and height, from the head of a PNG file.
fn size(name: &str) -> (u32, u32) {
    let bytes =
        fs::read(crate::root().join(name)).unwrap_or_else(|error| panic!("{name}: {error}"));
    assert_eq!(&bytes[1..4], b"PNG", "{name}");
    let number = |at: usize| u32::from_be_bytes(bytes[at..at + 4].try_into().expect("four bytes"));
    (number(16), number(20))
}
