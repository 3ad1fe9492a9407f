//! Tauri's bundler: what it is told beside `tauri.conf.json`, and what it made. The command line goes beside the window's
//! program on every system; the configuration in the repository cannot say so, because every build would look for it.

use std::env;
use std::fs;
use std::path::{Path, PathBuf};
use std::process::Command;

use serde_json::{Map, Value, json};

use super::layout::{Files, MARK};
use super::programs::{self, Programs};
use super::{Error, write};

/// Sizes of the icon below `icons/hicolor`, in pixels.
pub const ICON_PIXELS: &[u32] = &[16, 22, 24, 32, 48, 64, 96, 128, 256, 512];
/// A program in one file, for Linux.
const IMAGE: &str = "appimage";
const MENU_ENTRY: &str = "src-tauri/packaging/hookloom.desktop";
/// Links that open a page of the window begin with it.
const LINK_SCHEME: &str = "hookloom";
/// How the packages' names end.
const ENDINGS: &[&str] = &[".deb", ".rpm", ".AppImage", ".dmg", ".msi", ".exe"];
/// The thumbprint of a certificate in the store of the system that signs, on Windows.
const CERTIFICATE: &str = "HOOKLOOM_WINDOWS_CERTIFICATE";

/// The kinds to make: what was asked for, else what this system makes without the network's help where it can.
pub fn kinds(asked: &[String]) -> Result<Vec<String>, Error> {
    if !asked.is_empty() {
        return Ok(asked.to_vec());
    }
    let kinds: &[&str] = match env::consts::OS {
        "linux" => &["deb", "rpm"],
        "macos" => &["app", "dmg"],
        "windows" => &["msi", "nsis"],
        _ => return Err(Error::System),
    };
    Ok(kinds.iter().map(|it| (*it).to_owned()).collect())
}

/// Runs it on the staged programs.
pub fn run(
    root: &Path,
    stage: &Path,
    programs: &Programs,
    files: &Files,
    kinds: &[String],
) -> Result<(), Error> {
    let settings = settings(root, stage, programs, files)?;
    let (images, others): (Vec<&str>, Vec<&str>) = kinds
        .iter()
        .map(String::as_str)
        .partition(|it| *it == IMAGE);
    if !others.is_empty() {
        bundle(root, stage, &others, &settings)?;
    }
    if !images.is_empty() {
        bundle(root, stage, &images, &of_image(root, stage, settings)?)?;
    }
    Ok(())
}

/// What starts an AppImage takes the program's name from the menu's entry and leaves its arguments out. It brings the
/// window's libraries along, so that nobody has to say that they are missing.
fn of_image(root: &Path, stage: &Path, mut settings: Value) -> Result<Value, Error> {
    let entry = root.join(MENU_ENTRY);
    let text = fs::read_to_string(&entry).map_err(Error::file("read", &entry))?;
    let staged = stage.join("image.desktop");
    let text = text.replace("Exec=hookloom app", "Exec={{exec}}");
    write(&staged, text.as_bytes())?;
    let mark = stage.join("image.package");
    write(&mark, format!("{IMAGE}\n").as_bytes())?;
    // The image is made of the deb's files.
    settings["bundle"]["linux"]["deb"]["files"][format!("/{MARK}")] = json!(mark);
    settings["bundle"]["linux"]["deb"]["desktopTemplate"] = json!(staged);
    Ok(settings)
}

fn bundle(root: &Path, stage: &Path, kinds: &[&str], settings: &Value) -> Result<(), Error> {
    let told = stage.join("tauri.json");
    write(&told, settings.to_string().as_bytes())?;
    let mut node = Command::new("node");
    node.arg(root.join("ui/node_modules/@tauri-apps/cli/tauri.js"))
        .args(["bundle", "--ci", "--bundles", &kinds.join(","), "--config"])
        .arg(&told)
        // A signature made now would be of another head.
        .env_remove(super::rpm::KEY)
        // It looks for programs where cargo would have put them, and may change them.
        .env("CARGO_TARGET_DIR", stage)
        .current_dir(root);
    programs::run("node", &mut node)
}

/// What stands in no file of the repository, because it is made on the way.
fn settings(root: &Path, stage: &Path, programs: &Programs, files: &Files) -> Result<Value, Error> {
    let mut bundle = Map::new();
    bundle.insert("externalBin".to_owned(), json!([stage.join("hookloom")]));
    let license = root.join("LICENSE");
    match env::consts::OS {
        "linux" => {
            let icons = ICON_PIXELS
                .iter()
                .map(|it| root.join(format!("icons/hicolor/{it}.png")));
            bundle.insert("icon".to_owned(), json!(icons.collect::<Vec<_>>()));
            let deb = files.deb.iter().map(at_root).collect::<Map<_, _>>();
            let rpm = files.rpm.iter().map(at_root).collect::<Map<_, _>>();
            let appimage = json!({
                "/usr/share/doc/hookloom/LICENSE": license,
                "/usr/share/doc/hookloom/THIRD-PARTY.txt": files.notices,
            });
            let version = programs.c_library()?;
            let needed =
                |line: &dyn Fn(&String) -> String| version.iter().map(line).collect::<Vec<_>>();
            bundle.insert("linux".to_owned(), json!({
                "deb": {"files": deb, "depends": needed(&|it| format!("libc6 (>= {it})"))},
                "rpm": {"files": rpm, "depends": needed(&|it| format!("libc.so.6(GLIBC_{it})(64bit)"))},
                "appimage": {"files": appimage},
            }));
        }
        "macos" => {
            let files =
                json!({"Resources/LICENSE": license, "Resources/THIRD-PARTY.txt": files.notices});
            bundle.insert("macOS".to_owned(), json!({"files": files}));
        }
        _ => {
            let pairs = [
                (license, "LICENSE.txt"),
                (files.notices.clone(), "THIRD-PARTY.txt"),
            ];
            let pairs = pairs.map(|(from, to)| (from.display().to_string(), json!(to)));
            bundle.insert(
                "resources".to_owned(),
                Value::Object(pairs.into_iter().collect()),
            );
            if let Some(thumbprint) = env::var(CERTIFICATE).ok().filter(|it| !it.is_empty()) {
                bundle.insert(
                    "windows".to_owned(),
                    json!({"certificateThumbprint": thumbprint}),
                );
            }
        }
    }
    // Which links are ours is told to the system by the package: the menu's entry, Info.plist, the registry.
    let links = json!({"desktop": {"schemes": [LINK_SCHEME]}});
    Ok(json!({"bundle": bundle, "plugins": {"deep-link": links}}))
}

fn at_root((place, staged): &(&'static str, PathBuf)) -> (String, Value) {
    (format!("/{place}"), json!(staged))
}

/// Takes the packages out of the stage.
pub fn collect(stage: &Path, out: &Path) -> Result<Vec<PathBuf>, Error> {
    let mut made = Vec::new();
    let mut folders = vec![stage.join("release/bundle")];
    while let Some(folder) = folders.pop() {
        for entry in fs::read_dir(&folder).into_iter().flatten().flatten() {
            let (path, name) = (entry.path(), entry.file_name());
            if ENDINGS
                .iter()
                .any(|it| name.to_string_lossy().ends_with(it))
                && path.is_file()
            {
                let to = out.join(&name);
                fs::rename(&path, &to).map_err(Error::file("move", &path))?;
                made.push(to);
            } else if path.is_dir() {
                folders.push(path);
            }
        }
    }
    made.sort();
    match made.is_empty() {
        true => Err(Error::Nothing),
        false => Ok(made),
    }
}
