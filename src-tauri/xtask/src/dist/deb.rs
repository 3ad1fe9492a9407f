//! What a deb asks of its system. The bundler writes the libraries of the window among what the package cannot be
//! without, and has no switch for it; a server runs `hookloom serve` and needs none of them. They become what is
//! installed unless somebody says otherwise. Nothing else in the package is touched.

use std::fs;
use std::io::{Read as _, Write as _};
use std::path::Path;

use flate2::read::GzDecoder;
use flate2::{Compression, GzBuilder};

use super::{Error, write};

/// The libraries that draw the window.
const OF_THE_WINDOW: &[&str] = &["libwebkit2gtk-4.1-0", "libgtk-3-0"];
/// What the bundler adds because there is a tray. Ours is a protocol of the desktop's bus on Linux (decision 0086).
const UNUSED: &str = "libayatana-appindicator3-1";
/// How an archive of packages begins, and how long the head of each file in it is.
const MAGIC: &[u8] = b"!<arch>\n";
const MEMBER_HEAD: usize = 60;
const CONTROL: &str = "control.tar.gz";
/// Of a tar archive: a head is one block, and what follows fills whole ones.
const BLOCK: usize = 512;

/// Puts the window's libraries from `Depends` to `Recommends`, and says who maintains it.
pub fn finish(path: &Path, maintainer: &str) -> Result<(), Error> {
    let unreadable = || Error::Unreadable {
        path: path.to_path_buf(),
    };
    let package = fs::read(path).map_err(Error::file("read", path))?;
    let changed = |text: &str| Some(maintained(&recommending(text)?, maintainer));
    let finished = with_control(&package, changed).ok_or_else(unreadable)?;
    write(path, &finished)
}

/// The same package with another text of its control file; none if it is no package as the bundler makes them.
fn with_control(package: &[u8], change: impl Fn(&str) -> Option<String>) -> Option<Vec<u8>> {
    let mut rest = package.strip_prefix(MAGIC)?;
    let mut changed = MAGIC.to_vec();
    let mut is_changed = false;
    while !rest.is_empty() {
        let (head, after) = rest.split_at_checked(MEMBER_HEAD)?;
        let text = std::str::from_utf8(head).ok()?;
        let length: usize = text.get(48..58)?.trim().parse().ok()?;
        let (content, after) = after.split_at_checked(length)?;
        if text.get(..16)?.trim_end().trim_end_matches('/') == CONTROL {
            let content = repacked(content, &change)?;
            changed.extend_from_slice(&head[..48]);
            changed.extend_from_slice(format!("{:<10}", content.len()).as_bytes());
            changed.extend_from_slice(&head[58..]);
            changed.extend_from_slice(&content);
            is_changed = true;
        } else {
            changed.extend_from_slice(head);
            changed.extend_from_slice(content);
        }
        // Files begin at even places.
        if changed.len() % 2 == 1 {
            changed.push(b'\n');
        }
        rest = after.get(length % 2..).unwrap_or_default();
    }
    is_changed.then_some(changed)
}

/// The archive of the control files, with one of them changed.
fn repacked(packed: &[u8], change: impl Fn(&str) -> Option<String>) -> Option<Vec<u8>> {
    let mut archive = Vec::new();
    GzDecoder::new(packed).read_to_end(&mut archive).ok()?;
    let mut changed = Vec::new();
    let mut rest = archive.as_slice();
    let mut is_changed = false;
    while let Some((head, after)) = rest.split_at_checked(BLOCK) {
        if head.iter().all(|it| *it == 0) {
            break;
        }
        let name = std::str::from_utf8(&head[..100]).ok()?;
        let name = name.trim_end_matches('\0').trim_start_matches("./");
        let length = octal(&head[124..136])?;
        let (content, after) = after.split_at_checked(length.next_multiple_of(BLOCK))?;
        if name == "control" {
            let text = change(std::str::from_utf8(&content[..length]).ok()?)?;
            changed.extend(with_length(head, text.len()));
            changed.extend_from_slice(text.as_bytes());
            changed.resize(changed.len().next_multiple_of(BLOCK), 0);
            is_changed = true;
        } else {
            changed.extend_from_slice(head);
            changed.extend_from_slice(content);
        }
        rest = after;
    }
    // Two empty blocks end it.
    changed.resize(changed.len() + 2 * BLOCK, 0);
    let mut packer = GzBuilder::new().write(Vec::new(), Compression::best());
    packer.write_all(&changed).ok()?;
    is_changed.then(|| packer.finish().ok()).flatten()
}

fn octal(digits: &[u8]) -> Option<usize> {
    let text = std::str::from_utf8(digits).ok()?;
    usize::from_str_radix(text.trim_matches(['\0', ' ']), 8).ok()
}

/// A file's head for another length, with its sum put right.
fn with_length(head: &[u8], length: usize) -> Vec<u8> {
    let mut head = head.to_vec();
    head[124..136].copy_from_slice(format!("{length:011o}\0").as_bytes());
    head[148..156].fill(b' ');
    let sum: u32 = head.iter().map(|it| u32::from(*it)).sum();
    head[148..156].copy_from_slice(format!("{sum:06o}\0 ").as_bytes());
    head
}

/// The same with an address, if there is one; without, the bundler's line stays.
fn maintained(control: &str, maintainer: &str) -> String {
    let is_address = !maintainer.ends_with("<>");
    let lines = control.lines().map(|line| {
        let is_it = is_address && line.starts_with("Maintainer:");
        match is_it {
            true => format!("Maintainer: {maintainer}\n"),
            false => format!("{line}\n"),
        }
    });
    lines.collect()
}

/// The control file's text with the libraries in their other line; none if one of them stands in neither.
fn recommending(control: &str) -> Option<String> {
    let names = |key: &str| -> Vec<String> {
        let line = control.lines().find_map(|line| line.strip_prefix(key));
        let names = line.into_iter().flat_map(|line| line.split(','));
        let names = names.map(|it| it.trim().to_owned());
        names.filter(|it| it != UNUSED).collect()
    };
    let is_of_window = |name: &String| OF_THE_WINDOW.contains(&name.as_str());
    let (mut of_window, needed): (Vec<_>, Vec<_>) =
        names("Depends:").into_iter().partition(is_of_window);
    let others = names("Recommends:").into_iter();
    of_window.extend(others.filter(|it| !is_of_window(it)));
    if OF_THE_WINDOW
        .iter()
        .any(|it| !of_window.iter().any(|name| name == it))
    {
        return None;
    }
    let mut text = String::new();
    for line in control.lines() {
        if line.starts_with("Recommends:") {
            continue;
        }
        if line.starts_with("Depends:") {
            if !needed.is_empty() {
                text.push_str(&format!("Depends: {}\n", needed.join(", ")));
            }
            text.push_str(&format!("Recommends: {}\n", of_window.join(", ")));
            continue;
        }
        text.push_str(line);
        text.push('\n');
    }
    Some(text)
}

#[cfg(test)]
mod tests {
    use super::*;

    const CONTROL_TEXT: &str = "Package: hookloom\nDepends: libc6 (>= 2.36), libayatana-appindicator3-1, libwebkit2gtk-4.1-0, libgtk-3-0\nRecommends: gnome-keyring | keepassxc\nDescription: A workbench\n Of more than one line.\n";

    #[test]
    fn what_draws_the_window_is_recommended_and_what_all_needs_stays() {
        let text = recommending(CONTROL_TEXT).expect("both are there");
        assert_eq!(
            text,
            "Package: hookloom\nDepends: libc6 (>= 2.36)\nRecommends: libwebkit2gtk-4.1-0, libgtk-3-0, gnome-keyring | keepassxc\nDescription: A workbench\n Of more than one line.\n"
        );
        // A bundler that names them otherwise is noticed.
        assert_eq!(recommending("Package: a\nDepends: libwebkit\n"), None);
    }

    #[test]
    fn who_maintains_it_is_said_where_there_is_an_address() {
        let control = "Package: a\nMaintainer: Founders\nDescription: A\n More.\n";
        assert_eq!(maintained(control, "Founders <>"), control);
        assert_eq!(
            maintained(control, "Ada <ada@example.com>"),
            control.replace("Founders", "Ada <ada@example.com>")
        );
    }

    #[test]
    fn everything_else_of_a_package_stays_as_it_is() {
        let tar = |name: &str, text: &str| {
            let mut head = vec![0; BLOCK];
            head[..name.len()].copy_from_slice(name.as_bytes());
            let mut file = with_length(&head, text.len());
            file.extend_from_slice(text.as_bytes());
            file.resize(file.len().next_multiple_of(BLOCK), 0);
            file
        };
        let mut archive = tar("./control", CONTROL_TEXT);
        archive.extend(tar("md5sums", "a sum\n"));
        archive.resize(archive.len() + 2 * BLOCK, 0);
        let mut packer = GzBuilder::new().write(Vec::new(), Compression::fast());
        packer.write_all(&archive).expect("in memory");
        let control = packer.finish().expect("in memory");
        let mut package = MAGIC.to_vec();
        for (name, content) in [
            ("debian-binary", b"2.0\n".as_slice()),
            (CONTROL, &control),
            ("data.tar.gz", b"odd"),
        ] {
            let head = format!(
                "{name:<16}{:<12}{:<6}{:<6}{:<8}{:<10}`\n",
                0,
                0,
                0,
                100644,
                content.len()
            );
            assert_eq!(head.len(), MEMBER_HEAD);
            package.extend_from_slice(head.as_bytes());
            package.extend_from_slice(content);
            if content.len() % 2 == 1 {
                package.push(b'\n');
            }
        }
        let same = with_control(&package, |text| Some(text.to_owned())).expect("a package");
        let again = with_control(&same, |text| Some(text.to_owned())).expect("a package");
        assert_eq!(same, again);
        assert!(same.ends_with(b"`\nodd\n"));
        let loosened = with_control(&same, recommending).expect("a package");
        // What was changed is read again, and what stood behind it is still there.
        let sums = with_control(&loosened, |text| {
            assert!(text.contains("\nRecommends: libwebkit2gtk"), "{text}");
            Some(text.to_owned())
        });
        assert_eq!(sums.as_deref(), Some(loosened.as_slice()));
        assert_eq!(with_control(b"no package", recommending), None);
        assert_eq!(
            with_control(&package[..package.len() - 20], recommending),
            None
        );
    }
}
