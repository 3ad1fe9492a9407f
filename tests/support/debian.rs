//! A base system of Debian, made by debootstrap from the mirror that this system's own packages come from. It is kept as
//! an archive in cargo's folder, because making it takes minutes.

use std::fs;
use std::path::{Path, PathBuf};
use std::process::Command;

/// Names another suite and mirror than this system's: `bookworm https://mirror.example/debian`.
const CHOSEN: &str = "HOOKLOOM_DEBIAN";

/// What a machine that somebody has just installed has beside the base system: a person who may use sudo, and a language.
/// Nobody is there to answer questions.
const FIRST_STEPS: &str = r#"set -e
useradd --create-home --shell /bin/bash --uid 1000 ada
echo 'ada ALL=(ALL) NOPASSWD: ALL' >/etc/sudoers.d/ada
echo 'LANG=C.UTF-8' >/etc/default/locale
printf 'APT::Get::Assume-Yes "true";\nDPkg::Use-Pty "false";\n' >/etc/apt/apt.conf.d/90nobody
printf '#!/bin/sh\nexit 101\n' >/usr/sbin/policy-rc.d
chmod 755 /usr/sbin/policy-rc.d
echo fresh >/etc/hostname
printf '127.0.0.1 localhost fresh\n' >/etc/hosts
"#;

/// What stands in the way of having one here, each in words.
pub fn lacking() -> Vec<String> {
    let mut lacking = Vec::new();
    let mut tried = Command::new("unshare");
    tried.args(["--mount", "--pid", "--net", "--cgroup", "--fork", "true"]);
    match tried.output() {
        Ok(tried) if tried.status.success() => {}
        Ok(tried) => lacking.push(format!(
            "the right to make namespaces, which root has (`unshare` says: {})",
            String::from_utf8_lossy(&tried.stderr).trim()
        )),
        Err(error) => lacking.push(format!("`unshare` of util-linux ({error})")),
    }
    for program in ["debootstrap", "nsenter", "tar"] {
        let asked = Command::new("sh")
            .args(["-c", &format!("command -v {program}")])
            .output();
        if !asked.is_ok_and(|it| it.status.success()) {
            lacking.push(format!("`{program}` (`.ci/setup dist` installs it)"));
        }
    }
    if source().is_none() {
        lacking.push(format!(
            "a mirror of Debian: {CHOSEN}='bookworm https://…' names one"
        ));
    }
    lacking
}

/// The suite, and the mirror that it comes from.
fn source() -> Option<(String, String)> {
    let chosen = std::env::var(CHOSEN).ok();
    if let Some((suite, mirror)) = chosen.as_deref().and_then(|it| it.split_once(' ')) {
        return Some((suite.to_owned(), mirror.to_owned()));
    }
    let told = Command::new("apt-get")
        .args(["indextargets", "--format"])
        .args(["$(ORIGIN)|$(CODENAME)|$(REPO_URI)", "Created-By: Packages"])
        .output()
        .ok()?;
    let told = String::from_utf8_lossy(&told.stdout).into_owned();
    let mut sources = told.lines().filter_map(|line| {
        let (suite, mirror) = line.strip_prefix("Debian|")?.split_once('|')?;
        // Not what only adds to a suite.
        (!suite.contains('-')).then(|| (suite.to_owned(), mirror.to_owned()))
    });
    sources.next()
}

/// The archive of a base system, made once for a suite.
pub fn base() -> PathBuf {
    let (suite, mirror) = source().expect("looked at before");
    let kept = Path::new(env!("CARGO_TARGET_TMPDIR")).join(format!("debian-{suite}.tar"));
    if kept.is_file() {
        return kept;
    }
    let folder = tempfile::tempdir_in(env!("CARGO_TARGET_TMPDIR")).expect("a folder");
    let root = folder.path().join("root");
    done(
        Command::new("debootstrap")
            .args(["--include=sudo,dbus,libpam-systemd", &suite])
            .arg(&root)
            .arg(&mirror),
    );
    done(
        Command::new("chroot")
            .arg(&root)
            .args(["sh", "-c", FIRST_STEPS]),
    );
    let unfinished = folder.path().join("base.tar");
    done(
        Command::new("tar")
            .args(["--create", "--numeric-owner", "--exclude=./dev/*"])
            .args(["--exclude=./var/cache/apt/archives/*.deb", "--file"])
            .arg(&unfinished)
            .arg("--directory")
            .arg(&root)
            .arg("."),
    );
    fs::rename(&unfinished, &kept).expect("the same disk");
    kept
}

/// What a command that must succeed prints.
#[track_caller]
pub fn done(command: &mut Command) -> String {
    let output = command
        .output()
        .unwrap_or_else(|error| panic!("{command:?}: {error}"));
    let printed = String::from_utf8_lossy(&output.stdout).into_owned();
    let said = String::from_utf8_lossy(&output.stderr);
    assert!(output.status.success(), "{command:?}: {printed}{said}");
    printed
}
