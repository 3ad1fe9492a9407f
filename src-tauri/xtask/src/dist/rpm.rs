//! What an rpm asks of its system, as the deb does: the libraries of the window become what is installed unless somebody
//! says otherwise, and the library of trays, which nothing here uses, goes. The bundler has no switch for either. The
//! head of the package is written anew with its sums; what is installed is not touched.
//!
//! A signature is over that head, so it is made here, behind the change, by the system's `rpmsign`.

use std::env;
use std::fs;
use std::io;
use std::path::{Path, PathBuf};
use std::process::{Command, Stdio};

use sha1::Sha1;
use sha2::{Digest as _, Sha256};

use super::{Error, programs, write};

/// The key to sign with, in letters as `gpg --export-secret-keys --armor` prints it. The bundler's own name for it.
pub const KEY: &str = "TAURI_SIGNING_RPM_KEY";

const GPG: &str = "gpg";

/// The libraries that draw the window, as the bundler asks for them.
const OF_THE_WINDOW: &[&str] = &["libwebkit2gtk-4.1.so.0", "libgtk-3.so.0"];
/// What it asks for because there is a tray. Ours is a protocol of the desktop's bus on Linux (decision 0086).
const UNUSED: &str = "libayatana-appindicator3.so.1";
/// Keeps secrets, as in the deb; a name in brackets needs a new enough rpm, which says so itself.
const KEEPER: &str = "(gnome-keyring or kwalletmanager or keepassxc)";
const CHOICES: (&str, &str) = ("rpmlib(RichDependencies)", "4.12.0-1");
/// Flags of a dependency: at most this version, and a feature of rpm itself.
const AT_MOST: u32 = 0x02 | 0x08;
const OF_RPM: u32 = 1 << 24;

const LEAD: usize = 96;
const LEAD_MAGIC: &[u8] = &[0xed, 0xab, 0xee, 0xdb];
const HEAD_MAGIC: &[u8] = &[0x8e, 0xad, 0xe8, 1, 0, 0, 0, 0];
const ENTRY: usize = 16;

/// Kinds of values.
const NUMBERS: u32 = 4;
const TEXT: u32 = 6;
const BYTES: u32 = 7;
const TEXTS: u32 = 8;

/// Of the head: the three lists that say what is needed, and those of what is recommended.
const NEEDED: [u32; 3] = [1049, 1048, 1050];
const RECOMMENDED: [u32; 3] = [5046, 5048, 5047];
/// Of the part before the head: its sums, and the size of all behind it.
const SHA1: u32 = 269;
const SHA256: u32 = 273;
const SIZE: u32 = 1000;
/// A sum that only old systems read, which have no new enough C library; it is left out.
const MD5: u32 = 1004;
/// Signatures; and room that is kept for one.
const SIGNED: &[u32] = &[259, 262, 267, 268, 278, 1002, 1005];

/// Changes what the package asks for, and signs it if there is a key.
pub fn finish(path: &Path) -> Result<(), Error> {
    let package = fs::read(path).map_err(Error::file("read", path))?;
    let loosened = loosened(&package).ok_or_else(|| Error::Unreadable {
        path: path.to_path_buf(),
    })?;
    write(path, &loosened)?;
    match env::var(KEY).ok().filter(|key| !key.is_empty()) {
        Some(key) => sign(path, &key),
        None => Ok(()),
    }
}

/// The same package that asks for less; none if it is none as the bundler makes them.
fn loosened(package: &[u8]) -> Option<Vec<u8>> {
    let (lead, rest) = package.split_at_checked(LEAD)?;
    lead.starts_with(LEAD_MAGIC).then_some(())?;
    let (mut sums, used) = Head::read(rest)?;
    let rest = rest.get(used.next_multiple_of(8)..)?;
    let (mut head, used) = Head::read(rest)?;
    let payload = rest.get(used..)?;
    head.recommend()?;
    let head = head.written();
    let size = u32::try_from(head.len() + payload.len()).ok()?;
    sums.sum_up(&head, size)?;
    let sums = sums.written();
    let mut changed = lead.to_vec();
    changed.extend_from_slice(&sums);
    changed.resize(changed.len().next_multiple_of(8), 0);
    changed.extend(head);
    changed.extend_from_slice(payload);
    Some(changed)
}

/// A head: numbered values, in one region.
#[derive(Debug, PartialEq, Eq)]
struct Head {
    region: u32,
    values: Vec<Value>,
}

#[derive(Debug, PartialEq, Eq)]
struct Value {
    tag: u32,
    kind: u32,
    count: u32,
    bytes: Vec<u8>,
}

/// What is needed: name, flags and version.
type Dependency = (String, u32, String);

impl Head {
    /// Reads a head, and tells how long it is.
    fn read(bytes: &[u8]) -> Option<(Self, usize)> {
        let rest = bytes.strip_prefix(HEAD_MAGIC)?;
        let (count, rest) = (number(rest, 0)? as usize, rest);
        let stored = number(rest, 4)? as usize;
        let index = rest.get(8..8 + count.checked_mul(ENTRY)?)?;
        let store = rest.get(8 + index.len()..)?.get(..stored)?;
        let mut entries = index.chunks_exact(ENTRY);
        let region = number(entries.next()?, 0)?;
        let values = entries.map(|entry| Value::read(entry, store));
        let head = Self {
            region,
            values: values.collect::<Option<_>>()?,
        };
        Some((head, HEAD_MAGIC.len() + 8 + index.len() + stored))
    }

    fn written(&self) -> Vec<u8> {
        let (mut index, mut store) = (Vec::new(), Vec::new());
        for value in &self.values {
            store.resize(store.len().next_multiple_of(value.width()), 0);
            index.extend(entry(
                value.tag,
                value.kind,
                store.len() as u32,
                value.count,
            ));
            store.extend_from_slice(&value.bytes);
        }
        // The region names itself first, and its end says how far back its index begins.
        let count = (self.values.len() + 1) as u32;
        let first = entry(self.region, BYTES, store.len() as u32, ENTRY as u32);
        let back = (count * ENTRY as u32).wrapping_neg();
        store.extend(entry(self.region, BYTES, back, ENTRY as u32));
        let mut head = HEAD_MAGIC.to_vec();
        head.extend(count.to_be_bytes());
        head.extend((store.len() as u32).to_be_bytes());
        head.extend(first);
        head.extend(index);
        head.extend(store);
        head
    }

    fn value(&self, tag: u32) -> Option<&Value> {
        self.values.iter().find(|it| it.tag == tag)
    }

    fn set(&mut self, value: Value) {
        self.values.retain(|it| it.tag != value.tag);
        self.values.push(value);
        self.values.sort_by_key(|it| it.tag);
    }

    fn dependencies(&self, [names, flags, versions]: [u32; 3]) -> Option<Vec<Dependency>> {
        let Some(names) = self.value(names) else {
            return Some(Vec::new());
        };
        let flags = &self.value(flags)?.bytes;
        let versions = self.value(versions)?.texts()?;
        let all = names.texts()?.into_iter().zip(versions).enumerate();
        all.map(|(at, (name, version))| Some((name, number(flags, at * 4)?, version)))
            .collect()
    }

    fn set_dependencies(&mut self, [names, flags, versions]: [u32; 3], all: &[Dependency]) {
        self.set(Value::of_texts(
            names,
            all.iter().map(|(name, ..)| name.as_str()),
        ));
        let numbers: Vec<u8> = all
            .iter()
            .flat_map(|(_, flags, _)| flags.to_be_bytes())
            .collect();
        self.set(Value {
            tag: flags,
            kind: NUMBERS,
            count: all.len() as u32,
            bytes: numbers,
        });
        self.set(Value::of_texts(
            versions,
            all.iter().map(|(.., version)| version.as_str()),
        ));
    }

    /// Puts the window's libraries where they are recommended; none if the package does not ask for one of them.
    fn recommend(&mut self) -> Option<()> {
        let library =
            |(name, ..): &Dependency| name.split('(').next().unwrap_or_default().to_owned();
        let mut recommended = self.dependencies(RECOMMENDED)?;
        let mut needed = Vec::new();
        for dependency in self.dependencies(NEEDED)? {
            let library = library(&dependency);
            match library.as_str() {
                UNUSED => {}
                name if OF_THE_WINDOW.contains(&name) => recommended.push(dependency),
                _ => needed.push(dependency),
            }
        }
        let has = |name: &&str| recommended.iter().any(|it| library(it) == **name);
        OF_THE_WINDOW.iter().all(has).then_some(())?;
        if !recommended.iter().any(|(name, ..)| name == KEEPER) {
            recommended.push((KEEPER.to_owned(), 0, String::new()));
            needed.push((CHOICES.0.to_owned(), OF_RPM | AT_MOST, CHOICES.1.to_owned()));
        }
        self.set_dependencies(NEEDED, &needed);
        self.set_dependencies(RECOMMENDED, &recommended);
        Some(())
    }

    /// Says of another head what is said of the one that it replaces; none of one that is signed.
    fn sum_up(&mut self, head: &[u8], size: u32) -> Option<()> {
        if self.values.iter().any(|it| SIGNED.contains(&it.tag)) {
            return None;
        }
        self.value(SHA256)?;
        let sums = [
            (SHA1, hex::encode(Sha1::digest(head))),
            (SHA256, hex::encode(Sha256::digest(head))),
        ];
        for (tag, sum) in sums {
            if self.value(tag).is_some() {
                self.set(Value::of_text(tag, &sum));
            }
        }
        if self.value(SIZE).is_some() {
            self.set(Value {
                tag: SIZE,
                kind: NUMBERS,
                count: 1,
                bytes: size.to_be_bytes().to_vec(),
            });
        }
        self.values.retain(|it| it.tag != MD5);
        Some(())
    }
}

impl Value {
    fn read(entry: &[u8], store: &[u8]) -> Option<Self> {
        let [tag, kind, from, count] = [0, 4, 8, 12].map(|at| number(entry, at));
        let (tag, kind, count) = (tag?, kind?, count?);
        let rest = store.get(from? as usize..)?;
        let length = match kind {
            TEXT | TEXTS | 9 => {
                let ends = rest.iter().enumerate().filter(|(_, it)| **it == 0);
                ends.map(|(at, _)| at + 1)
                    .nth((count as usize).checked_sub(1)?)?
            }
            _ => (count as usize).checked_mul(width(kind))?,
        };
        Some(Self {
            tag,
            kind,
            count,
            bytes: rest.get(..length)?.to_vec(),
        })
    }

    fn of_texts<'a>(tag: u32, texts: impl Iterator<Item = &'a str>) -> Self {
        let (mut bytes, mut count) = (Vec::new(), 0);
        for text in texts {
            bytes.extend_from_slice(text.as_bytes());
            bytes.push(0);
            count += 1;
        }
        Self {
            tag,
            kind: TEXTS,
            count,
            bytes,
        }
    }

    fn of_text(tag: u32, text: &str) -> Self {
        Self {
            kind: TEXT,
            ..Self::of_texts(tag, [text].into_iter())
        }
    }

    fn texts(&self) -> Option<Vec<String>> {
        let texts = self.bytes.split(|it| *it == 0).take(self.count as usize);
        texts
            .map(|it| String::from_utf8(it.to_vec()).ok())
            .collect()
    }

    fn width(&self) -> usize {
        width(self.kind)
    }
}

/// How many bytes a value has, and a multiple of which it begins at.
fn width(kind: u32) -> usize {
    match kind {
        3 => 2,
        NUMBERS => 4,
        5 => 8,
        _ => 1,
    }
}

fn number(bytes: &[u8], at: usize) -> Option<u32> {
    let four = bytes.get(at..at.checked_add(4)?)?;
    Some(u32::from_be_bytes(four.try_into().ok()?))
}

fn entry(tag: u32, kind: u32, from: u32, count: u32) -> impl Iterator<Item = u8> {
    [tag, kind, from, count]
        .into_iter()
        .flat_map(u32::to_be_bytes)
}

/// Signs the package with a key that is nowhere but in a folder of this run.
fn sign(path: &Path, key: &str) -> Result<(), Error> {
    let folder = tempfile::tempdir().map_err(Error::file("make a folder beside", path))?;
    let program = place_of(GPG)?;
    let gpg = || {
        let mut gpg = Command::new(&program);
        gpg.args(["--batch", "--quiet", "--homedir"])
            .arg(folder.path());
        gpg
    };
    let file = folder.path().join("key");
    write(&file, key.as_bytes())?;
    programs::run(GPG, gpg().arg("--import").arg(&file))?;
    let listed = gpg()
        .args(["--list-secret-keys", "--with-colons"])
        .stderr(Stdio::inherit())
        .output()
        .map_err(|source| Error::Start {
            program: GPG,
            source,
        })?;
    let listed = String::from_utf8_lossy(&listed.stdout).into_owned();
    let name = listed
        .lines()
        .find_map(|line| line.strip_prefix("fpr:"))
        .and_then(|line| line.split(':').find(|it| !it.is_empty()))
        .ok_or(Error::Failed { program: GPG })?;
    let mut rpmsign = Command::new("rpmsign");
    for said in [
        // Not every system's rpm knows where that is.
        format!("__gpg {}", program.display()),
        format!("_gpg_name {name}"),
        format!("_gpg_path {}", folder.path().display()),
    ] {
        rpmsign.args(["--define", &said]);
    }
    let signed = programs::run("rpmsign", rpmsign.arg("--addsign").arg(path));
    // What keeps the key unlocked ends with the folder.
    let mut end = Command::new("gpgconf");
    end.arg("--homedir")
        .arg(folder.path())
        .args(["--kill", "all"]);
    drop(end.status());
    signed
}

/// Where a program of the system lies.
fn place_of(program: &'static str) -> Result<PathBuf, Error> {
    let folders = env::var_os("PATH").unwrap_or_default();
    let mut places = env::split_paths(&folders).map(|folder| folder.join(program));
    let place = places.find(|it| it.is_file());
    place.ok_or_else(|| Error::Start {
        program,
        source: io::ErrorKind::NotFound.into(),
    })
}

#[cfg(test)]
mod tests {
    use super::*;

    fn package(needed: &[&str]) -> Vec<u8> {
        let mut head = Head {
            region: 63,
            values: vec![Value::of_text(1000, "hookloom")],
        };
        let needed: Vec<Dependency> = needed
            .iter()
            .map(|it| ((*it).to_owned(), 0, String::new()))
            .collect();
        head.set_dependencies(NEEDED, &needed);
        let head = head.written();
        let mut sums = Head {
            region: 62,
            values: Vec::new(),
        };
        for (tag, text) in [(SHA1, "of before"), (SHA256, "of before")] {
            sums.set(Value::of_text(tag, text));
        }
        let mut package = LEAD_MAGIC.to_vec();
        package.resize(LEAD, 0);
        package.extend(sums.written());
        package.resize(package.len().next_multiple_of(8), 0);
        package.extend(head);
        package.extend_from_slice(b"what is installed");
        package
    }

    const ASKS: [&str; 4] = [
        "libc.so.6(GLIBC_2.34)(64bit)",
        "libayatana-appindicator3.so.1()(64bit)",
        "libwebkit2gtk-4.1.so.0()(64bit)",
        "libgtk-3.so.0()(64bit)",
    ];

    fn heads(package: &[u8]) -> (Head, Head, Vec<u8>, Vec<u8>) {
        let (sums, used) = Head::read(&package[LEAD..]).expect("sums");
        let rest = &package[LEAD + used.next_multiple_of(8)..];
        let (head, used) = Head::read(rest).expect("a head");
        (sums, head, rest[..used].to_vec(), rest[used..].to_vec())
    }

    #[test]
    fn what_draws_the_window_is_recommended_and_what_nothing_uses_goes() {
        let loosened = loosened(&package(&ASKS)).expect("a package");
        let (sums, head, bytes, payload) = heads(&loosened);
        let names = |lists| -> Vec<String> {
            let all = head.dependencies(lists).expect("they can be read");
            all.into_iter().map(|(name, ..)| name).collect()
        };
        assert_eq!(names(NEEDED), [ASKS[0], CHOICES.0]);
        assert_eq!(names(RECOMMENDED), [ASKS[2], ASKS[3], KEEPER]);
        assert_eq!(head.value(1000), Some(&Value::of_text(1000, "hookloom")));
        assert_eq!(payload, b"what is installed");
        let sum = |tag| sums.value(tag).and_then(Value::texts).expect("a sum");
        assert_eq!(sum(SHA256), [hex::encode(Sha256::digest(&bytes))]);
        assert_eq!(sum(SHA1), [hex::encode(Sha1::digest(&bytes))]);
        assert_eq!(head.written(), bytes, "read and written it is the same");
    }

    #[test]
    fn a_package_that_asks_otherwise_is_signed_or_damaged_stops_the_packing() {
        assert_eq!(loosened(&package(&ASKS[..3])), None, "another bundler");
        let whole = package(&ASKS);
        for length in [0, 50, 100, 130, whole.len() - 60] {
            assert_eq!(loosened(&whole[..length]), None, "{length}");
        }
        let (mut sums, ..) = heads(&whole);
        sums.set(Value::of_text(268, "signed"));
        assert_eq!(sums.sum_up(b"", 0), None);
    }
}
