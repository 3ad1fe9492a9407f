//! Who makes releases in the tests, and looking and downloading against a server that is made of answers.

use std::collections::HashMap;
use std::fs;
use std::io::Cursor;
use std::time::Duration;

use async_trait::async_trait;
use bytes::Bytes;
use hookloom_engine::ports::{
    Answer, Download, Downloads, Http, HttpError, HttpErrorKind, OutgoingRequest, Timings,
};
use minisign::KeyPair;
use parking_lot::Mutex;
use semver::Version;
use sha2::{Digest as _, Sha256};
use tokio_util::sync::CancellationToken;
use url::Url;

use crate::download::{Order, Progress, fetch};
use crate::error::{Error, Kind};
use crate::installed::Installed;
use crate::manifest::{Manifest, Package};
use crate::source::{Source, TrustedKey};
use crate::{Seen, look};

const AT: &str = "https://releases.example/stable/release.json";
const RELEASED_AT_MS: i64 = 1_795_306_812_000;

/// Who makes releases.
pub(crate) struct Maker {
    pair: KeyPair,
    /// The number of another key, for signatures that claim to be of that one.
    claims: Option<[u8; 8]>,
}

impl Maker {
    pub(crate) fn new() -> Self {
        let pair = KeyPair::generate_unencrypted_keypair().expect("a key");
        Self { pair, claims: None }
    }

    pub(crate) fn key(&self) -> TrustedKey {
        TrustedKey::parse(&self.pair.pk.to_base64()).expect("a key")
    }

    pub(crate) fn posing_as(mut self, other: &Self) -> Self {
        let number = other.pair.pk.keynum().try_into().expect("eight bytes");
        self.claims = Some(number);
        self
    }

    pub(crate) fn sign(&self, bytes: &[u8]) -> String {
        let signed = minisign::sign(
            None,
            &self.pair.sk,
            Cursor::new(bytes),
            Some("a test"),
            None,
        );
        let text = signed.expect("a signature").into_string();
        let Some(number) = self.claims else {
            return text;
        };
        use base64::Engine as _;
        let base64 = &base64::engine::general_purpose::STANDARD;
        let lines = text.lines().enumerate().map(|(place, line)| {
            if place != 1 {
                return line.to_owned();
            }
            let mut raw = base64.decode(line).expect("base64");
            raw[2..10].copy_from_slice(&number);
            base64.encode(raw)
        });
        lines.collect::<Vec<_>>().join("\n")
    }
}

pub(crate) fn manifest(version: &str, packages: Vec<Package>) -> Manifest {
    Manifest {
        version: Version::parse(version).expect("a version"),
        released_at_ms: RELEASED_AT_MS,
        notes: Some("What changed.".to_owned()),
        notes_url: Some(Url::parse("https://releases.example/0.2.0").expect("a URL")),
        packages,
    }
}

pub(crate) fn package(kind: &str, content: &[u8]) -> Package {
    Package {
        kind: kind.to_owned(),
        os: std::env::consts::OS.to_owned(),
        arch: std::env::consts::ARCH.to_owned(),
        file: format!("Hookloom_0.2.0_amd64.{kind}"),
        url: None,
        bytes: content.len() as u64,
        sha256: Sha256::digest(content).into(),
    }
}

/// Answers by path; what is not listed is not there.
#[derive(Default)]
struct Server {
    answers: HashMap<String, (u16, Bytes)>,
    asked: Mutex<Vec<String>>,
    requests: Mutex<Vec<OutgoingRequest>>,
}

impl Server {
    /// A release as it is published.
    fn of(maker: &Maker, manifest: &Manifest) -> Self {
        let text = manifest.text();
        Self::default()
            .with("/stable/release.json", text.as_bytes())
            .with(
                "/stable/release.json.minisig",
                maker.sign(text.as_bytes()).as_bytes(),
            )
    }

    fn with(mut self, path: &str, body: &[u8]) -> Self {
        let answer = (200, Bytes::copy_from_slice(body));
        self.answers.insert(path.to_owned(), answer);
        self
    }

    fn answer(&self, request: &OutgoingRequest) -> Result<(u16, Bytes), HttpError> {
        self.asked.lock().push(request.url.path().to_owned());
        self.requests.lock().push(request.clone());
        let known = self.answers.get(request.url.path()).cloned();
        let (status, body) = known.unwrap_or((404, Bytes::from_static(b"not there")));
        match body.len() as u64 > request.answer_bytes_max {
            true => Err(failed(HttpErrorKind::TooLarge)),
            false => Ok((status, body)),
        }
    }
}

fn failed(kind: HttpErrorKind) -> HttpError {
    HttpError {
        kind,
        message: "a sentence".to_owned(),
        timings: Timings::default(),
    }
}

#[async_trait]
impl Http for Server {
    async fn send(&self, request: OutgoingRequest) -> Result<Answer, HttpError> {
        let (status, body) = self.answer(&request)?;
        Ok(Answer {
            status,
            headers: Vec::new(),
            body,
            timings: Timings::default(),
            certificate: None,
        })
    }
}

struct Pieces(u16, Vec<Bytes>);

#[async_trait]
impl Downloads for Server {
    async fn begin(&self, request: OutgoingRequest) -> Result<Box<dyn Download>, HttpError> {
        let (status, body) = self.answer(&request)?;
        let mut pieces: Vec<Bytes> = body.chunks(3).map(Bytes::copy_from_slice).collect();
        pieces.reverse();
        Ok(Box::new(Pieces(status, pieces)))
    }
}

#[async_trait]
impl Download for Pieces {
    fn status(&self) -> u16 {
        self.0
    }

    async fn piece(&mut self) -> Result<Option<Bytes>, HttpError> {
        Ok(self.1.pop())
    }
}

fn source(maker: &Maker) -> Source {
    Source::parse(AT, maker.key().text()).expect("an address and a key")
}

async fn looked(server: &Server, maker: &Maker, seen: Option<i64>) -> Result<Manifest, Kind> {
    let seen = seen.map(|released_at_ms| Seen { released_at_ms });
    let looked = look(server, &source(maker), seen).await;
    looked.map_err(|error| error.kind())
}

#[tokio::test]
async fn a_signed_manifest_is_found_and_an_older_one_than_was_seen_is_refused() {
    let maker = Maker::new();
    let told = manifest("0.2.0", vec![package("deb", b"a package")]);
    let server = Server::of(&maker, &told);
    assert_eq!(looked(&server, &maker, None).await, Ok(told.clone()));
    let asked = ["/stable/release.json", "/stable/release.json.minisig"];
    assert_eq!(*server.asked.lock(), asked, "and no package");
    let same = looked(&server, &maker, Some(RELEASED_AT_MS)).await;
    assert_eq!(same, Ok(told));
    let newer = looked(&server, &maker, Some(RELEASED_AT_MS + 1)).await;
    assert_eq!(newer, Err(Kind::RolledBack));
}

#[tokio::test]
async fn what_is_not_there_or_too_long_or_a_page_is_told() {
    let maker = Maker::new();
    let text = manifest("0.2.0", Vec::new()).text();
    let unsigned = Server::default().with("/stable/release.json", text.as_bytes());
    assert_eq!(
        looked(&unsigned, &maker, None).await,
        Err(Kind::SignatureMissing)
    );
    assert_eq!(
        looked(&Server::default(), &maker, None).await,
        Err(Kind::Unreachable)
    );
    let page = Server::default().with("/stable/release.json", b"\n<!doctype html>");
    assert_eq!(looked(&page, &maker, None).await, Err(Kind::NotAManifest));
    assert_eq!(page.asked.lock().len(), 1, "its signature is not asked for");
    let long = vec![b'{'; 256 * 1024 + 1];
    let long = Server::default().with("/stable/release.json", &long);
    assert_eq!(
        looked(&long, &maker, None).await,
        Err(Kind::ManifestTooLarge)
    );
}

fn installed(version: &str) -> Installed {
    Installed {
        version: Version::parse(version).expect("a version"),
        kind: Some("deb"),
        ..Installed::this().expect("a version")
    }
}

#[test]
fn only_a_newer_version_is_chosen_unless_one_is_named() {
    let told = manifest("0.2.0", vec![package("deb", b"a package")]);
    let chosen = |here: &str, kind: Option<&str>, version: Option<&str>| {
        let chosen = told.chosen(&installed(here), kind, version);
        chosen
            .map(|it| it.kind.clone())
            .map_err(|error| error.kind())
    };
    let deb = Ok("deb".to_owned());
    assert_eq!(chosen("0.1.0", None, None), deb);
    assert_eq!(chosen("0.2.0-rc.1", None, None), deb);
    for here in ["0.2.0", "0.2.1", "0.10.0", "1.0.0-alpha"] {
        assert_eq!(chosen(here, None, None), Err(Kind::NotNewer), "{here}");
        assert_eq!(chosen(here, None, Some("0.2.0")), deb, "{here}");
        assert_eq!(
            chosen(here, None, Some("0.1.9")),
            Err(Kind::VersionOther),
            "{here}"
        );
    }
    assert_eq!(
        chosen("0.1.0", Some("rpm"), None),
        Err(Kind::PackageMissing)
    );
    let elsewhere = manifest(
        "0.2.0",
        vec![Package {
            arch: "m68k".to_owned(),
            ..package("deb", b"a")
        }],
    );
    let missing = elsewhere.chosen(&installed("0.1.0"), None, None);
    assert_eq!(
        missing.map_err(|error| error.kind()),
        Err(Kind::PackageMissing)
    );
}

/// What came of a download of `told`, where the server has `sent`.
async fn downloaded(
    folder: &std::path::Path,
    told: &[u8],
    sent: &[u8],
) -> Result<crate::Fetched, Error> {
    let order = Order {
        package: package("deb", told),
        manifest: Url::parse(AT).expect("a URL"),
        folder: folder.to_path_buf(),
    };
    let server = Server::default().with("/stable/Hookloom_0.2.0_amd64.deb", sent);
    let stop = CancellationToken::new();
    fetch(&server, &order, &Progress::default(), &stop).await
}

fn names(folder: &std::path::Path) -> Vec<String> {
    let entries = fs::read_dir(folder).expect("a folder").flatten();
    let names = entries.map(|entry| entry.file_name().to_string_lossy().into_owned());
    names.collect()
}

#[tokio::test]
async fn a_package_lies_there_whole_and_is_not_asked_for_again() {
    let root = tempfile::tempdir().expect("a folder");
    let folder = root.path().join("made/for it");
    let fetched = downloaded(&folder, b"a package", b"a package")
        .await
        .expect("it comes");
    assert!(!fetched.was_there);
    assert_eq!(fs::read(&fetched.path).expect("it is there"), b"a package");
    let again = downloaded(&folder, b"a package", b"something else")
        .await
        .expect("it is there");
    assert!(again.was_there);
    assert_eq!(names(&folder), ["Hookloom_0.2.0_amd64.deb"]);
}

#[tokio::test]
async fn what_is_not_what_was_signed_leaves_nothing() {
    let root = tempfile::tempdir().expect("a folder");
    for (sent, kind) in [
        (&b"a packagE"[..], Kind::FileChanged),
        (b"a pack", Kind::FileCut),
        (b"", Kind::FileCut),
        (b"a package and more", Kind::FileTooLarge),
    ] {
        let refused = downloaded(root.path(), b"a package", sent).await;
        assert_eq!(refused.expect_err("it is refused").kind(), kind);
        assert_eq!(names(root.path()), Vec::<String>::new());
    }
}

#[tokio::test]
async fn nothing_is_written_over() {
    let root = tempfile::tempdir().expect("a folder");
    let place = root.path().join("Hookloom_0.2.0_amd64.deb");
    for there in ["a packagE", "a diary"] {
        fs::write(&place, there).expect("a file");
        let refused = downloaded(root.path(), b"a package", b"a package").await;
        assert_eq!(refused.expect_err("it is refused").kind(), Kind::FileTaken);
        assert_eq!(fs::read_to_string(&place).expect("it is there"), there);
    }
    let file = root.path().join("a file");
    fs::write(&file, "no folder").expect("a file");
    let refused = downloaded(&file, b"a package", b"a package").await;
    assert_eq!(
        refused.expect_err("it is refused").kind(),
        Kind::FolderUnusable
    );
}

/// Sends a byte now and then, each in time, and never ends.
struct Dripping;

#[async_trait]
impl Downloads for Dripping {
    async fn begin(&self, _: OutgoingRequest) -> Result<Box<dyn Download>, HttpError> {
        Ok(Box::new(Self))
    }
}

#[async_trait]
impl Download for Dripping {
    fn status(&self) -> u16 {
        200
    }

    async fn piece(&mut self) -> Result<Option<Bytes>, HttpError> {
        tokio::time::sleep(Duration::from_millis(5)).await;
        Ok(Some(Bytes::from_static(b"a")))
    }
}

fn order(root: &tempfile::TempDir, content: &[u8]) -> Order {
    Order {
        package: package("deb", content),
        manifest: Url::parse(AT).expect("a URL"),
        folder: root.path().to_path_buf(),
    }
}

#[tokio::test]
async fn a_download_that_comes_too_slowly_ends_and_leaves_nothing() {
    let root = tempfile::tempdir().expect("a folder");
    let (order, progress) = (order(&root, &[b'a'; 1_000_000]), Progress::default());
    let (limit, stop) = (Duration::from_millis(200), CancellationToken::new());
    let fetched = crate::download::fetch_within(limit, &Dripping, &order, &progress, &stop);
    let fetched = tokio::time::timeout(Duration::from_secs(20), fetched).await;
    let refused = fetched.expect("it ends").expect_err("it is too slow");
    assert_eq!(refused.kind(), Kind::Timeout);
    assert!(progress.bytes() > 0, "something came");
    assert_eq!(names(root.path()), Vec::<String>::new());
}

#[tokio::test]
async fn whatever_is_asked_for_has_its_bounds_and_says_nothing_of_who_asks() {
    let maker = Maker::new();
    let told = manifest("0.2.0", vec![package("deb", b"a package")]);
    let server = Server::of(&maker, &told).with("/stable/Hookloom_0.2.0_amd64.deb", b"a package");
    assert_eq!(looked(&server, &maker, None).await, Ok(told));
    let root = tempfile::tempdir().expect("a folder");
    let stop = CancellationToken::new();
    let order = order(&root, b"a package");
    fetch(&server, &order, &Progress::default(), &stop)
        .await
        .expect("it comes");
    let requests = server.requests.lock();
    let bytes_max: Vec<u64> = requests.iter().map(|it| it.answer_bytes_max).collect();
    assert_eq!(bytes_max, [256 * 1024, 4 * 1024, 9]);
    for request in requests.iter() {
        let (url, timeout_ms) = (&request.url, request.timeout_ms);
        assert!((1..=15_000).contains(&timeout_ms), "{url}: {timeout_ms}");
        let redirects = request.redirects.as_ref().expect("mirrors redirect");
        assert!(redirects.hops_max <= 5 && redirects.secure_only);
        assert!(request.validate_ssl && request.body.is_empty());
        assert!(request.headers.is_empty() && redirects.kept_headers.is_empty());
    }
}

#[tokio::test]
async fn a_download_that_is_ended_leaves_nothing() {
    let root = tempfile::tempdir().expect("a folder");
    let stop = CancellationToken::new();
    stop.cancel();
    let order = order(&root, b"a package");
    struct Never;
    #[async_trait]
    impl Downloads for Never {
        async fn begin(&self, _: OutgoingRequest) -> Result<Box<dyn Download>, HttpError> {
            std::future::pending().await
        }
    }
    let ended = fetch(&Never, &order, &Progress::default(), &stop).await;
    assert_eq!(ended.expect_err("it ended").kind(), Kind::Canceled);
    assert_eq!(names(root.path()), Vec::<String>::new());
}
